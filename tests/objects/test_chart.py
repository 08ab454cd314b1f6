"""What rules see of a chart itself."""

import tarfile
from importlib import import_module
from pathlib import Path

import pytest

from hmco_charts.objects import ChartOptions, Inputs, Release, read
from hmco_charts.objects.places import locate
from hmco_charts.yamlio import Span
from tests.objects.conftest import METADATA, WriteChart, config

SUBCHART = "apiVersion: v2\nname: sub\nversion: 0.1.0\n"
NEEDS_SUB = METADATA + "dependencies:\n  - name: sub\n    version: 0.1.0\n    repository: https://charts.example.org\n"


def packed(chart: Path) -> Path:
    archive = chart.parent / "app-1.0.0.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(chart, "app")
    return archive


def only(inputs: Inputs) -> Release:
    (release,) = inputs.releases
    return release


def file(span: Span) -> str:
    """The file that a place in a manifest comes from."""
    return locate([span])[span].span.file


def defaults(path: Path | str) -> Release:
    return only(read([str(path)], ChartOptions(scenarios=None)))


@pytest.mark.parametrize(("pack", "root"), [(lambda chart: chart, ""), (packed, "/app")], ids=["folder", "archive"])
def test_documents_point_into_the_chart_s_files(chart: WriteChart, pack, root: str) -> None:
    path = pack(
        chart({"values.yaml": "# a\nserver:\n  port: 1\n", "values.schema.json": "{}", "crds/a.yaml": "kind: X"})
    )
    found = defaults(path).chart
    assert (found.path, found.name, sorted(found.documents)) == (
        str(path),
        "app",
        ["Chart.yaml", "values.schema.json", "values.yaml"],
    )
    span = found.documents["values.yaml"].span(("server", "port"), key=True)
    assert (span.file, span.line, span.column) == (f"{path}{root}/values.yaml", 3, 3)
    assert found.stand_in("values.yaml").span(("server", "port"), key=True) == span
    assert str(found.stand_in("Chart.yaml").name) == "app"
    start = found.sources["values.yaml"].index("port")
    assert found.span("values.yaml", start, start + 4) == span
    assert found.crds == {"crds/a.yaml": "kind: X"}


@pytest.mark.parametrize(("pack", "root"), [(lambda chart: chart, ""), (packed, "/app")], ids=["folder", "archive"])
def test_objects_point_into_templates(chart: WriteChart, pack, root: str) -> None:
    path = pack(chart({"templates/a.yaml": "{{ if true }}\n" + config() + "{{ end }}"}))
    (found,) = defaults(path).objects
    span = found.span(("data", "level"))
    assert (span.file, span.line, span.column) == (f"{path}{root}/templates/a.yaml", 7, 10)


def test_values_are_those_of_the_scenario(chart: WriteChart) -> None:
    path = chart(
        {
            "values.yaml": "level: info\nsize: 1\n",
            "ci/a-values.yaml": "level: debug\n",
            "templates/a.yaml": config(level="{{ .Values.level }}"),
        }
    )
    values = {release.label: release.chart.values for release in read([str(path)]).releases}
    assert values == {"": {"level": "info", "size": 1}, "ci/a-values.yaml": {"level": "debug", "size": 1}}


def test_a_subchart_has_its_own_files_and_its_part_of_the_values(chart: WriteChart) -> None:
    aliased = NEEDS_SUB + "    alias: other\n"
    path = chart(
        {
            "Chart.yaml": aliased,
            "values.yaml": "other: {level: debug}\n",
            "charts/sub/Chart.yaml": SUBCHART,
            "charts/sub/values.yaml": "level: info\n",
            "charts/sub/templates/a.yaml": config(level="{{ .Values.level }}"),
        }
    )
    release = defaults(path)
    (found,) = release.chart.subcharts
    assert (found.name, found.values["level"], found.files.root) == ("sub", "debug", f"{path}/charts/sub")
    assert found.documents["values.yaml"].span(("level",)).file == f"{path}/charts/sub/values.yaml"
    assert file(release.objects[0].span(("data", "level"))) == f"{path}/charts/sub/templates/a.yaml"
    (dependency,) = release.chart.dependencies
    assert (dependency.name, dependency.alias, dependency.status) == ("sub", "other", "unpacked")
    assert (dependency.file, dependency.path) == ("Chart.yaml", ("dependencies", 0))


def test_a_packed_subchart_is_read_too(chart: WriteChart, tmp_path: Path) -> None:
    sub = chart({"Chart.yaml": SUBCHART, "values.yaml": "a: 1\n", "templates/a.yaml": config("sub")}, "sub")
    path = chart({"Chart.yaml": NEEDS_SUB})
    (path / "charts").mkdir()
    with tarfile.open(path / "charts/sub-0.1.0.tgz", "w:gz") as tar:
        tar.add(sub, "sub")
    release = defaults(path)
    (found,) = release.chart.subcharts
    assert found.documents["values.yaml"].file == f"{path}/charts/sub-0.1.0.tgz/sub/values.yaml"
    assert file(release.objects[0].span()) == f"{path}/charts/sub-0.1.0.tgz/sub/templates/a.yaml"


