"""DHB002: parts of DataHub that do not believe each other."""

from collections.abc import Iterator
from typing import Any

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.programs import datahub
from hmco_charts.lint.programs.datahub import Part
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_VARIABLES = ("METADATA_SERVICE_AUTH_ENABLED", "DATAHUB_SYSTEM_CLIENT_SECRET", "DATAHUB_SYSTEM_CLIENT_ID")


class DatahubMismatch(Rule):
    """Reports parts whose authentication differs from that of GMS beside them."""

    id = "DHB002"
    name = "datahub-mismatch"
    title = "Parts of DataHub that do not believe each other"
    why = (
        "GMS refuses a part with another system's client or secret ('401 Unauthorized'), and lets everybody in where it"
        " alone has authentication off: nobody can log in, or the access policies hold nowhere."
    )
    remedy = "Give all parts one METADATA_SERVICE_AUTH_ENABLED, and one key of one Secret."
    source = "https://docs.datahub.com/docs/authentication/introducing-metadata-service-authentication"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of every part beside those of the only GMS."""
        parts = datahub.parts(release)
        services = [each for each in parts if each.name == "gms"]
        for part in parts if len(services) == 1 else ():
            for name in _VARIABLES:
                ours, theirs = _set(part, name), _set(services[0], name)
                if ours and theirs and ours != theirs:
                    yield self._on(part, name, services[0])

    def _on(self, part: Part, name: str, gms: Part) -> Finding:
        return self.finding(
            f"{name} of {part.container.locator} is not that of GMS.",
            on=part.container.pod.object,
            span=part.span(name),
            locator=f"{part.container.locator}/env/{name}",
            subject=f"{part.container.locator}#{name}",
            related=(Related("object", gms.span(name), "that of GMS"),),
        )


def _set(part: Part, name: str) -> Any:
    """How a variable is set: its value, or the key of a Secret or ConfigMap; nothing where that is not known."""
    entry = next((each for each in part.container.environment if each.name == name), None)
    return (entry.value or entry.source) if entry else None
