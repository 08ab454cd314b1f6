"""ZKP003: readiness of a ZooKeeper server that says nothing of the quorum, or waits for it too early."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.zookeeper import Question, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_READY = "readinessProbe"


class ZookeeperReadiness(Rule):
    """Reports members that are ready without a quorum, and ensembles whose first pod waits for those behind it."""

    id = "ZKP003"
    name = "zookeeper-readiness"
    title = "Readiness of ZooKeeper that does not fit its quorum"
    why = (
        "A server without a quorum says `imok` to `ruok` and serves nobody. `srvr` tells the truth, but then the pods"
        " must start together: with OrderedReady the first waits to be ready for the second, which is not started until"
        " it is."
    )
    remedy = "Ask `srvr` for `Mode:` in the readiness probe, and set podManagementPolicy: Parallel."
    source = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-management-policies"

    def check(self, release: Release) -> Iterator[Finding]:
        """The readiness and startup probes of every server that is not alone."""
        for server in zookeeper.servers(release):
            pod = server.container.pod
            if pod.object.kind == "StatefulSet" and release.replicas(pod).least > 1:
                found = list(zookeeper.questions(server))
                yield from self._blind(server, [each for each in found if each.probe == _READY])
                yield from self._early(server, [each for each in found if each.probe != "livenessProbe"])

    def _blind(self, server: Server, found: list[Question]) -> Iterator[Finding]:
        if found and not any(each.needs_quorum for each in found) and all(each.word == "ruok" for each in found):
            yield self._at(server, found[0], "asks `ruok`, which a server without a quorum answers too")

    def _early(self, server: Server, found: list[Question]) -> Iterator[Finding]:
        if server.container.pod.object.at(("spec", "podManagementPolicy")) != "Parallel":
            for each in [each for each in found if each.needs_quorum][:1]:
                told = "waits for the quorum, and the next pod for this one: the ensemble never starts"
                yield self._at(server, each, told, Severity.ERROR)

    def _at(self, server: Server, question: Question, fault: str, severity: Severity = Severity.WARNING) -> Finding:
        return self.finding(
            f"{question.probe} of {server.container.locator} {fault}.",
            on=server.container.pod.object,
            span=server.container.span(question.probe, "exec", "command"),
            locator=f"{server.container.locator}/{question.probe}",
            subject=f"{server.container.locator}#{question.probe}",
            severity=severity,
        )
