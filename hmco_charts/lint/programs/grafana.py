"""Grafana: what its servers are told by grafana.ini and by variables, which win.

Sources: grafana/grafana `pkg/setting/setting.go` (names of variables), `packaging/docker/run.sh`.
"""

from dataclasses import dataclass

from hmco_charts import formats
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.lint.programs.setting import Setting, of_variable
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.remembering import remembered

_USUAL_FILE = "/etc/grafana/grafana.ini"


@dataclass(frozen=True)
class Server:
    """A container that runs Grafana.

    Attributes:
        container: The container.
        environment: Its variables.
        entries: The settings of its file by section and key, with a dot between.
        is_complete: Whether it is told nothing else.
    """

    container: Container
    environment: Environment
    entries: dict[str, Setting]
    is_complete: bool

    def told(self, key: str) -> Setting | None:
        """What it is told for a section and key; also where a file gives the variable's value."""
        name = "GF_" + key.upper().replace(".", "_").replace("-", "_")
        by_file = of_variable(self.container, self.environment, f"{name}__FILE")
        given = Setting(None, by_file.object, by_file.span, by_file.locator) if by_file else None
        return of_variable(self.container, self.environment, name) or given or self.entries.get(key)

    def is_on(self, key: str) -> bool:
        """Whether a switch is set, and says yes."""
        told = self.told(key)
        return told is not None and (told.value or "").lower() in ("true", "1", "yes", "on")


@remembered
def servers(release: Release) -> tuple[Server, ...]:
    """The Grafana servers of a release."""
    return tuple(_server(release, each.container) for each in monitoring.servers(release, "grafana"))


def _server(release: Release, container: Container) -> Server:
    found = environment(release, container)
    told = of_variable(container, found, "GF_PATHS_CONFIG")
    path = (told and told.value) or _USUAL_FILE
    files = [each.text for each in release.files(container) if each.path == path]
    is_known = bool(files) or not container.in_volume(path)[0]
    entries = {key: setting for text in files for key, setting in _entries(text).items()}
    return Server(container, found, entries, found.is_complete and is_known and not container.command)


def _entries(text: Text) -> dict[str, Setting]:
    entries = formats.read(text.value, text.name, "ini").entries
    return {
        ".".join((*each.path, each.key)): Setting(
            "" if each.value is None else str(each.value),
            text.object,
            text.span(each.key_start, each.end),
            text.locator(each.key_start),
        )
        for each in entries
    }
