"""Helmfiles: the values that they give to charts are read where they stand, and what cannot be read is told."""

from pathlib import Path

import pytest

from hmco_charts.lint import Finding, lint

CONFIG = """\
server:
  standalone:
    config: |
      disable_mlock = true
      storage "postgresql" {
        connection_string = "postgres://vault@db/vault"
      }
      listener "tcp" {
        tls_disable = 1
      }
"""
INLINE = "".join(f"          {line}\n" for line in CONFIG.splitlines())
LAKEFS = "lakefsConfig: |\n  database:\n    postgres:\n      connection_string: postgres://lakefs:tr0ub4dor@db/lakefs\n"


def found(folder: Path, files: dict[str, str], path: str = "") -> list[Finding]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return list(lint([folder / path], select=["VLT001", "SEC001"]).findings)


def told(folder: Path, findings: list[Finding]) -> list[tuple[str, str, int]]:
    return [(each.rule, str(Path(each.span.file).relative_to(folder)), each.span.line) for each in findings]


def helmfile(values: str, chart: str = "hashicorp/vault") -> str:
    return f"releases:\n  - name: one\n    chart: {chart}\n    values:\n{values}"


@pytest.mark.parametrize("name", ["helmfile.yaml", "helmfile.yml", "helmfile.d/10-vault.yaml", "helmfile.yaml.gotmpl"])
def test_inline_values_are_read_at_their_place(tmp_path: Path, name: str) -> None:
    findings = found(tmp_path, {name: helmfile("      - " + INLINE.lstrip())})
    assert told(tmp_path, findings) == [("VLT001", name, 10)]


@pytest.mark.parametrize("path", ["", "helmfile.yaml"], ids=["folder", "the helmfile itself"])
def test_files_of_values_are_read_once_and_as_values_of_their_chart(tmp_path: Path, path: str) -> None:
    files = {
        "helmfile.yaml": helmfile("      - values/lakefs.yaml\n", "treeverse/lakefs"),
        "values/lakefs.yaml": LAKEFS,
    }
    assert told(tmp_path, found(tmp_path, files, path)) == [("SEC001", "values/lakefs.yaml", 4)]


def test_values_with_a_key_kind_are_values(tmp_path: Path) -> None:
    files = {"helmfile.yaml": helmfile("      - v.yaml\n"), "v.yaml": f"kind: StatefulSet\n{CONFIG}"}
    assert told(tmp_path, found(tmp_path, files)) == [("VLT001", "v.yaml", 7)]


def test_a_pattern_names_all_files_that_it_fits(tmp_path: Path) -> None:
    files = {"helmfile.yaml": helmfile("      - values/*.yaml\n"), "values/a.yaml": CONFIG, "values/b.yaml": CONFIG}
    findings = found(tmp_path, files, "helmfile.yaml")
    assert told(tmp_path, findings) == [("VLT001", "values/a.yaml", 6), ("VLT001", "values/b.yaml", 6)]


def test_helmfiles_that_a_helmfile_names_are_read(tmp_path: Path) -> None:
    files = {
        "helmfile.yaml": "bases: [base.yaml]\nhelmfiles:\n  - path: apps\n",
        "apps/vault.yaml.old": "releases: {{",
        "base.yaml": "helmfiles: [helmfile.yaml]\n",
        "apps/vault.yaml": helmfile("      - ../vault.yaml\n"),
        "vault.yaml": CONFIG,
    }
    assert told(tmp_path, found(tmp_path, files, "helmfile.yaml")) == [("VLT001", "vault.yaml", 6)]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("values/{{ .Environment.Name }}.yaml", "whose name helmfile's templates make"),
        ("git::https://example.org/values.git@vault.yaml", "of another machine"),
        ("none.yaml", "no such file"),
        ("[]", "no name of a file"),
    ],
)
def test_a_file_that_is_not_read_is_told_at_its_entry(tmp_path: Path, entry: str, reason: str) -> None:
    (finding,) = found(tmp_path, {"helmfile.yaml": helmfile(f"      - {entry}\n")})
    assert told(tmp_path, [finding]) == [("HMC001", "helmfile.yaml", 5)]
    assert reason in finding.message


def test_a_missing_file_that_helmfile_does_without_is_no_fault(tmp_path: Path) -> None:
    text = "missingFileHandler: Warn\n" + helmfile("      - none.yaml\n      - vault.yaml\n")
    findings = found(tmp_path, {"helmfile.yaml": text, "vault.yaml": CONFIG})
    assert told(tmp_path, findings) == [("VLT001", "vault.yaml", 6)]


