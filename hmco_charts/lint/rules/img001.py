"""IMG001: an image that may be another one tomorrow."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Group, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import text

_MOVING = frozenset({"latest", "snapshot"})
# With a number beside them, these are the name of one build: `edge-24.10.1`, `main-3f2a9bc`.
_MOVING_ALONE = frozenset(
    {"stable", "edge", "nightly", "canary", "rolling", "current", "head", "tip", "main", "master", "trunk"}
    | {"develop", "development", "dev", "next", "unstable"}
)
_WORD = re.compile(r"[-_.+]")
_MAJOR = re.compile(r"v?\d{1,2}(?:-[a-z][a-z0-9.]*)?")
_FILLED_IN = re.compile(r"[${}<>\s]")


class MutableImage(Rule):
    """Reports images whose tag moves."""

    id = "IMG001"
    name = "mutable-image"
    severity = Severity.WARNING
    profile = "basic"
    title = "An image without a fixed version"
    why = (
        "A tag such as `latest` names another program after each release: pods of one workload run different versions,"
        " a restart is an upgrade that nobody decided, and a rollback brings nothing back."
    )
    remedy = "Name a version, or better a digest."
    source = "https://kubernetes.io/docs/concepts/containers/images/#image-names"

    def check(self, release: Release) -> Iterator[Finding]:
        """One finding for each such image of a workload."""
        for container in release.containers:
            reference = text(container.spec.get("image"))
            fault = _fault(container) if reference and not _FILLED_IN.search(reference) else None
            if fault:
                yield self.finding(
                    f"{reference} {fault[0]}.",
                    on=container.pod.object,
                    span=container.span("image"),
                    locator=container.locator,
                    subject=f"{container.locator}#{container.image.repository}",
                    severity=fault[1],
                    group=Group.within(container.pod.object, "the same image", reference),
                )


def _fault(container: Container) -> tuple[str, Severity] | None:
    """What is wrong with the image, or with the policy of pulling it; `None` for what is right."""
    image, policy = container.image, text(container.spec.get("imagePullPolicy"))
    if image.digest:
        needless = "is fixed by its digest: `imagePullPolicy: Always` asks the registry at each start for nothing"
        return (needless, Severity.INFO) if policy == "Always" else None
    if not image.tag:
        return f"has no tag, which means `latest`{_kept(policy)}", Severity.WARNING
    if _moves(image.tag):
        return f"has a tag that moves from release to release{_kept(policy)}", Severity.WARNING
    if _MAJOR.fullmatch(image.tag):
        return "names no more than a major version, which moves with every release of it", Severity.WARNING
    if policy == "Never":
        return "is never pulled: a pod starts only on nodes where someone put it", Severity.INFO
    return None


def _moves(tag: str) -> bool:
    words = set(_WORD.split(tag.lower()))
    return bool(words & _MOVING) or (bool(words & _MOVING_ALONE) and not any(map(str.isdigit, tag)))


def _kept(policy: str) -> str:
    """What the pull policy makes of a moving tag."""
    if policy not in ("IfNotPresent", "Never"):
        return ""
    return f"; with `imagePullPolicy: {policy}` each node stays with the one that it pulled first"
