"""CRT003: an authority that becomes another one when it is renewed."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import text
from hmco_charts.yamlio import Path

_POLICY: Path = ("spec", "privateKey", "rotationPolicy")


class AuthorityKeyReplaced(Rule):
    """Reports certificates of authorities whose key cert-manager replaces at each renewal."""

    id = "CRT003"
    name = "authority-key-replaced"
    severity = Severity.WARNING
    title = "An authority that becomes another one when it is renewed"
    why = (
        "Since cert-manager 1.18 `rotationPolicy` is Always where nothing is said: a renewal makes a new key, so every"
        " certificate that the authority signed, and every place that trusts it, fails until it is replaced too."
    )
    remedy = "Set `privateKey.rotationPolicy: Never` on certificates with `isCA: true`, and replace the key by a plan."
    source = "https://cert-manager.io/docs/releases/release-notes/release-notes-1.18/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The Certificates of authorities without `Never`."""
        for each in cert_manager.of_kind(release, "Certificate"):
            told = each.at(_POLICY)
            if each.at(("spec", "isCA")) is not True or text(told) == "Never":
                continue
            yield self.finding(
                "A renewal gives the authority a new key, which nobody trusts who trusted the old one.",
                on=each,
                span=each.span(_POLICY if told else ("spec", "isCA")),
                locator="/".join(map(str, _POLICY)),
                fixes=_fix(each, told) if isinstance(told, str) else (),
            )


def _fix(each: KubernetesObject, told: str) -> tuple[Fix, ...]:
    edit = Edit(each.text_span(_POLICY, 0, len(told)), ("Never",))
    return (Fix("Keep the authority's key", (edit,), is_safe=True),)
