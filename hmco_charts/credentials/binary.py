"""Key stores and keys in binary data, told by their first bytes.

Sources: OpenJDK `sun/security/provider/JavaKeyStore.java` (the entries of a JKS), RFC 7292 (bags of a PKCS #12).
"""

import re
import struct

from hmco_charts.credentials.hit import Confidence, Hit, group

_JKS = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
_PKCS12 = re.compile(rb"\x30[\x80-\x84].{0,4}?\x02\x01\x03\x30", re.DOTALL)
_PKCS8 = re.compile(rb"\x30(?:[\x20-\x7f]|[\x81-\x82].{1,2})\x02\x01\x00\x30", re.DOTALL)
_PKCS1 = re.compile(rb"\x30(?:[\x20-\x7f]|[\x81-\x82].{1,2})\x02\x01\x00\x02[\x20-\x82]", re.DOTALL)
_SEC1 = re.compile(rb"\x30(?:[\x20-\x7f]|[\x81-\x82].{1,2})\x02\x01\x01\x04[\x10-\x42]", re.DOTALL)
_SHROUDED_KEY = bytes.fromhex("060b2a864886f70d010c0a0102")
_CERTIFICATE_ENTRY = 2
_KEYTAB = b"\x05\x02"
_TRUST = re.compile(r"trust|cacerts|ca-certs|(?:^|[-_.])ca(?:[-_.]|$)", re.IGNORECASE)
_STORE_NAME = re.compile(r"\.(?:jks|p12|pfx|keystore|bcfks)$|keystore", re.IGNORECASE)


def key_store(data: bytes, name: str) -> Hit | None:
    """The private key that binary data holds, the whole data being its place; None where it holds none.

    A trust store has the form of a key store. One in Java's own form is read; another is told apart by its name or by
    the lack of a key's mark, with low confidence.
    """
    kind = _kind(data, name)
    if kind is None or _has_certificates_only(data):
        return None
    is_doubtful = kind != "private-key" and (_TRUST.search(name) or _has_no_key_bag(data))
    confidence: Confidence = "low" if is_doubtful else "high"
    return Hit(kind, confidence, 0, len(data), name, group(data.hex()))


def _kind(data: bytes, name: str) -> str | None:
    if data.startswith(_JKS) or _PKCS12.match(data):
        return "key-store"
    if any(form.match(data) for form in (_PKCS8, _PKCS1, _SEC1)):
        return "private-key"
    if data.startswith(_KEYTAB) and name.lower().endswith(".keytab"):
        return "key-store"
    return "key-store" if _STORE_NAME.search(name) and data[:1] == b"\x30" else None


def _has_no_key_bag(data: bytes) -> bool:
    """Whether a whole PKCS #12 lacks what tools leave unencrypted around a key."""
    is_whole = data[:2] == b"\x30\x82" and len(data) == int.from_bytes(data[2:4], "big") + 4
    return is_whole and bool(_PKCS12.match(data)) and _SHROUDED_KEY not in data


def _has_certificates_only(data: bytes) -> bool:
    """Whether a whole JKS holds trusted certificates and nothing else."""
    if not data.startswith(_JKS):
        return False
    try:
        _, _, count = struct.unpack_from(">III", data)
        offset = 12
        for _ in range(count):
            tag, alias = struct.unpack_from(">IH", data, offset)
            if tag != _CERTIFICATE_ENTRY:
                return False
            offset += 6 + alias + 8
            offset += 2 + struct.unpack_from(">H", data, offset)[0]
            offset += 4 + struct.unpack_from(">I", data, offset)[0]
    except struct.error:
        return False
    return count > 0 and offset <= len(data)
