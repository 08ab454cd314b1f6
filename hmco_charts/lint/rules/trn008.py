"""TRN008: a coordinator that executes queries beside its workers."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import trino
from hmco_charts.lint.programs.trino import Node
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.release import same_namespace

_INCLUDE = "node-scheduler.include-coordinator"


class TrinoCoordinatorWorks(Rule):
    """Reports coordinators that take tasks although there are workers."""

    id = "TRN008"
    name = "trino-coordinator-works"
    severity = Severity.WARNING
    title = "A Trino coordinator that executes queries beside its workers"
    why = (
        "A query then takes memory and threads of the node that plans and watches all others; out of memory it takes"
        " the whole cluster with it, as there is one coordinator. The default is `true`."
    )
    remedy = "Set `node-scheduler.include-coordinator=false` where there are workers."
    source = "https://trino.io/docs/current/admin/properties-node-scheduler.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The coordinators of namespaces that also have workers."""
        nodes = list(trino.nodes(release))
        for node in nodes:
            coordinator, setting = node.config.get("coordinator"), node.config.get(_INCLUDE)
            place = setting or coordinator
            works = setting.value.strip().lower() == "true" if setting else coordinator is not None
            if place and works and not node.is_worker and any(_is_worker_of(release, each, node) for each in nodes):
                yield self.finding(
                    f"{node.container.locator} executes queries, although there are workers.",
                    on=place.text.object,
                    span=place.span,
                    locator=place.text.locator(place.start),
                    subject=f"{node.container.locator}#{_INCLUDE}",
                )


def _is_worker_of(release: Release, other: Node, coordinator: Node) -> bool:
    pod = other.container.pod
    is_near = same_namespace(pod.object, coordinator.container.pod.object)
    return other.is_worker and is_near and release.replicas(pod).most > 0
