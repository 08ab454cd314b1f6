"""DHB001: secrets of DataHub that everybody can look up."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import datahub
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_SECRETS = (
    *("DATAHUB_SYSTEM_CLIENT_SECRET", "DATAHUB_SECRET", "DATAHUB_TOKEN_SERVICE_SIGNING_KEY"),
    *("DATAHUB_TOKEN_SERVICE_SALT", "SECRET_SERVICE_ENCRYPTION_KEY"),
)
_PUBLIC = ("JohnSnowKnowsNothing", "YouKnowNothing")
"""Constants of DataHub's compose files."""


class DatahubPublicSecret(Rule):
    """Reports parts of DataHub whose secrets are those of its compose files."""

    id = "DHB001"
    name = "datahub-public-secret"
    title = "A secret of DataHub that everybody can look up"
    why = (
        "With the system's client secret anyone may act as DataHub itself, with the session key as any user. The values"
        " of the compose files work as well as any."
    )
    remedy = "Make random values, keep them in one Secret, and name it in all parts."
    source = "https://github.com/datahub-project/datahub/blob/master/docker/profiles/docker-compose.gms.yml"

    def check(self, release: Release) -> Iterator[Finding]:
        """The secrets of every part."""
        for part in datahub.parts(release):
            for name in _SECRETS:
                if part.told(name) in _PUBLIC:
                    yield self.finding(
                        f"{name} of {part.container.locator} is a constant that everybody can look up.",
                        on=part.container.pod.object,
                        span=part.span(name),
                        locator=f"{part.container.locator}/env/{name}",
                        subject=f"{part.container.locator}#{name}",
                    )
