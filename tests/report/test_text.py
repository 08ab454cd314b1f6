"""The report for a person: frames with the place underlined, in any writing, at any width, in colour where wanted."""

import re
import tarfile
from pathlib import Path

import pytest

from hmco_charts.lint import Result, lint
from hmco_charts.report import text
from hmco_charts.report.frame import frame
from hmco_charts.report.sources import Line
from hmco_charts.report.terminal import width

ROOT = Path(__file__).parents[2]
ESCAPE = re.compile("\x1b\\[[0-9;]*m")
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n  containers:\n    - name: app\n      image: app\n"


@pytest.fixture
def incident(monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(ROOT)
    return lint(["examples/incident/before.yaml"], select=["VLT001", "SEC001", "VLT004"])


def test_a_finding_is_told_with_its_frame_its_reason_and_its_remedy(incident: Result, golden) -> None:
    golden.check("report/incident.txt", text.render(incident))


def test_colours_change_nothing_else(incident: Result) -> None:
    coloured = text.render(incident, colour=True)
    assert coloured != text.render(incident)
    assert ESCAPE.sub("", coloured) == text.render(incident)


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 300])
def test_frames_fit_the_terminal(incident: Result, columns: int) -> None:
    lines = text.render(incident, width=columns).splitlines()
    framed = [line for line in lines if re.match(r" *\d* \| ", line)]
    assert framed
    assert [line for line in framed if width(line) > max(columns, 46)] == []


def shown(line: str, start: int, end: int, columns: int = 200, hidden: tuple[tuple[int, int], ...] = ()) -> str:
    """What stands above the carets."""
    source, carets = frame(Line(1, line, hidden), (start, end), columns)
    first, last = carets.index("^"), carets.rindex("^") + 1
    cells = "".join(character * width(character) for character in source).ljust(last)
    return cells[first:last]


@pytest.mark.parametrize(
    ("line", "place", "above"),
    [
        ("key: value", "value", "value"),
        ("\tkey:\tvalue", "value", "value"),
        ("名前: 値段", "値段", "値値段段"),
        ("e\u0301te\u0301: x", "x", "x"),
        ("a\u200bb: x", "x", "x"),
        (f"{'a' * 500}VALUE{'b' * 500}", "VALUE", "VALUE"),
        (f"{'値' * 500}VALUE", "VALUE", "VALUE"),
        ("\x1b[31mred", "red", "red"),
    ],
)
def test_carets_stand_under_the_place(line: str, place: str, above: str) -> None:
    start = line.index(place)
    assert shown(line, start, start + len(place)) == above


def test_a_place_behind_the_end_of_a_line_has_a_caret() -> None:
    assert frame(Line(1, "key:", ()), (4, 4), 80) == ("key:", "    ^")


def test_a_mask_tells_nothing_of_the_length_of_a_secret() -> None:
    short = frame(Line(1, "password: a", ((10, 11),)), (10, 11), 80)
    assert short == frame(Line(1, f"password: {'a' * 900}", ((10, 910),)), (10, 910), 80)
    assert short == ("password: ••••", "          ^^^^")


def test_an_unreadable_document_has_no_frame(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("kind: Secret\nstringData:\n  a: hunter2\n b: [\n")
    report = text.render(lint([tmp_path]))
    assert "HMC001" in report
    assert "hunter2" not in report


def test_the_source_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD.replace("image: app", "image: app\u202e:latest # \u200b"))
    report = text.render(lint([tmp_path], profile="pedantic"))
    assert "image" in report
    assert not set(report) & {"\u202e", "\u200b"}


def test_standard_input_has_frames(run) -> None:
    result = run("lint", "-", "--select", "IMG001", stdin=POD)
    assert "7 |       image: app\n  |              ^^^\n" in result.stdout


@pytest.mark.parametrize("path", ["app", "app.tgz"])
def test_a_template_is_shown_without_the_literals_in_its_actions(tmp_path: Path, path: str, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    templates = tmp_path / "app" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "app" / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "app" / "values.yaml").write_text("password: tr0ub4dor3\n")
    (templates / "config.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n"
        '  before: {{ default "postgres://a:hunter22@b/c" .Values.none | quote }}\n'
        "  url: postgres://app:{{ .Values.password }}@db/app\n"
    )
    with tarfile.open("app.tgz", "w:gz") as archive:
        archive.add("app")
    report = text.render(lint([path], select=["SEC001"]))
    assert '6 |   before: {{ default "••••" .Values.none | quote }}\n' in report
    assert "7 |   url: postgres://app:{{ .Values.password }}@db/app\n  |                       ^^^^" in report
    assert "hunter22" not in report
    assert "rendered line" not in report


def test_a_reason_is_told_once(incident: Result) -> None:
    twice = Result(incident.findings * 2, 0, 1, 0)
    assert text.render(twice).count(" = why: ") == text.render(incident).count(" = why: ")


@pytest.mark.parametrize(
    ("variables", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_gets_colours_unless_told_otherwise(tmp_path: Path, variables: dict[str, str], is_coloured) -> None:
    import os
    import pty
    import subprocess

    from tests.conftest import PROGRAM

    (tmp_path / "a.yaml").write_text(POD)
    ours, theirs = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm"} | variables
    with subprocess.Popen(
        [PROGRAM, "lint", "a.yaml", "--select", "IMG001"], cwd=tmp_path, stdout=theirs, env=environment
    ):
        os.close(theirs)
        written = b""
        while chunk := read(ours):
            written += chunk
    os.close(ours)
    assert b"image: app" in written
    assert (b"\x1b[" in written) == is_coloured


def read(file: int) -> bytes:
    import os

    try:
        return os.read(file, 4096)
    except OSError:  # Linux says so at the end of a terminal
        return b""
