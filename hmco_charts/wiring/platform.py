"""A platform's file made into what is installed, and checked against its cluster."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hmco_charts.configuration import Maintainer
from hmco_charts.generate import ChartTree, emit
from hmco_charts.values import Fault, placed
from hmco_charts.values.platform import Platform, read
from hmco_charts.wiring.capacity import check
from hmco_charts.wiring.output import tree
from hmco_charts.wiring.plan import Plan, wire
from hmco_charts.wiring.refusal import Refusal
from hmco_charts.wiring.survey import Survey, survey

_ENFORCE = "pod-security.kubernetes.io/enforce"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A platform that can be installed.

    Attributes:
        plan: Its releases.
        tree: Its folder.
        survey: Its objects.
    """

    plan: Plan
    tree: ChartTree
    survey: Survey


def prepare(file: Path, maintainers: Sequence[Maintainer] = ()) -> Prepared:
    """What a platform's file installs.

    Args:
        file: The file.
        maintainers: Who looks after the charts.

    Raises:
        ValuesError: The platform cannot be; one error per fault, with its place in the file.
        ChartError: A chart cannot be rendered.
    """
    platform = read(file)
    try:
        return prepared(platform, maintainers)
    except Refusal as refusal:
        raise placed(refusal.faults, [file]) from None


def prepared(platform: Platform, maintainers: Sequence[Maintainer] = ()) -> Prepared:
    """What a platform installs.

    Raises:
        Refusal: The platform cannot be.
        ChartError: A chart cannot be rendered.
    """
    plan = wire(platform)
    made = tree(plan, maintainers)
    found = survey(made, platform.cluster)
    _refuse(found.claimed_twice, "ports of the nodes are claimed twice", "Give one another port under its values.")
    _refuse(found.made_twice, "several systems make the same object", "Give one another name or namespace.")
    check(platform.cluster, found, [each.place.name for each in plan.releases])
    return Prepared(plan, replace(made, files={**made.files, "namespaces.yaml": _namespaces(plan, found)}), found)


def _refuse(clashes: Sequence[str], what: str, remedy: str) -> None:
    if clashes:
        raise Refusal(Fault(("systems",), f"{what}: {'; '.join(clashes)}", remedy))


def _namespaces(plan: Plan, found: Survey) -> bytes:
    """The namespaces of all releases; what pods may do in one is told where the platform has pods in it."""
    names = sorted({each.place.namespace for each in plan.releases} | set(found.levels))
    return "---\n".join(emit.yaml(_namespace(name, found.levels.get(name))) for name in names).encode()


def _namespace(name: str, level: str | None) -> dict[str, Any]:
    labels = {"labels": {_ENFORCE: level}} if level else {}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, **labels}}
