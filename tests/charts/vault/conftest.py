import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.charts import release
from tests.charts.vault.database import ROLE_PASSWORD, Bootstrap, job, overlay
from tests.services.postgresql import ADMIN, PASSWORD, Postgresql, postgresql

Render = Callable[..., dict[str, release.Manifest]]


@pytest.fixture(scope="session")
def charts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("charts")
    return {profile: release.chart(folder, "vault", profile) for profile in ("dev", "ha", "ha-postgresql")}


@pytest.fixture(scope="session")
def objects(charts: dict[str, Path]) -> Render:
    """The objects of a profile with an overlay of values, in YAML or as they are."""
    rendered: dict[str, dict[str, release.Manifest]] = {}

    def of(overlay: str | Mapping[str, Any] = "{}", *, profile: str = "ha") -> dict[str, release.Manifest]:
        told = release.values(overlay) if isinstance(overlay, str) else overlay
        key = json.dumps([profile, told], sort_keys=True)
        if key not in rendered:
            rendered[key] = release.objects(charts[profile], told, name="vault", namespace="security")
        return rendered[key]

    return of


@pytest.fixture(scope="session")
def database() -> Iterator[Postgresql]:
    with postgresql() as server:
        yield server


@pytest.fixture
def bootstrap(objects: Render, database: Postgresql, tmp_path: Path) -> Bootstrap:
    def once(
        name: str,
        password: str = ROLE_PASSWORD,
        admin: tuple[str, str] = (ADMIN, PASSWORD),
        distribution: str = "vault",
        **more: bool,
    ) -> "subprocess.CompletedProcess[str]":
        told = overlay(database, name, distribution)
        told["storage"]["postgresql"]["bootstrap"] = {"admin": {"username": admin[0], **more}}
        rendered = objects(told, profile="ha-postgresql")
        (tmp_path / "bootstrap.sh").write_text(rendered["ConfigMap/vault-bootstrap"]["data"]["bootstrap.sh"])
        return release.run(
            job(rendered),
            secrets={("postgresql-admin", "password"): admin[1], ("vault-postgresql", "password"): password},
            folders={"/etc/bootstrap": tmp_path},
            path=database.programs,
        )

    return once
