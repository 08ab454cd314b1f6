"""Programs of services: found, installed with the system's packages where we may, or a skip with the reason."""

import os
import shutil
import subprocess
from collections.abc import Callable
from typing import NoReturn

import pytest

_APT = ("apt-get", "-o", "DPkg::Lock::Timeout=120", "-qq")


def need(find: Callable[[], str | None], package: str) -> str:
    """What `find` gives, before or after the installation of a Debian package.

    Where it can be neither found nor installed the test is skipped; with HMCO_REQUIRE_SERVICES=1 it fails.
    """
    return (
        find() or (_install(package) and find()) or missing(f"{package} is not installed and cannot be installed here")
    )


def missing(reason: str) -> NoReturn:
    """Skips the test; with HMCO_REQUIRE_SERVICES=1 it fails."""
    if os.environ.get("HMCO_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _install(package: str) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}

    def apt(*words: str) -> bool:
        return subprocess.run([*_APT, *words], env=environment, capture_output=True, check=False).returncode == 0

    return apt("install", "-y", package) or (apt("update") and apt("install", "-y", package))
