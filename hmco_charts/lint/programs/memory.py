"""How much memory programs are told to take for themselves.

Sources: JDK `java` manual (-Xmx, MaxRAMPercentage); redis.conf; PostgreSQL `shared_buffers`.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from hmco_charts import formats
from hmco_charts.lint.programs.command import base, commands
from hmco_charts.objects import Container, Release, Text
from hmco_charts.quantity import size

_HEAP = re.compile(r"(?<!\S)-(?P<option>Xmx|Xms)(?P<size>\d+[kKmMgG]?)(?!\S)")
_OPTIONS = re.compile(r"(?:^|_)(?:OPTS|OPTIONS|ARGS|JAVA_TOOL_OPTIONS)$|JVM")
_JVM_FILES = ("jvm.config", "jvm.options")
_BLOCK = 8192
_SENTINELS = ("redis-sentinel", "valkey-sentinel", "--sentinel")


@dataclass(frozen=True)
class Claim:
    """An amount of memory that a container's program takes for itself.

    Attributes:
        what: The setting, such as `-Xmx`.
        bytes: The amount.
        text: The text that sets it.
        start: Offset of the amount in the text.
        end: Offset behind it.
    """

    what: str
    bytes: int
    text: Text
    start: int
    end: int


def claims(release: Release, container: Container) -> Iterator[Claim]:
    """What a container's program is told to take: the JVM's heap, Redis's and PostgreSQL's memory."""
    yield from _last(_heap(release, container))
    if container.image.base.startswith(("redis", "valkey")) and not _is_sentinel(release, container):
        yield from _last(_settings(release, container, "maxmemory", 1))
    if container.image.base.startswith(("postgres", "timescaledb", "postgis")):
        yield from _last(_settings(release, container, "shared_buffers", _BLOCK))


def _is_sentinel(release: Release, container: Container) -> bool:
    """Whether it is Redis' Sentinel, which keeps no data, whatever configuration lies beside it."""
    executed = [word for words in commands(release, container) for word in words]
    return any(base(word) in _SENTINELS for word in executed)


def _last(found: Iterator[Claim]) -> Iterator[Claim]:
    """Of several claims for one thing, the last: it wins."""
    yield from {claim.what: claim for claim in found}.values()


def _heap(release: Release, container: Container) -> Iterator[Claim]:
    for variable in release.environment(container):
        if variable.text and _OPTIONS.search(variable.name):
            yield from _in(variable.text)
    for file in release.files(container):
        if PurePosixPath(file.path).name in _JVM_FILES:
            yield from _in(file.text)
    for field, words in (("command", container.command), ("args", container.args)):
        for index, word in enumerate(words):
            yield from _in(Text(container.pod.object, (*container.path, field, index), "arguments", word))


def _in(text: Text) -> Iterator[Claim]:
    for match in _HEAP.finditer(text.value):
        amount = size(match["size"])
        if amount:
            yield Claim(f"-{match['option']}", amount, text, *match.span())


def _settings(release: Release, container: Container, name: str, unit: int) -> Iterator[Claim]:
    """A setting in a mounted file or, winning over it, on the command line; `unit` is that of a bare number."""
    for file in release.files(container):
        for entry in formats.read(file.text.value, file.path).entries:
            if entry.key.lower() == name:
                yield from _claim(name, str(entry.value), unit, file.text, entry.start)
    field, words = ("args", container.args) if container.args else ("command", container.command)
    for index, (word, following) in enumerate(itertools.zip_longest(words, words[1:], fillvalue="")):
        option, equals, value = word.removeprefix("-c").lstrip("-").partition("=")
        if option == name:
            at = index if equals else index + 1
            text = Text(
                container.pod.object, (*container.path, field, at), "arguments", words[at] if value else following
            )
            yield from _claim(name, value or following, unit, text, len(text.value) - len(value or following))


def _claim(name: str, value: str, unit: int, text: Text, start: int) -> Iterator[Claim]:
    amount = size(value)
    if amount:
        yield Claim(name, amount * (unit if value.isdigit() else 1), text, start, start + len(value))
