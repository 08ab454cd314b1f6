"""What no value may hold: a credential, judged by the same detectors as the lint."""

import re
from functools import cache

from hmco_charts import credentials

REFUSED = "x-no-credential"
"""Marks a string in pydantic's schema that must have no credential's shape; `draft07` resolves it."""

_PASSWORDS = "password|passwd|passphrase"
_WORDS = (
    "((^|[_-])(pwd|pw|secrets?|token|credentials?|dsn|connection[_-]?(string|url)|database[_-]?url|"
    f"(api|access|private|secret|encryption|signing|account|master|auth|license)[_-]?key)|{_PASSWORDS})"
)


def _either_case(words: str) -> str:
    """The expression for either case: JSON Schema has no flag for it."""
    return re.sub(r"\[[^]]*\]|[a-z]", lambda sign: sign[0] if sign[0][1:] else f"[{sign[0].upper()}{sign[0]}]", words)


_KEY_PAIR = r"A[KS]IA[A-Z2-7]{16}[^A-Za-z0-9]+[A-Za-z0-9/+]{40}"
_ASSIGNED = rf"^(-[DE]|--?)?[A-Za-z0-9_.-]*({_either_case(_PASSWORDS)})=[^\s/$({{<%\"'][^\s]*$"
SHAPES = (*(pattern for _, pattern in credentials.SHAPES), _KEY_PAIR, _ASSIGNED)
"""Regular expressions (RE2) of known credentials, found anywhere in a string."""

CREDENTIAL_NAME = f"{_either_case(_WORDS)}$"
"""Environment variables whose value must come from a Secret; `*_FILE`, `*_PATH`, `*_TTL` do not match."""


@cache
def _shapes() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{shape})" for shape in SHAPES))


def has_credential_shape(text: str) -> bool:
    """Whether a text holds something with the shape of a credential."""
    return _shapes().search(text) is not None


def holds_credential(text: str) -> bool:
    """Whether the detectors find a usable credential in a text."""
    return has_credential_shape(text) or any(map(_is_usable, credentials.find(text)))


def schema() -> dict[str, object]:
    """The refused shapes as JSON Schema."""
    return {
        "description": "Shapes of credentials; no value may have one.",
        "anyOf": [{"type": "string", "pattern": shape} for shape in SHAPES],
    }


def is_secret_name(name: str, value: str) -> bool:
    """Whether a variable of that name and value must come from a Secret."""
    judge = getattr(credentials, "judge", None)
    return re.search(CREDENTIAL_NAME, name) is not None or (judge is not None and judge(name, value) is not None)


def _is_usable(hit: credentials.Hit | None) -> bool:
    return hit is not None and hit.confidence != "low"
