"""Neo4j servers by the official image, and the settings that its start script makes of variables.

Source: neo4j/docker-neo4j `docker-image-src/5/coredb/docker-entrypoint.sh`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hmco_charts import formats
from hmco_charts.lint.programs.environment import environment
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.remembering import collected

_PREFIX, _FILE = "NEO4J_", "_FILE"
_NO_SETTINGS = frozenset(
    f"{_PREFIX}{name}"
    for name in (
        *("ACCEPT_LICENSE_AGREEMENT", "AUTH", "AUTH_PATH", "DEBUG", "EDITION", "HOME", "PLUGINS", "SHA256", "TARBALL"),
        *("DEPRECATION_WARNING", "CONF", "VERSION", "ULIMIT_NOFILE"),
    )
)


@dataclass(frozen=True)
class Setting:
    """A setting of a server.

    Attributes:
        name: Its name in neo4j.conf.
        text: The text that gives its value; `None` where that is only known at run time.
        value: The value; empty where it is not known.
        start: Offset of the value in the text.
        variable: The variable that it is made of; empty for one of a file.
    """

    name: str
    text: Text | None
    value: str
    start: int = 0
    variable: str = ""


@dataclass(frozen=True)
class Server:
    """A container that runs Neo4j by the image's start script.

    Attributes:
        container: The container.
        settings: The settings that files and variables make, by name; variables win.
        is_complete: Whether its environment is in the input.
    """

    container: Container
    settings: Mapping[str, Setting]
    is_complete: bool

    @property
    def is_enterprise(self) -> bool:
        """Whether its image is the enterprise edition."""
        return "enterprise" in self.container.image.tag

    @property
    def is_strict(self) -> bool:
        """Whether an unknown setting stops it; it does by default."""
        told = self.settings.get("server.config.strict_validation.enabled")
        return told is None or told.value.lower() == "true"

    def value(self, name: str) -> str:
        """The value of a setting; empty where it is not told."""
        return self.settings[name].value if name in self.settings else ""


@collected
def servers(release: Release) -> Iterator[Server]:
    """The servers of a release of version 5 or later; the names of settings were others before."""
    for container in release.containers:
        is_server = container.role == "container" and container.image.base == "neo4j" and not container.command
        if is_server and container.args[:1] in ([], ["neo4j"]) and not container.image.tag.startswith(("3.", "4.")):
            settings = _in_files(release, container) | _in_environment(release, container)
            yield Server(container, settings, environment(release, container).is_complete)


def _in_files(release: Release, container: Container) -> dict[str, Setting]:
    files = [each for each in release.files(container) if each.path == "/conf/neo4j.conf"]
    return {
        entry.key: Setting(entry.key, file.text, str(entry.value), entry.start)
        for file in files
        for entry in formats.read(file.text.value, file.path).entries
    }


def _in_environment(release: Release, container: Container) -> dict[str, Setting]:
    found = {}
    for each in release.environment(container):
        if each.name.startswith(_PREFIX) and not each.name.endswith(_FILE) and each.name not in _NO_SETTINGS:
            name = each.name.removeprefix(_PREFIX).replace("_", ".").replace("..", "_")
            found[name] = Setting(name, each.text, each.text.value if each.text else "", variable=each.name)
    return {name: setting for name, setting in found.items() if not name[:1].isdigit()}
