"""`hmco-charts render`, `template` and `values`: charts as a user asks for them."""

import json
from pathlib import Path

import yaml

from hmco_charts.values import charts

ROOT = Path(__file__).parents[2]


def kinds(text: str) -> set[tuple[str, str]]:
    return {(each["kind"], each["metadata"]["name"]) for each in yaml.safe_load_all(text)}


def test_render_writes_every_chart_and_check_agrees(run, tmp_path: Path) -> None:
    assert run("render").returncode == 0
    result = run("render", "--check")
    assert (result.returncode, result.stdout) == (0, "".join(f"charts/{name} is as rendered\n" for name in charts()))
    assert (tmp_path / "charts" / "vault" / "values.yaml").read_bytes() == (
        ROOT / "charts" / "vault" / "values.yaml"
    ).read_bytes()


def test_a_chart_that_cannot_be_rendered_is_told_when_those_before_it_are_written(run) -> None:
    names = [*list(charts())[:9], "vaul", *list(charts())[9:]]
    result = run("render", *names)
    assert [line.split()[1] for line in result.stdout.splitlines()] == [f"charts/{name}" for name in names[:9]]
    assert (result.returncode, result.stderr) == (2, "error: unknown chart 'vaul'\n  did you mean 'vault'?\n")


def test_check_tells_what_drifted_and_diff_shows_it_without_writing(run, tmp_path: Path) -> None:
    run("render")
    values = tmp_path / "charts" / "vault" / "values.yaml"
    values.write_text(values.read_text().replace("replicaCount: 3", "replicaCount: 5"))
    result = run("render", "--check", "--diff")
    assert result.returncode == 1
    assert "changed: charts/vault/values.yaml" in result.stdout
    assert "-replicaCount: 5\n+replicaCount: 3\n" in result.stdout
    assert "replicaCount: 5" in values.read_text()


def test_a_chart_that_is_not_there_and_files_that_are_not_its_own_are_told(run, tmp_path: Path) -> None:
    missing = run("render", "vault", "--check")
    assert (missing.returncode, missing.stdout) == (1, "charts/vault is missing\n")
    run("render", "vault")
    (tmp_path / "charts/vault/mine.yaml").touch()
    others = "; not the chart's: mine.yaml"
    assert run("render", "vault", "--check").stdout == f"charts/vault is as rendered{others}\n"
    assert run("render", "vault").stdout.endswith(f" files{others})\n")
    assert run("render", "vault", "--prune").stdout.endswith(" files)\n")


