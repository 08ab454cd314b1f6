"""Fields that a program declares to be credentials, or not to be (detector C); the data is in `products.json`."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, lru_cache
from importlib.resources import files

from hmco_charts.credentials import references

_PARTS = {
    "user/password": re.compile(r"[^\s/]+/(?P<secret>[^/\s]+)(?:/true)?"),
    "user:password": re.compile(r"[^\s:]+:(?P<secret>\S+)"),
    "header": re.compile(r"(?:(?:Basic|Bearer|Token)\s+)?(?P<secret>\S{6,})", re.IGNORECASE),
    "authorization": re.compile(r"(?:ApiKey|Bearer|Token)\s+(?P<secret>(?=\S*\d)[\w.~+/-]{6,}=*)", re.IGNORECASE),
    "hex": re.compile(r"(?P<secret>[0-9a-fA-F]{32,})"),
    "listed": re.compile(r"(?!(?:MD5|CRYPT|OBF):)(?P<secret>[^\s,]+)(?:\s*,.*)?"),
    "token": re.compile(r".*\btoken:(?P<secret>[^\s,]+).*"),
    "sentinel": re.compile(r"auth-pass\s+\S+\s+\"?(?P<secret>[^\s\"]+)\"?|(?:sentinel-)?pass\s+(?P<other>\S+)"),
    "redis-acl": re.compile(r"(?:\S+\s+)*?>(?P<secret>\S+)(?:\s.*)?"),
    "laravel": re.compile(r"(?P<secret>base64:\S{20,}|\S{32})"),
    "hash": re.compile(r"(?P<secret>\*?[0-9a-fA-F]{40,128})"),
    "share": re.compile(r"(?P<secret>[A-Za-z0-9+/]{43,}={0,2}|[0-9a-f]{64,})"),
    "phrase": re.compile(r"(?P<secret>.{16,})"),
    "base64": re.compile(r"(?P<secret>[A-Za-z0-9+/]{6,}={0,2})"),
}
_ENDING = 4
_HEAD = 32_768


@dataclass(frozen=True, slots=True)
class Product:
    """One program's declared fields; patterns are those of `fnmatch` over a lower-case dotted name.

    Attributes:
        name: Its name.
        names: Patterns of its configuration files' names.
        content: Texts of which its configuration holds at least two (or all).
        anywhere: Credential fields with a name of their own, and the part of the value that is the secret.
        within: Credential fields whose name says so only within this program's configuration.
        public: Fields that look like credentials and are none.
        lines: Expressions of lines that no reader takes apart; the group `secret` is the secret.
    """

    name: str
    names: tuple[str, ...]
    content: tuple[str, ...]
    anywhere: tuple[str, ...]
    within: tuple[str, ...]
    public: tuple[str, ...]
    lines: tuple[str, ...]


class _Fields:
    """Patterns of names, found by the letters that they end in."""

    def __init__(self, forms: Iterable[str], part: str = "secret") -> None:
        self.by_ending: dict[str, list[tuple[str, str]]] = {}
        for form in forms:
            pattern, _, own = form.partition("=")
            ending = pattern.rpartition("*")[2][-_ENDING:]
            key = ending if len(ending) == _ENDING else ""
            self.by_ending.setdefault(key, []).append((pattern, own or part))

    def part(self, name: str) -> str | None:
        """What the first matching pattern says of the name."""
        candidates = (*self.by_ending.get(name[-_ENDING:], ()), *self.by_ending.get("", ()))
        return next((part for pattern, part in candidates if _pattern(pattern).match(name)), None)


@cache
def products() -> tuple[Product, ...]:
    """Every program that the data file knows."""
    data = json.loads(files(__package__).joinpath("products.json").read_text(encoding="utf-8"))
    return tuple(
        Product(
            entry["product"],
            *(tuple(entry.get(part, ())) for part in ("names", "content", "anywhere", "within", "public", "lines")),
        )
        for entry in data
    )


def recognise(text: str, name: str) -> str | None:
    """The program that reads the text, told from the file's name or else from its content."""
    named = _names().match(name.rpartition("/")[2].lower())
    if named and named.lastgroup:
        return products()[int(named.lastgroup[1:])].name
    head = text[:_HEAD]
    for product in products():
        needed = min(2, len(product.content))
        if needed and sum(sign in head for sign in product.content) >= needed:
            return product.name
    return None


@cache
def _names() -> re.Pattern[str]:
    """Each product's file names, in a group that is called by its place."""
    forms = ("|".join(map(translate, product.names)) for product in products())
    return re.compile("|".join(f"(?P<p{place}>{form})" for place, form in enumerate(forms) if form))


@lru_cache(maxsize=8192)
def field(path: tuple[str, ...], key: str, product: str | None) -> str | None:
    """What a declared field holds: `public`, `secret`, or the form of the value around it; None if undeclared."""
    name = ".".join((*path, key)).lower().replace("/", ".").lstrip(".")
    return _public().part(name) or _anywhere().part(name) or (_within(product).part(name) if product else None)


def has_lines(product: str | None) -> bool:
    """Whether the program is known for lines of its own form."""
    return bool(_lines(product))


def lines(text: str, product: str | None) -> Iterator[tuple[int, int]]:
    """Where in the text the lines of the program's own form hold a usable secret."""
    for form in _lines(product):
        for match in form.finditer(text):
            span = references.literal(match["secret"])
            if span:
                yield match.start("secret") + span[0], match.start("secret") + span[1]


@cache
def _lines(name: str | None) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(form, re.MULTILINE) for product in products() if product.name == name for form in product.lines
    )


@cache
def _public() -> _Fields:
    return _Fields((form for product in products() for form in product.public), "public")


@cache
def _anywhere() -> _Fields:
    return _Fields(form for product in products() for form in product.anywhere)


@cache
def _within(name: str) -> _Fields:
    return _Fields(form for product in products() if product.name == name for form in product.within)


def secret_part(part: str, value: str) -> tuple[int, int] | None:
    """Where in a declared field's value the secret stands; None where the value has another form or a shape decides."""
    if part == "secret":
        return 0, len(value)
    form = _PARTS.get(part)
    match = form.fullmatch(value.strip()) if form else None
    if not match:
        return None
    group = "secret" if match["secret"] else "other"
    offset = len(value) - len(value.lstrip())
    return match.start(group) + offset, match.end(group) + offset


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """The expression of a pattern that may begin at any dot of the name."""
    return re.compile(rf"(?:.*[./])?{translate(form)}")
