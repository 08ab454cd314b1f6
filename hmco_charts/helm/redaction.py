"""Credentials kept out of messages that Helm, or a chart's author with `fail`, wrote."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

HIDDEN = "…"
SHORTEST = 4
SECRET_KEY = re.compile(r"(?i)pass|secret|token|key|credential|auth|url|uri|dsn|connection|cert|pem|pin$")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`', re.DOTALL)
LONGEST_NAME = 60


def redacted(text: str, documents: Iterable[Any]) -> str:
    """The text without any value that stands in the documents under a key named like a credential's."""
    secrets = {secret for document in documents for secret in _secrets(document, is_secret=False)}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _secrets(value: Any, *, is_secret: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _secrets(child, is_secret=is_secret or bool(SECRET_KEY.search(key)))
    elif isinstance(value, list):
        for child in value:
            yield from _secrets(child, is_secret=is_secret)
    elif is_secret and isinstance(value, str) and len(value) >= SHORTEST:
        yield value


def without_texts(message: str) -> str:
    """The message without quoted pieces that are texts rather than names."""
    return QUOTED.sub(lambda match: match[0] if _is_name(match[0]) else HIDDEN, message)


def without_quotes(message: str) -> str:
    """The message without any quoted piece."""
    return QUOTED.sub(HIDDEN, message)


def _is_name(quoted: str) -> bool:
    return quoted[0] == '"' and len(quoted) <= LONGEST_NAME and not re.search(r"[\s{]|://|\\n", quoted)
