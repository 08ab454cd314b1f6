"""Whether one setting, a key with its value, holds a usable secret."""

import re

from hmco_charts.credentials import decoding, lexicon, products, references, shapes, vocabulary
from hmco_charts.credentials.hit import RANK, Confidence, Hit, hit

_SHORTEST = 6
_SHORTEST_SHARED = 4
_SHORTEST_NUMBER = 5
_OBJECT_NAME = re.compile(r"[a-z](?:[a-z0-9]*[/-])+[a-z0-9-]*[a-z]|[a-z]+")
_NAMED_AS_SECRET = re.compile(
    r"[a-z0-9.-]+-(?:secrets?|credentials?|creds|tls|certs?|auth|keys?|config|password|token)"
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")
_TYPE_NAME = re.compile(r"_*[A-Z][A-Za-z]+")
_SAYS_SECRET = re.compile(r"my(?:secret|token|key)|\w*secret")
_PAIR = re.compile(r"[\w.@-]+[:/](?P<secret>\S+)")
_FIELD_NAMES = vocabulary.words("field_names")


def judge(key: str, value: str, path: tuple[str, ...] = (), product: str | None = None) -> Hit | None:
    """The usable secret that a setting holds, None where it holds none.

    Args:
        key: The setting's name as written.
        value: Its value; offsets of the hit count from its first character.
        path: Names of the sections around it, outermost first.
        product: Name of the program that reads it, where known.
    """
    return max(hits(key, value, path, product), key=lambda found: RANK[found.confidence], default=None)


def hits(
    key: str, value: str, path: tuple[str, ...] = (), product: str | None = None, *, is_text: bool = True
) -> list[Hit]:
    """All usable secrets that one setting holds.

    Args:
        key: The setting's name as written.
        value: Its value as text.
        path: Names of the sections around it.
        product: Name of the program that reads it, where known.
        is_text: False where the format says that the value is a number, not a text.
    """
    found = [
        hit(match.kind, match.confidence, value, (match.start, match.end), key, is_local=match.is_local)
        for match in shapes.matches(value)
    ]
    field = products.field(path, key, product)
    if field == "public":
        return found
    span = _declared(field, value) if field else None
    if span:
        found.append(hit("literal", _declared_confidence(value[slice(*span)]), value, span, key))
    if not found and field in (None, "phrase"):
        found.extend(_named(key, value, path, is_text=is_text))
    return found


def _declared(field: str, value: str) -> tuple[int, int] | None:
    span = products.secret_part(field, value)
    inner = references.literal(value[slice(*span)]) if span else None
    if span is None or inner is None:
        return None
    start, end = span[0] + inner[0], span[0] + inner[1]
    secret = value[start:end]
    unusable = references.is_path(secret) or references.is_name(secret) or references.is_variable_name(secret)
    return None if unusable or references.is_sentence(secret) else (start, end)


def _declared_confidence(secret: str) -> Confidence:
    return "medium" if references.is_well_known(secret) or references.is_number(secret) else "high"


def _named(key: str, value: str, path: tuple[str, ...], *, is_text: bool) -> list[Hit]:
    strength = "secret" if lexicon.is_key_of_parent(path, key) else lexicon.strength(key)
    if strength is None or "\n" in value.strip():
        return []
    span = references.literal(value)
    if span is None:
        return []
    secret = value[slice(*span)]
    confidence = _confidence(strength, _qualified(path, key, secret), secret, is_text=is_text)
    return (
        [hit("literal", confidence, value, span, key)]
        if confidence and not lexicon.is_neutral((*path, *lexicon.segments(key)[:-1]))
        else []
    )


def _qualified(path: tuple[str, ...], key: str, secret: str) -> str:
    """The setting's name with that of its section where this says whose a plain `secret` is: `session: {secret: x}`."""
    name = f"{path[-1]}_{key}" if key.lower() == "secret" and path else key
    return name if name != key and lexicon.is_shared_secret(name) and not set("-/") & set(secret) else key


def _confidence(strength: lexicon.Strength, key: str, secret: str, *, is_text: bool) -> Confidence | None:
    if _is_no_secret(key, secret):
        return None
    if references.is_number(secret):
        is_likely = len(secret) >= _SHORTEST_NUMBER or (is_text and references.is_well_known(secret))
        return "medium" if strength == "password" and is_likely else None
    if strength == "password":
        return "medium" if not _is_attribute(secret) else None
    if strength == "secret":
        return _secret_confidence(key, secret)
    return _weak_confidence(key, secret)


def _is_no_secret(key: str, secret: str) -> bool:
    return (
        references.is_path(secret)
        or references.is_public(secret)
        or references.is_quantity(secret)
        or references.is_name(secret)
        or (references.is_variable_name(secret) and lexicon.strength(secret) is not None)
        or (references.is_sentence(secret) and not _is_passphrase(key, secret))
        or (secret == key and secret.lower() not in {"password", "passwd", "pass", "pwd", "secret"})
    )


def _is_passphrase(key: str, secret: str) -> bool:
    """Whether a password is of words with capitals alone, `Correct Horse`, and none that tells people something."""
    return lexicon.strength(key) == "password" and secret.istitle() and not references.is_label(secret)


def _is_attribute(secret: str) -> bool:
    """Whether the value is an attribute's name, as in a mapping of LDAP attributes: `userPassword`."""
    return "_" not in secret and "_".join(lexicon.words(secret)) in _FIELD_NAMES


def _secret_confidence(key: str, secret: str) -> Confidence | None:
    if key == "secretKey" and lexicon.strength(secret) == "password":
        return None
    if lexicon.words(key) == lexicon.words(secret) or "_".join(lexicon.words(secret)) in _FIELD_NAMES:
        return None
    if references.is_well_known(secret):
        return "medium"
    if lexicon.is_shared_secret(key):
        return "medium" if len(secret) >= _SHORTEST_SHARED else None
    if len(secret) < _SHORTEST:
        return "low" if any(letter.isdigit() for letter in secret) else None
    if (
        _is_object_name(key, secret)
        or " " in secret
        or _COLOUR.fullmatch(secret)
        or _is_type_name(key, secret)
        or (re.fullmatch(r"[A-Z]?[a-z]+", secret) and len(secret) < _SHORTEST + 4 and not _SAYS_SECRET.match(secret))
    ):
        return None
    return "medium"


def _is_type_name(key: str, secret: str) -> bool:
    """Whether the value is written like a type's name that ends in the key's words: `private_key: "_RSAPrivateKey"`."""
    own = lexicon.words(key)
    return bool(_TYPE_NAME.fullmatch(secret)) and lexicon.words(secret)[-len(own) :] == own


def _is_object_name(key: str, secret: str) -> bool:
    """Whether the value of a plain `…Secret` is the name of an object of that kind."""
    if decoding.is_uuid(secret):
        return False
    is_plain = lexicon.words(key)[-1] in {"secret", "secrets"} and not lexicon.is_qualified_secret(key)
    return is_plain and bool(_OBJECT_NAME.fullmatch(secret) or _NAMED_AS_SECRET.fullmatch(secret))


def _weak_confidence(key: str, secret: str) -> Confidence | None:
    if lexicon.is_access_key(key) and secret in {"minioadmin", "minio"}:
        return "medium"
    if lexicon.words(key)[-1] == "auth" and decoding.is_basic(secret):
        return "high"
    if lexicon.words(key)[-1] in {"auth", "credentials", "creds"}:
        pair = _PAIR.fullmatch(secret)
        if pair and references.literal(pair["secret"]) and not pair["secret"].isdigit():
            return "medium"
    return (
        "low"
        if decoding.looks_random(secret) or (decoding.is_uuid(secret) and "secret" in lexicon.words(key))
        else None
    )
