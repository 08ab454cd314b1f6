"""One fault at several places: told as one finding, accepted and known place by place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hmco_charts.lint import Baseline, Finding, Result, fixing, lint

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: node
spec:
  containers:
    - name: a
      image: docker.io/bitnami/redis:7.2
      securityContext:
        privileged: true
    - name: b
      image: docker.io/bitnami/nginx:1.27
      securityContext:
        privileged: true
    - name: c
      image: docker.io/bitnami/kafka:3.9
      securityContext:
        privileged: true
"""
URLS = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: app
data:
  a.env: URL=postgres://app:tr0ub4dor@db/app
  b.env: URL=postgres://app:tr0ub4dor@db/other
  c.env: URL=postgres://app:tr0ub4dor@replica/app
"""
IGNORE = '  # hmco: ignore {rule} reason="known"'


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., Result]:
    def run(text: str, rule: str, **settings: object) -> Result:
        file = tmp_path / "manifest.yaml"
        file.write_text(text, encoding="utf-8")
        return lint([file], select=[rule], **settings)

    return run


def places(finding: Finding) -> list[int]:
    return [finding.span.line, *(each.span.line for each in finding.related if each.role == "duplicate")]


@pytest.mark.parametrize(
    ("rule", "lines"), [("PRV001", [10, 14, 18]), ("IMG002", [8, 12, 16])], ids=["privileged", "moved image"]
)
def test_a_suppression_silences_only_the_place_where_it_stands(found, rule: str, lines: list[int]) -> None:
    (whole,) = found(POD, rule).findings
    assert places(whole) == lines
    text = POD.splitlines()
    for line in lines:
        ignored = "\n".join([*text[: line - 1], f"{text[line - 1]}{IGNORE.format(rule=rule)}", *text[line:]])
        result = found(ignored, rule)
        (left,) = result.findings
        assert places(left) == [each for each in lines if each != line]
        assert [each.finding.span.line for each in result.suppressed] == [line]


def test_all_places_are_silenced_where_the_suppression_holds_for_all(found) -> None:
    text = POD.replace("spec:\n", f"spec:{IGNORE.format(rule='PRV001')}\n")
    result = found(text, "PRV001")
    assert (result.findings, len(result.suppressed)) == ((), 3)


def test_a_password_in_three_urls_stays_at_the_two_that_nobody_accepted(found) -> None:
    (whole,) = found(URLS, "SEC001").findings
    assert places(whole) == [6, 7, 8]
    for line in (6, 7, 8):
        text = URLS.splitlines()
        text[line - 1] += f'  # hmco: ignore SEC001 reason="known" fingerprint={whole.fingerprint}'
        (left,) = found("\n".join(text), "SEC001").findings
        assert (left.rule, places(left)) == ("SEC001", [each for each in (6, 7, 8) if each != line])


def test_an_annotation_with_the_fingerprint_silences_the_credential_wherever_the_object_has_it(found) -> None:
    (whole,) = found(URLS, "SEC001").findings
    note = f"  annotations:\n    hmco-charts.io/ignore: SEC001 reason=known fingerprint={whole.fingerprint}\n"
    result = found(URLS.replace("  name: app\n", f"  name: app\n{note}"), "SEC001")
    assert (result.findings, [each.finding.span.line for each in result.suppressed]) == ((), [8, 9, 10])


def test_an_annotation_with_the_fingerprint_does_not_silence_another_credential(found) -> None:
    (whole,) = found(URLS, "SEC001").findings
    note = f"  annotations:\n    hmco-charts.io/ignore: SEC001 reason=known fingerprint={whole.fingerprint}\n"
    text = URLS.replace("  name: app\n", f"  name: app\n{note}") + "  d.env: URL=postgres://app:b4tterystaple@db/app\n"
    (other,) = found(text, "SEC001").findings
    assert (other.rule, places(other)) == ("SEC001", [11])


ANOTHER = "    - {name: z, image: docker.io/bitnami/redis:7.2, securityContext: {privileged: true}}\n"


@pytest.mark.parametrize(
    ("text", "rule", "more", "at"),
    [(POD, "PRV001", ANOTHER, 6), (URLS, "SEC001", "  z.env: URL=postgres://app:tr0ub4dor@db/app\n", 5)],
    ids=["privileged", "credential"],
)
def test_a_place_that_the_baseline_does_not_hold_is_new(
    found, tmp_path: Path, text: str, rule: str, more: str, at: int
) -> None:
    (whole,) = found(text, rule).findings
    known = Baseline(tmp_path / "baseline.json").including([whole])
    lines = text.splitlines(keepends=True)
    result = found("".join([*lines[:at], more, *lines[at:]]), rule, baseline=known)
    assert [places(each) for each in result.findings] == [[at + 1]]
    assert [places(each) for each in result.known] == [[each + 1 for each in places(whole)]]


def test_a_place_that_is_gone_leaves_the_others_known(found, tmp_path: Path) -> None:
    known = Baseline(tmp_path / "baseline.json").including(found(URLS, "SEC001").findings)
    result = found(URLS.replace("tr0ub4dor@replica", "${PASSWORD}@replica"), "SEC001", baseline=known)
    assert (result.findings, [places(each) for each in result.known]) == ((), [[6, 7]])
    assert [each.count for each in result.gone.values()] == [1]


def test_equal_faults_of_objects_of_one_name_in_two_files_are_two_findings(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(URLS)
    findings = lint([tmp_path], select=["SEC001"]).findings
    assert [(Path(each.span.file).name, places(each)) for each in findings] == [
        ("one.yaml", [6, 7, 8]),
        ("two.yaml", [6, 7, 8]),
    ]


CHART = {
    "Chart.yaml": "apiVersion: v2\nname: node\nversion: 0.1.0\n",
    "values.yaml": "more: false\na: docker.io/bitnami/redis:7.2\nb: docker.io/bitnami/nginx:1.27\n",
    "ci/more-values.yaml": "more: true\n",
    "templates/pod.yaml": """\
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
spec:
  containers:
    - name: a
      image: {{ .Values.a }}
    {{- if .Values.more }}
    - name: c
      image: docker.io/bitnami/kafka:3.9
    {{- end }}
    - name: b
      image: {{ .Values.b }}
""",
}


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    for name, text in CHART.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_finding_on_a_chart_has_the_places_of_all_scenarios(chart: Path) -> None:
    (finding,) = lint([chart], select=["IMG002"]).findings
    assert (places(finding), finding.scenarios) == ([8, 11, 14], ("defaults", "ci/more-values.yaml"))


def test_a_suppression_beside_a_value_silences_what_the_value_makes(chart: Path) -> None:
    text = CHART["values.yaml"].replace("7.2", f"7.2{IGNORE.format(rule='IMG002')}")
    (chart / "values.yaml").write_text(text)
    result = lint([chart], select=["IMG002"])
    assert [places(each) for each in result.findings] == [[14, 11]]  # that of the defaults first
    assert [each.finding.span.line for each in result.suppressed] == [8]


def test_a_fix_mends_the_places_that_nobody_accepted(tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    file.write_text(POD.replace("nginx:1.27", 'nginx:1.27  # hmco: ignore IMG002 reason="known"'))
    (change,) = fixing.fix([file], unsafe=True, select=["IMG002"]).changes
    images = [line.split("#")[0].strip() for line in change.after.decode().splitlines() if "image:" in line]
    assert images == [
        "image: docker.io/bitnamilegacy/redis:7.2",
        "image: docker.io/bitnami/nginx:1.27",
        "image: docker.io/bitnamilegacy/kafka:3.9",
    ]
