"""VLT003: settings that Vault does not know, that stand twice, or that are missing."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from hmco_charts import formats
from hmco_charts.formats import Entry, hcl, shell
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.programs import command, vault
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.programs.vault import images, settings
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release, Text

_URL = "connection_url"
_URL_BACKENDS = ("cockroachdb", "postgresql")
_URL_VARIABLES = ("VAULT_PG_CONNECTION_URL", "BAO_PG_CONNECTION_URL")
_OF_VLT001 = "connection_string"
_COMMENTS = ("_", "/", "#")
_WHERE = {"top": "at the top level", "listener": "in a `listener`"}
_WHOLE = re.compile(r"[+-]?\d+")
_REFERENCE = re.compile(r"\{\{|\$")


class _Name(NamedTuple):
    """A name in a configuration and its place."""

    text: str
    start: int
    end: int


class VaultConfigKey(Rule):
    """Reports keys of a server's configuration that do not do what they seem to."""

    id = "VLT003"
    name = "vault-config-key"
    severity = Severity.WARNING
    profile = "min"
    title = "A setting that Vault does not read as written"
    why = (
        "A storage stanza is a free map: Vault takes what it knows and says nothing of the rest, so that a misspelt key"
        " leaves the default in force. Elsewhere it only logs a warning. From 2.1.0 a setting given twice is an error."
    )
    remedy = "Write the setting as Vault's documentation of that block has it, once, and in its block."
    source = "https://developer.hashicorp.com/vault/docs/configuration"

    def check(self, release: Release) -> Iterator[Finding]:
        """What is wrong with the settings of every configuration, and of scripts that write some."""
        for text, servers in vault.configurations(release).items():
            body = hcl.parse(text.value)
            has_url = bool(servers) and all(_is_told_url(release, server) for server in servers)
            for place, kind, held in settings.places(body):
                yield from self._unknown(text, place, kind, held, has_url=has_url)
                yield from self._numbers(text, held) if place == "storage" else ()
            yield from self._twice(text, body, servers)
            yield from self._without_url(release, text, body, servers)
        yield from self._database_engine(release)

    def _unknown(self, text: Text, place: str, kind: str, held: hcl.Body, *, has_url: bool) -> Iterator[Finding]:
        known = settings.known(place, kind)
        names = list(_names(held))
        for name in names if known else ():
            is_known = name.text in known or name.text.lower() in known or settings.is_newer(name.text)
            if not is_known and name.text.lower() != _OF_VLT001:
                meant = settings.nearest(name.text, known - {each.text for each in names})
                severity = Severity.ERROR if meant == _URL and not has_url else None
                yield self._unread(text, name, (place, kind), meant, severity)

    def _unread(
        self, text: Text, name: _Name, place: tuple[str, str], meant: str, severity: Severity | None
    ) -> Finding:
        home = settings.home(name.text)
        hint = f" It belongs {home}." if home else f" Did you mean `{meant}`?" if meant else ""
        edit = Edit(text.span(name.start, name.end), (meant,))
        can_rename = meant and not home and not text.encoded
        is_guess = not hint and place[0] != "storage"
        return self._on(
            text,
            (name.start, name.end),
            f"{'.'.join(place)}.{name.text}",
            f"Vault reads no `{name.text}` {_WHERE.get(place[0], f'in `{place[1]}` storage')}: it is left out.{hint}",
            severity=Severity.INFO if is_guess else severity,
            confidence=Confidence.HIGH if hint else Confidence.MEDIUM,
            fixes=(Fix(f"Rename {name.text} to {meant}", (edit,), is_safe=False),) if can_rename else (),
        )

    def _numbers(self, text: Text, held: hcl.Body) -> Iterator[Finding]:
        for entry in held.attributes:
            value = str(entry.value)
            if settings.is_integer(entry.key) and not _WHOLE.fullmatch(value) and not _REFERENCE.search(value):
                yield self._on(
                    text,
                    (entry.start, entry.end),
                    f"number.{entry.key}",
                    f"`{entry.key}` must be a whole number: Vault stops at this one.",
                    severity=Severity.ERROR,
                    remedy="Write a whole number, such as `20`.",
                )

    def _twice(self, text: Text, body: hcl.Body, servers: list[vault.Server]) -> Iterator[Finding]:
        fails = any(images.is_since(images.version(server.container), "no_duplicates") for server in servers)
        for entry in (each for held in _bodies(body) for each in _again(_once(held.attributes))):
            yield self._on(
                text,
                (entry.key_start, entry.key_end),
                f"twice.{entry.key}",
                f"`{entry.key}` stands twice in the same block: Vault takes one of them, and from 2.1.0 it stops.",
                severity=Severity.ERROR if fails else None,
                remedy="Keep one of them.",
            )
        for block in _second_storages(body):
            yield self._on(
                text,
                (block.type_start, block.type_end),
                f"twice.{block.type}",
                f"A second `{block.type}` block: Vault stops with 'only one \"{block.type}\" block is permitted'.",
                severity=Severity.ERROR,
                remedy="Keep one of them.",
            )

    def _without_url(
        self, release: Release, text: Text, body: hcl.Body, servers: list[vault.Server]
    ) -> Iterator[Finding]:
        for block in vault.storages(body):
            if _lacks_url(block) and any(_needs_url(release, server, block) for server in servers):
                yield self._on(
                    text,
                    (block.type_start, block.type_end),
                    f"{block.type}.{_URL}",
                    f"`{block.labels[0]}` storage without `{_URL}`, and the environment gives none: Vault stops with"
                    " 'missing connection_url'.",
                    severity=Severity.ERROR,
                    remedy="Set VAULT_PG_CONNECTION_URL from a Secret, or write `connection_url`.",
                )

    def _database_engine(self, release: Release) -> Iterator[Finding]:
        for script in _scripts(release):
            for each in shell.commands(script.value) if _OF_VLT001 in script.value else ():
                if _configures_database([word.text for word in each.words]):
                    yield from self._option(script, each)

    def _option(self, script: Text, each: shell.Command) -> Iterator[Finding]:
        for word in each.words:
            if word.text.startswith(f"{_OF_VLT001}="):
                yield self._on(
                    script,
                    (word.start, word.start + len(_OF_VLT001)),
                    f"database.{_OF_VLT001}",
                    "The database secrets engine has no `connection_string`: it takes `connection_url`.",
                    severity=Severity.INFO,
                    remedy="Write `connection_url=`.",
                )

    def _on(
        self,
        text: Text,
        place: tuple[int, int],
        subject: str,
        message: str,
        *,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        remedy: str | None = None,
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        return self.finding(
            message,
            on=text.object,
            span=partial(text.span, *place),
            locator=text.locator(place[0]),
            subject=f"{text.name}#{subject}",
            severity=severity,
            confidence=confidence,
            remedy=remedy,
            fixes=fixes,
        )


def _names(held: hcl.Body) -> Iterator[_Name]:
    """The names of settings and blocks; those that JSON uses for comments are left out."""
    for entry in _once(held.attributes):
        if not entry.key.startswith(_COMMENTS):
            yield _Name(entry.key, entry.key_start, entry.key_end)
    for block in held.blocks:
        yield _Name(block.type, block.type_start, block.type_end)


def _once(entries: tuple[Entry, ...]) -> list[Entry]:
    """The settings without the further items of lists."""
    return list({entry.key_start: entry for entry in entries}.values())


def _again(entries: list[Entry]) -> Iterable[Entry]:
    """The second of the settings of each name."""
    seen: set[str] = set()
    again: dict[str, Entry] = {}
    for entry in entries:
        if entry.key in seen:
            again.setdefault(entry.key, entry)
        seen.add(entry.key)
    return again.values()


def _bodies(body: hcl.Body) -> Iterator[hcl.Body]:
    yield body
    for block in body.blocks:
        yield from _bodies(block.body)


def _second_storages(body: hcl.Body) -> Iterator[hcl.Block]:
    for kind in ("storage", "ha_storage"):
        yield from [block for block in vault.storages(body) if block.type == kind][1:2]


def _lacks_url(block: hcl.Block) -> bool:
    """Whether a storage that needs a URL has none, and no key that is reported in its place."""
    keys = {entry.key.lower() for entry in block.body.attributes if entry.value != ""}
    others = keys - settings.known("storage", block.labels[0])
    is_said = _OF_VLT001 in keys or any(settings.nearest(key, [_URL]) or settings.is_newer(key) for key in others)
    return block.labels[0] in _URL_BACKENDS and _URL not in keys and not is_said


def _needs_url(release: Release, server: vault.Server, block: hcl.Block) -> bool:
    """Whether it is this block that counts for a server of Vault, which nothing else tells the URL."""
    counts = any(storage and storage.block == block for storage in (vault.storage(server), vault.ha_storage(server)))
    return server.product == "vault" and not server.is_dev and counts and not _is_told_url(release, server)


def _is_told_url(release: Release, server: vault.Server) -> bool:
    """Whether the environment tells a server the URL, or may do so."""
    found = environment(release, server.container)
    return bool(found.first(*_URL_VARIABLES)) or not found.is_complete


def _scripts(release: Release) -> Iterator[Text]:
    candidates = [text for text in release.texts if _OF_VLT001 in text.value]
    yield from (text for text in candidates if formats.detect(text.value, text.name) == "shell")
    for container in release.containers:
        yield from (text for text in command.scripts(release, container) if text.object is container.pod.object)


def _configures_database(words: list[str]) -> bool:
    """Whether a command writes a connection of the database secrets engine, such as `database/config/app`."""
    program, verb, path = [*words, "", "", ""][:3]
    return command.base(program) in ("vault", "bao") and verb == "write" and "/config/" in path
