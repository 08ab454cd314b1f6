"""Key stores and keys in binary data, told by their first bytes."""

import re

from hmco_charts.credentials.hit import Confidence, Hit, group

_JKS = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
_PKCS12 = re.compile(rb"\x30[\x80-\x84].{0,4}?\x02\x01\x03\x30", re.DOTALL)
_PKCS8 = re.compile(rb"\x30(?:[\x20-\x7f]|[\x81-\x82].{1,2})\x02\x01\x00\x30", re.DOTALL)
_PKCS1 = re.compile(rb"\x30(?:[\x20-\x7f]|[\x81-\x82].{1,2})\x02\x01\x00\x02[\x20-\x82]", re.DOTALL)
_SEC1 = re.compile(rb"\x30(?:[\x20-\x7f]|[\x81-\x82].{1,2})\x02\x01\x01\x04[\x10-\x42]", re.DOTALL)
_KEYTAB = b"\x05\x02"
_TRUST = re.compile(r"trust|cacerts|ca-certs|(?:^|[-_.])ca(?:[-_.]|$)", re.IGNORECASE)
_STORE_NAME = re.compile(r"\.(?:jks|p12|pfx|keystore|bcfks)$|keystore", re.IGNORECASE)


def key_store(data: bytes, name: str) -> Hit | None:
    """The private key that binary data holds, the whole data being its place; None where it holds none.

    A trust store has the form of a key store: by name it is told apart, with low confidence.
    """
    kind = _kind(data, name)
    if kind is None:
        return None
    confidence: Confidence = "low" if kind != "private-key" and _TRUST.search(name) else "high"
    return Hit(kind, confidence, 0, len(data), name, group(data.hex()))


def _kind(data: bytes, name: str) -> str | None:
    if data.startswith(_JKS) or _PKCS12.match(data):
        return "key-store"
    if any(form.match(data) for form in (_PKCS8, _PKCS1, _SEC1)):
        return "private-key"
    if data.startswith(_KEYTAB) and name.lower().endswith(".keytab"):
        return "key-store"
    return "key-store" if _STORE_NAME.search(name) and data[:1] == b"\x30" else None
