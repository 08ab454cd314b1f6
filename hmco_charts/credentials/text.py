"""The usable secrets of a whole embedded text: its settings, its commands, and what no reader covers."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from hmco_charts import formats
from hmco_charts.credentials import (
    binary,
    command,
    decoding,
    judgement,
    lexicon,
    products,
    references,
    shapes,
    source,
    vocabulary,
)
from hmco_charts.credentials.hit import RANK, Hit, hit
from hmco_charts.formats import ini, shell
from hmco_charts.formats.entry import KEPT, Entry

_DEEPEST = 4
_SETTINGS = frozenset(
    {"json", "yaml", "hcl", "xml", "toml", "hocon", "properties", "dotenv", "docker_auth", "pgpass", "sql"}
)
_TALK = vocabulary.words("talk")
_OBJECT_KEYS = frozenset({"secretname", "existingsecret", "secretref", "secretstore"})
_DATA_KEY = re.compile(r"[a-z][a-z._-]*")
_VALUE_KEYS = frozenset({"value", "val"})
_PLAIN_KEYS = _VALUE_KEYS | {"inline_string", "literal", "plain", "plaintext"}
"""Settings that hold what their section is called by."""
_NAME_KEYS = frozenset({"name", "key", "property", "type", "id"})
_BUNDLE = re.compile(r"(?:^|[/_.-])(?:messages|i18n|l10n|locales?|lang|translations?|nls)(?:[/_.-]|$)", re.IGNORECASE)
_SCHEMA = re.compile(
    r"""["']?\$schema["']?\s*:\s*["']?https?://json-schema|^\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]""",
    re.MULTILINE,
)
_NAME_SERVICES = re.compile(
    r"""
      [ \t]*
      (?:aliases|automount|ethers|group|gshadow|hosts|initgroups|netgroup|networks|passwd|protocols|publickey|rpc|services
        |shadow|subgid|subuid|sudoers)
      [ \t]*:(?=[^\n]*\b(?:compat|db|dns|files|ldap|nis|sss|systemd|winbind)\b)[^\n]*
    | [ \t]*(?:\#[^\n]*)?
    """,
    re.VERBOSE,
)
"""A line of nsswitch.conf: a database of the C library, and the services that are asked for it."""
_SPACED_SETTINGS = re.compile(r"\.(?:conf|cnf|cfg|config|acl|key)$|rc$|^$")
_SECRET_OBJECT = re.compile(r"^[ \t]*(?:- )?[\"']?kind[\"']?:[ \t]*[\"']?Secret\b", re.MULTILINE)
_DOCUMENT_END = re.compile(r"^---", re.MULTILINE)
_ASSIGNED = re.compile(
    r"(?:^|(?<=\s)-D|(?<=\s)--|^-D|^--|(?<!\S)--?[A-Za-z][\w-]*\s+)"
    r"(?P<key>[A-Za-z_][\w.-]*)=(?P<value>[^\s=;,][^\s;,]*)"
)
_LISTED = re.compile(
    r"""
    (?:^|(?<=[\s,;])) (?P<open>["'])? (?P<key>[A-Za-z_][\w.-]*) = (?P<quote>["'])?
    (?P<value>(?(open)[^"'\n]*|(?(quote)[^"'\n]*|[^\s,;"']*))) (?(quote)(?P=quote)) (?(open)(?P=open)) (?=[\s,;]|$)
    """,
    re.VERBOSE,
)
_COMMAND_KEYS = frozenset(
    {"cmd", "command", "entrypoint", "exec", "execstart", "execstartpost", "execstartpre", "run", "script", "shell"}
)
_FALLBACK = re.compile(
    r"\$\{(?:env:|sys:|ENV:)?(?P<key>[A-Za-z_][\w.-]{0,80}?)(?::[-=]?|(?<=[A-Z0-9_])[-=])(?P<value>[^${}\s\"':=-][^${}\n\"']{0,300})\}"
)
_CRON_NAME = re.compile(r"(?:^|[_.-])cron", re.IGNORECASE)
_SCHEDULED = re.compile(
    r"^[ \t]*(?:@[a-z]+|(?:[\d*][\w*/,-]*[ \t]+){4}[\w*/,-]+)[ \t]+(?:root[ \t]+)?(?P<command>[^\n]+)", re.MULTILINE
)
_MIXED = re.compile(r"[A-Za-z]\d[\w-]*[A-Za-z]|[A-Za-z]{2}[\w-]*\d$")
_FLUENTD = re.compile(r"(?:\s|#[^\n]*\n)*<(?:source|match|filter|label|system|worker)\b[^>\n]*>\s*\n")
_OPTION = re.compile(r"--(?P<name>[a-z][\w-]*)")
_SUBSTITUTION = re.compile(r"\$\((?P<script>.+)\)", re.DOTALL)
_HEREDOC_SUFFIXES = {"psql": ".sql", "mysql": ".sql", "mariadb": ".sql", "sh": ".sh", "bash": ".sh", "ssh": ".sh"}
_FEWEST_SENTENCES = 3
_FEWEST_LISTED = 2


