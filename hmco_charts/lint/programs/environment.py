"""What a container's program finds in its environment, and whether that is all."""

from dataclasses import dataclass

from hmco_charts import formats
from hmco_charts.lint.programs.command import scripts
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.remembering import remembered

_SOURCES = {"configMapRef": "ConfigMap", "secretRef": "Secret"}


@dataclass(frozen=True)
class Environment:
    """The variables of a container.

    Attributes:
        variables: What each is set to; `None` where its value is not in the input or only known at run time.
        is_complete: Whether there are no others.
    """

    variables: dict[str, Text | None]
    is_complete: bool

    def first(self, *names: str) -> tuple[str, Text | None] | None:
        """The first of these variables that is set to something, and its value."""
        for name in names:
            if name in self.variables and ((found := self.variables[name]) is None or found.value):
                return name, found
        return None


@remembered
def environment(release: Release, container: Container) -> Environment:
    """The environment of a container: `env`, `envFrom`, and what its scripts assign."""
    variables = {each.name: each.text for each in release.environment(container)}
    for script in scripts(release, container):
        variables |= dict.fromkeys(entry.key for entry in formats.read(script.value, "script.sh").entries)
    return Environment(variables, all(_is_known(release, container, each) for each in _sources(container)))


def _sources(container: Container) -> list[tuple[str, str]]:
    sources = [mapping(source) for source in items(container.spec.get("envFrom"))]
    return [
        (kind, text(mapping(source[field]).get("name")))
        for source in sources
        for field, kind in _SOURCES.items()
        if field in source
    ]


def _is_known(release: Release, container: Container, source: tuple[str, str]) -> bool:
    return release.find(*source, container.pod.object) is not None
