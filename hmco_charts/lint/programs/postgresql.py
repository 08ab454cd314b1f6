"""PostgreSQL as the official image runs it: its servers, their data, and their postgresql.conf.

Sources: docker-library/postgres `docker-entrypoint.sh` and `Dockerfile-debian.template`; PostgreSQL's documentation of
server configuration. Images that are made from the official one behave alike; Bitnami's has a start of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.lint.programs import databases
from hmco_charts.lint.programs.databases import Server
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.programs.version import Version
from hmco_charts.objects import KubernetesObject, Release, Text
from hmco_charts.objects.remembering import remembered
from hmco_charts.yamlio import Span

_FROM_OFFICIAL = ("postgres", "postgis", "timescaledb", "pgvector")
_ENTRYPOINT = "docker-entrypoint.sh"
_FIRST_MOVED = 18
_LINE = re.compile(
    r"^[ \t]*(?P<key>[A-Za-z_.]+)[ \t]*=?[ \t]*(?:'(?P<quoted>[^'\n]*)'|(?P<plain>[^\s#]+))", re.MULTILINE
)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a server: of its file, or of its command line.

    Attributes:
        key: Name, in lower case.
        value: Value, without quotes.
        object: The object that the user edits.
        span: Where.
        locator: Where, in words.
    """

    key: str
    value: str
    object: KubernetesObject
    span: Span
    locator: str


@remembered
def servers(release: Release) -> tuple[Server, ...]:
    """The servers of the official image, and of those made from it, that its entrypoint starts."""
    found = (each for each in databases.servers(release) if each.product == "postgresql")
    return tuple(each for each in found if each.container.image.base in _FROM_OFFICIAL and _is_entered(each))


def _is_entered(server: Server) -> bool:
    command = server.container.command
    return not command or any(_ENTRYPOINT in word for word in command)


def data_folder(release: Release, server: Server) -> str | None:
    """The folder of the data; `None` where it is not known."""
    told = environment(release, server.container).variables.get("PGDATA", "")
    if told is None or isinstance(told, Text):
        return told.value.rstrip("/") if told else None
    version = Version.parse(server.container.image.tag)
    if not version:
        return None
    moved = f"/var/lib/postgresql/{version.major}/docker"
    return moved if version.major >= _FIRST_MOVED else "/var/lib/postgresql/data"


def configuration(release: Release, server: Server) -> Text | None:
    """The text of the file that takes the place of the server's own postgresql.conf; `None` where it is not known."""
    path = next((each.value for each in command_line(server) if each.key == "config_file"), None)
    return next((each.text for each in release.files(server.container) if each.path == path), None)


def command_line(server: Server) -> Iterator[Parameter]:
    """The parameters of the command line: `-c key=value`, `-ckey=value`, `--key=value`."""
    container = server.container
    words = list(enumerate(container.args))
    for (index, word), (_, before) in zip(words, [(-1, ""), *words], strict=False):
        told = word if before == "-c" else next((word[len(o) :] for o in ("--", "-c") if word.startswith(o)), "")
        key, sign, value = told.partition("=")
        if sign:
            span, locator = container.span("args", index), f"{container.locator}/args/{index}"
            yield Parameter(key.lower().replace("-", "_"), value, container.pod.object, span, locator)


def parameters(text: Text) -> Iterator[Parameter]:
    """The parameters of a postgresql.conf."""
    for found in _LINE.finditer(text.value):
        value = found["plain"] if found["quoted"] is None else found["quoted"]
        start = found.start("key")
        yield Parameter(found["key"].lower(), value, text.object, text.span(start, found.end()), text.locator(start))
