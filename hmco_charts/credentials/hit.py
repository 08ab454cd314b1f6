"""A usable secret that a detector found: where it stands, never what it is."""

import hashlib
import hmac
import os
from dataclasses import dataclass, replace
from typing import Literal

Confidence = Literal["high", "medium", "low"]

RANK: dict[Confidence, int] = {"low": 0, "medium": 1, "high": 2}
_KEY_KINDS = ("private-key", "key-store", "jwk-private")
_PROCESS_KEY = os.urandom(32)


@dataclass(frozen=True, slots=True)
class Hit:
    """One usable secret in a text.

    Attributes:
        kind: What it is: `url-password`, `private-key`, `literal` …
        confidence: `high` for a known shape or a declared field, `medium` for a credential's key, `low` for a hint.
        start: Offset of the secret's first character in the text.
        end: Offset behind its last character.
        key: Name of the setting that holds it; empty where it has none.
        secret_group: Equal for equal secrets within this process; it cannot be turned back into the secret.
        is_local: Whether it is told for a server on the same machine only, as in `postgres://app:x@localhost/app`.
    """

    kind: str
    confidence: Confidence
    start: int
    end: int
    key: str
    secret_group: str
    is_local: bool = False

    @property
    def is_private_key(self) -> bool:
        """Whether it is a private key or a store of them, rather than a password or a token."""
        return self.kind in _KEY_KINDS

    def moved(self, offset: int) -> "Hit":
        """The same hit in a text that has `offset` more characters in front."""
        return replace(self, start=self.start + offset, end=self.end + offset)


def hit(
    kind: str, confidence: Confidence, text: str, span: tuple[int, int], key: str = "", *, is_local: bool = False
) -> Hit:
    """The hit for the characters of `text` within `span`."""
    start, end = span
    return Hit(kind, confidence, start, end, key, group(text[start:end]), is_local)


def group(secret: str) -> str:
    """A digest of the secret under a key that lives as long as this process."""
    return hmac.new(_PROCESS_KEY, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
