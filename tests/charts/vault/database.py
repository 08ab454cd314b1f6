"""The release on a database of this machine."""

import subprocess
from collections.abc import Callable
from typing import Any

from tests.charts.release import Manifest
from tests.services.postgresql import Postgresql

ROLE_PASSWORD = 'vault\'s "p@ss" \\ %41 $HOME'
Bootstrap = Callable[..., "subprocess.CompletedProcess[str]"]


def overlay(database: Postgresql, name: str, distribution: str) -> dict[str, Any]:
    return {
        "distribution": {"type": distribution},
        "storage": {
            "postgresql": {
                "host": database.host,
                "port": database.port,
                "sslMode": "disable",
                "sslRootCert": {"name": ""},
                "username": name,
                "database": name,
            }
        },
    }


def job(objects: dict[str, Manifest]) -> Manifest:
    (found,) = (one for one in objects.values() if one["kind"] == "Job")
    container: Manifest = found["spec"]["template"]["spec"]["containers"][0]
    return container
