"""NET004: a StatefulSet whose pods get no names."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs import quorum
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Pod, Release
from hmco_charts.objects.kubernetes import text


class StatefulsetHeadless(Rule):
    """Reports StatefulSets without a headless Service that knows their pods."""

    id = "NET004"
    name = "statefulset-headless"
    title = "A StatefulSet whose pods get no names"
    why = (
        "Only a headless Service (clusterIP: None) that selects the pods gives each a name in DNS. Peers of raft or"
        " ZooKeeper must find each other before they are ready: their Service must publish addresses that are not."
    )
    remedy = "Name a headless Service in serviceName, with the pods' labels, and publishNotReadyAddresses for peers."
    source = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id"

    def check(self, release: Release) -> Iterator[Finding]:
        """The StatefulSets whose serviceName is missing, not headless, or of other pods."""
        peers = {id(pod) for pod in quorum.voting(release) if release.replicas(pod).most > 1}
        for pod in release.pods:
            if pod.object.kind == "StatefulSet" and release.replicas(pod).most:
                yield from self._stateful_set(release, pod, has_peers=id(pod) in peers)

    def _stateful_set(self, release: Release, pod: Pod, *, has_peers: bool) -> Iterator[Finding]:
        name = text(pod.object.at(("spec", "serviceName")))
        if not name:
            return
        service = next(iter(release.within(pod.object.namespace, "Service", name)), None)
        if service is None:
            yield from self._missing(release, pod, name)
        elif service.at(("spec", "clusterIP")) != "None":
            yield self._at(pod, f"Service {name} is not headless: the pods get no names of their own.", service)
        elif service.at(("spec", "selector")) and not any(each is pod for each in release.behind(service)):
            yield self._at(pod, f"Service {name} does not select these pods: they get no names.", service)
        elif has_peers and service.at(("spec", "publishNotReadyAddresses")) is not True:
            yield self._at(pod, f"The peers find each other by Service {name} only once they are ready.", service)

    def _missing(self, release: Release, pod: Pod, name: str) -> Iterator[Finding]:
        if release.exists("Service", name, pod.object):
            return
        has_services = release.has_any("Service", pod.object.namespace)
        severity = Severity.ERROR if has_services else Severity.INFO
        yield self._at(pod, f"Service {name} is not in the input: the pods get no names.", None, severity)

    def _at(
        self, pod: Pod, message: str, service: KubernetesObject | None, severity: Severity = Severity.WARNING
    ) -> Finding:
        place = (Related("object", service.span(("metadata", "name")), f"Service {service.name}"),) if service else ()
        return self.finding(
            message,
            on=pod.object,
            span=pod.object.span(("spec", "serviceName")),
            locator="spec/serviceName",
            subject="serviceName",
            severity=severity,
            confidence=Confidence.MEDIUM,
            related=place,
        )
