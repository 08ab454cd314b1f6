"""What Vault's official images do about locking memory; `images.yaml` holds the versions and their sources."""

from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from hmco_charts import yamlio
from hmco_charts.lint.programs.vault.invocation import product
from hmco_charts.lint.programs.version import Version
from hmco_charts.objects import Container

_DATA = Path(__file__).with_name("images.yaml")


class Build(Enum):
    """How an image was built; the names of the later ones are those of the data."""

    ROOT = "root"
    SETCAP_AS_USER = "setcap_as_user"
    BUILT_WITH_CAPABILITY = "built_with_capability"
    WITHOUT_CAPABILITY = "without_capability"


@cache
def _data() -> dict[str, Any]:
    (document,) = yamlio.read(_DATA.read_text(encoding="utf-8"), str(_DATA))
    return dict(document.value)


@cache
def _firsts(build: Build) -> dict[tuple[int, int], Version]:
    versions = [found for each in _data()[build.value] if (found := Version.parse(str(each)))]
    return {version.line: version for version in versions}


def is_official(container: Container) -> bool:
    """Whether a container runs the image of Vault or OpenBao as their makers build it, from whatever registry."""
    words = container.image.repository.split("/")
    return bool(product(container)) and not set(words) & set(_data()["other_builders"])


def version(container: Container) -> Version | None:
    """The version that the tag of an official image of Vault or OpenBao tells; `None` for any other."""
    return Version.parse(container.image.tag) if is_official(container) else None


def is_since(found: Version | None, name: str) -> bool | None:
    """Whether a version has what `images.yaml` dates with `name`; `None` where the version leaves it open."""
    first = Version.parse(str(_data()[name]))
    if found is None or first is None or found.minor < 0:
        return None
    return found.line > first.line or (found.line == first.line and (not found.is_exact or found >= first))


def build(container: Container) -> Build | None:
    """How the image of Vault was built; `None` for OpenBao, other builders, and tags that leave it open."""
    found = version(container) if product(container) == "vault" else None
    if found is None or found.minor < 0:
        return None
    lines = _firsts(Build.WITHOUT_CAPABILITY)
    if found.line not in lines:
        return Build.WITHOUT_CAPABILITY if found.line > max(lines) else Build.ROOT
    if not found.is_exact:
        return None
    return next((each for each in reversed(Build) if _is_from(each, found)), Build.ROOT)


def needs_capability(container: Container) -> bool:
    """Whether the program of an image does not start without IPC_LOCK, or may not."""
    found = version(container) if product(container) == "vault" else None
    return build(container) is Build.BUILT_WITH_CAPABILITY or (found is not None and not found.is_exact)


def _is_from(which: Build, found: Version) -> bool:
    return which is not Build.ROOT and found >= _firsts(which)[found.line]


def repaired(found: Version) -> Version | None:
    """The first version of the same line whose image needs no capability to start."""
    return _firsts(Build.WITHOUT_CAPABILITY).get(found.line)
