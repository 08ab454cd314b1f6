"""Fixes that move credentials: what they make of a file, in whatever form it is written, and what they leave alone.

`moving/moved/<name>.yaml` becomes `<name>.after.yaml`; in `moving/refused/*.yaml` something stands in the way.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from hmco_charts.configuration import Cluster
from hmco_charts.errors import ConfigurationError
from hmco_charts.formats import hcl
from hmco_charts.lint import fixing, lint
from hmco_charts.lint.programs import vault
from hmco_charts.objects import read
from hmco_charts.report.difference import difference
from hmco_charts.yamlio import read as documents

FOLDER = Path(__file__).parent / "moving"
INCIDENT = Path(__file__).parents[2] / "examples" / "incident" / "before.yaml"
MOVED = sorted(path for path in FOLDER.glob("moved/*.yaml") if path.name.count(".") == 1)
REFUSED = sorted(FOLDER.glob("refused/*.yaml"))
COMMENT = re.compile(r"(?:^|\s)(#.*)$", re.MULTILINE)
URLS = ("VAULT_PG_CONNECTION_URL", "BAO_PG_CONNECTION_URL")
SECRETS = ["SEC001", "SEC002", "SEC006"]

moved = pytest.mark.parametrize("path", MOVED, ids=lambda path: path.stem)


def after(path: Path) -> str:
    return path.with_suffix(".after.yaml").read_text()


def mended(path: Path, text: str) -> bytes:
    path.write_bytes(text.encode())
    told = fixing.fix([path], unsafe=True, select=SECRETS)
    assert told.unproven == 0
    return told.changes[0].after if told.changes else path.read_bytes()


def comments(text: str) -> Counter[str]:
    return Counter(found.strip() for found in COMMENT.findall(text))


def values(text: str) -> list[object]:
    return [document.value for document in documents(text)]


def environments(path: Path) -> dict[tuple[str, str], dict[str, str | None]]:
    """What each container finds in its environment; Vault's URL wherever the server takes it from."""
    (release,) = read([str(path)]).releases
    found = {
        (each.pod.object.name, each.locator): {
            variable.name: variable.text and variable.text.value for variable in release.environment(each)
        }
        for each in release.containers
    }
    for server in vault.servers(release):
        told = found[server.container.pod.object.name, server.container.locator]
        stored = [
            str(entry.value)
            for text in server.configurations
            for block in vault.storages(hcl.parse(text.value))
            for entry in block.body.attributes
            if entry.key.startswith("connection_")
        ]
        told["URL"] = next((url for name in URLS if (url := told.pop(name, None))), None) or stored[0]
    return found


@moved
def test_a_credential_moves_and_the_rest_stays(path: Path, tmp_path: Path) -> None:
    assert mended(tmp_path / "a.yaml", path.read_text()).decode() == after(path)


@moved
def test_the_program_finds_what_it_found(path: Path) -> None:
    assert environments(path.with_suffix(".after.yaml")) == environments(path)


@moved
def test_comments_survive(path: Path) -> None:
    assert comments(after(path)) == comments(path.read_text())


@moved
def test_a_second_time_there_is_nothing_to_do(path: Path) -> None:
    found = lint([path.with_suffix(".after.yaml")], select=SECRETS).findings
    assert [each for each in found if each.rule != "SEC006"] == []
    assert fixing.fix([path.with_suffix(".after.yaml")], unsafe=True, select=SECRETS).changes == ()


@moved
def test_line_ends_and_a_byte_order_mark_stay(path: Path, tmp_path: Path) -> None:
    found = mended(tmp_path / "a.yaml", "\ufeff" + path.read_text().replace("\n", "\r\n"))
    assert found.decode() == "\ufeff" + after(path).replace("\n", "\r\n")


@moved
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("cut", "end"),
    [("\n", ""), ("", "---\n"), ("", "---"), ("", "# the end"), ("", "\n\n# the end\n"), ("", "--- # x\n# y\n")],
    ids=["no line end", "separator", "bare separator", "comment", "comment behind blank lines", "comment behind it"],
)
def test_files_may_end_in_any_way(path: Path, tmp_path: Path, newline: str, cut: str, end: str) -> None:
    text = (path.read_text().removesuffix(cut) + end).replace("\n", newline)
    found = mended(tmp_path / "a.yaml", text).decode()
    assert values(found) == values(after(path))
    assert comments(found) == comments(text)
    assert found.count("\r") == (found.count("\n") if newline == "\r\n" else 0)


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_where_the_program_or_the_form_stands_in_the_way_there_is_no_fix(path: Path) -> None:
    found = lint([path], select=SECRETS).findings
    assert {each.rule for each in found} & {"SEC001", "SEC002"}
    assert [each for each in found if each.fixes] == []


