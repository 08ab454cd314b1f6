"""RDS005: a Sentinel that cannot write its configuration."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import redis
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import text

_READ_ONLY = ("configMap", "secret", "projected")


class SentinelConfiguration(Rule):
    """Reports Sentinels that are started with a file of a ConfigMap or Secret."""

    id = "RDS005"
    name = "redis-sentinel-read-only"
    profile = "min"
    title = "A Sentinel that cannot write its configuration"
    why = (
        "A Sentinel writes what it learns into its configuration file, and ends with 'Sentinel config file … is not"
        " writable' where it cannot. A file of a ConfigMap or Secret never can be written."
    )
    remedy = "Copy the file to a volume at the start, best to one that stays, and start the Sentinel with the copy."
    source = "https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The Sentinels whose file lies in such a volume."""
        for server in redis.servers(release):
            container = server.container
            volume = container.pod.volume(container.in_volume(server.file)[0]) if server.file else {}
            if server.is_sentinel and any(kind in volume for kind in _READ_ONLY):
                yield self.finding(
                    f"{container.locator} does not start: {server.file} lies in the volume {text(volume.get('name'))},"
                    " which cannot be written.",
                    on=container.pod.object,
                    span=container.span(),
                    locator=container.locator,
                    subject=f"{container.locator}#{server.file}",
                )
