"""CRT005: certificates of an authority for tests."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import text
from hmco_charts.yamlio import Path

_SERVER: Path = ("spec", "acme", "server")
_STAGING = re.compile(r"https://acme-staging-v02\.api\.letsencrypt\.org([:/].*)?", re.IGNORECASE)


class StagingAuthority(Rule):
    """Reports issuers of Let's Encrypt's staging server."""

    id = "CRT005"
    name = "staging-authority"
    severity = Severity.WARNING
    profile = "production"
    title = "Certificates of an authority for tests"
    why = "The staging server signs by a root that no browser and no program has: every client refuses the certificate."
    remedy = "Use https://acme-v02.api.letsencrypt.org/directory once a certificate came from staging."
    source = "https://letsencrypt.org/docs/staging-environment/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The issuers whose server is that one."""
        for issuer in cert_manager.of_kind(release, "Issuer", "ClusterIssuer"):
            if _STAGING.fullmatch(text(issuer.at(_SERVER))):
                yield self.finding(
                    "The issuer's certificates come from the staging server, which nobody trusts.",
                    on=issuer,
                    span=issuer.span(_SERVER),
                    locator="/".join(map(str, _SERVER)),
                )
