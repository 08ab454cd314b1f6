import subprocess
import sys
from pathlib import Path

import pytest

from hmco_charts.errors import ConfigurationError
from hmco_charts.generate import ChartTree, Drift, diff, drift, write
from hmco_charts.generate.folder import RECORD

OLD = ChartTree("toy", {"Chart.yaml": b"old\n", "templates/a.yaml": b"a\n", "templates/gone.yaml": b"gone\n"})
NEW = ChartTree("toy", {"Chart.yaml": b"new\n", "templates/a.yaml": b"a\n"})


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != RECORD)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_folder_holds_the_tree_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    write(OLD, tmp_path / "charts/toy")
    assert contents(tmp_path / "charts/toy") == OLD.files
    assert [path.name for path in (tmp_path / "charts").iterdir()] == ["toy"]


def test_files_that_are_not_ours_stay_and_ours_that_are_gone_go(tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    write(OLD, folder)
    (folder / "notes.md").write_bytes(b"mine\n")
    (folder / "charts").mkdir()
    write(NEW, folder)
    assert contents(folder) == {**NEW.files, "notes.md": b"mine\n"}
    assert (folder / "charts").is_dir()


def test_a_file_of_ours_that_someone_changed_is_theirs(tmp_path: Path) -> None:
    write(OLD, tmp_path / "toy")
    (tmp_path / "toy/templates/gone.yaml").write_bytes(b"kept\n")
    write(NEW, tmp_path / "toy")
    assert contents(tmp_path / "toy")["templates/gone.yaml"] == b"kept\n"


def test_prune_leaves_nothing_but_the_chart(tmp_path: Path) -> None:
    write(OLD, tmp_path / "toy")
    (tmp_path / "toy/notes.md").write_bytes(b"mine\n")
    write(NEW, tmp_path / "toy", prune=True)
    assert contents(tmp_path / "toy") == NEW.files


def test_a_symbolic_link_in_the_folder_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"precious\n")
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/Chart.yaml").symlink_to(tmp_path / "outside")
    write(NEW, tmp_path / "toy")
    assert (tmp_path / "outside").read_bytes() == b"precious\n"
    assert contents(tmp_path / "toy") == NEW.files


def test_a_folder_in_the_place_of_a_file_of_ours_is_told_and_stays(tmp_path: Path) -> None:
    (tmp_path / "toy/Chart.yaml").mkdir(parents=True)
    (tmp_path / "toy/Chart.yaml/notes.md").write_bytes(b"mine\n")
    with pytest.raises(ConfigurationError, match="cannot write the chart: "):
        write(NEW, tmp_path / "toy")
    assert contents(tmp_path / "toy") == {"Chart.yaml/notes.md": b"mine\n"}


def test_drift_names_what_differs_and_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    write(OLD, folder)
    (folder / "notes.md").write_bytes(b"mine\n")
    (folder / "templates/a.yaml").unlink()
    before = contents(folder)
    assert drift(NEW, folder) == [
        Drift("Chart.yaml", "changed"),
        Drift("templates/a.yaml", "missing"),
        Drift("templates/gone.yaml", "stale"),
    ]
    assert contents(folder) == before
    write(NEW, folder)
    assert drift(NEW, folder) == []


def test_diff_is_a_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(OLD, Path("toy"))
    assert diff(NEW, Path("toy")) == (
        "--- toy/Chart.yaml\n+++ toy/Chart.yaml\n@@ -1 +1 @@\n-old\n+new\n"
        "--- toy/templates/gone.yaml\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n"
    )


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="cannot write the chart: "):
        write(NEW, tmp_path / "file/toy")


def test_what_a_killed_writer_left_behind_is_mended(tmp_path: Path) -> None:
    write(OLD, tmp_path / "toy")
    (tmp_path / "toy").rename(tmp_path / ".toy.hmco-charts-old")
    (tmp_path / ".toy.hmco-charts-new").mkdir()
    (tmp_path / ".toy.hmco-charts-old/notes.md").write_bytes(b"mine\n")
    write(NEW, tmp_path / "toy")
    assert contents(tmp_path / "toy") == {**NEW.files, "notes.md": b"mine\n"}
    assert [path.name for path in tmp_path.iterdir()] == ["toy"]


KILLING = """
import os, signal, sys
from pathlib import Path
from hmco_charts.generate import ChartTree, write

STEPS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.copyfile", "ctypes.dlsym"}
old, new = (ChartTree("toy", {f"templates/{n}.yaml": text for n in range(4)}) for text in (b"old", b"new"))
folder = Path(sys.argv[1]) / "toy"

def killed_at(step):
    def watch(event, arguments):
        nonlocal step
        step -= event in STEPS
        if step == 0 and event in STEPS:
            os.kill(os.getpid(), signal.SIGKILL)
    child = os.fork()
    if not child:
        sys.addaudithook(watch)
        write(new, folder)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

step, found = 1, []
write(old, folder)
while killed_at(step):
    found.append(b" ".join(sorted(path.read_bytes() for path in folder.glob("templates/*"))).decode())
    write(old, folder)
    assert os.listdir(sys.argv[1]) == ["toy"]
    step += 1
print("\\n".join(found))
"""


def test_a_writer_killed_at_any_moment_leaves_the_old_chart_or_the_new_one(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLING, str(tmp_path)], check=True, capture_output=True, text=True)
    found = ended.stdout.splitlines()
    assert set(found) == {"old old old old", "new new new new"}
    assert found == sorted(found, reverse=True)
    assert len(found) > 20
