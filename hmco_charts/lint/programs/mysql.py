"""Containers that run the official images of MySQL or MariaDB, and the options of the server.

Sources: docker-library/mysql and MariaDB/mariadb-docker, `docker-entrypoint.sh`; MySQL's manual, "Using Option Files".
"""

from collections.abc import Iterator

from hmco_charts.formats import ini
from hmco_charts.lint.programs import databases
from hmco_charts.lint.programs.assignment import Assignment
from hmco_charts.objects import Container, Release, Text

_REPOSITORIES = ("mysql", "mariadb")
_SECTIONS = ("mysqld", "server", "mariadb", "mariadbd")


class Option(Assignment):
    """An option of the server, by its name with hyphens and without `loose`."""


def servers(release: Release) -> Iterator[Container]:
    """The containers whose image's entrypoint starts a server."""
    for server in databases.servers(release):
        image = server.container.image
        is_official = image.repository.removeprefix("docker.io/").removeprefix("library/") in _REPOSITORIES
        if is_official and not server.container.command:
            yield server.container


def before(release: Release, container: Container) -> Container | None:
    """The same server as it is installed; `None` where it is not, or that was not told."""
    workload = container.pod.object
    for each in servers(release.previous) if release.previous else ():
        there = each.pod.object
        if (there.kind, there.namespace, there.name) == (workload.kind, workload.namespace, workload.name):
            return each
    return None


def is_mariadb(container: Container) -> bool:
    """Whether the image is MariaDB's."""
    return container.image.base == "mariadb"


def options(release: Release, container: Container) -> dict[str, Option]:
    """The options of mounted option files and, winning over them, of the arguments."""
    found = [each for file in release.files(container) if file.path.endswith(".cnf") for each in _in_file(file.text)]
    for index, word in enumerate(container.args):
        name, _, value = word.partition("=")
        if name.startswith("--"):
            text = Text(container.pod.object, (*container.path, "args", index), "arguments", word)
            found.append(Option(_name(name), value, text, len(word) - len(value), len(word)))
    return {each.name: each for each in found}


def _in_file(text: Text) -> Iterator[Option]:
    for entry in ini.read(text.value).entries:
        if entry.path and entry.path[0].partition("-")[0] in _SECTIONS:
            yield Option(_name(entry.key), str(entry.value), text, entry.start, entry.end)


def _name(written: str) -> str:
    return written.removeprefix("--").lower().replace("_", "-").removeprefix("loose-")
