"""TLS001: a certificate or key that no program can read."""

from collections.abc import Iterator

from hmco_charts.formats import pem
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import certificates
from hmco_charts.lint.programs.certificates import CERTIFICATE, TLS_TYPE
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, KubernetesObject, Release, Text

_SUFFIXES = (".crt", ".cert", ".cer", ".pem", ".key", "ca-bundle")
_EXPECTED = {"tls.crt": CERTIFICATE, "tls.key": "PRIVATE KEY"}
_ENCODED = ("LS0tLS1CRUdJTi", "TFMwdExTMUNSVWRKVGl")  # -----BEGIN, once and twice encoded
_OPEN = ("{{", "${", "<", "...", "REPLACE", "PLACEHOLDER", "CHANGEME", "TODO")
_FILLED = ("cert-manager.io/", "replicator.", "reflector.", "replicate", "inject", "vault", "external-secrets.io/")


class CertificateUnreadable(Rule):
    """Reports PEM texts that are cut off, doubly encoded, or hold something else than they should."""

    id = "TLS001"
    name = "certificate-unreadable"
    profile = "min"
    title = "A certificate or key that cannot be read"
    why = (
        "The API server only checks that the keys tls.crt and tls.key are there. The program that loads them stops:"
        " Vault, for one, with 'tls: failed to find any PEM data in certificate input'."
    )
    remedy = "Put the complete PEM text there, from BEGIN to END, encoded in base64 once (`kubectl create secret tls`)."
    source = "https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets"

    def check(self, release: Release) -> Iterator[Finding]:
        """The unreadable texts of every Secret and ConfigMap."""
        for holder in release.of_kind("Secret", "ConfigMap"):
            for text in release.file_texts(holder):
                fault = _fault(release, text)
                if fault:
                    yield self._finding(text, *fault)

    def _finding(self, text: Text, start: int, end: int, fault: str) -> Finding:
        return self.finding(
            f"`{text.name}` cannot be read: {fault}.",
            on=text.object,
            span=text.object.span(text.path, key=True) if text.encoded or not text.value else text.span(start, end),
            locator="/".join(map(str, text.path)),
            subject=text.name,
        )


def _fault(release: Release, text: Text) -> tuple[int, int, str] | None:
    """Where a text is at fault, and what is wrong with it."""
    expected = _EXPECTED.get(text.name, "") if text.object.at(("type",)) == TLS_TYPE else ""
    value = text.value.strip()
    if any(sign in text.value for sign in _OPEN):
        return None
    if not value:
        return _empty(release, text) if expected else None
    blocks = pem.blocks(text.value)
    if blocks and (expected or text.name.endswith(_SUFFIXES) or value.startswith("-----BEGIN")):
        return _of_blocks(blocks, expected)
    if (expected or text.name.endswith(_SUFFIXES)) and value.startswith(_ENCODED):
        return 0, len(text.value), "it is encoded in base64 once too often"
    if "-----BEGIN" in value and (expected or text.name.endswith(_SUFFIXES)):
        return 0, len(text.value), "BEGIN and END do not stand on lines of their own"
    if expected:
        return 0, len(text.value), f"it holds no PEM text with BEGIN {expected}"
    return None


def _of_blocks(blocks: tuple[pem.Block, ...], expected: str) -> tuple[int, int, str] | None:
    for block in blocks:
        fault = block.fault or _content(block)
        if fault:
            return block.start, block.end, f"{block.label}: {fault}"
    if expected and not any(expected in block.label for block in blocks):
        return blocks[0].start, blocks[0].end, f"it holds {blocks[0].label} where {expected} is expected"
    return None


def _content(block: pem.Block) -> str:
    if block.label == CERTIFICATE and certificates.certificate(block) is None:
        return "what is decoded is no complete X.509 certificate"
    return ""


def _empty(release: Release, text: Text) -> tuple[int, int, str] | None:
    """An empty one is a fault unless something fills it later."""
    raw = text.object.at(text.path)
    if text.binary:
        return 0, 0, "it holds binary data, not PEM text"
    if isinstance(raw, str) and raw.strip() and text.encoded:
        return 0, 0, "it is not base64"
    return None if _is_filled_later(release, text.object) else (0, 0, "it is empty")


def _is_filled_later(release: Release, holder: KubernetesObject) -> bool:
    annotated = any(sign in name for name in holder.annotations for sign in _FILLED)
    return annotated or release.is_made("Secret", holder.name, holder) or _is_named_by_a_job(release, holder.name)


def _is_named_by_a_job(release: Release, name: str) -> bool:
    jobs = (each for each in release.containers if each.pod.object.kind in ("Job", "CronJob"))
    return any(name in word for each in jobs for word in (*each.command, *each.args, *_values(release, each)))


def _values(release: Release, container: Container) -> Iterator[str]:
    return (variable.text.value for variable in release.environment(container) if variable.text)
