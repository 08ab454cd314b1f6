"""A folder with `releases.json`: releases that are read as one set of objects."""

import json
from pathlib import Path

from hmco_charts.objects import read

CHART = "apiVersion: v2\nname: {name}\nversion: 0.1.0\n"
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-{{ .Values.suffix }}
  namespace: {{ .Release.Namespace }}
spec:
  ports:
    - port: 80
"""


def platform(folder: Path) -> Path:
    for name in ("one", "two"):
        (folder / "charts" / name / "templates").mkdir(parents=True)
        (folder / "charts" / name / "Chart.yaml").write_text(CHART.format(name=name))
        (folder / "charts" / name / "values.yaml").write_text("suffix: plain\n")
        (folder / "charts" / name / "templates/service.yaml").write_text(SERVICE)
    (folder / "values").mkdir()
    (folder / "values/b.yaml").write_text("suffix: own\n")
    told = [
        {"name": "a", "namespace": "x", "chart": "charts/one", "values": [], "needs": []},
        {"name": "b", "namespace": "z", "chart": "charts/two", "values": ["values/b.yaml"], "needs": ["a"]},
    ]
    (folder / "releases.json").write_text(json.dumps({"releases": told}))
    (folder / "namespaces.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n")
    (folder / "hmco-charts.yaml").write_text("cluster:\n  nodes: 2\n")
    return folder


def test_all_releases_are_one_with_names_namespaces_and_values_of_their_own(tmp_path: Path) -> None:
    inputs = read([str(platform(tmp_path))])
    (release,) = inputs.releases
    assert [(each.kind, each.namespace, each.name) for each in release.objects] == [
        ("Namespace", "", "x"),
        ("Service", "x", "a-plain"),
        ("Service", "z", "b-own"),
    ]
    assert release.cluster.nodes == 2
    assert inputs.unread == []


def test_it_is_found_in_a_folder_above(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    platform(tmp_path / "out")
    (tmp_path / "other.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n")
    inputs = read([str(tmp_path)])
    assert sorted(len(each.objects) for each in inputs.releases) == [1, 3]


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = platform(tmp_path)
    (folder / "charts/one/Chart.yaml").unlink()
    (folder / "namespaces.yaml").write_bytes(b"\xff")
    inputs = read([str(folder)])
    assert [each.name for each in inputs.releases[0].objects] == ["b-own"]
    assert [Path(each.at.file).name for each in inputs.unread] == ["one", "namespaces.yaml"]


def test_a_file_of_that_name_that_tells_no_release_is_none(tmp_path: Path) -> None:
    for text in ("[]", "{", '{"releases": 3}', '{"releases": []}'):
        (tmp_path / "releases.json").write_text(text)
        (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n")
        assert [each.name for each in read([str(tmp_path)]).releases[0].objects] == ["p"]
