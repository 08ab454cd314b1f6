"""What a setting's name says about its value (detector B).

The last word of the last segment is the head: `token_ttl` is a time, `password_file` a file, `db_password` a password.
"""

import re
from functools import lru_cache
from typing import Literal

Strength = Literal["password", "secret", "weak"]

_SEGMENT = re.compile(r"[.\s/:\[\]]+")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+")

_TRAILING = frozenset(
    ["value", "plain", "plaintext", "cleartext", "literal", "raw", "str", "string", "b64", "base64", "prod", "production", "dev", "development", "stage", "staging", "qa", "old", "new", "current", "previous", "default", "primary", "secondary", "main", "root", "admin", "db", "database", "replica", "rw", "ro", "postgres", "mysql", "redis", "hash", "encoded", "crypt"]
)
_PASSWORDS = frozenset(
    ["password", "passwords", "passwd", "passwort", "kennwort", "pwd", "passphrase", "passphrases", "pass", "psw", "passwrd", "pswd", "passcode", "pw", "requirepass", "masterauth", "primaryauth", "masterpass", "rootpw", "bindpw", "bindpass", "userpass", "dbpass", "dbpw", "dbpwd", "adminpw", "adminpass", "rootpass", "smtppass", "mysqlpass", "pgpass", "rediscliauth", "contrasena", "senha", "motdepasse", "mypass"]
)
_SECRETS = frozenset(
    ["secret", "secrets", "token", "apikey", "apikeys", "apitoken", "authtoken", "accesstoken", "refreshtoken", "bearertoken", "secretkey", "privatekey", "clientsecret", "sharedsecret", "appsecret", "authkey", "accountkey", "signingkey", "encryptionkey", "masterkey", "sessiontoken", "secretaccesskey", "roottoken", "bottoken", "jwtsecret", "sharedkey", "hmackey", "fernetkey", "cryptkey", "psk", "presharedkey", "secretstring", "personalaccesstoken", "licensekey", "webhooksecret"]
)
_WEAK = frozenset(
    ["key", "keys", "salt", "seed", "credential", "credentials", "creds", "auth", "jwt", "bearer", "tokens", "accesskey", "cookie", "license"]
)
_KEY_OF = frozenset(
    ["api", "secret", "private", "encryption", "signing", "signature", "master", "account", "shared", "fernet", "crypt", "crypto", "encrypt", "decryption", "hmac", "auth", "sas", "cookie", "webhook", "unseal", "barrier", "gossip", "psk", "preshared", "token", "jwt", "session", "enc", "aes", "cipher", "seal", "recovery", "storage", "rpc", "sign", "signer"]
)
_SECRET_OF = frozenset(
    ["client", "shared", "app", "application", "cookie", "oauth", "oauth2", "oidc", "jwt", "signing", "session", "webhook", "consumer", "api", "access", "hmac", "encryption", "token", "auth", "key", "gms", "frontend", "internal", "csrf", "erlang", "hash", "flask", "nextauth", "next", "rails", "base", "jwe", "sso", "github", "gitlab", "google", "azure", "slack", "aws", "s3", "otp", "totp", "rpc", "admin", "user", "my", "super", "registry", "turn", "coturn", "bot", "system", "server", "salt"]
)
_DOINGS = frozenset(
    ["checksum", "sha", "sha256", "digest", "md5", "min", "max", "num", "count", "rate", "reset", "forgot", "forgotten", "change", "require", "requires", "required", "allow", "enable", "disable", "show", "hide", "no", "without", "validate", "validates", "generate", "empty", "expired", "invalid", "wrong", "missing", "incorrect", "confirm", "confirmation", "has", "is", "with", "ask", "prompt", "bypass", "label", "title", "placeholder", "verify", "skip", "ignore", "rotate", "revoke", "issue"]
)
_OTHER_SECRETS = frozenset(["existing", "image", "pull", "external", "from", "use", "create", "mount", "kubernetes", "k8s"])
_OTHER_TOKENS = frozenset(
    ["page", "next", "continuation", "stop", "pad", "eos", "bos", "unk", "cls", "sep", "mask", "special", "design", "server", "csrf", "xsrf", "input", "output", "first", "last", "start", "end", "word"]
)
_OTHER_KEYS = frozenset(
    ["public", "primary", "foreign", "sort", "partition", "routing", "host", "cache", "object", "group", "index", "row", "column", "lookup", "map", "dictionary", "property", "answer", "first", "second", "hot", "composite", "unique", "natural", "surrogate", "join", "cluster", "bucket", "label", "annotation", "config", "registry", "dedup", "deduplication", "idempotency", "site", "event", "message", "record", "shard", "hash", "range", "translation", "i18n", "sitekey"]
)
_OTHER_PASSES = frozenset(["proxy", "fastcgi", "uwsgi", "scgi", "grpc", "memcached", "first", "second", "single", "multi", "two", "one", "by"])
_SECRET_ENDINGS = ("clientsecret", "appsecret", "jwtsecret", "secretkey", "authtoken", "accesstoken", "apikey")
_SECRET_PAIRS = frozenset({("erlang", "cookie"), ("super", "digest"), ("key", "base")})
_NEUTRAL_PARENTS = frozenset(
    ["labels", "label", "messages", "message", "i18n", "translations", "translation", "locale", "locales", "errors", "placeholders", "placeholder", "columns", "column", "mapping", "mappings", "matchlabels", "selector", "selectors", "secretkeyref", "secretref", "secretkeys", "valuefrom", "existingsecret", "encrypteddata", "attributemap"]
)


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
    if not parts:
        return None
    own = words(parts[-1])
    while len(own) > 1 and (own[-1].isdigit() or own[-1] in _TRAILING):
        own = own[:-1]
    before = own[:-1] or (words(parts[-2]) if len(parts) > 1 else ())
    return _strength(own[-1], before, own) if own else None


def is_neutral(path: tuple[str, ...]) -> bool:
    """Whether the settings within this path only name or describe secrets."""
    return any("".join(words(segment)) in _NEUTRAL_PARENTS for name in path for segment in segments(name))


def is_qualified_secret(key: str) -> bool:
    """Whether `…Secret` means the shared secret of a protocol rather than an object of that kind."""
    own = words(segments(key)[-1]) if segments(key) else ()
    return len(own) > 1 and own[-2] in _SECRET_OF


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
