"""What a setting's name says about its value (detector B).

The last word of the last segment is the head: `token_ttl` is a time, `password_file` a file, `db_password` a password.
"""

import re
from functools import lru_cache
from typing import Literal

from hmco_charts.credentials import vocabulary

Strength = Literal["password", "secret", "weak"]

_SEGMENT = re.compile(r"[.\s/:\[\]]+")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+")

_TRAILING = vocabulary.words("trailing")
_PASSWORDS = vocabulary.words("passwords")
_SECRETS = vocabulary.words("secrets")
_WEAK = vocabulary.words("weak")
_KEY_OF = vocabulary.words("key_of")
_SECRET_OF = vocabulary.words("secret_of")
_SHARED_BY = vocabulary.words("shared_by")
_DOINGS = vocabulary.words("doings")
_OTHER_SECRETS = vocabulary.words("other_secrets")
_OTHER_TOKENS = vocabulary.words("other_tokens")
_OTHER_KEYS = vocabulary.words("other_keys")
_OTHER_PASSES = vocabulary.words("other_passes")
_SECRET_ENDINGS = ("clientsecret", "appsecret", "jwtsecret", "secretkey", "authtoken", "accesstoken", "apikey")
_SHARED_SECRETS = frozenset((name,) for name in ("clientsecret", "appsecret", "jwtsecret", "sharedsecret"))
_SECRET_SECTIONS = frozenset(
    (name,) for name in ("aes", "cipher", "crypt", "crypter", "encryption", "fernet", "hmac", "jwt", "signing")
)
_SECRET_PAIRS = frozenset({("erlang", "cookie"), ("super", "digest"), ("key", "base")})
_NEUTRAL_PARENTS = vocabulary.words("neutral_parents")


def segments(name: str) -> list[str]:
    """The parts of a dotted name, without the empty ones."""
    return [segment for segment in _SEGMENT.split(name) if segment.strip("'\"")]


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The lower-case words of a name in any writing: camelCase, snake_case, kebab-case."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=8192)
def strength(key: str) -> Strength | None:
    """How strongly a setting's own name says that its value is a secret; None where it does not."""
    parts = segments(key)
    while parts and (parts[-1].isdigit() or (parts[-1] == "value" and parts[1:])):
        parts.pop()
    if not parts:
        return None
    own = words(parts[-1])
    while len(own) > 1 and (own[-1].isdigit() or own[-1] in _TRAILING):
        own = own[:-1]
    before = own[:-1] or tuple(word for part in parts[-3:-1] for word in words(part))
    return _strength(own[-1], before, own) if own else None


def is_neutral(path: tuple[str, ...]) -> bool:
    """Whether the settings within this path only name or describe secrets."""
    return any("".join(words(segment)) in _NEUTRAL_PARENTS for name in path for segment in name.split("."))


def is_qualified_secret(key: str) -> bool:
    """Whether `…Secret` means the shared secret of a protocol rather than an object of that kind."""
    own = words(segments(key)[-1]) if segments(key) else ()
    return len(own) > 1 and own[-2] in _SECRET_OF


def is_shared_secret(key: str) -> bool:
    """Whether `…Secret` can be nothing but the secret itself: of an OAuth client, of signed sessions or tokens."""
    own = words(segments(key)[-1]) if segments(key) else ()
    is_named = own[-1:] == ("secret",) and not _SHARED_BY.isdisjoint(own[-2:-1])
    return is_named or own[-1:] in _SHARED_SECRETS


def is_key_of_parent(path: tuple[str, ...], key: str) -> bool:
    """Whether a plain `key` is a secret by the section around it, as in `jwt: {key: x}`."""
    return words(key) == ("key",) and bool(path) and words(path[-1])[-1:] in _SECRET_SECTIONS


def is_access_key(key: str) -> bool:
    """Whether the name is that of the public half of an access key pair."""
    return words(key)[-2:] in {("access", "key"), ("key", "id")} or words(key)[-1:] == ("accesskey",)


def _strength(head: str, before: tuple[str, ...], own: tuple[str, ...]) -> Strength | None:
    qualifier = before[-1] if before else ""
    if any(word in _DOINGS for word in own[:-1]):
        return None
    if (
        head in _PASSWORDS
        or head.endswith(("password", "passwd", "passphrase"))
        or (qualifier, head) == ("pass", "word")
    ):
        return "password" if head != "pass" or qualifier not in _OTHER_PASSES else None
    if head in {"key", "keys"}:
        return _key_strength(before)
    if head in {"token", "secret", "secrets"} and qualifier in _OTHER_TOKENS | _OTHER_SECRETS:
        return None
    if head in _SECRETS or head.endswith(_SECRET_ENDINGS) or (qualifier, head) in _SECRET_PAIRS:
        return "secret"
    return "weak" if head in _WEAK or (qualifier, head) == ("secret", "id") else None


def _key_strength(before: tuple[str, ...]) -> Strength | None:
    if not before:
        return "weak"
    if before[-1] in _OTHER_KEYS:
        return None
    if before[-1] == "access":
        return "secret" if "secret" in before else "weak"
    return "secret" if before[-1] in _KEY_OF else "weak"
