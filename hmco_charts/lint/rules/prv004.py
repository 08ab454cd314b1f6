"""PRV004: a user that the container cannot run as."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import images
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Pod, Release
from hmco_charts.objects.kubernetes import items, mapping, text


class UserContradiction(Rule):
    """Reports containers told not to run as root that would, and volumes that their user cannot write."""

    id = "PRV004"
    name = "user-contradiction"
    title = "A user that the container cannot run as"
    why = (
        "With runAsNonRoot the kubelet does not start a container whose user is root or only has a name:"
        " CreateContainerConfigError. A new volume belongs to root, and another user cannot write it without fsGroup."
    )
    remedy = "Set `runAsUser` to the image's numeric user, and `fsGroup` for its volumes."
    source = "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The containers whose user contradicts runAsNonRoot, and pods without fsGroup for their claims."""
        for pod in release.pods:
            for container in pod.containers:
                yield from self._user(container)
            yield from self._group(pod)

    def _user(self, container: Container) -> Iterator[Finding]:
        if container.security("runAsNonRoot") is not True:
            return
        user = container.security("runAsUser")
        if user == 0:
            message = "must not run as root (runAsNonRoot), but runs as user 0"
            yield self._at(container, message, Severity.ERROR, Confidence.HIGH)
        elif user is None and (found := images.user(container)) is not None:
            if found in ("", "0", "root"):
                message = f"must not run as root, but the image {container.image.base} starts as root"
                yield self._at(container, message, Severity.ERROR, Confidence.MEDIUM)
            elif not found.isdigit():
                message = f"must not run as root, but the image's user `{found}` is a name: the kubelet cannot tell"
                yield self._at(container, message, Severity.ERROR, Confidence.MEDIUM)

    def _group(self, pod: Pod) -> Iterator[Finding]:
        claims = [volume for volume in pod.volumes if "persistentVolumeClaim" in volume]
        templates = items(pod.object.at(("spec", "volumeClaimTemplates")))
        user = pod.security_context.get("runAsUser")
        is_set_up = any(each.role == "initContainer" for each in pod.containers)
        if not (claims or templates) or not user or pod.security_context.get("fsGroup") is not None or is_set_up:
            return
        yield self.finding(
            f"User {text(user)} cannot write a new volume: the pod sets no fsGroup.",
            on=pod.object,
            span=pod.object.span((*pod.path, "securityContext"), key=True),
            locator="securityContext",
            subject="fsGroup",
            severity=Severity.INFO,
            confidence=Confidence.LOW,
        )

    def _at(self, container: Container, message: str, severity: Severity, confidence: Confidence) -> Finding:
        own = mapping(container.spec.get("securityContext"))
        is_own = "runAsUser" in own or "runAsNonRoot" in own
        path = (*(container.path if is_own else container.pod.path), "securityContext")
        return self.finding(
            f"{container.locator} {message}.",
            on=container.pod.object,
            span=container.pod.object.span(path, key=True),
            locator=container.locator,
            subject=container.locator,
            severity=severity,
            confidence=confidence,
        )
