"""DRS003: followers of Doris of which none may be lost."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import doris
from hmco_charts.lint.programs.doris import Part
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release

_USUAL = 3


class DorisQuorum(Rule):
    """Reports an even number of followers."""

    id = "DRS003"
    name = "doris-quorum"
    severity = Severity.WARNING
    title = "An even number of Doris' followers"
    why = (
        "The followers elect a master by majority: of two, both must be there, and of four three. One more than an odd"
        " number bears no further loss, and is one more that can fail; without a majority nothing can be changed."
    )
    remedy = "Run 1, 3 or 5 followers; further frontends are observers (electionNumber, ELECT_NUMBER)."
    source = "https://doris.apache.org/docs/install/preparation/cluster-planning"

    def check(self, release: Release) -> Iterator[Finding]:
        """The frontends of StatefulSets and of the operator's resources."""
        for container in doris.containers(release, "fe"):
            yield from self._set(release, container)
        for part in doris.parts(release, "fe"):
            yield from self._cluster(part)

    def _set(self, release: Release, container: Container) -> Iterator[Finding]:
        told = {each.name: each.text for each in release.environment(container)}.get("ELECT_NUMBER")
        elected = int(told.value) if told and told.value.isdigit() else _USUAL
        number = min(elected, release.replicas(container.pod).most)
        if number and number % 2 == 0:
            yield self.finding(
                f"{container.pod.object.kind} {container.pod.object.name} runs {number} followers.",
                on=container.pod.object,
                span=container.pod.object.span(("spec", "replicas")),
                locator=container.locator,
                subject=f"{container.locator}#followers",
            )

    def _cluster(self, part: Part) -> Iterator[Finding]:
        elected, replicas = (part.spec.get(key, _USUAL) for key in ("electionNumber", "replicas"))
        number = min(elected, replicas) if isinstance(elected, int) and isinstance(replicas, int) else 1
        if number and number % 2 == 0:
            key = "electionNumber" if elected == number and "electionNumber" in part.spec else "replicas"
            yield self.finding(
                f"DorisCluster {part.cluster.name} runs {number} followers.",
                on=part.cluster,
                span=part.cluster.span((*part.path, key)),
                locator=f"spec/feSpec/{key}",
                subject="spec/feSpec#followers",
            )
