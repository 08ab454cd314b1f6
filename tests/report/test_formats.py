"""Each format against what its readers accept: a schema where there is one, else the rules of the reader."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from hmco_charts.lint import Edit, Finding, Fix, ObjectName, Related, Result, Severity, all_rules, catalogue, lint
from hmco_charts.lint.finding import Confidence
from hmco_charts.report import FORMATS, render
from hmco_charts.report.replacements import replacements
from hmco_charts.yamlio import Span

ROOT = Path(__file__).parents[2]
ODD = 'a b:c,d%"<é>.yaml'
SPAN = Span("file.yaml", 3, 5, 3, 9)


def finding(**changed: object) -> Finding:
    told = {
        "rule": "VLT001",
        "name": "vault-storage-connection-string",
        "severity": Severity.ERROR,
        "confidence": Confidence.HIGH,
        "message": "50% wrong, see: \x1b[31m<a> & \r\nb.",
        "place": SPAN,
        "object": ObjectName("ConfigMap", "vault", "prod"),
        "locator": "data/vault.hcl:3",
        "subject": "storage",
        "help": "Mend it: 100%,\nplease.",
    }
    return Finding(**{**told, **changed})


FIX = Fix("Rename it", (Edit(SPAN, ("right",)), Edit(Span("file.yaml", 4, 1, 5, 1))), is_safe=True)
MOVE = Fix("Move it", (Edit(SPAN), Edit(Span("b.yaml", 1, 1, 1, 1), (Span("file.yaml", 3, 5, 3, 9),))), is_safe=False)
FINDINGS = (
    finding(fixes=(MOVE, FIX), related=(Related("workload", Span("b.yaml", 1, 1, 2, 1), "mounts\nit"),)),
    finding(),
    finding(place=Span(ODD, 1, 1, 4, 2), severity=Severity.WARNING, object=ObjectName(), locator="", scenarios=("a",)),
    finding(place=Span("/elsewhere/x.yaml", 1, 1, 1, 1), severity=Severity.INFO),
    finding(place=Span(str(ROOT / "docs" / "x.yaml"), 1, 1, 1, 1)),
    finding(rule="HMC001", name="input-not-analysed", object=ObjectName()),
    finding(rule="HMC004", name="scenario-cap-reached", severity=Severity.INFO),
)


@pytest.fixture(params=["many", "none", "real"])
def result(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(ROOT)
    if request.param == "real":
        found = lint(["examples/incident", "nowhere.yaml"], severity=Severity.INFO, confidence=Confidence.LOW)
        assert len(found.findings) > 20
        return found
    return Result(findings=FINDINGS if request.param == "many" else (), hidden=0, objects=1, foreign=0)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_a_module_with_a_page(form: str, result: Result) -> None:
    text = render(result, form)
    assert text == "" or text.endswith("\n")
    assert f"`{form}`" in (ROOT / "docs" / "findings.md").read_text()


def test_json_follows_its_schema(result: Result) -> None:
    schema = json.loads((ROOT / "schemas" / "findings.schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(json.loads(render(result, "json")))


def test_jsonl_has_the_findings_of_json_one_a_line(result: Result) -> None:
    lines = render(result, "jsonl").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == json.loads(render(result, "json"))["findings"]


def test_concise_has_a_line_for_each_finding(result: Result) -> None:
    lines = render(result, "concise").split("\n")
    assert lines.pop() == ""
    place = re.compile(r".+:\d+:\d+: (error|warning|info) [A-Z]+\d{3} \S")
    assert [bool(place.match(line)) for line in lines] == [True] * len(result.findings)
    assert "\x1b" not in "".join(lines)


def test_sarif_follows_the_schema_of_the_standard(result: Result) -> None:
    schema = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text())
    checker = jsonschema.Draft4Validator.FORMAT_CHECKER
    log = json.loads(render(result, "sarif"))
    jsonschema.Draft4Validator(schema, format_checker=checker).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in catalogue()]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [each.rule for each in result.findings]
    assert all(each["partialFingerprints"] for each in run["results"])


def test_sarif_names_files_as_uris(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    log = json.loads(render(Result(FINDINGS, 0, 1, 0), "sarif"))
    places = [each["locations"][0]["physicalLocation"] for each in log["runs"][0]["results"]]
    uris = [place["artifactLocation"]["uri"] for place in places]
    assert uris[1:5] == ["file.yaml", "a%20b:c%2Cd%25%22%3C%C3%A9%3E.yaml", "file:///elsewhere/x.yaml", "docs/x.yaml"]
    assert places[2]["region"] == {"startLine": 1, "startColumn": 1, "endLine": 4, "endColumn": 2}


def test_sarif_tells_fixes_that_move_no_text() -> None:
    log = json.loads(render(Result(FINDINGS, 0, 1, 0), "sarif"))
    (fix,) = log["runs"][0]["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert (fix["description"]["text"], change["artifactLocation"]["uri"]) == ("Rename it", "file.yaml")
    assert [each["insertedContent"]["text"] for each in change["replacements"]] == ["right", ""]


def test_sarif_says_whether_all_was_analysed() -> None:
    told = [json.loads(render(Result(each, 0, 1, 0), "sarif")) for each in (FINDINGS, FINDINGS[:5])]
    successful = [log["runs"][0]["invocations"][0]["executionSuccessful"] for log in told]
    assert successful == [False, True]


def test_what_a_fix_keeps_in_its_place_is_not_replaced() -> None:
    kept = Span("file.yaml", 3, 6, 3, 8)
    fix = Fix("Quote it", (Edit(SPAN, ('"', kept, '"')),), is_safe=True)
    places = [(each.span.column, each.span.end_column, each.text) for each in replacements(fix)]
    assert places == [(5, 6, '"'), (8, 9, '"')]


JUNIT = {  # element: attributes, of which those that must be there, and elements in it; as in junit-10.xsd of Jenkins
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "file"},
        {"name", "tests", "failures", "errors"},
        {"testcase", "properties", "system-out", "system-err"},
    ),
    "testcase": ({"name", "time", "classname", "group"}, {"name"}, {"skipped", "error", "failure"}),
    **dict.fromkeys(("skipped", "error", "failure"), ({"type", "message"}, set(), set())),
}


def test_junit_follows_the_schema_of_its_readers(result: Result) -> None:
    root = ET.fromstring(render(result, "junit"))
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, required, children = JUNIT[element.tag]
        assert required <= set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
    outcomes = [[told.tag for told in case] for case in root.iter("testcase")]
    assert len(outcomes) == max(len(result.findings), 1)
    assert all(len(told) == 1 for told in outcomes) == bool(result.findings)
    for suite in root:
        counted = [sum(told.tag == tag for told in suite.iter()) for tag in ("testcase", "failure", "error", "skipped")]
        assert counted == [int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")]


def test_junit_tells_an_error_where_something_was_not_analysed() -> None:
    root = ET.fromstring(render(Result(FINDINGS[-2:], 0, 1, 0), "junit"))
    assert [told.tag for case in root.iter("testcase") for told in case] == ["error", "skipped"]


def command(line: str) -> tuple[str, Mapping[str, str], str]:
    """A workflow command as the runner of GitHub Actions reads it."""

    def plain(text: str, escapes: Mapping[str, str]) -> str:
        return re.sub("%(?:0D|0A|25|3A|2C)", lambda match: escapes.get(match[0], match[0]), text)

    data = {"%0D": "\r", "%0A": "\n", "%25": "%"}
    head, _, message = line.removeprefix("::").partition("::")
    name, _, properties = head.partition(" ")
    pairs = [each.split("=", 1) for each in properties.split(",")]
    told = {key.strip(): plain(value, {**data, "%3A": ":", "%2C": ","}) for key, value in pairs}
    return name, told, plain(message, data)


def test_github_reads_back_what_was_found(result: Result) -> None:
    lines = render(result, "github").split("\n")
    assert lines.pop() == ""
    assert all(line.startswith("::") for line in lines)
    levels = {"error": "error", "warning": "warning", "info": "notice"}
    for line, found in zip(lines, result.findings, strict=True):
        name, properties, message = command(line)
        assert name == levels[found.severity.value]
        assert message == f"{found.message}\n{found.help}"
        assert (properties["line"], properties["endLine"]) == (str(found.span.line), str(found.span.end_line))
        assert ("col" in properties) == (found.span.line == found.span.end_line)
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}


def test_github_and_gitlab_name_files_as_the_repository_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    expected = ["file.yaml", ODD, "/elsewhere/x.yaml", "docs/x.yaml"]
    found = Result(FINDINGS[1:5], 0, 1, 0)
    assert [command(line)[1]["file"] for line in render(found, "github").splitlines()] == expected
    assert [issue["location"]["path"] for issue in json.loads(render(found, "gitlab"))] == expected


GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": "^\\./"}},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                    "positions": {"properties": {"begin": {"required": ["line"]}}},
                },
                "oneOf": [{"required": ["lines"]}, {"required": ["positions"]}],
            },
        },
    },
}


def test_gitlab_follows_its_documentation(result: Result) -> None:
    issues = json.loads(render(result, "gitlab"))
    jsonschema.Draft7Validator(GITLAB).validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(result.findings)


def test_gitlab_knows_a_finding_again_after_lines_moved() -> None:
    moved = Span("file.yaml", 30, 5, 30, 9)
    before, after = (render(Result((finding(place=span),), 0, 1, 0), "gitlab") for span in (SPAN, moved))
    assert json.loads(before)[0]["fingerprint"] == json.loads(after)[0]["fingerprint"]


def test_sarif_links_each_rule_to_its_source() -> None:
    log = json.loads(render(Result((), 0, 0, 0), "sarif"))
    links = {rule["id"]: rule.get("helpUri") for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {rule.id: rule.source for rule in all_rules()}.items() <= links.items()
