"""What the engine tells about a chart."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from hmco_charts.errors import Location


class Severity(Enum):
    """How much Helm minds a lint message."""

    UNKNOWN = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class ChartInfo:
    """A chart as Helm loads it, subcharts apart.

    Attributes:
        metadata: Chart.yaml.
        values: The chart's default values.
        schema: values.schema.json, `None` where the chart has none.
        templates: Template sources by their path in the chart, helpers and NOTES.txt included.
        files: The other files by their path in the chart; Helm gives them as text.
        crds: Custom resource definitions of the chart and its subcharts, by `<chart>/<path>`.
        dependencies: Chart.yaml of each subchart that is present.
    """

    metadata: dict[str, Any]
    values: dict[str, Any]
    schema: dict[str, Any] | None
    templates: dict[str, str]
    files: dict[str, str]
    crds: dict[str, str]
    dependencies: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Dependency:
    """A dependency that Chart.yaml declares; `status` is Helm's word, such as `ok` or `missing`."""

    name: str
    version: str
    repository: str
    status: str


@dataclass(frozen=True, slots=True)
class LintMessage:
    """What `helm lint` says about a chart."""

    severity: Severity
    at: Location
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A chart rendered with some values.

    Attributes:
        manifests: By template path, as `Engine.render` gives them.
        values: The values that the templates saw: the given ones over the chart's.
    """

    manifests: dict[str, str]
    values: dict[str, Any]
