"""Whether a text is what it seems to be, found out by decoding it, and whether it looks drawn at random."""

import base64
import binascii
import json
import math
import re
from collections import Counter

from hmco_charts.credentials import references

_MARKER = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]+-----")
_KEY_HEADER = re.compile(r"^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):.*$", re.MULTILINE)
_KEY_BODY = re.compile(r"[A-Za-z0-9+/]{8,}")
_MEMBER = re.compile(r"[A-Za-z0-9+/=_.~!@#$%^&*-]+")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_key_block(text: str) -> bool:
    """Whether a PEM or PGP block has a body, not only its markers."""
    body = _KEY_HEADER.sub("", _MARKER.sub("", text).replace("\\n", "\n").replace("\\r", ""))
    is_usable = references.HIDDEN not in body and not _is_prose(body)
    return is_usable and bool(_KEY_BODY.search("".join(body.split())))


def _is_prose(body: str) -> bool:
    """Whether words stand between two markers, as in a text that explains them."""
    words = body.split()
    return "\n" not in body and len(words) > 1 and any(word.isalpha() and word.islower() for word in words)


def is_encoded_key_block(text: str) -> bool:
    """Whether the base64 text holds a PEM private key."""
    return b"PRIVATE KEY-----" in (decoded(text) or b"")


def is_jwt(text: str) -> bool:
    """Whether header and claims of the token decode to JSON objects."""
    return all(isinstance(_json(part), dict) for part in text.split(".")[:2])


def is_basic(text: str) -> bool:
    """Whether the base64 text holds `user:password` with a password that could be used."""
    pair = _printable(text)
    _, colon, password = pair.partition(":")
    return bool(colon) and references.literal(password) is not None


def decoded(text: str) -> bytes | None:
    """The bytes of a base64 text (standard or URL alphabet, padding optional), None where it is none."""
    compact = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def looks_random(text: str) -> bool:
    """Whether the text is long, of one word, mixed of letters and digits, and of high entropy."""
    return (
        len(text) >= 16  # noqa: PLR2004
        and bool(_MEMBER.fullmatch(text))
        and not _UUID.fullmatch(text)
        and sum(letter.isdigit() for letter in text) >= 2  # noqa: PLR2004
        and any(letter.isalpha() for letter in text)
        and entropy(text) >= 3.0  # noqa: PLR2004
        and not _is_made_of_words(text)
    )


def looks_generated(text: str) -> bool:
    """Whether the text mixes letters and digits or is a phrase of eight letters or more."""
    return any(letter.isdigit() for letter in text) or "-" in text or looks_random(text)


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID."""
    return bool(_UUID.fullmatch(text))


def entropy(text: str) -> float:
    """Bits per character of the text by its own letter frequencies."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def _is_made_of_words(text: str) -> bool:
    parts = re.split(r"[-_./]", text)
    return len(parts) > 1 and all(part.isdigit() or part.isalpha() or len(part) <= 3 for part in parts)  # noqa: PLR2004


def _json(part: str) -> object:
    try:
        return json.loads(decoded(part) or b"")
    except (ValueError, RecursionError):
        return None


def _printable(text: str) -> str:
    try:
        pair = (decoded(text) or b"").decode()
    except UnicodeDecodeError:
        return ""
    return pair.rstrip("\n") if pair.rstrip("\n").isprintable() else ""
