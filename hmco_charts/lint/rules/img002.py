"""IMG002: images that are known not to work, or that are not there any more."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from hmco_charts.lint.finding import Finding, Group, Related, Severity
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.programs import known_images, vault
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.programs.vault import images
from hmco_charts.lint.programs.version import Version
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Pod, Release
from hmco_charts.objects.chart import Chart
from hmco_charts.objects.image import Image
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.yamlio import Path

_STATES = {
    "gone": ("is not there any more: pulling it fails", Severity.ERROR),
    "frozen": ("gets no new versions and no security fixes", Severity.WARNING),
    "retired": ("is a program that has ended: no new versions, no security fixes", Severity.WARNING),
}


class KnownBadVersion(Rule):
    """Reports images with a documented fault, and versions that do not go together."""

    id = "IMG002"
    name = "known-bad-version"
    severity = Severity.WARNING
    profile = "basic"
    title = "An image with a known fault"
    why = (
        "Some versions of images do not start where the ones before them did, some images have moved to another"
        " registry or are no longer made, and some only work beside others of the same version."
    )
    remedy = "Use the version or the image that the message names."
    source = "https://github.com/hashicorp/vault/issues/31919"

    def check(self, release: Release) -> Iterator[Finding]:
        """What is known of each image of the release, of those that belong together, and of the chart's own."""
        for pod in release.pods:
            yield from self._moved(pod)
        for container in release.containers:
            yield from self._mounted(release, container)
            yield from self._vault(release, container)
        yield from self._families(release)
        yield from self._chart(release.chart) if release.chart else ()

    def _moved(self, pod: Pod) -> Iterator[Finding]:
        """The images of a pod that went the same way are one finding."""
        for container in pod.containers:
            found = known_images.moved(container.image)
            if found is None:
                continue
            state, severity = _STATES[found.state]
            instead = found.instead(container.image)
            fix = Fix(f"Take it from {instead}", (_taken_from(container, instead),), is_safe=False)
            yield self._on(
                container,
                f"{_reference(container)} {state} (since {found.since}).",
                subject="moved",
                severity=severity,
                remedy=f"Use {instead}; see {found.source}.",
                group=Group.within(pod.object, "so does this one", found),
                fixes=(fix,) if found.is_same else (),
            )

    def _mounted(self, release: Release, container: Container) -> Iterator[Finding]:
        targets = [text(mount.get("mountPath")).rstrip("/") for mount in container.mounts]
        for row in known_images.mounts(container.image):
            if row.path in targets and row.unless not in environment(release, container).variables:
                yield self._on(
                    container,
                    f"{_reference(container)}, as every version since {row.first}, stops where a volume is mounted on"
                    f" {row.path}.",
                    subject="mount",
                    severity=Severity.ERROR,
                    remedy=f"Mount it on {row.instead}; see {row.source}.",
                    place=("volumeMounts", targets.index(row.path), "mountPath"),
                )

    def _vault(self, release: Release, container: Container) -> Iterator[Finding]:
        version = images.version(container)
        if version and vault.unstartable(release, container):
            yield self._on(
                container,
                f"Vault {version}'s image is known not to start as this container runs it; VLT010 tells why.",
                subject="vault",
                remedy=f"Use {images.repaired(version)}.",
            )

    def _families(self, release: Release) -> Iterator[Finding]:
        for family in known_images.families():
            together: dict[str, list[Container]] = defaultdict(list)
            for each in release.containers:
                if each.image.tag and known_images.full_name(each.image) in family.repositories:
                    together[each.pod.object.namespace].append(each)
            for namespace, containers in together.items():
                group = Group((family.program, namespace), "not this version")
                yield from self._mixed(family, containers, group)

    def _mixed(self, family: known_images.Family, containers: list[Container], group: Group) -> Iterator[Finding]:
        (usual, _), *_ = Counter(each.image.tag for each in containers).most_common(1)
        first = next(each for each in containers if each.image.tag == usual)
        others = [each for each in containers if each.image.tag != usual]
        for container in others:
            yield self._on(
                container,
                f"{_reference(container)} beside {_reference(first)}: the images of {family.program} only work"
                " together in one version.",
                subject="family",
                remedy=f"Give all images of {family.program} one tag; see {family.source}.",
                related=(Related("object", first.span("image"), "the version of the others"),),
                group=group,
            )

    def _chart(self, chart: Chart) -> Iterator[Finding]:
        said = Version.parse(text(chart.files.metadata.get("appVersion")))
        for path, image in _own_images(chart.files.value("values.yaml"), chart.name):
            told = Version.parse(image.tag)
            if said and told and said.is_exact and told.is_exact and said != told:
                values = chart.stand_in("values.yaml")
                yield self.finding(
                    f"The chart's appVersion is {said}, but its values bring {image.base} {told}.",
                    on=values,
                    span=values.span(path),
                    locator=".".join(map(str, path)),
                    subject=".".join(map(str, path)),
                    remedy="Set `appVersion` in Chart.yaml to the version of the image, or leave the tag to it.",
                )

    def _on(
        self,
        container: Container,
        message: str,
        *,
        subject: str,
        severity: Severity | None = None,
        remedy: str,
        place: Path = ("image",),
        related: tuple[Related, ...] = (),
        fixes: tuple[Fix, ...] = (),
        group: Group | None = None,
    ) -> Finding:
        return self.finding(
            message,
            on=container.pod.object,
            span=container.span(*place),
            locator=container.locator,
            subject=f"{container.locator}#{subject}",
            severity=severity,
            remedy=remedy,
            related=related,
            fixes=fixes,
            group=group,
        )


def _reference(container: Container) -> str:
    image = container.image
    return f"{image.repository}:{image.tag}" if image.tag else image.repository


def _taken_from(container: Container, repository: str) -> Edit:
    start = container.pod.object.text_span((*container.path, "image"), 0, len(container.image.repository))
    return Edit(start, (repository,))


def _own_images(values: Mapping[str, Any], name: str, path: Path = ()) -> Iterator[tuple[Path, Image]]:
    """The images of a chart's values that are named like the chart, and where their tags stand."""
    for key, value in values.items():
        held = mapping(value)
        if key == "image" and "tag" in held:
            image = Image(text(held.get("repository")), text(held.get("tag")))
            yield from [((*path, key, "tag"), image)] if image.base == name else []
        else:
            yield from _own_images(held, name, (*path, str(key)))
