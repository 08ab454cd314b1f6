import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.charts import release
from tests.services.postgresql import Postgresql, postgresql

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
