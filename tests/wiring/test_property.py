"""Whatever platform is drawn: it is refused with a reason that has a place, or what it installs has no finding."""

from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from hmco_charts.errors import ValuesError
from hmco_charts.generate import write
from hmco_charts.lint import lint
from hmco_charts.values import charts
from hmco_charts.wiring import Prepared, prepare
from tests.wiring.platforms import CERTIFICATES, ON_POSTGRESQL

SIZES = ("dev", "small", "ha")
NAMESPACES = ("data-platform", "vault-prod", "x")
STORE = {"type": "externalSecrets", "externalSecrets": {"storeRef": {"name": "store"}}}

VALUES: dict[str, list[dict[str, Any]]] = {
    "vault": [{}, ON_POSTGRESQL, {**ON_POSTGRESQL, "replicaCount": 2}, {"distribution": {"type": "openbao"}}],
    "trino": [{}, {"catalogs": {"lake": {"type": "postgresql", "postgresql": {"database": "lakefs"}}}}],
    "kafka": [{}, {"listeners": {"external": {"type": "nodePort"}}}],
    "lakefs": [{}, {"database": {"type": "local"}}, {"blockstore": {"s3": {"region": "eu-west-1"}}}],
}


def systems() -> st.SearchStrategy[Any]:
    def named(chart: str) -> st.SearchStrategy[Any]:
        told = st.fixed_dictionaries(
            {"chart": st.just(chart), "values": st.sampled_from(VALUES.get(chart, [{}]))},
            optional={"size": st.sampled_from(SIZES), "namespace": st.sampled_from(NAMESPACES)},
        )
        return st.tuples(st.sampled_from((chart, f"{chart}-b", f"a-{chart}")), told)

    own = sorted(name for name, kind in charts().items() if kind.upstream is None)
    some = st.lists(st.sampled_from(own).flatmap(named), min_size=1, max_size=6)
    return some.map(dict)


def platforms() -> st.SearchStrategy[Any]:
    node = st.fixed_dictionaries(
        {"cpu": st.sampled_from((1, 4, 16)), "memory": st.sampled_from(("1Gi", "16Gi")), "count": st.integers(1, 4)},
        optional={"disk": st.sampled_from(("5Gi", "500Gi"))},
    )
    return st.fixed_dictionaries(
        {"cluster": st.fixed_dictionaries({"nodes": st.lists(node, min_size=1, max_size=2)}), "systems": systems()},
        optional={
            "size": st.sampled_from(SIZES),
            "certificates": st.just(CERTIFICATES),
            "secrets": st.just(STORE),
            "monitoring": st.just({"type": "prometheusOperator"}),
        },
    )


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(platforms())
def test_a_platform_is_refused_with_a_reason_or_lints_clean(tmp_path_factory: Any, document: dict[str, Any]) -> None:
    folder: Path = tmp_path_factory.mktemp("platform")
    file = folder / "platform.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    note(file.read_text())
    found = outcome(file)
    if isinstance(found, ValuesError):
        event("refused")
        assert [fault for fault in found.faults if not (fault.at and fault.at.line and fault.what)] == []
        assert "given-by-the-platform" not in str(found)
        return
    event("installed")
    write(found.tree, folder / "out")
    result = lint([folder / "out"])
    assert [f"{each.rule} {each.message} {each.object}" for each in result.findings] == []


def outcome(file: Path) -> Prepared | ValuesError:
    try:
        return prepare(file)
    except ValuesError as refusal:
        return refusal
