from pathlib import Path

import pytest

from hmco_charts.errors import ChartError, ConfigurationError
from hmco_charts.helm import Engine
from tests.helm.conftest import METADATA, SUBCHART, WriteChart

CAPABILITIES = """\
version: {{ .Capabilities.KubeVersion.Version }}
minor: {{ .Capabilities.KubeVersion.Minor }}
monitors: {{ .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}
deployments: {{ .Capabilities.APIVersions.Has "apps/v1" }}
"""


def test_gives_hooks_notes_and_empty_templates_but_no_helpers_and_no_crds(
    helm: Engine, write_chart: WriteChart
) -> None:
    chart = write_chart(
        {
            "values.yaml": "a: 1\n",
            "templates/a.yaml": "a: {{ .Values.a }} {{ .Release.Name }} {{ .Release.Namespace }}\n",
            "templates/hook.yaml": "metadata: {annotations: {helm.sh/hook: test}}\n",
            "templates/none.yaml": "{{ if false }}x{{ end }}\n",
            "templates/NOTES.txt": "hello\n",
            "templates/_helpers.tpl": '{{ define "x" }}x{{ end }}',
            "crds/crd.yaml": "kind: CustomResourceDefinition\n",
        }
    )
    assert helm.render(chart, {"a": "two"}, name="first", namespace="apart") == {
        "demo/templates/NOTES.txt": "hello\n",
        "demo/templates/a.yaml": "a: two first apart\n",
        "demo/templates/hook.yaml": "metadata: {annotations: {helm.sh/hook: test}}\n",
        "demo/templates/none.yaml": "\n",
    }


def test_a_chart_in_memory_gives_what_its_folder_gives(helm: Engine, write_chart: WriteChart) -> None:
    template = 'a: {{ .Values.a }}\nb: {{ .Files.Get "notes" | b64enc }}\n'
    texts = {"Chart.yaml": METADATA, "values.yaml": "a: grün\n", "templates/a.yaml": template}
    files = {**{path: text.encode() for path, text in texts.items()}, "notes": bytes(range(256))}
    assert helm.render_files("demo", files) == helm.render(write_chart(files))


def test_capabilities_are_those_asked_for(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": CAPABILITIES})
    manifests = helm.render(chart, kube_version="1.28.3", api_versions=["monitoring.coreos.com/v1"])
    assert manifests["demo/templates/a.yaml"] == ("version: v1.28.3\nminor: 28\nmonitors: true\ndeployments: true\n")
    assert "monitors: false" in helm.render(chart)["demo/templates/a.yaml"]


def test_a_release_is_an_install_unless_it_is_an_upgrade(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": "{{ .Release.IsInstall }} {{ .Release.IsUpgrade }}"})
    assert helm.render(chart) == {"demo/templates/a.yaml": "true false"}
    assert helm.render(chart, is_upgrade=True) == {"demo/templates/a.yaml": "false true"}


def test_a_condition_switches_a_subchart_and_an_alias_renames_it(helm: Engine, write_chart: WriteChart) -> None:
    dependency = "dependencies: [{name: sub, version: 0.1.0, alias: other, condition: other.enabled}]\n"
    chart = write_chart(
        {
            "Chart.yaml": METADATA + dependency,
            "charts/sub/Chart.yaml": SUBCHART,
            "charts/sub/values.yaml": "x: 1\n",
            "charts/sub/templates/s.yaml": "x: {{ .Values.x }}\n",
        }
    )
    assert helm.render(chart, {"other": {"x": 5}}) == {"demo/charts/other/templates/s.yaml": "x: 5\n"}
    assert helm.render(chart, {"other": {"enabled": False}}) == {}


def test_a_name_that_yaml_reads_otherwise_is_read_as_kubernetes_reads_it(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"values.yaml": "a: yes\nb: 0o14\n", "templates/a.yaml": "{{ .Values.a }} {{ .Values.b }}"})
    assert helm.render(chart) == {"demo/templates/a.yaml": "true 12"}


def test_a_relative_path_is_of_the_callers_folder(
    helm: Engine, write_chart: WriteChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1"})
    monkeypatch.chdir(chart.parent)
    assert helm.render(Path("demo")) == {"demo/templates/a.yaml": "a: 1"}


def test_a_chart_is_held_to_its_range_of_kubernetes(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"Chart.yaml": METADATA + 'kubeVersion: ">=1.30.0-0"\n', "templates/a.yaml": "a: 1"})
    assert helm.render(chart, kube_version="1.30.1") == {"demo/templates/a.yaml": "a: 1"}
    with pytest.raises(ChartError) as caught:
        helm.render(chart, kube_version="1.29.9")
    assert str(caught.value) == (
        f"{chart}: chart requires kubeVersion: >=1.30.0-0 which is incompatible with Kubernetes v1.29.9\n"
        "  Choose a Kubernetes version in that range, or widen kubeVersion."
    )


def test_a_word_is_no_kubernetes_version(helm: Engine, write_chart: WriteChart) -> None:
    with pytest.raises(ConfigurationError) as caught:
        helm.render(write_chart({}), kube_version="newest")
    assert str(caught.value) == (
        'could not parse "newest" as version\n  Give a Kubernetes version such as 1.31 or v1.31.2.'
    )


def test_a_release_name_that_kubernetes_refuses_is_refused(helm: Engine, write_chart: WriteChart) -> None:
    with pytest.raises(ConfigurationError) as caught:
        helm.render(write_chart({}), name="My_Release")
    assert caught.value.remedy == ("Release names are lower case letters, digits, dots and dashes, at most 53.")
