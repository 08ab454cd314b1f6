"""DataHub: which containers run its parts, and what their variables say.

Sources: acryldata/datahub-helm, `charts/datahub`; datahub-project/datahub, `docker/*/start.sh`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.objects import Container, Release
from hmco_charts.objects.remembering import remembered
from hmco_charts.yamlio import Span

_PREFIX = "datahub-"
_PARTS = ("gms", "frontend-react", "actions", "upgrade", "mae-consumer", "mce-consumer")


@dataclass(frozen=True)
class Part:
    """A container that runs a part of DataHub.

    Attributes:
        container: The container.
        name: The end of the image's name, such as `gms`.
        environment: Its variables.
    """

    container: Container
    name: str
    environment: Environment

    def told(self, variable: str) -> str | None:
        """What a variable is set to; `None` where it is not, or only in a Secret."""
        found = self.environment.variables.get(variable)
        return found.value if found else None

    def span(self, variable: str) -> Span:
        """Where a variable is set; the container where that is elsewhere."""
        index = next((at for at, each in enumerate(self.container.environment) if each.name == variable), None)
        return self.container.span() if index is None else self.container.span("env", index)

    @property
    def names(self) -> Iterator[str]:
        """The names of its variables."""
        return iter(self.environment.variables)


@remembered
def parts(release: Release) -> tuple[Part, ...]:
    """The parts of a release."""
    found = ((each, each.image.base.removeprefix(_PREFIX)) for each in release.containers if each.role == "container")
    named = ((each, name) for each, name in found if each.image.base.startswith(_PREFIX) and name in _PARTS)
    return tuple(Part(each, name, environment(release, each)) for each, name in named)
