"""DHB005: an upgrade of DataHub that runs before what it needs is there."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.programs import datahub
from hmco_charts.lint.programs.datahub import Part
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.dns import service_of

_HOOK = "helm.sh/hook"
_ADDRESSES = ("EBEAN_DATASOURCE_HOST", "KAFKA_BOOTSTRAP_SERVER", "ELASTICSEARCH_HOST")


class DatahubUpgradeOrder(Rule):
    """Reports upgrade Jobs that are pre-install hooks beside the database, Kafka or Elasticsearch that they need."""

    id = "DHB005"
    name = "datahub-upgrade-order"
    profile = "min"
    title = "An upgrade of DataHub before what it needs is there"
    why = (
        "Helm runs a pre-install hook before it creates any other object of the release: the Job waits for a Service"
        " that only comes after it, until the installation times out."
    )
    remedy = (
        "Install the database, Kafka and Elasticsearch in a release before, or make the Job no hook and let it wait."
    )
    source = "https://helm.sh/docs/topics/charts_hooks/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The upgrade Jobs of every release that are such hooks."""
        for part in datahub.parts(release):
            if part.name == "upgrade" and "pre-install" in part.container.pod.object.annotations.get(_HOOK, ""):
                needed = {name: found for name in _ADDRESSES if (found := _service(release, part, name))}
                if needed:
                    yield self._on(part, needed)

    def _on(self, part: Part, needed: dict[str, KubernetesObject]) -> Finding:
        job = part.container.pod.object
        told = ", ".join(f"{service.name} ({name})" for name, service in needed.items())
        return self.finding(
            f"Job {job.name} runs before what it needs is created: {told}.",
            on=job,
            span=job.span(("metadata", "annotations", _HOOK)),
            locator=f"annotations/{_HOOK}",
            subject=f"{part.container.locator}#{_HOOK}",
            related=tuple(
                Related("object", service.span(("metadata", "name")), f"Service {service.name}")
                for service in needed.values()
            ),
        )


def _service(release: Release, part: Part, name: str) -> KubernetesObject | None:
    """The Service of the release that a variable names, unless it is a hook too."""
    host = (part.told(name) or "").partition(",")[0].rpartition("://")[2].partition(":")[0]
    found = service_of(release, host, part.container.pod.object) if host else None
    return found if found and _HOOK not in found.annotations else None