@pytest.mark.parametrize("name", ["helmfile.yaml", "helmfile.yaml.gotmpl", "helmfile.d/a.yaml.gotmpl"])
def test_a_template_that_is_no_yaml_is_told(tmp_path: Path, name: str) -> None:
    text = "releases:\n{{- range .Values.names }}\n  - name: {{ . }}\n{{- end }}\n"
    (finding,) = found(tmp_path, {name: text})
    assert (finding.rule, Path(finding.span.file).name) == ("HMC001", Path(name).name)
    assert "a template of helmfile" in finding.message
    assert finding.help == "Lint what `helmfile template` gives."


def test_a_template_of_values_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    files = {
        "helmfile.yaml": helmfile("      - a.yaml.gotmpl\n      - vault.yaml\n"),
        "a.yaml.gotmpl": "server:\n  {{- if .Values.ha }}\n  ha: {}\n  {{- end }}\n",
        "vault.yaml": CONFIG,
    }
    findings = found(tmp_path, files)
    assert told(tmp_path, findings) == [("HMC001", "a.yaml.gotmpl", 2), ("VLT001", "vault.yaml", 6)]
    assert "a template of helmfile" in findings[0].message


def test_a_helmfile_without_a_fault_is_silent(tmp_path: Path) -> None:
    text = CONFIG.replace("connection_string", "connection_url")
    assert found(tmp_path, {"helmfile.yaml": helmfile("      - vault.yaml\n"), "vault.yaml": text}) == []


def test_single_values_are_read_where_they_stand(tmp_path: Path) -> None:
    given = """releases:
  - chart: hashicorp/vault
    set:
      - name: server.image.tag
        value: "1.21"
      - name: server.standalone.config
        value: 'storage "postgresql" { connection_string = "x" }'
"""
    assert told(tmp_path, found(tmp_path, {"helmfile.yaml": given})) == [("VLT001", "helmfile.yaml", 7)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- releases", "a helmfile is a map of settings"),
        ("7", "a helmfile is a map of settings"),
        ("releases: {name: vault}", "helmfile has `releases` in a list"),
        ("releases: [5]", "a release of a helmfile is a map of settings"),
        ("helmfiles: sub.yaml", "helmfile has `helmfiles` in a list"),
        ("bases: {a: b}", "helmfile has `bases` in a list"),
        ("releases: [{chart: a, values: v.yaml}]", "helmfile has `values` in a list"),
        ("releases: [{chart: a, inherit: [{template: default}]}]", "what `inherit` gives a release was not read"),
    ],
)
def test_what_helmfile_would_not_take_and_what_is_not_read_is_told(tmp_path: Path, text: str, message: str) -> None:
    (finding,) = found(tmp_path, {"helmfile.yaml": f"{text}\n"})
    assert (finding.rule, finding.message) == ("HMC001", f"Not analysed: {message}")


def test_a_manifest_that_a_pattern_meets_is_one_all_the_same(tmp_path: Path) -> None:
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  A_PASSWORD: tr0ub4dor-and-3\n"
    files = {"helmfile.yaml": helmfile('      - "*.yaml"\n'), "app.yaml": manifest}
    assert ("SEC001", "app.yaml", 5) in told(tmp_path, found(tmp_path, files))


@pytest.mark.parametrize("pattern", ["a***/x.yaml", "****/x.yaml"])
def test_a_pattern_of_many_stars_stays_in_its_folder(tmp_path: Path, pattern: str) -> None:
    files = {"helmfile.yaml": helmfile(f'      - "{pattern}"\n', "treeverse/lakefs"), "abc/deep/x.yaml": LAKEFS}
    assert [each.rule for each in found(tmp_path, files, "helmfile.yaml")] == ["HMC001"]


@pytest.mark.parametrize("link", ["helmfile.yaml", "x.yaml"])
def test_links_that_lead_in_a_circle_are_told(tmp_path: Path, link: str) -> None:
    (tmp_path / "helmfile.d").mkdir()
    (tmp_path / "helmfile.d" / "a.yaml").write_text("releases: []\n")
    (tmp_path / link).symlink_to(link)
    assert {each.rule for each in found(tmp_path, {})} == {"HMC001"}


def test_a_helmfile_is_one_where_its_folder_is_the_working_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(tmp_path, {"helmfile.d/10-vault.yaml": helmfile("      - " + INLINE.lstrip())})
    monkeypatch.chdir(tmp_path / "helmfile.d")
    assert [each.rule for each in lint(["."], select=["VLT001"]).findings] == ["VLT001"]


def test_a_name_of_a_thousand_parts_is_no_fault(tmp_path: Path) -> None:
    given = f"releases: [{{chart: b, set: [{{name: {'.'.join('a' * 3000)}, value: 3}}]}}]\n"
    assert found(tmp_path, {"helmfile.yaml": given}) == []
