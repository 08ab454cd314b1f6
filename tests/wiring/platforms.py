"""Platforms as a user writes them, for tests."""

from pathlib import Path
from typing import Any

import yaml

from hmco_charts.errors import ValuesError
from hmco_charts.values.platform import Platform
from hmco_charts.wiring import Plan, Prepared, prepare
from hmco_charts.wiring.plan import wire

CERTIFICATES = {"type": "certManager", "certManager": {"issuerRef": {"name": "platform"}}}
ON_POSTGRESQL = {"storage": {"type": "postgresql"}}


def platform(**told: Any) -> dict[str, Any]:
    """Vault on the shared PostgreSQL of another namespace, on one node."""
    return {
        "cluster": {"nodes": [{"cpu": 4, "memory": "8Gi"}]},
        "certificates": CERTIFICATES,
        "systems": {"postgresql": None, "vault": {"namespace": "vault-prod", "values": ON_POSTGRESQL}},
    } | told


def written(folder: Path, document: dict[str, Any]) -> Path:
    file = folder / "platform.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    return file


def prepared(folder: Path, **told: Any) -> Prepared:
    return prepare(written(folder, platform(**told)))


def wired(**told: Any) -> Plan:
    """The releases of a platform that need not be rendered."""
    return wire(Platform.model_validate(platform(**told)))


def values(found: Prepared | Plan, name: str) -> dict[str, Any]:
    """The values of a release, all of them."""
    plan = found.plan if isinstance(found, Prepared) else found
    (release,) = (each for each in plan.releases if each.place.name == name)
    return release.values.document()


def refusal(folder: Path, **told: Any) -> list[str]:
    """What is said of a platform that cannot be, a line for each fault, without remedies and the folder."""
    try:
        prepared(folder, **told)
    except ValuesError as error:
        return [str(fault).replace(f"{folder}/", "") for fault in error.faults]
    return []
