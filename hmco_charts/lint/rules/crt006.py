"""CRT006: a wildcard that HTTP-01 cannot show."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, text

_WILDCARD = "*."


class WildcardByHttp(Rule):
    """Reports Certificates with a wildcard from an issuer without a solver for DNS-01."""

    id = "CRT006"
    name = "wildcard-by-http"
    title = "A wildcard that HTTP-01 cannot show"
    why = (
        "An authority that speaks ACME gives a certificate for `*.example.org` only to who can change the zone: the"
        " order fails, and the Secret is not made."
    )
    remedy = "Add a solver with `dns01` to the issuer, or name the hosts."
    source = "https://letsencrypt.org/docs/challenge-types/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The wildcards whose issuer is in the input and has no solver for them."""
        for wanted in cert_manager.issuer_names(release):
            if wanted.object.kind != "Certificate":
                continue
            found = cert_manager.issuers(release, wanted)
            if len(found) == 1 and _knows_http_only(found[0]):
                yield from self._wildcards(wanted.object, found[0])

    def _wildcards(self, each: KubernetesObject, issuer: KubernetesObject) -> Iterator[Finding]:
        for index, name in enumerate(items(each.at(("spec", "dnsNames")))):
            if text(name).startswith(_WILDCARD):
                yield self.finding(
                    f"{issuer.kind} {issuer.name} has no solver for DNS-01, which {name} needs.",
                    on=each,
                    span=each.span(("spec", "dnsNames", index)),
                    locator=f"spec/dnsNames/{index}",
                    subject=f"dnsNames#{name}",
                    related=(Related("object", issuer.span(("spec", "acme", "solvers")), "the issuer's solvers"),),
                )


def _knows_http_only(issuer: KubernetesObject) -> bool:
    told = cert_manager.solvers(issuer)
    return bool(told) and not any("dns01" in solver for solver in told)
