"""SEC007: a Secret that does not hold what was meant."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from hmco_charts.credentials import lexicon, references
from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs import certificates
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release, Text
from hmco_charts.objects.kubernetes import mapping

_ENCODED = {"Secret": "data", "ConfigMap": "binaryData"}
_TLS_KEYS = ("tls.crt", "tls.key")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){3,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_HEX = re.compile(r"[0-9a-fA-F]+")
_TOLD_BY_NAME = re.compile(r"(?i)base_?64|b64|encoded")


class SecretEncoding(Rule):
    """Reports values of Secrets that are no base64, encoded twice, given twice, or end in a line break."""

    id = "SEC007"
    name = "secret-encoding"
    profile = "min"
    title = "A Secret that does not hold what was meant"
    why = (
        "`data` takes base64 and the API server refuses anything else; `stringData` takes the text itself and wins over"
        " `data`. A value encoded once too often, or with a line break at its end, is another password than was meant."
    )
    remedy = "Write the plain text under `stringData`, or encode it once: `printf %s … | base64`."
    source = "https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data"

    def check(self, release: Release) -> Iterator[Finding]:
        """The values of every Secret, and the binary ones of ConfigMaps."""
        for holder in release.of_kind("Secret", "ConfigMap"):
            field = _ENCODED[holder.kind]
            for key, value in mapping(holder.manifest.get(field)).items():
                yield from self._encoding(holder, field, key, value)
        for secret in release.of_kind("Secret"):
            for each in release.file_texts(secret):
                yield from self._text(secret, each)
            yield from self._given_twice(secret)

    def _encoding(self, holder: KubernetesObject, field: str, key: str, value: Any) -> Iterator[Finding]:
        is_known = holder.manifest.get("type") == certificates.TLS_TYPE and key in _TLS_KEYS  # TLS001 tells it
        if value is None or is_known or _is_base64(value):
            return
        is_placeholder = isinstance(value, str) and references.literal(value) is None
        message = f"{holder.kind} {holder.name}: `{key}` under `{field}` is not base64, so the API server refuses it."
        yield self._at(
            holder,
            (field, key),
            message,
            Severity.WARNING if is_placeholder else Severity.ERROR,
            Confidence.MEDIUM if is_placeholder else Confidence.HIGH,
        )

    def _text(self, secret: KubernetesObject, found: Text) -> Iterator[Finding]:
        if _is_encoded_again(found):
            message = f"Secret {secret.name}: `{found.name}` seems to be encoded in base64 once too often."
            yield self._at(secret, found.path, message, Severity.WARNING, Confidence.MEDIUM)
        elif _ends_in_a_line_break(found):
            message = f"Secret {secret.name}: `{found.name}` ends in a line break, which is part of the credential."
            yield self._at(secret, found.path, message, Severity.INFO, Confidence.MEDIUM)

    def _given_twice(self, secret: KubernetesObject) -> Iterator[Finding]:
        plain = mapping(secret.manifest.get("stringData"))
        for key in mapping(secret.manifest.get("data")):
            if key in plain:
                other = Related("duplicate", secret.span(("stringData", key), key=True), "this one wins")
                message = f"Secret {secret.name} holds `{key}` under `data` and under `stringData`, which wins."
                yield self._at(secret, ("data", key), message, Severity.WARNING, Confidence.HIGH, other)

    def _at(
        self,
        holder: KubernetesObject,
        path: tuple[str | int, ...],
        message: str,
        severity: Severity,
        confidence: Confidence,
        *related: Related,
    ) -> Finding:
        return self.finding(
            message,
            on=holder,
            span=holder.span(path, key=bool(related)),
            locator="/".join(map(str, path)),
            severity=severity,
            confidence=confidence,
            related=related,
        )


def _is_base64(value: Any) -> bool:
    """Whether Go's decoder takes the value: line breaks are passed over, padding is needed."""
    if not isinstance(value, str):
        return False
    try:
        base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_encoded_again(found: Text) -> bool:
    """Whether a text is base64 of another one; what decodes to bytes or to digits alone may be a random key."""
    value = found.value.strip()
    if not _BASE64.fullmatch(value) or _TOLD_BY_NAME.search(found.name):
        return False
    inner = base64.b64decode(value).decode("utf-8", "replace").strip()
    is_text = bool(inner) and inner.isascii() and all(each.isprintable() or each in "\r\n\t" for each in inner)
    return is_text and not _HEX.fullmatch(inner) and not inner.startswith("-----BEGIN")


def _ends_in_a_line_break(found: Text) -> bool:
    is_credential = lexicon.strength(found.name) in ("password", "secret")
    return is_credential and found.value.endswith("\n") and "\n" not in found.value.rstrip("\r\n")
