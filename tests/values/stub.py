"""A stand-in for the chart of others that a chart of ours wraps; what it installs is what it was told.

As the real one it has defaults of its own, which Helm holds to the wrapper's schema with the rest.
"""

from pathlib import Path
from typing import Any

import yaml

from hmco_charts.values import ChartType, Values
from hmco_charts.values.types import UpstreamObject, UpstreamValues

ALONE = "knownToUpstreamAlone"

_CHART = "apiVersion: v2\nname: {name}\nversion: {version}\ndescription: A stand-in\n"
_TEMPLATE = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Chart.Name }}
data:
  values: |
    {{- toYaml .Values | nindent 4 }}
"""


def stub(chart: ChartType, folder: Path) -> Path | None:
    """The stand-in in a folder of its name; nothing where the chart wraps none."""
    if chart.upstream is None:
        return None
    target = folder / chart.upstream.name
    (target / "templates").mkdir(parents=True)
    (target / "Chart.yaml").write_text(_CHART.format(name=chart.upstream.name, version=chart.upstream.version))
    (target / "templates/values.yaml").write_text(_TEMPLATE)
    (target / "values.yaml").write_text(yaml.safe_dump(_defaults(_upstream(chart))))
    return target


def _upstream(chart: ChartType) -> Values:
    root = chart.model()
    told = [getattr(root, name) for name in chart.model.model_fields]
    (found,) = (each for each in told if isinstance(each, UpstreamValues))
    return found


def _defaults(values: Values) -> dict[str, Any]:
    inner = {field.alias or name: getattr(values, name) for name, field in type(values).model_fields.items()}
    return {ALONE: True} | {key: _defaults(each) for key, each in inner.items() if isinstance(each, UpstreamObject)}
