"""Whatever lies in the way, `lint` does not wait, says where and what, and reads the rest."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hmco_charts.inputs import content
from hmco_charts.objects import read
from tests.conftest import Run
from tests.objects.conftest import METADATA, config

LINT = ("lint", "--no-config", "--no-cache", "--format", "concise")
NOT_ANALYSED = "1:1: error HMC001 Not analysed: "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A chart, a manifest, and a pipe that nobody writes to."""
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "Chart.yaml").write_text(METADATA)
    (tmp_path / "app" / "templates" / "a.yaml").write_text(config("{{ .Release.Name }}"))
    (tmp_path / "good.yaml").write_text(config())
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize("path", ["pipe", "/dev/zero", "/dev/null"])
@pytest.mark.parametrize("option", ["", "--values", "--against"])
def test_a_pipe_or_a_device_is_told_and_never_waited_for(run: Run, folder: Path, option: str, path: str) -> None:
    ended = run(*LINT, "app", *filter(None, [option]), path, cwd=folder)
    assert (ended.stdout, ended.returncode) == (f"{path}:{NOT_ANALYSED}not a regular file\n", 3)


@pytest.mark.parametrize("option", ["--baseline", "--config"])
@pytest.mark.parametrize("path", ["pipe", "/dev/zero"])
def test_settings_that_are_no_file_are_refused(run: Run, folder: Path, option: str, path: str) -> None:
    ended = run("lint", "--no-cache", "app", option, path, cwd=folder)
    assert (ended.stdout, ended.returncode) == ("", 2)
    assert f"error: {path}: " in ended.stderr
    assert "not a regular file" in ended.stderr


def test_a_pipe_in_the_place_of_an_archive_is_told(run: Run, folder: Path) -> None:
    (folder / "pipe").rename(folder / "app.tgz")
    ended = run(*LINT, "app.tgz", "good.yaml", cwd=folder)
    assert (ended.stdout, ended.returncode) == (f"app.tgz:{NOT_ANALYSED}neither a file nor a folder\n", 3)


def test_sockets_loops_and_names_that_are_no_text_are_told(run: Run, folder: Path) -> None:
    place = folder / "manifests"
    place.mkdir()
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(place / "socket.yaml"))
    (place / "loop.yaml").symlink_to("loop.yaml")
    (place / "gone.yaml").symlink_to("nowhere")
    (place / "zero.yaml").symlink_to("/dev/zero")
    (place / "up").symlink_to("..")
    Path(os.fsdecode(os.fsencode(place) + b"/\xff.yaml")).write_text("kind: [")
    (place / "good.yaml").write_text(config())
    ended = run(*LINT, "manifests", cwd=folder)
    assert (ended.returncode, ended.stderr) == (3, "")
    told = [line.removeprefix("manifests/").split(":")[0] for line in ended.stdout.splitlines() if "HMC001" in line]
    assert sorted(told) == ["\\udcff.yaml", "gone.yaml", "loop.yaml", "socket.yaml", "up", "zero.yaml"]


@pytest.mark.parametrize("fmt", ["text", "json", "jsonl", "sarif", "junit", "github", "gitlab", "concise"])
def test_every_report_takes_a_name_that_is_no_text(run: Run, folder: Path, fmt: str) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff\n\x1b.yaml")).write_text("kind: [")
    (folder / "pipe").unlink()
    ended = run("lint", "--no-config", "--format", fmt, ".", cwd=folder)
    assert (ended.returncode, ended.stderr) == (3, "")
    assert "\x1b" not in ended.stdout or fmt == "github"  # whose runner reads a name back as it is


def test_an_empty_standard_input_is_told(run: Run, folder: Path) -> None:
    ended = run(*LINT, "-", cwd=folder)
    assert (ended.stdout, ended.returncode) == (f"<stdin>:{NOT_ANALYSED}standard input holds no object\n", 3)


@contextmanager
def changing(file: Path, monkeypatch: pytest.MonkeyPatch, change) -> Iterator[None]:
    """Changes a file behind the look at what it is, before it is opened."""
    opened = os.open

    def late(path, *arguments, **named) -> int:
        if Path(path) == file:
            change(file)
        return opened(path, *arguments, **named)

    monkeypatch.setattr(os, "open", late)
    yield
    monkeypatch.undo()


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


CHANGES = {
    "vanishes": (Path.unlink, "No such file or directory"),
    "becomes a pipe": (pipe, "not a regular file"),
    "is cut": (lambda file: file.write_text("kind: [\n"), "not readable as YAML: did not find expected node content"),
    "grows": (lambda file: os.truncate(file, content.MAX_BYTES + 1), "larger than 64 MiB"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_changes_while_it_is_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    change, reason = CHANGES[name]
    (folder / "late.yaml").write_text(config("late"))
    with changing(folder / "late.yaml", monkeypatch, change):
        inputs = read([str(folder / "late.yaml"), str(folder / "good.yaml")])
    assert [each.reason for each in inputs.unread] == [reason]
    assert [each.name for each in inputs.releases[0].objects] == ["app"]


LARGE = {
    "one line of 50 MB": ("kind: ConfigMap\ndata: {a: " + "x" * 50_000_000 + "}\n", "an object of more than 1.5 MiB"),
    "a million documents": ("kind: A\n---\n" * 1_000_000, "more than 100,000 documents"),
    "a million values": ("- a\n" * 2_000_100, "more than 2,000,000 keys and values"),
    "a million items": ('{"kind": "List", "items": [' + "1," * 1_000_000 + "1]}", "more than 100,000 objects"),
}
MOST_KILOBYTES = 2**20
MEASURED = (
    "import atexit, re, sys; from pathlib import Path; from hmco_charts.cli import main\n"
    "peak = lambda: re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]\n"
    "atexit.register(lambda: sys.stderr.write(peak()))\n"
    "main()"
)


@pytest.mark.parametrize("name", LARGE)
def test_a_huge_document_is_told_within_bounded_memory(folder: Path, name: str) -> None:
    text, reason = LARGE[name]
    (folder / "large.yaml").write_text(text)
    words = [sys.executable, "-c", MEASURED, *LINT, "large.yaml", "app"]
    ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 3
    assert reason in ended.stdout
    assert int(ended.stderr) < MOST_KILOBYTES
