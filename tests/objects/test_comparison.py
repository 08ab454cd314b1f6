"""What stands before an upgrade."""

from hmco_charts.objects import read
from tests.objects.conftest import METADATA, WriteChart, config

VALUES = "level: info\nswitch: {enabled: false}\n"
TEMPLATE = config(level="{{ .Values.level }}{{ .Values.switch.enabled }}")


def levels(inputs) -> dict[str, str | None]:
    previous = {each.label: each.previous for each in inputs.releases}
    return {label: each and each.objects[0].manifest["data"]["level"] for label, each in previous.items()}


def test_each_scenario_has_the_same_one_before_it_or_the_defaults(chart: WriteChart) -> None:
    files = {"values.yaml": VALUES, "templates/a.yaml": TEMPLATE}
    old = chart({**files, "Chart.yaml": METADATA.replace("1.0.0", "0.9.0")}, "old/app")
    new = chart({**files, "ci/new-values.yaml": "level: new\n"}, "new/app")
    inputs = read([str(new)], against=str(old))
    assert levels(inputs) == {"": "infofalse", "ci/new-values.yaml": "infofalse", "switch.enabled=true": "infotrue"}
    assert inputs.releases[0].previous.chart.files.metadata["version"] == "0.9.0"


def test_manifests_are_compared_with_manifests_and_with_a_chart(chart: WriteChart, write) -> None:
    old = write({"old.yaml": config(level="old"), "new.yaml": config(level="new")})
    assert levels(read([str(old / "new.yaml")], against=str(old / "old.yaml"))) == {"": "old"}
    path = chart({"templates/a.yaml": config(level="chart")})
    assert levels(read([str(path)], against=str(old / "old.yaml"))) == {"": "old"}
    assert levels(read([str(old / "new.yaml")], against=str(path))) == {"": "chart"}


def test_charts_of_a_folder_are_compared_by_name(chart: WriteChart, tmp_path) -> None:
    for version in ("old", "new"):
        for name in ("one", "two"):
            metadata = METADATA.replace("app", name)
            chart({"Chart.yaml": metadata, "templates/a.yaml": config(level=version + name)}, f"{version}/{name}")
    chart({"templates/a.yaml": config(level="x")}, "new/three")
    inputs = read([str(tmp_path / "new")], against=str(tmp_path / "old"))
    previous = {each.chart.name: each.previous and each.previous.chart.name for each in inputs.releases}
    assert previous == {"one": "one", "two": "two", "app": None}


def test_what_cannot_be_read_of_the_other_side_is_told(write) -> None:
    path = write({"a.yaml": config()})
    inputs = read([str(path / "a.yaml")], against=str(path / "nowhere.yaml"))
    assert [each.at.file for each in inputs.unread] == [str(path / "nowhere.yaml")]
