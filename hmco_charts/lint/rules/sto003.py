"""STO003: a pod that waits for something that is not there."""

import difflib
from collections.abc import Iterator
from functools import partial

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.nearest import nearest
from hmco_charts.objects import KubernetesObject, Pod, Release
from hmco_charts.objects.references import Reference, references
from hmco_charts.yamlio import Span

_ALWAYS = {
    "ServiceAccount": ("default",),
    "ConfigMap": ("kube-root-ca.crt", "openshift-service-ca.crt"),
    "PriorityClass": ("system-cluster-critical", "system-node-critical"),
}


class MissingReference(Rule):
    """Reports names of ConfigMaps, Secrets, keys, claims and accounts that nothing brings."""

    id = "STO003"
    name = "missing-reference"
    profile = "min"
    title = "A pod that needs something that is not there"
    why = (
        "Without the ConfigMap or Secret, or the key in it, the container stays in CreateContainerConfigError or"
        " ContainerCreating; without the claim the pod is not scheduled. The API server accepts it all the same."
    )
    remedy = "Mend the name or the key, add the object, or declare it in the cluster profile."
    source = "https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist"

    def check(self, release: Release) -> Iterator[Finding]:
        """The references of every pod that lead nowhere; what may well be elsewhere is of severity info."""
        for pod in release.pods:
            for reference in references(pod):
                if not reference.is_optional and reference.name not in _ALWAYS.get(reference.kind, ()):
                    yield from self._reference(release, pod, reference)

    def _reference(self, release: Release, pod: Pod, reference: Reference) -> Iterator[Finding]:
        there = release.within(pod.object.namespace, reference.kind, reference.name)
        if not there:
            if not reference.key_path or reference.key_path[-1] == "key":
                yield from self._absent(release, pod, reference)
        elif reference.key and not any(_has_key(release, each, reference.key) for each in there):
            yield self._without_key(release, pod, reference, there[0])

    def _absent(self, release: Release, pod: Pod, reference: Reference) -> Iterator[Finding]:
        if release.exists(reference.kind, reference.name, pod.object) or "items" in reference.key_path:
            return
        close = _nearest(release, pod, reference)
        told = f" Did you mean {close.name}?" if close else ""
        yield self.finding(
            f"{reference.kind} {reference.name} is not in the input.{told}",
            on=pod.object,
            span=partial(pod.object.span, reference.path),
            locator="/".join(map(str, reference.path)),
            subject=f"{reference.kind}#{reference.name}",
            severity=Severity.ERROR if close else Severity.INFO,
            confidence=Confidence.HIGH if close else Confidence.LOW,
            related=(Related("object", close.span(("metadata", "name")), f"{close.kind} {close.name}"),)
            if close
            else (),
        )

    def _without_key(self, release: Release, pod: Pod, reference: Reference, holder: KubernetesObject) -> Finding:
        keys = [each.name for each in release.file_texts(holder)]
        close = difflib.get_close_matches(reference.key, keys, n=1, cutoff=0)
        told = f" Its keys are {', '.join(keys)}." if keys else " It has no keys."
        return self.finding(
            f"{reference.kind} {reference.name} has no key `{reference.key}`.{told}",
            on=pod.object,
            span=pod.object.span(reference.key_path),
            locator="/".join(map(str, reference.key_path)),
            subject=f"{reference.kind}#{reference.name}#{reference.key}",
            related=(Related("object", _place(release, holder, *close), f"{holder.kind} {holder.name}"),),
        )


def _place(release: Release, holder: KubernetesObject, key: str = "") -> Span:
    """The place of a key in a ConfigMap or Secret; of its name without one."""
    paths = [each.path for each in release.file_texts(holder) if each.name == key]
    return holder.span(paths[0], key=True) if paths else holder.span(("metadata", "name"))


def _has_key(release: Release, holder: KubernetesObject, key: str) -> bool:
    """Whether a ConfigMap or Secret holds a key, now or once something has filled it."""
    if release.is_made(holder.kind, holder.name, holder) or any("inject" in name for name in holder.annotations):
        return True
    texts = release.file_texts(holder)
    return any(each.name == key for each in texts) or not (texts or holder.kind in ("ConfigMap", "Secret"))


def _nearest(release: Release, pod: Pod, reference: Reference) -> KubernetesObject | None:
    """The object of the same kind and namespace whose name differs by a slip."""
    there = release.unused(reference.kind, pod.object.namespace)
    close = nearest(reference.name, there)
    return there[close] if close else None