def test_a_profile_and_values_become_the_charts_defaults(run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("fullnameOverride: safe\n")
    assert run("render", "vault", "--profile", "dev", "-f", "mine.yaml", "-o", "out").returncode == 0
    values = yaml.safe_load((tmp_path / "out" / "vault" / "values.yaml").read_text())
    assert (values["fullnameOverride"], values["replicaCount"]) == ("safe", 1)


def test_each_wrong_value_has_one_message_with_its_place(run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("replicaCont: 3\nstorage:\n  type: raftt\nreplicaCount: many\n")
    result = run("render", "vault", "-f", "mine.yaml")
    assert result.returncode == 2
    assert result.stderr == (
        "error: mine.yaml:1:1: unknown value replicaCont\n  did you mean 'replicaCount'?\n"
        "mine.yaml:3:9: storage.type must be 'raft', 'postgresql' or 'file'; given 'raftt'\n  did you mean 'raft'?\n"
        "mine.yaml:4:15: replicaCount must be a whole number; given a text\n"
    )


def test_a_credential_in_the_values_is_refused_and_not_repeated(run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("commonAnnotations:\n  example.org/db: postgres://app:tr0ub4dor3@db/app\n")
    result = run("template", "vault", "-f", "mine.yaml")
    assert result.returncode == 2
    assert "mine.yaml:2:" in result.stderr
    assert "tr0ub4dor3" not in result.stdout + result.stderr


def test_unknown_charts_and_profiles_get_the_nearest_name(run) -> None:
    assert run("template", "vaul").stderr == "error: unknown chart 'vaul'\n  did you mean 'vault'?\n"
    result = run("render", "vault", "--profile", "deva")
    assert result.stderr == "error: chart vault has no profile 'deva'\n  did you mean 'dev'?\n"


def test_too_many_known_names_are_not_all_told(run) -> None:
    assert run("template", "vault", "--set", "image.tag=3").stderr == (
        "error: --set image.tag: unknown value image\n"
        "  known: distribution, replicaCount, storage, seal, tls, listener, ui, audit, logLevel, logFormat and 50 more"
        "; see `hmco-charts values example vault`\n"
    )


def test_a_path_that_is_not_there_is_told_as_one(run, tmp_path: Path) -> None:
    run("render", "vault")
    nothing = "error: no such folder or archive: {}\n  {}\n"
    assert run("template", "./charts/vaul").stderr == nothing.format("./charts/vaul", "did you mean 'charts/vault'?")
    assert run("template", "a/b").stderr == nothing.format("a/b", "Check the path.")
    (tmp_path / "other").mkdir()
    assert "other is no chart of ours" in run("values", "docs", "other").stderr


def test_values_for_a_chart_of_ours_are_judged_alike_by_its_folder_and_by_its_name(run, tmp_path: Path) -> None:
    run("render", "vault")
    (tmp_path / "mine.yaml").write_text("replicaCont: 3\nstorage:\n  type: raftt\n")
    by_folder = run("template", "charts/vault", "-f", "mine.yaml", "--set", "replicaCount=many")
    assert by_folder.returncode == 2
    assert by_folder.stderr == run("template", "vault", "-f", "mine.yaml", "--set", "replicaCount=many").stderr


def test_what_a_strangers_schema_refuses_is_one_line_a_fault(run, tmp_path: Path) -> None:
    rules = (
        '"properties": {"a": {"type": "integer"}, "b": {"allOf": [{"properties": {"c": {"items": {"enum": [1]}}}}]}}'
    )
    (tmp_path / "own").mkdir()
    (tmp_path / "own/Chart.yaml").write_text("apiVersion: v2\nname: own\nversion: 1.0.0\n")
    (tmp_path / "own/values.schema.json").write_text(f'{{"additionalProperties": false, {rules}}}')
    (tmp_path / "mine.yaml").write_text("more: 1\nother: 1\nb:\n  c: [1, 2]\n")
    assert run("template", "own", "-f", "mine.yaml", "--set", "a=x").stderr == (
        "error: --set a: a: got string, want integer\n"
        "mine.yaml:1:1: unknown value more\n"
        "mine.yaml:2:1: unknown value other\n"
        "mine.yaml:4:10: b.c[1]: value must be 1\n"
    )


def test_template_is_the_same_for_a_chart_of_ours_its_folder_and_its_archive(run, tmp_path: Path) -> None:
    from hmco_charts.publish import archive

    run("render", "vault", "--profile", "dev")
    package = archive.pack(archive.read(tmp_path / "charts" / "vault"))
    (tmp_path / "vault.tgz").write_bytes(package.data)
    ours = run("template", "vault", "--profile", "dev", "--namespace", "safe")
    assert ours.returncode == 0
    assert ("StatefulSet", "release-name-vault") in kinds(ours.stdout)
    for chart in ("charts/vault", "vault.tgz"):
        assert run("template", chart, "--namespace", "safe").stdout == ours.stdout


def test_template_holds_the_kubernetes_version_to_the_charts_range(run) -> None:
    result = run("template", "vault", "--kube-version", "1.20.0")
    assert result.returncode == 2
    assert "kubeVersion" in result.stderr


def test_values_shows_schema_example_and_docs(run) -> None:
    schema = json.loads(run("values", "schema", "vault").stdout)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    example = run("values", "example", "vault", "--profile", "dev").stdout
    assert example.startswith("# yaml-language-server: $schema=values.schema.json\n")
    assert yaml.safe_load(example)["replicaCount"] == 1
    assert "replicaCount" in run("values", "docs", "vault").stdout
    run("render", "vault")
    assert run("values", "example", "charts/vault", "--profile", "dev").stdout == example
