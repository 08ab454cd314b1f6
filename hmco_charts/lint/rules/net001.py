"""NET001: a Service that leads nowhere."""

from collections.abc import Iterable, Iterator
from functools import partial

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Pod, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.release import same_namespace
from hmco_charts.objects.remembering import remembered
from hmco_charts.objects.selector import matches_map

_SET_AT_RUN_TIME = (
    *("vault-active", "vault-initialized", "vault-perf-standby", "vault-sealed", "vault-version", "openbao-"),
    *("statefulset.kubernetes.io/", "apps.kubernetes.io/pod-index", "controller-revision-hash", "pod-template-hash"),
    *(
        "role",
        "spilo-role",
        "cnpg.io/",
        "redis-role",
        "redisfailovers-role",
        "strimzi.io/",
        "mongodb.com/",
        "etcd-role",
    ),
)


class ServiceSelectsNothing(Rule):
    """Reports Services whose selector matches no pod, or whose port no container has."""

    id = "NET001"
    name = "service-selects-nothing"
    title = "A Service that leads nowhere"
    why = "Nothing checks a selector: a Service without endpoints accepts connections from nobody and says nothing."
    remedy = "Use labels that the pod template has, and a targetPort that is a container's port or its name."
    source = "https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The Services with a selector that matches nothing, or a named port that no matched pod has."""
        for service in release.of_kind("Service"):
            selector = mapping(service.at(("spec", "selector")))
            if not selector or service.at(("spec", "type")) == "ExternalName":
                continue
            pods = release.behind(service)
            if not pods and not _matches_at_run_time(release, service) and not _is_for_an_operator(release, service):
                yield from self._nothing(release, service)
            for index, port in enumerate(items(service.at(("spec", "ports")))):
                yield from self._port(service, pods, index, mapping(port).get("targetPort"))

    def _nothing(self, release: Release, service: KubernetesObject) -> Iterator[Finding]:
        near = release.near(service.namespace)
        wanted = {(str(key), text(value)) for key, value in mapping(service.at(("spec", "selector"))).items()}
        sharing = release.sharing(sorted(wanted), service.namespace)
        alike = max(sharing, key=lambda pod: len(wanted & set(pod.labels.items())), default=None)
        shared = wanted & set(alike.labels.items()) if alike else set()
        severity = Severity.ERROR if shared else Severity.WARNING if near else Severity.INFO
        missing = ", ".join(f"{key}={value}" for key, value in sorted(wanted - shared))
        yield self.finding(
            f"Service {service.name} selects no pod of the input: none has {missing}.",
            on=service,
            span=partial(service.span, ("spec", "selector")),
            locator="spec/selector",
            subject="selector",
            severity=severity,
            confidence=Confidence.MEDIUM if shared or _is_slip(release, wanted, near) else Confidence.LOW,
            related=(_nearest(alike),) if alike and shared else (),
        )

    def _port(self, service: KubernetesObject, pods: list[Pod], index: int, target: object) -> Iterator[Finding]:
        if not isinstance(target, str) or target.isdigit() or not pods:
            return
        if all(target not in _names(pod) for pod in pods):
            yield self.finding(
                f"Service {service.name} leads to the port `{target}`, which no container of its pods has.",
                on=service,
                span=service.span(("spec", "ports", index, "targetPort")),
                locator=f"spec/ports/{index}/targetPort",
                subject=f"targetPort#{target}",
                related=(_nearest(pods[0]),),
            )


def _matches_at_run_time(release: Release, service: KubernetesObject) -> bool:
    """Whether the selector matches but for labels that programs and controllers set on running pods."""
    selector = mapping(service.at(("spec", "selector")))
    lasting = {key: value for key, value in selector.items() if not key.startswith(_SET_AT_RUN_TIME)}
    labels = [(str(key), text(value)) for key, value in lasting.items()]
    there = release.sharing(labels, service.namespace) if labels else release.near(service.namespace)
    return len(lasting) < len(selector) and any(matches_map(lasting, pod.labels) for pod in there)


def _is_slip(release: Release, wanted: set[tuple[str, str]], near: Iterable[Pod]) -> bool:
    """Whether pods of the same chart have the labels that the selector asks for, but with other values."""
    return release.chart is not None and any(all(key in pod.labels for key, _ in wanted) for pod in near)


def _is_for_an_operator(release: Release, service: KubernetesObject) -> bool:
    """Whether a custom resource has a template of such pods, which its operator makes."""
    selector = mapping(service.at(("spec", "selector")))
    return any(matches_map(selector, labels) for each, labels in _made(release) if same_namespace(each, service))


@remembered
def _made(release: Release) -> tuple[tuple[KubernetesObject, dict[str, str]], ...]:
    """The custom resources with pod templates, and the labels of these."""
    holders = (each for each in release.objects if "podTemplate" in each.document.text)
    return tuple((each, labels) for each in holders for labels in _templates(each.manifest.get("spec")))


def _templates(node: object) -> Iterator[dict[str, str]]:
    """The labels of each `podTemplate` in a custom resource."""
    for key, inner in mapping(node).items():
        if key == "podTemplate":
            labels = mapping(mapping(mapping(inner).get("metadata")).get("labels"))
            yield {str(name): text(value) for name, value in labels.items()}
        else:
            yield from _templates(inner)


def _nearest(pod: Pod) -> Related:
    name = f"{pod.object.kind} {pod.object.name}"
    return Related("workload", pod.object.span(("metadata", "name")), f"{name} has the nearest labels")


def _names(pod: Pod) -> set[str]:
    return {text(port.get("name")) for container in pod.containers for port in container.ports}
