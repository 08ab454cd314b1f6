"""A system of a platform: its release, its chart, and its values before anything is joined."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from hmco_charts.values import ChartType, Fault, charts, read
from hmco_charts.values.fault import faults
from hmco_charts.values.path import Path, get, holds
from hmco_charts.values.platform import Platform, System
from hmco_charts.values.proposal import did_you_mean
from hmco_charts.values.provision import GIVEN, Ground, Offer, Place, Size
from hmco_charts.values.types import ChartValues, Metrics
from hmco_charts.wiring.common import common, is_enabled
from hmco_charts.wiring.refusal import Refusal, about
from hmco_charts.yamlio import merge

_LEAST_OF_HA = 3

_SETTLED = {
    ("nameOverride",): "the system's name is the name of its objects",
    ("fullnameOverride",): "the system's name is the name of its objects",
    ("namespaceOverride",): "set the system's `namespace`",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A system of a platform.

    Attributes:
        place: Its release.
        kind: Its chart.
        uses: Systems whose offers it takes, where several offer the same.
        told: What users say of its values.
        begun: Its values before it is joined with others, without what users say.
        values: Likewise, with what users say.
        is_scraped: Whether somebody may scrape its metrics.
    """

    place: Place
    kind: ChartType
    uses: tuple[str, ...]
    told: Mapping[str, Any]
    begun: Mapping[str, Any]
    values: ChartValues
    is_scraped: bool

    @property
    def path(self) -> Path:
        """Its place in the platform's file."""
        return "systems", self.place.name

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What it offers."""
        wiring = self.kind.wiring
        return wiring.offers(self.values) + (wiring.metrics(self.values) if self.is_scraped else ())

    def settled(self, *given: Mapping[str, Any]) -> ChartValues:
        """Its values with what it is given; users' words win.

        Raises:
            Refusal: The chart does not accept them.
        """
        document: Any = _without_gaps(self.begun)
        for each in (*given, self.told):
            document = merge(document, each)
        return accepted(self.kind, document, self.told, self.path)


def member(platform: Platform, name: str) -> Member:
    """A system of a platform.

    Raises:
        Refusal: There is no such chart, the size does not fit the cluster, or the chart does not accept the values.
    """
    system = platform.systems[name]
    kind = _chart(system, name)
    size = system.size or platform.size
    place = Place(name, system.namespace or platform.namespace, kind.name)
    _refuse_settled(system, name)
    _refuse_size(platform, name, size)
    ground = Ground(size, _has_certificates(platform), system.values, _issuer(platform), platform.cluster.size)
    begun = _begun(platform, kind, place, ground)
    values = accepted(kind, merge(begun, system.values), system.values, ("systems", name))
    return Member(
        place=place,
        kind=kind,
        uses=system.uses,
        told=system.values,
        begun=begun,
        values=values,
        is_scraped=platform.monitoring.type != "none" and is_enabled(values, Metrics),
    )


def _begun(platform: Platform, kind: ChartType, place: Place, ground: Ground) -> Any:
    """The values that a system begins with: a profile of its chart, and over it what follows from the platform."""
    document: Any = read(kind, profile=_profile(kind, ground.size)).document()
    for each in (kind.wiring.defaults(ground), common(kind.model, platform, place)):
        document = merge(document, each)
    return document


def _without_gaps(document: Any) -> Any:
    """A document without what a connection would have given: where none does, the types' own defaults hold."""
    if not isinstance(document, Mapping):
        return document
    return {key: _without_gaps(value) for key, value in document.items() if value not in (GIVEN, [GIVEN])}


def _has_certificates(platform: Platform) -> bool:
    return platform.certificates.type != "none"


def _issuer(platform: Platform) -> str:
    issuer = platform.certificates.cert_manager.issuer_ref
    return issuer.name if _has_certificates(platform) and issuer.group == "cert-manager.io" else ""


def accepted(kind: ChartType, document: dict[str, Any], told: Mapping[str, Any], path: Path) -> ChartValues:
    """The typed values of a document.

    Args:
        kind: The chart.
        document: The values.
        told: The part of them that users said.
        path: Where the system stands in the platform's file.

    Raises:
        Refusal: The chart does not accept them.
    """
    try:
        return kind.model.model_validate(document)
    except ValidationError as error:
        example = f"`hmco-charts values example {kind.name}`"
        raise Refusal(
            *(_placed(each, told, path) for each in faults(error, kind.model, document, example=example))
        ) from None


def _placed(fault: Fault, told: Mapping[str, Any], path: Path) -> Fault:
    what = f"{path[-1]}: {fault.what}"
    if holds(told, fault.path[:1]):
        return Fault((*path, "values", *fault.path), what, fault.remedy, fault.is_about_key)
    return Fault(path, what, fault.remedy, is_about_key=True)


def _chart(system: System, name: str) -> ChartType:
    wanted = system.chart or name
    if wanted in charts():
        return charts()[wanted]
    told = about(name, f"there is no chart {wanted}", did_you_mean(wanted, charts()))
    raise Refusal(replace(told, path=("systems", name, "chart"), is_about_key=False) if system.chart else told)


def _refuse_settled(system: System, name: str) -> None:
    told = [
        Fault(("systems", name, "values", *key), f"{key[-1]} is settled by the platform", remedy, is_about_key=True)
        for key, remedy in _SETTLED.items()
        if get(system.values, key)
    ]
    if told:
        raise Refusal(*told)


def _refuse_size(platform: Platform, name: str, size: Size) -> None:
    nodes = platform.cluster.size
    if size == "ha" and nodes < _LEAST_OF_HA:
        told = f"{name} is of size ha, which needs {_LEAST_OF_HA} nodes; the cluster has {nodes}"
        raise Refusal(about(name, told, "Choose the size small, or add nodes under cluster.nodes."))
    if size != "dev" and not _has_certificates(platform):
        told = f"{name} is of size {size}, which needs certificates"
        raise Refusal(about(name, told, "Let certificates.type be certManager, or choose the size dev."))


def _profile(kind: ChartType, size: Size) -> str | None:
    """The chart's profile of a size; what is small is like `dev` where the chart has nothing of its own for it."""
    return next((name for name in (size, "dev") if name in kind.profiles), None)
