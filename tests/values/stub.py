"""A stand-in for the chart of others that a chart of ours wraps; what it installs is what it was told."""

from pathlib import Path

from hmco_charts.values import ChartType

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
    return target
