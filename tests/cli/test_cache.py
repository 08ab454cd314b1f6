"""An unchanged tree is answered from the cache, a changed one never is, and a damaged entry is replaced."""

import json
import os
import tarfile
from pathlib import Path

import pytest

from hmco_charts.values import charts
from tests.values.stub import stub

BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  url: postgres://app:tr0ub4dor@db/app\n"
GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  url: postgres://db/app\n"
MARK = "remembered"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "a.yaml").write_text(BAD)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def cache(project: Path) -> Path:
    return project / "cache" / "hmco-charts" / "lint"


@pytest.fixture
def lint(run, project: Path):
    """Lints the project; gives the report and the exit code."""

    def call(*options: str) -> tuple[str, int]:
        words = options if any("manifests" in each for each in options) else ("manifests", *options)
        result = run("lint", *words, cwd=project, XDG_CACHE_HOME=str(project / "cache"))
        assert result.stderr == ""
        return result.stdout, result.returncode

    return call


@pytest.fixture
def marked(lint, cache: Path):
    """Marks the one entry of the cache, so that an answer from it can be told from a new one."""
    lint()
    (entry,) = cache.iterdir()
    mark(entry)
    return entry


def mark(entry: Path) -> None:
    from hmco_charts.cli.cache import Answer, _sum

    told = json.loads(entry.read_text())
    told["reports"] = [[None, MARK]]
    told["sum"] = _sum(Answer(told["reports"], told["code"]))
    entry.write_text(json.dumps(told))


def test_an_equal_run_is_answered_from_the_cache(lint, marked: Path) -> None:
    assert lint() == (MARK, 1)


def test_a_new_answer_equals_the_one_that_is_remembered(lint) -> None:
    assert lint("--format", "json") == lint("--format", "json") == lint("--format", "json", "--no-cache")


def test_no_cache_neither_uses_nor_keeps(lint, marked: Path) -> None:
    before = marked.read_text()
    assert MARK not in lint("--no-cache")[0]
    assert marked.read_text() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project / "manifests" / "a.yaml").write_text(GOOD),
        lambda project: (project / "manifests" / "b.yaml").write_text(GOOD),
        lambda project: (project / "manifests" / "a.yaml").rename(project / "manifests" / "b.yaml"),
        lambda project: (project / "hmco-charts.yaml").write_text("lint: {ignore: [SEC001]}"),
        lambda project: (project / "pyproject.toml").write_text("[tool.hmco-charts.lint]\nignore = ['SEC001']"),
    ],
    ids=["content", "one more", "name", "settings", "pyproject"],
)
def test_what_changes_the_answer_is_not_answered_from_the_cache(lint, marked: Path, project: Path, change) -> None:
    change(project)
    assert MARK not in lint()[0]


@pytest.mark.parametrize(
    "options",
    [["--select", "SEC"], ["--severity", "error"], ["--format", "json"], ["--no-ignores"], ["manifests/a.yaml"]],
)
def test_other_options_have_other_answers(lint, marked: Path, options: list[str]) -> None:
    assert MARK not in lint(*options)[0]


def test_the_time_of_a_file_does_not_matter(lint, marked: Path, project: Path) -> None:
    os.utime(project / "manifests" / "a.yaml", (1, 1))
    assert lint() == (MARK, 1)


def test_files_that_only_the_settings_name_are_looked_at(lint, cache: Path, project: Path) -> None:
    (project / "hmco-charts.yaml").write_text("lint: {baseline: known.json}")
    (project / "known.json").write_text('{"version": 1, "findings": {}}')
    assert lint()[1] == 1
    (entry,) = cache.iterdir()
    mark(entry)
    assert lint() == (MARK, 1)
    (project / "known.json").write_text('{"version": 1, "findings": {} }')
    assert MARK not in lint()[0]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"reports": 1}', "\0\0", '{"reports": [], "code": 0, "files": []}'])
def test_a_damaged_entry_is_replaced(lint, marked: Path, damage: str) -> None:
    marked.write_text(damage)
    text, code = lint()
    assert (code, "SEC001" in text) == (1, True)
    mark(marked)
    assert lint() == (MARK, 1)


def test_a_report_that_goes_to_a_file_is_written_again(lint, project: Path) -> None:
    lint("--format", "json=findings.json")
    first = (project / "findings.json").read_text()
    (project / "findings.json").unlink()
    lint("--format", "json=findings.json")
    assert (project / "findings.json").read_text() == first


def test_kustomizations_are_read_anew(lint, cache: Path, project: Path) -> None:
    (project / "manifests" / "kustomization.yaml").write_text("resources: [a.yaml]\n")
    lint()
    assert not cache.exists()


def test_what_could_not_be_analysed_is_tried_again(lint, cache: Path, project: Path) -> None:
    (project / "manifests" / "b.yaml").write_text("kind: Pod\napiVersion: [")
    assert lint()[1] == 3
    assert not cache.exists()


def test_nothing_of_a_secret_is_kept(lint, marked: Path) -> None:
    assert "tr0ub4dor" not in "".join(each.read_text() for each in marked.parent.iterdir())


def test_a_cache_that_cannot_be_written_is_done_without(run, project: Path) -> None:
    (project / "file").write_text("")
    result = run("lint", "manifests", cwd=project, XDG_CACHE_HOME=str(project / "file"))
    assert (result.returncode, result.stderr) == (1, "")


def test_an_equal_check_of_charts_is_answered_from_the_cache(run, project: Path, cache: Path) -> None:
    def render(*options: str) -> tuple[str, int]:
        result = run("render", "node-tuning", *options, cwd=project, XDG_CACHE_HOME=str(project / "cache"))
        return result.stdout, result.returncode

    render()
    assert render("--check") == ("charts/node-tuning is as rendered\n", 0)
    (entry,) = cache.iterdir()
    mark(entry)
    assert render("--check") == (MARK, 0)
    (project / "charts" / "node-tuning" / "values.yaml").write_text("{}\n")
    assert render("--check") == ("changed: charts/node-tuning/values.yaml\n", 1)
    assert render()[0].startswith("wrote charts/node-tuning")


STALE = "Run `hmco-charts render` to write what is missing or changed.\n"


def test_a_check_of_a_platform_sees_what_deps_fetched(run, project: Path) -> None:
    (project / "platform.yaml").write_text("cluster: {nodes: [{cpu: 4, memory: 8Gi}]}\nsystems: {flink-operator: }\n")

    def render(*options: str) -> tuple[str, int]:
        words = ("render", "--platform", "platform.yaml", *options)
        result = run(*words, cwd=project, XDG_CACHE_HOME=str(project / "cache"))
        assert result.stderr in ("", STALE)
        return result.stdout, result.returncode

    render()
    assert render("--check") == ("platform is as rendered\n", 0)
    folder = stub(charts()["flink-operator"], project / "fetched")
    archive = f"charts/flink-operator/charts/{folder.name}-{charts()['flink-operator'].upstream.version}.tgz"
    (project / archive).parent.mkdir(parents=True)
    with tarfile.open(project / archive, "w:gz") as made:
        made.add(folder, folder.name)
    assert render("--check") == (f"missing: platform/{archive}\n", 1)
    assert f"+++ platform/{archive}" in render("--diff")[0]
