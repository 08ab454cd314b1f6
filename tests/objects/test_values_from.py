"""Values that a HelmRelease of Flux takes from ConfigMaps."""

from pathlib import Path

from hmco_charts.objects import Values
from hmco_charts.objects.sources import Inputs, read

RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: vault, namespace: vault}
spec:
  chart: {spec: {chart: vault}}
  valuesFrom:
    - {kind: ConfigMap, name: values}
    - {kind: ConfigMap, name: more, valuesKey: ha.yaml}
    - {kind: ConfigMap, name: more, valuesKey: text, targetPath: server.standalone.config}
    - {kind: Secret, name: values}
    - {kind: ConfigMap, name: elsewhere}
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: values, namespace: vault}
data:
  values.yaml: |
    server:
      ha: {config: {storage: {postgresql: {connection_string: x}}, listener: {tcp: {tls_disable: 1}}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: more, namespace: vault}
data:
  ha.yaml: "ui: {enabled: true}"
  text: |
    ui = true
  values.yaml: "not: used"
---
apiVersion: v1
kind: ConfigMap
metadata: {name: values, namespace: other}
data: {values.yaml: "not: used"}
---
apiVersion: v1
kind: Secret
metadata: {name: values, namespace: vault}
stringData: {values.yaml: "not: used"}
"""


def given(folder: Path, text: str) -> Inputs:
    (folder / "all.yaml").write_text(text)
    return read([str(folder)])


def test_values_are_those_of_the_named_config_maps_at_their_place(tmp_path: Path) -> None:
    (release,) = given(tmp_path, f"{RELEASE}---\n{CONFIG_MAP}").releases
    first, second = release.values
    assert (first.chart, str(first.owner.name), second.manifest) == ("vault", "values", {"ui": {"enabled": True}})
    at = ("server", "ha", "config", "storage", "postgresql", "connection_string")
    assert (isinstance(first, Values), first.span(at, key=True).line) == (True, 19)


def test_values_that_cannot_be_read_are_told_at_their_line(tmp_path: Path) -> None:
    broken = CONFIG_MAP.replace("    server:\n", "    server: [\n")
    (unread,) = given(tmp_path, f"{RELEASE}---\n{broken}").unread
    assert (unread.at.file, unread.at.line) == (str(tmp_path / "all.yaml"), 19)
