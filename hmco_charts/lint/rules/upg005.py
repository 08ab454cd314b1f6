"""UPG005: a change of configuration that reaches no pod."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Pod, Release

_KINDS = ("Deployment", "StatefulSet", "DaemonSet")
_RELOADERS = ("reloader.stakater.com", "configmap.reloader", "secret.reloader", "wave.pusher.com")
_HOT = (
    "prometheus",
    "alertmanager",
    "grafana",
    "k8s-sidecar",
    "prometheus-config-reloader",
    "configmap-reload",
    "nginx",
)


class ConfigChangeNoRollout(Rule):
    """Reports workloads of a chart that keep running with the old configuration."""

    id = "UPG005"
    name = "config-change-no-rollout"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    profile = "production"
    title = "A change of configuration that no pod sees"
    why = (
        "Kubernetes does not restart pods when a ConfigMap or Secret changes, and most programs read theirs at"
        " the start only: after an upgrade the old one stays in force until some pod restarts by chance. Many charts"
        " leave that to their users on purpose, so the rule belongs to the profile `production`."
    )
    remedy = (
        'Add `checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}` to the pods.'
    )
    source = "https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments"

    def check(self, release: Release) -> Iterator[Finding]:
        """The workloads of charts that use configuration of their own chart without a checksum of it."""
        for pod in release.pods if release.chart else ():
            if pod.object.kind in _KINDS and not _rolls(pod):
                used = _used(release, pod)
                if used:
                    yield self._finding(pod, used)

    def _finding(self, pod: Pod, used: list[KubernetesObject]) -> Finding:
        names = ", ".join(f"{each.kind} {each.name}" for each in used)
        return self.finding(
            f"{pod.object.kind} {pod.object.name} does not roll when {names} changes.",
            on=pod.object,
            span=pod.object.span(("metadata", "name")),
            locator="spec/template/metadata/annotations",
            subject="checksum",
            severity=Severity.INFO if _waits(pod) or _reloads(pod) else None,
            related=tuple(Related("object", each.span(("metadata", "name")), each.name) for each in used),
        )


def _rolls(pod: Pod) -> bool:
    names = [*pod.annotations, *pod.object.annotations]
    return any("checksum" in name or "hash" in name or name.startswith(_RELOADERS) for name in names)


def _waits(pod: Pod) -> bool:
    """Whether somebody deletes the pods by hand, on purpose: standbys first."""
    return bool(pod.object.at(("spec", "updateStrategy", "type")) == "OnDelete")


def _reloads(pod: Pod) -> bool:
    return any(container.image.base in _HOT for container in pod.containers)


def _used(release: Release, pod: Pod) -> list[KubernetesObject]:
    texts = [file.text for container in pod.containers for file in release.files(container)]
    texts += [each.text for container in pod.containers for each in release.environment(container) if each.text]
    holders = {id(text.object): text.object for text in texts if text.object.kind in ("ConfigMap", "Secret")}
    return list(holders.values())