def test_a_dependency_that_is_not_there_is_told_and_the_rest_analysed(chart: WriteChart) -> None:
    inputs = read([str(chart({"Chart.yaml": NEEDS_SUB, "templates/a.yaml": config()}))])
    (missing,) = inputs.unread
    path = only(inputs).chart.path
    assert str(missing.at) == f"{path}/Chart.yaml:5:5"
    assert missing.reason == "dependency sub 0.1.0 is not in charts/: the chart is analysed without it"
    assert missing.remedy == f"Fetch it with `hmco-charts deps {path}`, and lint again."
    assert [each.name for each in only(inputs).objects] == ["app"]


def test_the_values_for_a_dependency_that_is_not_there_are_read(chart: WriteChart) -> None:
    path = chart({"Chart.yaml": NEEDS_SUB, "values.yaml": "sub: {a: 1}\n"})
    assert [each.manifest for each in defaults(path).values] == [{"sub": {"a": 1}}]


def test_a_chart_that_does_not_render_without_a_dependency_says_only_that(chart: WriteChart) -> None:
    path = chart({"Chart.yaml": NEEDS_SUB, "templates/a.yaml": '{{ include "sub.all" . }}'})
    (missing,) = read([str(path)]).unread
    assert missing.reason == "dependency sub 0.1.0 is not in charts/: without it the chart does not render"


@pytest.mark.parametrize("switch", ["condition: sub.enabled", "tags: [extra]"])
def test_a_dependency_that_is_switched_off_need_not_be_there(chart: WriteChart, switch: str) -> None:
    values = "sub: {enabled: false}\ntags: {extra: false}\n"
    path = chart({"Chart.yaml": f"{NEEDS_SUB}    {switch}\n", "values.yaml": values, "templates/a.yaml": config()})
    inputs = read([str(path)])
    assert inputs.unread == []
    assert [each.name for each in inputs.releases[0].objects] == ["app"]


def test_documents_that_cannot_be_read_are_told_at_their_place(chart: WriteChart) -> None:
    path = chart({"Chart.lock": "a: [\n", "templates/a.yaml": config()})
    assert [str(each.at).rpartition(":")[0] for each in read([str(path)]).unread] == [f"{path}/Chart.lock:2"]


def test_broken_values_are_told_once(chart: WriteChart) -> None:
    path = chart({"values.yaml": "a: 1\nb: [\n", "templates/a.yaml": config()})
    inputs = read([str(path)])
    assert [each.at.file for each in inputs.unread] == [f"{path}/values.yaml"]


def test_what_differs_between_two_renderings_is_unstable(chart: WriteChart) -> None:
    path = chart(
        {
            "templates/a.yaml": config() + "  password: {{ randAlphaNum 12 | quote }}\n",
            "templates/b.yaml": config("b", "same"),
            "templates/c.yaml": config("c", "{{ now | unixEpoch | quote }}"),
        }
    )
    unstable = defaults(path).chart.unstable
    assert [(each.object.name, each.path, Path(each.span.file).name, each.span.line) for each in unstable] == [
        ("app", ("data", "password"), "a.yaml", 7),
        ("c", ("data", "level"), "c.yaml", 6),
    ]


def test_templates_that_do_not_render_are_read_as_text(chart: WriteChart) -> None:
    template = (
        "{{- if .Values.on }}\n"
        + config(level='{{ required "give a level" .Values.level }}')
        + "  vault.hcl: |\n    {{- range .Values.all }}\n    path = {{ . }} # {{ now }}\n    {{- end }}\n{{- end }}\n"
    )
    path = chart({"values.yaml": "on: true\n", "templates/a.yaml": template, "templates/b.yaml": "kind: {{ x"})
    release = only(read([str(path)]))
    assert release.objects == ()
    (fragment,) = release.fragments
    assert [text.name for text in release.texts] == ["level", "vault.hcl"]
    assert release.texts[1].value.strip() == "path = ${ . }} # ${ now }}"
    assert fragment.span(("data", "level")).line == 7


def test_a_chart_in_a_pulled_archive_keeps_its_places(chart: WriteChart, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = packed(chart({"templates/a.yaml": config()}))

    def pull(reference: str, destination: Path, **_: object) -> Path:
        return archive.rename(destination / archive.name)

    monkeypatch.setattr(import_module("hmco_charts.publish.registry"), "pull", pull)
    release = defaults("oci://registry.example.org/app:1.0.0")
    span = release.objects[0].span(("data", "level"))
    assert span.file == "oci://registry.example.org/app:1.0.0/app/templates/a.yaml"
    assert span.line == 6


@pytest.mark.parametrize("name", ["Chart.yaml", "values.yaml", "ci/a-values.yaml", "templates/a.yaml", "crds/a.yaml"])
def test_a_file_of_a_chart_that_is_no_utf_8_is_told(chart, name: str) -> None:
    path = chart({name: "apiVersion: v2\nname: app\nversion: 1.0.0\n".encode("utf-16")})
    assert (f"{path}/{name}", "not UTF-8 text") in [(each.at.file, each.reason) for each in read([str(path)]).unread]
