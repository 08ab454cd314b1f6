"""Charts as objects see them: rendered by Helm with the values of several scenarios."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from time import monotonic
from typing import Any

from hmco_charts.errors import ChartError, LimitExceededError, Location
from hmco_charts.helm import Rendered, engine
from hmco_charts.objects import dependencies, failures, sketch, stability
from hmco_charts.objects.chart import Chart, Dependency, Failure, Unstable, read_files
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.kubernetes import KubernetesObject, mapping
from hmco_charts.objects.manifests import Found, Unread
from hmco_charts.objects.places import locate
from hmco_charts.objects.release import Release
from hmco_charts.objects.rendering import Place, RenderedTemplate, Rendering
from hmco_charts.objects.scenarios import MOST_SWITCHES, Declared, Plan, Scenario, plan
from hmco_charts.yamlio import documents, merge

_SHOWN = 5  # names of scenarios in a message
_SECONDS = 20.0  # in which the scenarios of a chart are begun


@dataclass(frozen=True)
class ChartOptions:
    """How charts are rendered.

    Attributes:
        values: Values files for the charts; these alone where there are any.
        scenarios: Values files by the scenario's name, by the chart's name or path; with `None` the defaults alone.
        most_switches: How many switches of a chart are turned at most.
        kube_version: The version of the API server.
        plain_http: Whether registries speak HTTP without TLS.
        ca_file: Certificates (PEM) to trust in place of the system's.
        release: Name and namespace of the release; Helm's usual ones if not given.
    """

    values: tuple[Path, ...] = ()
    scenarios: Declared | None = field(default_factory=dict)
    most_switches: int = MOST_SWITCHES
    kube_version: str | None = None
    plain_http: bool = False
    ca_file: Path | None = None
    release: tuple[str, str] | None = None


@dataclass
class ChartReading:
    """What a chart gave.

    Attributes:
        releases: One for each scenario whose manifests are not those of one before.
        by_label: The release of each scenario that renders.
        unread: What could not be analysed.
        capped: That scenarios were left out, and how many.
    """

    releases: list[Release] = field(default_factory=list)
    by_label: dict[str, Release] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    capped: list[Unread] = field(default_factory=list)

    def add(self, release: Release) -> None:
        """Add the release of a scenario."""
        self.releases.append(release)
        self.by_label[release.label] = release


def read_chart(name: str, options: ChartOptions) -> ChartReading:
    """The objects of a chart, a folder, an archive or an `oci://` reference, in each of its scenarios.

    Raises:
        ChartError: The chart cannot be loaded.
        PublishError: The registry does not give the chart.
    """
    if name.startswith("oci://"):
        place = Place.pulled(name, plain_http=options.plain_http, ca_file=options.ca_file)
    else:
        place = Place(Path(name))
    return _Reader(name, place, options).read()


@dataclass(frozen=True)
class _Parsed:
    """A rendering and what stands in each of its templates."""

    scenario: Scenario
    rendering: Rendering
    templates: tuple[tuple[RenderedTemplate, Found], ...]

    @property
    def objects(self) -> tuple[KubernetesObject, ...]:
        return tuple(each for _, found in self.templates for each in found.objects)

    @property
    def inline(self) -> tuple[Values, ...]:
        return tuple(each for _, found in self.templates for each in found.inline)

    @property
    def unread(self) -> Iterator[Unread]:
        return (each for _, found in self.templates for each in found.unread)


class _Reader:
    def __init__(self, name: str, place: Place, options: ChartOptions) -> None:
        self._name = name
        self._place = place
        self._options = options
        self._files = read_files(name, place.path)
        self._dependencies = dependencies.declared(self._files, place)
        self._missing = dependencies.missing(self._files, self._dependencies)
        self._reading = ChartReading()
        self._unread: dict[Unread, None] = {}

    def read(self) -> ChartReading:
        self._tell(Unread.of(fault, self._name) for fault in self._files.faults)
        scenarios = self._plan()
        if self._files.is_library:
            self._reading.add(Release((), chart=self._chart({})))
        elif scenarios:
            self._read(scenarios)
        self._reading.unread = list(self._unread)
        return self._reading

    def _tell(self, unread: Iterable[Unread]) -> None:
        self._unread.update(dict.fromkeys(unread))

    def _plan(self) -> list[Scenario]:
        if self._options.values:
            found = Plan()
            found.add_files("", self._options.values)
        elif self._options.scenarios is None:
            found = Plan([Scenario("")])
        else:
            found = plan(self._files, self._name, self._options.scenarios)
        self._tell(Unread.of(fault, self._name) for fault in found.faults)
        return found.scenarios

    def _read(self, scenarios: list[Scenario]) -> None:
        named = [scenario for scenario in scenarios if not scenario.is_switch]
        asked = scenarios[: len(named) + self._options.most_switches]
        outcomes = self._tried(asked)
        left = [scenario.label for scenario in scenarios[len(outcomes) :]]
        if left and outcomes and self._options.most_switches:
            self._reading.capped.append(self._left_out(len(scenarios), left))
        parsed = list(self._parse(outcomes))
        wanted = [each for each in self._missing if self._is_wanted(each, asked)]
        self._tell(dependencies.not_vendored(self._files, self._name, each, is_shown=bool(parsed)) for each in wanted)
        if not wanted:
            self._tell(failures.told(outcomes, self._name))
        self._releases(parsed, tuple(failures.failures(outcomes, self._unreadable(parsed))), is_partial=bool(wanted))

    def _left_out(self, number: int, left: list[str]) -> Unread:
        names = ", ".join(left[:_SHOWN]) + (", …" if len(left) > _SHOWN else "")
        return Unread(
            Location(self._files.file("Chart.yaml")),
            f"{len(left)} of {number} scenarios of this chart were not rendered: {names}",
            "Raise --max-switches, or lint the chart with --values for what matters.",
        )

    def _is_wanted(self, dependency: Dependency, scenarios: Iterable[Scenario]) -> bool:
        """Whether a scenario that a person asked for switches a dependency on."""
        values = self._files.value("values.yaml")
        asked = (each.values for each in scenarios if not each.is_switch)
        return any(dependency.is_enabled(merge(values, each)) for each in asked)

    @cached_property
    def _engine_options(self) -> dict[str, Any]:
        told: dict[str, Any] = {"kube_version": self._options.kube_version} if self._options.kube_version else {}
        told |= dict(zip(("name", "namespace"), self._options.release or (), strict=False))
        return told | ({"is_partial": True} if self._missing else {})

    def _tried(self, scenarios: Sequence[Scenario]) -> list[failures.Outcome]:
        """The scenarios that had their turn; none of a chart that cannot be loaded."""
        try:
            return list(zip(scenarios, self._outcomes(scenarios), strict=False))
        except ChartError as error:
            if not self._files.faults:
                self._tell([Unread.of(error, self._name)])
            return []

    def _outcomes(self, scenarios: Sequence[Scenario]) -> list[Rendered | ChartError]:
        values = [scenario.values for scenario in scenarios]
        try:
            return self._rendered(values)
        except LimitExceededError:
            return list(self._one_by_one(values))

    def _rendered(self, values: Sequence[dict[str, Any]]) -> list[Rendered | ChartError]:
        return engine().render_each(self._place.path, values, seconds=_SECONDS, **self._engine_options)

    def _one_by_one(self, values: Sequence[dict[str, Any]]) -> Iterator[Rendered | ChartError]:
        """What comes of each scenario where one of them, or all together, hit a limit."""
        end = monotonic() + _SECONDS
        for each in values:
            if monotonic() > end:
                return
            try:
                yield from self._rendered([each])
            except LimitExceededError as error:
                yield error

    def _parse(self, outcomes: Iterable[failures.Outcome]) -> Iterator[_Parsed]:
        """What stands in the manifests; equal texts of a template are read once and give the same objects."""
        known: dict[tuple[str, str], Found] = {}
        for scenario, outcome in outcomes:
            if isinstance(outcome, Rendered):
                rendering = self._rendering(scenario, outcome)
                templates = []
                for template in rendering.templates:
                    found = known.get((template.name, template.text)) or _found(template)
                    known[template.name, template.text] = found
                    templates.append((template, found))
                yield _Parsed(scenario, rendering, tuple(templates))

    def _rendering(self, scenario: Scenario, outcome: Rendered) -> Rendering:
        return Rendering(self._name, self._files, self._place, scenario, outcome, self._engine_options)

    def _unreadable(self, parsed: Iterable[_Parsed]) -> Iterator[Failure]:
        """The switches that give what is no manifest; elsewhere that is told."""
        found = [(each.scenario, unread) for each in parsed for unread in each.unread]
        places = locate(unread.span for _, unread in found if unread.span)
        for scenario, unread in found:
            told = unread.moved(places[unread.span].span) if unread.span in places else unread
            if scenario.is_switch:
                yield Failure(scenario.label, ChartError(told.reason, at=told.at), is_deliberate=False)
            else:
                self._tell([told])

    def _releases(self, parsed: Sequence[_Parsed], failed: tuple[Failure, ...], *, is_partial: bool) -> None:
        alike: dict[tuple[tuple[str, str], ...], list[_Parsed]] = defaultdict(list)
        for each in parsed:
            alike[tuple((template.name, template.text) for template, _ in each.templates)].append(each)
        every = tuple(each.scenario.name for each in parsed)
        for same in alike.values():
            first = same[0]
            compare = partial(stability.unstable, first.rendering, self._files, first.templates)
            chart = replace(self._chart(first.rendering.rendered.values, failed, compare), scenarios=every)
            values = (*first.inline, *(self._own_values if is_partial else ()))
            names = tuple(each.scenario.name for each in same)
            release = Release(first.objects, first.scenario.label, values, chart=chart, scenarios=names)
            self._reading.add(release)
            self._reading.by_label.update({each.scenario.label: release for each in same})
        if not parsed:
            chart = self._chart(self._files.value("values.yaml"), failed)
            fragments = tuple(sketch.objects(self._files))
            self._reading.add(Release((), values=self._own_values, chart=chart, fragments=fragments))

    @property
    def _own_values(self) -> tuple[Values, ...]:
        document = self._files.documents.get("values.yaml")
        if not document or not isinstance(document.value, dict):
            return ()
        aliased = {each.alias: each.name for each in self._missing if each.alias != each.name}
        parts = (
            Values(part, document, (alias,), chart=name)
            for alias, name in aliased.items()
            if (part := mapping(document.value.get(alias)))
        )
        return (Values(document.value, document, chart=self._files.name), *parts)

    def _chart(
        self,
        values: dict[str, Any],
        failed: tuple[Failure, ...] = (),
        compare: Callable[[], tuple[Unstable, ...]] = tuple,
    ) -> Chart:
        parts = dependencies.subcharts(self._name, self._files, values)
        return Chart(self._name, self._files, values, self._dependencies, failed, parts, compare)


def _found(template: RenderedTemplate) -> Found:
    found = Found()
    found.take(documents(template.text, template.file), template.place)
    return found
