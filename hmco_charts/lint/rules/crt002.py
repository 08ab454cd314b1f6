"""CRT002: a certificate that nobody issues."""

from collections.abc import Iterator
from functools import partial

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.programs.cert_manager import IssuerName
from hmco_charts.lint.rule import Rule
from hmco_charts.nearest import nearest
from hmco_charts.objects import KubernetesObject, Release

_KIND = ("spec", "issuerRef", "kind")
_OTHER = {"Issuer": "ClusterIssuer", "ClusterIssuer": "Issuer"}


class CertificateWithoutIssuer(Rule):
    """Reports Certificates, Ingresses and Gateways that name an issuer which is not there."""

    id = "CRT002"
    name = "certificate-without-issuer"
    title = "A certificate that nobody issues"
    why = (
        "cert-manager waits for the issuer, without end: the Secret is not made, and pods that mount it do not start."
        " Without `kind` an Issuer of the same namespace is meant, never a ClusterIssuer."
    )
    remedy = "Name an issuer that is there, with its kind; tell the cluster profile of issuers made elsewhere."
    source = "https://cert-manager.io/docs/configuration/issuers/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The places that name an issuer which neither the input nor the cluster profile has."""
        for wanted in cert_manager.issuer_names(release):
            is_there = cert_manager.issuers(release, wanted) or release.exists(wanted.kind, wanted.name, wanted.object)
            if not is_there:
                yield self._missing(release, wanted)

    def _missing(self, release: Release, wanted: IssuerName) -> Finding:
        other = IssuerName(wanted.object, wanted.path, _OTHER[wanted.kind], wanted.name)
        meant = cert_manager.issuers(release, other)
        there = sorted({each.name for each in cert_manager.of_kind(release, wanted.kind)})
        hint = nearest(wanted.name, there)
        severity = Severity.ERROR if meant or hint else Severity.INFO
        message = f"{wanted.kind} {wanted.name} is not in the input."
        if meant:
            message = f"{wanted.kind} {wanted.name} is not there; there is a {other.kind} of that name."
        elif hint:
            message = f"{wanted.kind} {wanted.name} is not there; there is one named {hint}."
        return self.finding(
            message,
            on=wanted.object,
            span=partial(wanted.object.span, wanted.path),
            locator="/".join(map(str, wanted.path)),
            subject=f"{wanted.kind}#{wanted.name}",
            severity=severity,
            confidence=Confidence.HIGH if meant or hint else Confidence.MEDIUM,
            related=tuple(Related("object", each.span(("metadata", "name")), f"the {each.kind}") for each in meant[:1]),
            fixes=_fix(wanted.object, other.kind) if meant else (),
        )


def _fix(each: KubernetesObject, kind: str) -> tuple[Fix, ...]:
    """The kind that there is, where another one is written out."""
    told = each.at(_KIND)
    if not isinstance(told, str):
        return ()
    edit = Edit(each.text_span(_KIND, 0, len(told)), (kind,))
    return (Fix(f"Name the {kind}", (edit,), is_safe=True),)