class Place(Protocol):
    """A part of a text."""

    @property
    def start(self) -> int:
        """Offset of its first character."""

    @property
    def end(self) -> int:
        """Offset behind its last character."""


def find(text: str, name: str = "", product: str | None = None) -> list[Hit]:
    """The usable secrets in an embedded text, in the order of the text, no two overlapping.

    Args:
        text: The text, for example a ConfigMap's value.
        name: Its name there; suffix and stem tell its format and the program that reads it. The name of a text of one
            line is judged as its key, as for a ConfigMap that becomes environment variables.
        product: Name of the program that reads it, where the caller knows better.
    """
    return list(_of_text(text, name, product))


@lru_cache(maxsize=KEPT)
def _of_text(text: str, name: str, product: str | None) -> tuple[Hit, ...]:
    reader = product or products.recognise(text, name)
    own = _of_setting(name, text, reader) if name and "\n" not in text.strip() else []
    return tuple(_merged([*own, *_found(text, name, reader, 0)]))


def _of_setting(name: str, value: str, product: str | None) -> list[Hit]:
    return judgement.hits(name, value, (), product) or list(_assigned(value))


def find_in_bytes(data: bytes, name: str = "") -> list[Hit]:
    """The usable secrets in binary data: a key store or key by its first bytes, else what its text holds.

    Offsets count bytes for a key store, and characters of the decoded text otherwise.
    """
    store = binary.key_store(data, name)
    if store:
        return [store]
    try:
        return find(data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"), name)
    except UnicodeDecodeError:
        return []


def in_command(words: Sequence[str]) -> list[tuple[int, Hit]]:
    """The usable secrets on a command line.

    Args:
        words: The command with its arguments, as a container's `command` and `args` hold them.

    Returns:
        For each secret the index of its word, and the hit with offsets into that word.
    """
    return list(_of_words(tuple(words)))


@lru_cache(maxsize=KEPT)
def _of_words(words: tuple[str, ...]) -> tuple[tuple[int, Hit], ...]:
    return tuple(_in_command(words, 0))


def _in_command(words: Sequence[str], depth: int) -> Iterator[tuple[int, Hit]]:
    run = command.program(words)
    for index in range(len(words)):
        for one in _in_word(words, index, run, depth):
            yield index, one


def _in_word(words: Sequence[str], index: int, run: str, depth: int) -> Iterable[Hit]:
    word = words[index]
    if depth < _DEEPEST and _is_json(word):
        return _merged(_found(word, "argument.json", None, depth + 1))
    if depth < _DEEPEST and command.is_script(words, index, run):
        return _merged(_found(word, "argument.sql" if command.is_sql(word) else "argument.sh", None, depth + 1))
    found = list(command.in_word(words, index, run))
    substitution = _SUBSTITUTION.search(word)
    if substitution and not found and depth < _DEEPEST:
        inner = _merged(_found(substitution["script"], "argument.sh", None, depth + 1))
        return [one.moved(substitution.start("script")) for one in inner]
    return found


def _merged(found: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    ends: list[int] = []
    for candidate in sorted(found, key=lambda one: (-RANK[one.confidence], one.end - one.start, one.start)):
        index = bisect(ends, candidate.start)
        if index == len(kept) or candidate.end <= kept[index].start:
            kept.insert(index, candidate)
            ends.insert(index, candidate.end)
    return kept


def _found(text: str, name: str, product: str | None, depth: int) -> Iterator[Hit]:
    yield from _of_lines(text, product)
    if _CRON_NAME.search(name):
        yield from _of_schedule(text, product, depth)
    yield from _of_format(text, name, product, depth)
    yield from _of_fallbacks(text)


def _of_format(text: str, name: str, product: str | None, depth: int) -> Iterator[Hit]:
    """What the text holds as what it is: settings, a script, a program's source."""
    form = formats.detect(text, name)
    if form == "plain" or source.is_source(text, name):
        yield from _of_source(text, product)
        yield from _of_spaced_lines(text, name, product)
        return
    if form == "shell":
        yield from _of_script(text, product, depth)
        return
    reading = (ini.read if _FLUENTD.match(text) else formats.READERS[form])(text)
    entries = _worth_reading(text, name, form, reading.entries)
    for before, entry, behind in _neighbours(entries):
        yield from _of_entry(text, entry, (before, behind), product, depth)
    yield from _of_secret_objects(text, reading.entries)
    if form == "sql":
        yield from _of_quoted_properties(text, product)
        yield from _of_shapes(text)
    elif form not in _SETTINGS or reading.faults or not reading.entries:
        yield from _of_shapes(text)
        yield from _of_spaced_lines(text, name, product)


def _of_lines(text: str, product: str | None) -> Iterator[Hit]:
    if products.has_lines(product):
        for span in products.lines(source.without_comments(text), product):
            yield hit("literal", "high", text, span)


def _of_schedule(text: str, product: str | None, depth: int) -> Iterator[Hit]:
    """What the command lines of a crontab hold."""
    for match in _SCHEDULED.finditer(text):
        for one in _of_script(match["command"], product, depth + 1):
            yield one.moved(match.start("command"))


def _of_fallbacks(text: str) -> Iterator[Hit]:
    """What a variable of a credential's name falls back to wherever it stands: `"${DB_PASSWORD:-x}"`."""
    for match in _FALLBACK.finditer(source.without_comments(text)) if _FALLBACK.search(text) else ():
        found = judgement.judge(match["key"], match["value"]) if references.fallback(match[0]) else None
        if found:
            yield found.moved(match.start("value"))


def _worth_reading(text: str, name: str, form: str, entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries that set something: none of a translation bundle or a schema, no prose of two words."""
    if _is_name_service_switch(text):
        return ()
    if _BUNDLE.search(name) or _SCHEMA.search(text) or _is_mostly_sentences(entries):
        return [entry for entry in entries if lexicon.strength(entry.key) is None and entry.key.lower() not in _TALK]
    spaced = bool(_SPACED_SETTINGS.search(name.lower()))
    return [
        entry
        for entry in entries
        if entry.key.lower() not in _TALK and (form in _SETTINGS or spaced or text[entry.key_end : entry.start].strip())
    ]


def _is_name_service_switch(text: str) -> bool:
    return "passwd" in text and all(map(_NAME_SERVICES.fullmatch, text.splitlines()))


def _is_mostly_sentences(entries: Sequence[Entry]) -> bool:
    sentences = sum(isinstance(entry.value, str) and references.is_sentence(entry.value) for entry in entries)
    return sentences >= _FEWEST_SENTENCES and sentences * 2 >= len(entries)


def _neighbours(entries: Sequence[Entry]) -> Iterator[tuple[Entry | None, Entry, Entry | None]]:
    padded = [None, *entries, None]
    for (before, entry), (_, behind) in zip(pairwise(padded[:-1]), pairwise(padded[1:]), strict=True):
        if entry:
            yield before, entry, behind


def _of_entry(
    text: str, entry: Entry, around: tuple[Entry | None, Entry | None], product: str | None, depth: int
) -> Iterator[Hit]:
    if entry.value is None or isinstance(entry.value, bool):
        return
    if _is_key_within_object(entry, around) or _is_tagged(text, entry):
        return
    value = str(entry.value)
    key, path = _named_by_sibling(entry, around)
    if depth < _DEEPEST and _is_document(value):
        found = list(_found(value, entry.key, product, depth + 1))
    else:
        found = judgement.hits(key, value, path, product, is_text=isinstance(entry.value, str))
        found = found or [*_assigned(value), *_commanded(key, value, depth)]
    for one in found:
        yield _placed(text, entry, value, one)


def _is_tagged(text: str, entry: Entry) -> bool:
    """Whether a tag of YAML says that the value is resolved elsewhere: `!secret wifi_password`."""
    return text.startswith("!", entry.start) and references.is_reference(text[entry.start : entry.end])


def _is_key_within_object(entry: Entry, around: tuple[Entry | None, Entry | None]) -> bool:
    """Whether the entry names a key of the Secret that its neighbour names.

    As in `{secretName: x, secretKey: y}` or `passwordSecret: {secretName: x, password: y}`.
    """
    beside = [sibling for sibling in around if sibling and sibling.path[: len(entry.path)] == entry.path]
    naming = [sibling for sibling in beside if "".join(lexicon.words(sibling.key)) in _OBJECT_KEYS]
    if "key" in lexicon.words(entry.key)[-1:]:
        return bool(naming) or any(sibling.path[-1:] == ("remoteRef",) for sibling in beside)
    is_in_secret = "secret" in lexicon.words("".join(entry.path[-1:]))[-1:]
    return is_in_secret and bool(_DATA_KEY.fullmatch(str(entry.value))) and any(sibling.value for sibling in naming)


def _assigned(value: str) -> Iterator[Hit]:
    """What a value assigns itself, as in `-DtrustStorePassword=x -Xmx1g` or in a list's `DB_PASSWORD=x`."""
    masked = references.mask(value) if "=" in value else ""
    for match in (*_ASSIGNED.finditer(masked), *_listed(masked)):
        found = judgement.judge(match["key"], value[slice(*match.span("value"))])
        if found:
            yield replace(found.moved(match.start("value")), key=match["key"])


def _commanded(key: str, value: str, depth: int) -> Iterable[Hit]:
    """What the command line holds that a setting such as `shell: mysql -psecret` runs."""
    is_command = depth < _DEEPEST and " " in value and key.lower() in _COMMAND_KEYS
    return _of_script(value, None, depth + 1) if is_command else ()


def _listed(masked: str) -> Sequence[re.Match[str]]:
    """The assignments that a value is made of: `host=x password=y` behind at most a name, `A="x",B="y"`."""
    if masked.count("=") < _FEWEST_LISTED:
        return ()
    found = list(_LISTED.finditer(masked))
    rest = _LISTED.sub(" ", masked).replace(",", " ")
    return found if len(found) >= _FEWEST_LISTED and len(rest.split()) <= 1 else ()


def _named_by_sibling(entry: Entry, around: tuple[Entry | None, Entry | None]) -> tuple[str, tuple[str, ...]]:
    """The name that a setting has by its sibling, as in `{name: DB_PASSWORD, value: x}`, else its own.

    A value without such a sibling has its section's: `password: {value: x}`. In a list of a command's words the option
    before an item is its name.
    """
    before, _ = around
    option = _OPTION.fullmatch(str(before.value)) if before and _is_same_list(before, entry) else None
    if option:
        return option["name"].replace("-", "_"), ()
    for sibling in around if entry.key.lower() in _VALUE_KEYS else ():
        if (
            sibling
            and sibling.path == entry.path
            and sibling.key.lower() in _NAME_KEYS
            and isinstance(sibling.value, str)
        ):
            return sibling.value, ()
    is_of_section = bool(entry.path) and entry.key.lower() in _PLAIN_KEYS
    if is_of_section and lexicon.strength(entry.path[-1]) in {"password", "secret"}:
        return entry.path[-1], entry.path[:-1]
    return entry.key, entry.path


def _is_same_list(before: Entry, entry: Entry) -> bool:
    return (before.path, before.key, before.key_start) == (entry.path, entry.key, entry.key_start)


def _is_document(value: str) -> bool:
    return "\n" in value.strip() or _is_json(value)


def _is_json(value: str) -> bool:
    stripped = value.strip()
    return stripped[:1] in "{[" and stripped[-1:] in "}]" and '":' in stripped.replace('" :', '":')


def _placed(text: str, place: Place, value: str, found: Hit) -> Hit:
    """The hit with offsets into the text; of a value with escapes, the part that reads the same, or the whole."""
    raw = text[place.start : place.end]
    secret = value[found.start : found.end]
    start = found.start if raw == value else raw.find(secret)
    span = (place.start + start, place.start + start + len(secret)) if start >= 0 else (place.start, place.end)
    return replace(found, start=span[0], end=span[1])


def _of_source(text: str, product: str | None) -> Iterator[Hit]:
    code = source.without_comments(text)
    for entry in (*source.literals(code), *source.variables(code)):
        for one in judgement.hits(entry.key, str(entry.value), (), product):
            yield _placed(text, entry, str(entry.value), one)
    yield from _of_shapes(code)


def _of_quoted_properties(text: str, product: str | None) -> Iterator[Hit]:
    """What SQL's `PROPERTIES ('aws.s3.secret_key' = 'x')` and its kin set."""
    for entry in source.literals(source.without_comments(text)):
        if text[entry.key_start - 1 : entry.key_start] in {"'", '"'}:
            yield from _of_entry(text, entry, (None, None), product, _DEEPEST)


def _of_spaced_lines(text: str, name: str, product: str | None) -> Iterator[Hit]:
    """What a settings file says in lines of two words, `auth_pass x`."""
    if name and _SPACED_SETTINGS.search(name.lower()):
        for entry in source.spaced(source.without_comments(text)):
            if lexicon.strength(entry.key) == "password" or _is_clear_secret(text, entry):
                yield from _of_entry(text, entry, (None, None), product, _DEEPEST)


def _is_clear_secret(text: str, entry: Entry) -> bool:
    """Whether a line sets a secret in quotes, as BIND's `secret "x";` does, or one that is no word."""
    is_clear = text[entry.start - 1] in {"'", '"'} or bool(_MIXED.search(str(entry.value)))
    return lexicon.strength(entry.key) == "secret" and is_clear


def _of_script(text: str, product: str | None, depth: int) -> Iterator[Hit]:
    for entry in shell.read(text).entries:
        yield from _of_entry(text, entry, (None, None), product, depth)
    yield from _of_pipes(text)
    for line in shell.commands(text):
        words = [word.text for word in line.words]
        for index, one in _in_command(words, depth):
            yield _placed(text, line.words[index], words[index], one)
        for heredoc in line.heredocs if depth < _DEEPEST else ():
            for one in _of_input(heredoc, words, product, depth):
                yield _placed(text, heredoc, heredoc.text, one)
    yield from _of_shapes(text)


def _of_input(given: shell.Heredoc, words: Sequence[str], product: str | None, depth: int) -> Iterator[Hit]:
    """What a command reads from a here-document or a here-string: a secret by itself, or a text with some."""
    yield from command.from_input(words, given.text)
    yield from _found(given.text, given.target or _heredoc_name(words), product, depth + 1)


def _of_pipes(text: str) -> Iterator[Hit]:
    """What `echo x | docker login --password-stdin` and its kin print for another command."""
    for writer, reader in pairwise(shell.commands(text)):
        if writer.is_piped and command.is_spoken([word.text for word in writer.words]):
            said = writer.words[-1]
            for found in command.from_input([word.text for word in reader.words], said.text):
                yield _placed(text, said, said.text, found)


def _heredoc_name(words: Sequence[str]) -> str:
    """A name that tells the format of what a command reads, where the command itself does."""
    return f"heredoc{_HEREDOC_SUFFIXES.get(command.program(words), '')}"


def _of_shapes(text: str) -> Iterator[Hit]:
    for match in shapes.matches(source.without_comments(text)):
        yield hit(match.kind, match.confidence, text, (match.start, match.end), is_local=match.is_local)


def _of_secret_objects(text: str, entries: Sequence[Entry]) -> Iterator[Hit]:
    """What manifests of Secrets within the text hold: the decoded `data` judged under their keys."""
    if not _SECRET_OBJECT.search(text):
        return
    ends = [match.start() for match in _DOCUMENT_END.finditer(text)]
    for entry in entries:
        if entry.path[-1:] != ("data",) or not isinstance(entry.value, str):
            continue
        first = max((end for end in ends if end < entry.start), default=0)
        last = min((end for end in ends if end > entry.start), default=len(text))
        if _SECRET_OBJECT.search(text[first:last]):
            yield from _of_secret_data(entry, str(entry.value))


def _of_secret_data(entry: Entry, value: str) -> Iterator[Hit]:
    plain = (decoding.decoded(value) or b"").decode("utf-8", "replace")
    found = max(judgement.hits(entry.key, plain), key=lambda one: RANK[one.confidence], default=None)
    if found:
        yield replace(found, start=entry.start, end=entry.end, key=entry.key)
