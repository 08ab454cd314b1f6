"""CRT006: a wildcard that HTTP-01 cannot show."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

_WILDCARD = "*."


class WildcardByHttp(Rule):
    """Reports wildcards of Certificates, Ingresses and Gateways from an issuer without a solver for DNS-01."""

    id = "CRT006"
    name = "wildcard-by-http"
    title = "A wildcard that HTTP-01 cannot show"
    why = (
        "An authority that speaks ACME gives a certificate for `*.example.org` only to who can change the zone: the"
        " order fails, and the Secret is not made."
    )
    remedy = (
        "Add a solver with `dns01` to the issuer whose selector, if any, covers the wildcard and the labels of the"
        " Certificate, or name the hosts."
    )
    source = "https://letsencrypt.org/docs/challenge-types/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The wildcards whose issuer is in the input and has no solver for them."""
        for wanted in cert_manager.issuer_names(release):
            found = cert_manager.issuers(release, wanted)
            if len(found) == 1:
                for name, path in _wildcards(wanted.object).items():
                    if not _shows(found[0], wanted.object, name):
                        yield self._unsolved(wanted.object, path, name, found[0])

    def _unsolved(self, each: KubernetesObject, path: Path, name: str, issuer: KubernetesObject) -> Finding:
        return self.finding(
            f"{issuer.kind} {issuer.name} has no solver for DNS-01, which {name} needs.",
            on=each,
            span=each.span(path),
            locator="/".join(map(str, path)),
            subject=f"{path[1]}#{name}",
            related=(Related("object", issuer.span(("spec", "acme", "solvers")), "the issuer's solvers"),),
        )


def _wildcards(each: KubernetesObject) -> dict[str, Path]:
    """The wildcards that a certificate is for, or is made for, and where each stands first."""
    found: dict[str, Path] = {}
    for path, name in _NAMES[each.kind](each):
        if name.startswith(_WILDCARD):
            found.setdefault(name, path)
    return found


def _of_certificate(each: KubernetesObject) -> Iterator[tuple[Path, str]]:
    for index, name in enumerate(items(each.at(("spec", "dnsNames")))):
        yield ("spec", "dnsNames", index), text(name)
    yield ("spec", "commonName"), text(each.at(("spec", "commonName")))


def _of_ingress(each: KubernetesObject) -> Iterator[tuple[Path, str]]:
    """The hosts for which cert-manager makes a Secret."""
    for index, tls in enumerate(items(each.at(("spec", "tls")))):
        for at, host in enumerate(items(mapping(tls).get("hosts"))) if mapping(tls).get("secretName") else ():
            yield ("spec", "tls", index, "hosts", at), text(host)


def _of_gateway(each: KubernetesObject) -> Iterator[tuple[Path, str]]:
    """The names of the listeners that end TLS."""
    for index, listener in enumerate(items(each.at(("spec", "listeners")))):
        tls = mapping(mapping(listener).get("tls"))
        if tls and tls.get("mode") != "Passthrough":
            yield ("spec", "listeners", index, "hostname"), text(mapping(listener).get("hostname"))


_NAMES = {"Certificate": _of_certificate, "Ingress": _of_ingress, "Gateway": _of_gateway}


def _shows(issuer: KubernetesObject, each: KubernetesObject, name: str) -> bool:
    """Whether an issuer gets a certificate for a wildcard: one without solvers speaks no ACME."""
    told = cert_manager.solvers(issuer)
    selectors = (mapping(solver.get("selector")) for solver in told if "dns01" in solver)
    return not told or any(_is_for(selector, each, name) for selector in selectors)


def _is_for(selector: dict[str, object], each: KubernetesObject, name: str) -> bool:
    """Whether a solver is taken for a name: the zones are those above it, the names are compared whole.

    An order has the labels of its Certificate, which has those of the Ingress or Gateway that it is made for.
    """
    if not mapping(selector.get("matchLabels")).items() <= each.labels.items():
        return False
    names, zones = items(selector.get("dnsNames")), items(selector.get("dnsZones"))
    is_within = any(f".{name}".lower().endswith(f".{text(zone)}".lower().rstrip(".")) for zone in zones)
    return (not names or name in names) and (not zones or is_within)
