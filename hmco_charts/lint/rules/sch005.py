"""SCH005: a program that takes more memory than its container may have."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs.memory import Claim, claims
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.quantity import quantity

_ELASTIC = ("elasticsearch", "opensearch")


class MemoryVersusHeap(Rule):
    """Reports heaps and caches that do not fit under the container's memory limit."""

    id = "SCH005"
    name = "memory-vs-heap"
    profile = "min"
    title = "A heap that does not fit under the memory limit"
    why = (
        "The kernel kills a container that goes over its limit (OOMKilled). A JVM needs memory beside its heap: one as"
        " large as the limit ends in a restart loop once it fills; Redis needs room for copies while it saves."
    )
    remedy = "Give the heap about half to three quarters of the limit, or use -XX:MaxRAMPercentage."
    source = "https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The settings of containers with a memory limit that reach it."""
        for container in release.containers:
            limits = mapping(mapping(container.spec.get("resources")).get("limits"))
            limit, found = quantity(limits.get("memory")), list(claims(release, container))
            for claim in found:
                if limit and claim.what != "-Xms" and claim.bytes >= limit:
                    yield self._finding(container, claim, f"is not less than the memory limit {limits['memory']}")
            yield from self._unequal(container, {claim.what: claim for claim in found})

    def _unequal(self, container: Container, found: dict[str, Claim]) -> Iterator[Finding]:
        least, most = found.get("-Xms"), found.get("-Xmx")
        if container.image.base in _ELASTIC and least and most and least.bytes != most.bytes:
            yield self._finding(
                container, least, "differs from -Xmx: the bootstrap check stops the node", Severity.WARNING
            )

    def _finding(self, container: Container, claim: Claim, fault: str, severity: Severity | None = None) -> Finding:
        return self.finding(
            f"{claim.what} of {container.locator} {fault}.",
            on=container.pod.object,
            span=claim.text.span(claim.start, claim.end),
            locator=container.locator,
            subject=f"{container.locator}#{claim.what}",
            severity=severity,
        )
