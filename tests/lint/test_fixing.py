"""Fixes: tried on a copy, kept where a second run shows the fault gone and nothing new, and written as a whole."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hmco_charts.configuration import Suppression
from hmco_charts.errors import ConfigurationError
from hmco_charts.lint import fixing, lint

RULES = Path(__file__).parent / "rules"
VAULT = (RULES / "VLT001" / "bad" / "postgresql.yaml").read_text()


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    file = tmp_path / "work" / "vault.yaml"
    file.parent.mkdir()
    file.write_text(VAULT)
    return file


def mended(path: Path, **settings: object) -> fixing.Mended:
    return fixing.fix([path], select=["VLT001"], **settings)


def test_a_safe_fix_changes_its_key_and_nothing_else(manifest: Path) -> None:
    (change,) = mended(manifest).changes
    assert change.file == manifest
    assert change.after.decode() == VAULT.replace("connection_string", "connection_url")
    assert manifest.read_text() == VAULT


def test_what_is_written_is_found_no_more(manifest: Path) -> None:
    fixing.write(mended(manifest).changes)
    assert lint([manifest], select=["VLT001"]).findings == ()
    assert [each.name for each in manifest.parent.iterdir()] == ["vault.yaml"]


@pytest.mark.parametrize("before", [VAULT.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + VAULT.encode()])
def test_line_ends_and_a_byte_order_mark_stay(manifest: Path, before: bytes) -> None:
    manifest.write_bytes(before)
    (change,) = mended(manifest).changes
    assert change.after == before.replace(b"connection_string", b"connection_url")


def test_unsafe_fixes_are_made_only_when_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    shutil.copy(RULES / "VLT001" / "bad" / "beside_connection_url.yaml", file)
    told = mended(file)
    assert (told.changes, told.left) == ((), 1)
    (change,) = mended(file, unsafe=True).changes
    assert b"connection_string" not in change.after


def test_suppressed_and_excluded_findings_are_left_alone(manifest: Path) -> None:
    here = str(manifest)
    assert mended(manifest, suppressions=[Suppression("VLT001", "x", file=here)]).changes == ()
    assert mended(manifest.parent, exclude=[here]).changes == ()
    assert mended(manifest.parent, suppressions=[Suppression("VLT001", "x", file="/other/*")]).changes != ()


def test_a_fix_that_brings_another_fault_is_not_kept(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []

    def worse(paths, **settings):
        result = lint(paths, **settings)
        found.extend(result.findings)
        other = replace(found[0], rule="VLT004")
        return result if result.findings else replace(result, findings=(other,))

    monkeypatch.setattr(fixing, "lint", worse)
    told = mended(manifest)
    assert (told.changes, told.unproven) == ((), 1)


def test_one_bad_fix_does_not_hold_up_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / f"{name}.yaml").write_text(VAULT.replace("name: vault-config", f"name: {name}-config"))
    real = fixing._is_proven
    monkeypatch.setattr(
        fixing,
        "_is_proven",
        lambda chosen, *results: real(chosen, *results) and not any("b.yaml" in each.span.file for each, _ in chosen),
    )
    told = mended(tmp_path)
    assert ([each.file.name for each in told.changes], told.unproven) == (["a.yaml", "c.yaml"], 1)


def test_a_chart_is_mended_in_its_template(tmp_path: Path) -> None:
    chart = tmp_path / "app"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 0.1.0\n")
    template = VAULT.replace("metadata:", "metadata:\n  labels: {release: {{ .Release.Name | quote }}}", 1)
    (chart / "templates" / "vault.yaml").write_text(template)
    (change,) = mended(chart).changes
    assert change.file == chart / "templates" / "vault.yaml"
    assert change.after.decode() == template.replace("connection_string", "connection_url")


def test_a_file_that_changed_meanwhile_is_not_overwritten(manifest: Path) -> None:
    told = mended(manifest)
    manifest.write_text(f"# mine\n{VAULT}")
    with pytest.raises(ConfigurationError, match="changed while"):
        fixing.write(told.changes)
    assert manifest.read_text().startswith("# mine")


def test_a_link_stays_a_link_and_the_mode_stays(manifest: Path, tmp_path: Path) -> None:
    manifest.chmod(0o600)
    link = tmp_path / "link.yaml"
    link.symlink_to(manifest)
    fixing.write(mended(link).changes)
    assert link.is_symlink()
    assert "connection_url" in manifest.read_text()
    assert manifest.stat().st_mode & 0o777 == 0o600


def test_a_path_that_leads_up_and_down_again_is_found(tmp_path: Path) -> None:
    base, top = tmp_path / "base", tmp_path / "overlays" / "top"
    for folder in (base, top):
        folder.mkdir(parents=True)
    (base / "vault.yaml").write_text(VAULT)
    (base / "kustomization.yaml").write_text("resources: [vault.yaml]\n")
    (top / "kustomization.yaml").write_text("resources: [../../base]\n")
    told = mended(top)
    assert (told.changes, told.left) == ((), 1)
    assert (base / "vault.yaml").read_text() == VAULT


BAD = sorted(path for path in RULES.glob("*/bad/*.yaml") if path.name.count(".") == 1)


@pytest.mark.parametrize("path", BAD, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_fix_that_a_rule_offers_is_proven(path: Path) -> None:
    rule = path.parts[-3]
    offered = [each for each in lint([path], select=[rule]).findings if each.fixes]
    if offered:
        told = fixing.fix([path], unsafe=True, select=[rule])
        assert (told.unproven, len(told.fixes) > 0) == (0, True)
