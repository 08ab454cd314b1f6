"""Containers that run a Redis or Valkey server or Sentinel, and the directives that it is given.

Sources: redis/redis `src/config.c` (one directive a line, `#` begins a comment at a line's begin only, options of the
command line win) and `src/sentinel.c`; docker-library/redis, `docker-entrypoint.sh`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from hmco_charts.lint.programs.assignment import Assignment
from hmco_charts.lint.programs.command import base, commands, scripts
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.remembering import collected

_IMAGES = frozenset({"redis", "valkey", "redis-stack-server", "redis-sentinel"})
_OTHERS = ("bitnami",)
_SERVERS = frozenset({"redis-server", "valkey-server"})
_SENTINELS = frozenset({"redis-sentinel", "valkey-sentinel"})
_LINE = re.compile(r"(?m)^[ \t]*(?P<name>[a-zA-Z][\w-]*)[ \t]+(?P<value>\S.*?)[ \t\r]*$")


class Directive(Assignment):
    """A directive by its name in small letters, with its whole argument as written, quotes included."""

    @property
    def plain(self) -> str:
        """The arguments without quotes around them."""
        return self.value.strip("\"'")


@dataclass(frozen=True, eq=False)
class Server:
    """A container that runs Redis.

    Attributes:
        container: The container.
        file: The configuration that it is started with; empty where there is none.
        text: That file; `None` where it is not in the input.
        options: What its command line sets, by directive.
        is_sentinel: Whether it is a Sentinel.
        said: All that the pod executes and probes, as one text.
    """

    container: Container
    file: str
    text: Text | None
    options: dict[str, str]
    is_sentinel: bool
    said: str

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """The directives of its file."""
        return tuple(directives(self.text)) if self.text else ()

    @property
    def is_complete(self) -> bool:
        """Whether it is given no other directives than these and its options."""
        has_all = self.text is not None or not self.file
        return has_all and not any(each.name in ("include", "loadmodule") for each in self.directives)

    @property
    def is_official(self) -> bool:
        """Whether the image is one of the makers', which reads no settings from the environment."""
        repository = self.container.image.repository.removeprefix("docker.io/").removeprefix("library/")
        return repository in ("redis", "valkey/valkey")

    def last(self, name: str) -> Directive | None:
        """The directive of that name that counts in the file."""
        return next((each for each in reversed(self.directives) if each.name == name), None)

    def value(self, *names: str) -> str | None:
        """What the first of these directives that is set is set to, by the command line or the file."""
        for name in names:
            if name in self.options:
                return self.options[name]
            if found := self.last(name):
                return found.plain
        return None


def directives(text: Text) -> Iterator[Directive]:
    """The directives of a configuration file."""
    for line in _LINE.finditer(text.value):
        yield Directive(line["name"].lower(), line["value"], text, *line.span("value"))


@collected
def servers(release: Release) -> Iterator[Server]:
    """The Redis servers and Sentinels of a release."""
    for container in release.containers:
        if container.role == "container" and _may_serve(container):
            started = _started(release, container)
            if started is not None:
                yield _server(release, container, started)


def _may_serve(container: Container) -> bool:
    image = container.image
    is_lasting = container.pod.object.kind not in ("Job", "CronJob")
    return is_lasting and image.base in _IMAGES and not any(each in image.repository for each in _OTHERS)


def _server(release: Release, container: Container, words: list[str]) -> Server:
    file = next(iter(words[1:2]), "")
    file = "" if file.startswith("-") else file
    options = words[2:] if file else words[1:]
    text = next((each.text for each in release.files(container) if each.path == file), None)
    is_sentinel = base(words[0]) in _SENTINELS or "--sentinel" in words
    return Server(container, file, text, dict(_options(options)), is_sentinel, _said(release, container))


def _started(release: Release, container: Container) -> list[str] | None:
    """The words from the server's program on; `None` where the container runs something else."""
    if not container.command and (not container.args or container.args[0].startswith("-") or _is_file(container)):
        return ["redis-server", *container.args]
    for words in commands(release, container):
        for at, word in enumerate(words):
            if base(word) in (_SERVERS | _SENTINELS):
                return words[at:]
    return None


def _is_file(container: Container) -> bool:
    return container.args[0].endswith(".conf")


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    name, values = "", list[str]()
    for word in [*words, "--"]:
        if word.startswith("--"):
            if name:
                yield name, " ".join(values)
            name, values = word.removeprefix("--").lower(), []
        else:
            values.append(word)


def _said(release: Release, container: Container) -> str:
    found: list[str] = []
    for each in container.pod.containers:
        found += [*each.command, *each.args, *(script.value for script in scripts(release, each))]
    return "\n".join(found)
