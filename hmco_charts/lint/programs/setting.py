"""What a program is told for a key, by a file or a variable."""

from dataclasses import dataclass

from hmco_charts.lint.programs.environment import Environment
from hmco_charts.objects import Container, KubernetesObject
from hmco_charts.yamlio import Span


@dataclass(frozen=True)
class Setting:
    """What a program is told for a key.

    Attributes:
        value: The value; `None` where it stands in a Secret that is not in the input.
        object: The object that the user edits.
        span: Where.
        locator: Where, in words.
    """

    value: str | None
    object: KubernetesObject
    span: Span
    locator: str


def of_variable(container: Container, environment: Environment, name: str) -> Setting | None:
    """What a variable of a container tells; `None` where it is not set, or empty."""
    found = environment.first(name)
    if not found:
        return None
    index = next((at for at, each in enumerate(container.environment) if each.name == name), None)
    span = container.span() if index is None else container.span("env", index)
    value = found[1].value if found[1] else None
    return Setting(value, container.pod.object, span, f"{container.locator}/env/{name}")
