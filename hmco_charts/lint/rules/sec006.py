"""SEC006: a password in a Secret that everybody would try."""

import re
from collections.abc import Iterator

from hmco_charts import credentials
from hmco_charts.credentials import Hit, lexicon, references
from hmco_charts.lint.finding import Confidence, Finding, Group, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release, Text

_MADE_BY_PROGRAMS = ("helm.sh/release.v1", "kubernetes.io/service-account-token", "kubernetes.io/tls")
_SHORTEST = 8
_USER_KEY = re.compile(r"(?i)(?:^|[-_.])user(?:[-_.]?name)?$|login$|[a-z]User(?:name)?$")
_USER_BEFORE = re.compile(r"([^\s/:@\"'=;,]+)[:/]$")


class DefaultOrWeakCredential(Rule):
    """Reports passwords in Secrets that are a vendor's default, the user's name, or too short."""

    id = "SEC006"
    name = "default-or-weak-credential"
    severity = Severity.WARNING
    title = "A password that everybody would try"
    why = (
        "A Secret keeps a password from being read, not from being guessed: defaults of vendors, `changeme` and the"
        " user's own name are what attackers try first, and examples tend to reach production."
    )
    remedy = "Generate a random password of 16 characters or more, and change it where it is in use."
    source = "https://pages.nist.gov/800-63-4/sp800-63b.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The weak passwords of each Secret; those that a chart's tests make up are left alone."""
        if release.label.startswith("ci/"):
            return
        for secret in release.of_kind("Secret"):
            if secret.manifest.get("type") not in _MADE_BY_PROGRAMS:
                yield from self._secret(secret, release.file_texts(secret))

    def _secret(self, secret: KubernetesObject, texts: tuple[Text, ...]) -> Iterator[Finding]:
        users = {text.value.strip().lower() for text in texts if _USER_KEY.search(text.name)}
        for text in texts:
            for hit in credentials.find(text.value, text.name):
                if fault := _fault(text, hit, users):
                    yield self._finding(secret, text, hit, fault)

    def _finding(self, secret: KubernetesObject, text: Text, hit: Hit, fault: str) -> Finding:
        return self.finding(
            f"Secret {secret.name}, `{hit.key or text.name}`: the credential {fault}.",
            on=secret,
            span=text.span(hit.start, hit.end),
            locator=text.locator(hit.start),
            subject=f"{text.name}#{hit.key}",
            confidence=Confidence.MEDIUM,
            group=Group.within(secret, "the same credential stands here", hit.secret_group),
        )


def _fault(text: Text, hit: Hit, users: set[str]) -> str:
    """What is weak about a password; empty for a good one, and for keys, tokens and hashes."""
    if hit.is_private_key or hit.kind == "password-hash" or hit.confidence == "low":
        return ""
    secret, before = text.value[hit.start : hit.end], _USER_BEFORE.search(text.value[: hit.start])
    if references.is_well_known(secret):
        return "is a default that everybody tries first"
    if secret.lower() in users or (before and before[1].lower() == secret.lower()):
        return "is the name of its user"
    is_password = hit.kind != "literal" or lexicon.strength(hit.key) == "password"
    return f"has fewer than {_SHORTEST} characters" if is_password and len(secret) < _SHORTEST else ""
