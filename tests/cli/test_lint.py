"""`hmco-charts lint`: exit codes, formats, places, and nothing of a secret anywhere."""

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
INCIDENT = ROOT / "examples" / "incident"
SECRETS = ("vault-secure-password-change-me", "lakefs-pw-123")
CLEAN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {LEVEL: info}\n"
BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  url: postgres://app:tr0ub4dor@db/app\n"


def findings(result: subprocess.CompletedProcess[str]) -> set[tuple[str, str]]:
    found = json.loads(result.stdout)["findings"]
    return {(each["rule"], f"{each['object']['kind']}/{each['object']['name']}") for each in found}


def test_the_incident_gives_the_mandated_findings(run) -> None:
    result = run("lint", INCIDENT / "before.yaml", "--format", "json")
    assert result.returncode == 1
    assert findings(result) >= {
        ("VLT001", "ConfigMap/vault-config"),
        ("SEC001", "ConfigMap/vault-config"),
        ("TLS005", "ConfigMap/vault-config"),
        ("TLS001", "Secret/vault-tls"),
        ("VLT002", "Deployment/vault"),
        ("VLT004", "Deployment/vault"),
        ("DBB001", "Deployment/vault"),
        ("SCH001", "Deployment/vault"),
        ("SYS001", "Deployment/lakefs"),
        ("SEC002", "Deployment/lakefs"),
    }


def test_the_incident_after_the_report_still_holds_faults(run) -> None:
    result = run("lint", INCIDENT / "after-report.yaml", "--format", "json")
    assert result.returncode == 1
    assert findings(result) >= {
        ("SEC001", "ConfigMap/vault-config"),
        ("SEC001", "ConfigMap/postgres-shared-init"),
        ("TLS005", "ConfigMap/vault-config"),
        ("DBB002", "ConfigMap/postgres-shared-init"),
        ("VLT004", "StatefulSet/vault"),
        ("VLT006", "StatefulSet/vault"),
        ("SYS003", "KubeletConfiguration/"),
    }


def test_a_finding_points_at_the_key_in_the_block_scalar(run) -> None:
    result = run("lint", INCIDENT / "before.yaml", "--format", "json", "--select", "VLT001")
    (finding,) = json.loads(result.stdout)["findings"]
    line = (INCIDENT / "before.yaml").read_text().splitlines()[finding["line"] - 1]
    assert line[finding["column"] - 1 : finding["end_column"] - 1] == "connection_string"
    assert finding["locator"] == "data/vault.hcl:3"


@pytest.mark.parametrize("fmt", ["text", "json", "sarif"])
def test_no_format_shows_a_character_of_a_secret(run, fmt: str) -> None:
    result = run("lint", INCIDENT, "--format", fmt, "--severity", "info")
    for secret in SECRETS:
        assert secret not in result.stdout + result.stderr


def test_json_follows_its_schema(run) -> None:
    result = run("lint", INCIDENT, "-", "--format", "json", "--severity", "info", stdin="a: [\n")
    schema = json.loads((ROOT / "schemas" / "findings.schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(json.loads(result.stdout))


def test_nothing_found_exits_with_0(run) -> None:
    result = run("lint", "-", stdin=CLEAN)
    assert (result.returncode, result.stdout) == (0, "1 object checked: nothing found.\n")


def test_what_is_no_kubernetes_object_is_counted(run) -> None:
    result = run("lint", "-", stdin="a: 1\n---\n" + CLEAN)
    assert result.stdout == "1 object checked: nothing found. 1 document without a kind left out.\n"


def test_exit_zero_hides_findings_from_the_exit_code_only(run) -> None:
    result = run("lint", "-", "--exit-zero", "--format", "json", stdin=BAD)
    assert result.returncode == 0
    assert findings(result) == {("SEC001", "ConfigMap/a")}


def test_what_cannot_be_read_is_a_finding_and_the_rest_is_analysed(run, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("kind: ConfigMap\na: [\n---\n" + BAD)
    (tmp_path / "latin.yaml").write_bytes(b"kind: ConfigMap\nname: caf\xe9\n")
    result = run("lint", ".", "--format", "json")
    assert result.returncode == 3
    places = [(each["rule"], each["file"], each["line"]) for each in json.loads(result.stdout)["findings"]]
    assert places == [("HMC001", "broken.yaml", 3), ("SEC001", "broken.yaml", 8), ("HMC001", "latin.yaml", 2)]


def test_a_wrong_rule_is_refused_with_the_nearest(run) -> None:
    result = run("lint", "--select", "VLT01", stdin=CLEAN)
    assert (result.returncode, result.stderr) == (2, "error: unknown rule 'VLT01'\n  Did you mean 'VLT001'?\n")


def test_a_missing_file_is_told(run) -> None:
    result = run("lint", "nowhere.yaml", "--format", "json")
    (finding,) = json.loads(result.stdout)["findings"]
    assert (result.returncode, finding["message"]) == (3, "Not analysed: No such file or directory")
    assert finding["help"] == "Check the path."


def test_members_of_a_list_are_checked_at_their_place(run) -> None:
    text = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(CLEAN), yaml.safe_load(BAD)]})
    result = run("lint", "-", "--format", "json", stdin=text)
    (finding,) = json.loads(result.stdout)["findings"]
    assert text.splitlines()[finding["line"] - 1].strip() == "url: postgres://app:tr0ub4dor@db/app"


def test_a_file_of_a_chart_stands_for_its_chart(run, tmp_path: Path) -> None:
    templates = tmp_path / "app" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "app" / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "app" / "values.yaml").write_text("password: tr0ub4dor\n")
    (templates / "config.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n"
        "  level: info\n  url: postgres://app:{{ .Values.password }}@db/app\n"
    )
    result = run("lint", "app/values.yaml", "app/templates/config.yaml", "--format", "json", "--select", "SEC001")
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["file"], finding["line"]) == ("SEC001", "app/templates/config.yaml", 7)


def test_output_goes_to_a_file(run, tmp_path: Path) -> None:
    result = run("lint", "-", "--format", "sarif=out.sarif", stdin=BAD)
    assert (result.returncode, result.stdout) == (1, "")
    run_ = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]
    assert [each["ruleId"] for each in run_["results"]] == ["SEC001"]