def test_the_incident_keeps_no_password_in_a_config_map(tmp_path: Path) -> None:
    file = tmp_path / "before.yaml"
    file.write_bytes(INCIDENT.read_bytes())
    told = fixing.fix([file], unsafe=True)
    assert (told.unproven, b"change-me" in told.changes[0].after) == (0, True)
    assert "change-me" not in difference(told.changes)
    fixing.write(told.changes)
    assert not {each.rule for each in lint([file]).findings} & {"SEC001", "SEC002", "VLT001"}
    (release,) = read([str(file)]).releases
    assert [each.object.kind for each in release.texts if "change-me" in each.value] == ["Secret"]
    (server,) = vault.servers(release)
    assert dict(environments(file))["vault", server.container.locator]["URL"].startswith("postgresql://vault:")


def test_a_fix_goes_over_several_files(tmp_path: Path) -> None:
    config, pods = (FOLDER / "moved" / "config_map_keys.yaml").read_text().split("---\n", 1)
    for name, text in (("a", pods), ("b", config)):
        (tmp_path / f"{name}.yaml").write_text(text)
    told = fixing.fix([tmp_path], unsafe=True, select=SECRETS)
    changed = {each.file.name: each.after.decode() for each in told.changes}
    assert values(f"{changed['b.yaml']}---\n{changed['a.yaml']}") == values(
        after(FOLDER / "moved" / "config_map_keys.yaml")
    )
    (tmp_path / "b.yaml").write_text(f"# mine\n{config}")
    with pytest.raises(ConfigurationError, match="changed while"):
        fixing.write(told.changes)
    assert (tmp_path / "a.yaml").read_text() == pods
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.yaml", "b.yaml"]


def test_files_that_were_written_are_restored_where_another_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [fixing.Change(tmp_path / f"{name}.yaml", b"before", b"after") for name in "ab"]
    for each in changes:
        each.file.write_bytes(each.before)
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "b.yaml":
            raise OSError(30, "Read-only file system")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(ConfigurationError, match="Read-only"):
        fixing.write(changes)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"a.yaml": b"before", "b.yaml": b"before"}


def test_what_another_file_takes_through_a_link_is_left_alone(tmp_path: Path) -> None:
    config, pods = (FOLDER / "moved" / "config_map_keys.yaml").read_text().split("---\n", 1)
    (tmp_path / "real.txt").write_text(pods)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "config.yaml").write_text(config)
    (tmp_path / "work" / "pods.yaml").symlink_to(tmp_path / "real.txt")
    assert fixing.fix([tmp_path / "work"], unsafe=True, select=SECRETS).changes == ()


def test_workloads_of_one_name_share_a_secret_or_have_their_own(tmp_path: Path) -> None:
    text = (FOLDER / "moved" / "stateful_set.yaml").read_text()
    other = text.replace("StatefulSet", "Deployment").replace("CACHE_PASSWORD", "PROXY_PASSWORD")
    (tmp_path / "a.yaml").write_text(text)
    (tmp_path / "b.yaml").write_text(other.replace("  serviceName: cache\n", ""))
    told = fixing.fix([tmp_path], unsafe=True, select=SECRETS)
    fixing.write(told.changes)
    (release,) = read([str(tmp_path)]).releases
    assert [each.name for each in release.of_kind("Secret")] == ["cache-credentials", "cache-credentials-2"]


def test_a_name_that_the_cluster_has_is_not_taken(tmp_path: Path) -> None:
    path = FOLDER / "moved" / "stateful_set.yaml"
    taken = Cluster(objects=("Secret/cache-credentials",))
    (finding,) = lint([path], select=["SEC002"], cluster=taken).findings
    assert finding.fixes[0].title.endswith("cache-credentials-2")
    (finding,) = lint([path], select=["SEC002"], cluster=Cluster(objects=("Secret/*",))).findings
    assert finding.fixes == ()
