"""SCH004: a number of members with which a quorum gains nothing, or cannot form."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import quorum
from hmco_charts.lint.programs.quorum import Members
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Pod, Release


class QuorumSize(Rule):
    """Reports even numbers of voters, and lists of members that are not as long as there are pods."""

    id = "SCH004"
    name = "quorum-size"
    severity = Severity.WARNING
    title = "A number of members that makes no good quorum"
    why = (
        "Two voters tolerate no loss, and four no more than three. A list of initial members longer than the replicas"
        " waits for pods that never come; a shorter one can form two clusters."
    )
    remedy = "Run 3 or 5 members, and list exactly these."
    source = "https://developer.hashicorp.com/vault/docs/internals/integrated-storage#quorum-management"

    def check(self, release: Release) -> Iterator[Finding]:
        """The workloads of voters with an even number of pods, and lists of another length."""
        for pod in quorum.voting(release):
            bounds = release.replicas(pod)
            if pod.object.kind == "StatefulSet" and bounds.least == bounds.most > 0 and bounds.least % 2 == 0:
                yield self._even(pod, bounds.least)
        for found in quorum.members(release):
            pod = found.container.pod
            number = release.replicas(pod).least
            if pod.object.kind == "StatefulSet" and number and found.number != number:
                yield self._list(found, number)

    def _even(self, pod: Pod, number: int) -> Finding:
        return self.finding(
            f"{number} voters tolerate no more losses than {number - 1}.",
            on=pod.object,
            span=pod.object.span(("spec", "replicas")),
            locator="spec/replicas",
            subject="replicas",
        )

    def _list(self, found: Members, number: int) -> Finding:
        return self.finding(
            f"{found.variable} lists {found.number} members, but the StatefulSet runs {number}.",
            on=found.container.pod.object,
            span=found.text.span(0, len(found.text.value)),
            locator=found.container.locator,
            subject=f"{found.container.locator}#{found.variable}",
            confidence=Confidence.MEDIUM,
        )
