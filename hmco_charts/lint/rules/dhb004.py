"""DHB004: several GMS that do not share their work."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import datahub
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_CACHE = "SEARCH_SERVICE_CACHE_IMPLEMENTATION"
_CONSUMERS = ("MAE_CONSUMER_ENABLED", "MCE_CONSUMER_ENABLED")


class DatahubSeveralGms(Rule):
    """Reports GMS with several replicas that hold the consumers, or caches of their own."""

    id = "DHB004"
    name = "datahub-several-gms"
    severity = Severity.WARNING
    title = "Several GMS that do not share their work"
    why = (
        "Each GMS with the consumers in it schedules the same ingestions, and one with a cache of its own shows what"
        " another has changed long after. The makers' chart refuses to render it."
    )
    remedy = (
        "Run one GMS, or run datahub-mae-consumer and datahub-mce-consumer beside it and set"
        f" {_CACHE}=hazelcast with a headless Service for 5701."
    )
    source = "https://github.com/acryldata/datahub-helm/blob/master/charts/datahub/subcharts/datahub-gms/templates/deployment.yaml"

    def check(self, release: Release) -> Iterator[Finding]:
        """The GMS with more than one replica whose environment is known."""
        for part in datahub.parts(release):
            pod = part.container.pod
            if part.name == "gms" and release.replicas(pod).most > 1 and part.environment.is_complete:
                has_consumers = any(part.told(name) == "true" for name in _CONSUMERS)
                if has_consumers or part.told(_CACHE) != "hazelcast":
                    yield self.finding(
                        f"{pod.object.kind} {pod.object.name} runs several GMS"
                        f" {'with the consumers in them' if has_consumers else 'with caches of their own'}.",
                        on=pod.object,
                        span=pod.object.span(("spec", "replicas")),
                        locator=part.container.locator,
                        subject=f"{part.container.locator}#replicas",
                    )
