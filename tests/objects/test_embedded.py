"""Values for charts inside objects, and objects inside strings, with their places in the file."""

from pathlib import Path

import pytest

from hmco_charts.objects import Inputs, Release, read

FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: secrets, namespace: apps}
spec:
  chart: {spec: {chart: ./charts/vault}}
  values:
    server: {port: 1}
"""
ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: secrets}
spec:
  source:
    chart: vault
    helm:
      valuesObject:
        server: {port: 1}
"""
ARGO_TEXT = """\
kind: Application
metadata: {name: secrets}
spec:
  source:
    path: deploy/vault
    helm:
      values: |
        # values
        server:
          port: 1
"""
ARGO_SOURCES = """\
kind: Application
metadata: {name: secrets}
spec:
  sources:
    - ref: values
    - chart: vault
      helm:
        values: "server:\\n  port: 1\\n"
"""
SET = """\
kind: ApplicationSet
metadata: {name: secrets}
spec:
  template:
    spec:
      source: {chart: vault, helm: {values: "server: {port: 1}"}}
"""
K3S = """\
kind: HelmChart
metadata: {name: secrets}
spec:
  chart: vault
  valuesContent: |-
    server:
      port: 1
"""


def only(inputs: Inputs) -> Release:
    (release,) = inputs.releases
    return release


@pytest.mark.parametrize("text", [FLUX, ARGO, ARGO_TEXT, ARGO_SOURCES, SET, K3S])
def test_values_inside_an_object_are_values_for_its_chart(write, text: str) -> None:
    path = write({"a.yaml": text}) / "a.yaml"
    inputs = read([str(path)])
    (values,) = only(inputs).values
    assert (values.chart, values.at(("server", "port")), inputs.foreign, inputs.unread) == ("vault", 1, 0, [])
    assert (values.kind, values.name) == (only(inputs).objects[0].kind, "secrets")
    span = values.span(("server", "port"), key=True)
    line = text.splitlines()[span.line - 1]
    assert (span.file, line[span.column - 1 : span.end_column - 1]) == (str(path), "port")


def test_values_that_are_no_yaml_are_told_at_their_line(write) -> None:
    path = write({"a.yaml": ARGO_TEXT.replace("port: 1", "port: [")}) / "a.yaml"
    (unread,) = read([str(path)]).unread
    assert (unread.at.file, unread.at.line) == (str(path), 10)


def test_a_generator_s_template_in_values_is_no_fault(write) -> None:
    path = write({"a.yaml": SET.replace("port: 1", "{{port}}: {{.x}} y")}) / "a.yaml"
    assert read([str(path)]).unread == []


KIND = """\
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
kubeadmConfigPatches:
  - |
    kind: KubeletConfiguration
    allowedUnsafeSysctls:
      - "net.*"
nodes:
  - role: control-plane
    kubeadmConfigPatches:
      - |
        kind: InitConfiguration
        nodeRegistration:
          name: a
        ---
        kind: KubeletConfiguration
        allowedUnsafeSysctls: [net.*]
"""


def test_the_patches_of_kind_are_objects(write) -> None:
    path = write({"kind.yaml": KIND}) / "kind.yaml"
    release = only(read([str(path)]))
    assert [each.kind for each in release.objects] == [
        "Cluster",
        "KubeletConfiguration",
        "InitConfiguration",
        "KubeletConfiguration",
    ]
    places = [each.span(("allowedUnsafeSysctls", 0)) for each in release.of_kind("KubeletConfiguration")]
    assert [(span.line, span.column) for span in places] == [(7, 9), (17, 32)]


def test_a_cluster_of_another_kind_holds_no_patches(write) -> None:
    path = write({"a.yaml": KIND.replace("kind.x-k8s.io/v1alpha4", "postgresql.cnpg.io/v1")}) / "a.yaml"
    assert [each.kind for each in only(read([str(path)])).objects] == ["Cluster"]


def test_the_kubelet_s_configuration_in_its_config_map_is_an_object(write) -> None:
    text = "kind: ConfigMap\nmetadata: {name: kubelet-config}\ndata:\n  kubelet: |\n    kind: KubeletConfiguration\n"
    release = only(read([str(write({"a.yaml": text}) / "a.yaml")]))
    assert [each.kind for each in release.objects] == ["ConfigMap", "KubeletConfiguration"]


@pytest.mark.parametrize(
    "wrong", ["spec: []", "spec: {source: 1, sources: {a: 1}}", "spec: {sources: [1, {helm: []}]}"]
)
def test_whatever_stands_there_is_borne(write, wrong: str) -> None:
    path: Path = write({"a.yaml": f"kind: Application\nmetadata: {{name: a}}\n{wrong}\n"}) / "a.yaml"
    assert only(read([str(path)])).values == ()
