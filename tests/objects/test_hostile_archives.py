"""Archives that were made to do harm: each is refused, with its place, within bounds of time and memory."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from hmco_charts.objects import read
from tests.objects.conftest import METADATA, config

MEBIBYTE = 2**20
GOOD = {"app/Chart.yaml": METADATA, "app/templates/a.yaml": config()}


def packed(files: Mapping[str, str | bytes], *others: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        for member in others:
            tar.addfile(member)
    return buffer.getvalue()


def special(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("app/values.yaml")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


def claiming(size: int) -> bytes:
    """An archive whose last file has so many bytes, or so it says."""
    member = tarfile.TarInfo("app/values.yaml")
    member.size = size
    return gzip.compress(gzip.decompress(packed(GOOD))[:2048] + member.tobuf(tarfile.GNU_FORMAT) + bytes(MEBIBYTE))


ZEROS = packed({**GOOD, "app/values.yaml": bytes(101 * MEBIBYTE)})
MUCH = {f"sub/templates/{n}.yaml": "#" * 4 * MEBIBYTE for n in range(18)}
LARGE = packed({"sub/Chart.yaml": METADATA, **MUCH})
TOO_LARGE = "this archive holds more than 100 MiB"
OTHER = "neither a file nor a folder"
NO_ARCHIVE = "this is no chart archive: not a gzipped tar file, or cut off"
ARCHIVES = {
    "zeros": (ZEROS, "", TOO_LARGE),
    "ten gigabytes": (claiming(10 * 2**30), "", TOO_LARGE),
    "a subchart of zeros": (
        packed({**GOOD, "app/charts/sub-1.0.0.tgz": ZEROS}),
        "/app/charts/sub-1.0.0.tgz",
        TOO_LARGE,
    ),
    "many large subcharts": (
        packed({**GOOD, "app/charts/a-1.0.0.tgz": LARGE, "app/charts/b-1.0.0.tgz": LARGE}),
        "/app",
        "this chart and its subcharts hold more than 100 MiB",
    ),
    "a link": (packed(GOOD, special(tarfile.SYMTYPE)), "/app/values.yaml", OTHER),
    "a hard link": (packed(GOOD, special(tarfile.LNKTYPE)), "/app/values.yaml", OTHER),
    "a device": (packed(GOOD, special(tarfile.CHRTYPE)), "/app/values.yaml", OTHER),
    "a pipe": (packed(GOOD, special(tarfile.FIFOTYPE)), "/app/values.yaml", OTHER),
    "a path upwards": (packed({**GOOD, "app/../../x.yaml": ""}), "", "chart illegally references parent directory"),
    "no tar": (gzip.compress(b"text"), "", NO_ARCHIVE),
    "cut off": (packed(GOOD)[:-40], "", NO_ARCHIVE),
    "no file": (packed({}), "", "this archive holds no chart: it has no Chart.yaml"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_archive_is_refused_and_the_rest_is_read(write, name: str) -> None:
    data, place, reason = ARCHIVES[name]
    folder = write({"app.tgz": data, "good.yaml": config()})
    inputs = read([f"{folder}/app.tgz", f"{folder}/good.yaml"])
    assert [(str(each.at), each.reason) for each in inputs.unread] == [(f"{folder}/app.tgz{place}", reason)]
    assert [each.name for release in inputs.releases for each in release.objects] == ["app"]


def test_nothing_of_an_archive_is_written(write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"in/app.tgz": packed({**GOOD, "../out.yaml": config(), "/tmp/hmco-charts-out.yaml": config()})})
    monkeypatch.chdir(folder / "in")
    read(["app.tgz"])
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["app.tgz"]
    assert not Path("/tmp/hmco-charts-out.yaml").exists()


def test_an_archive_of_thousands_of_files_is_read(write) -> None:
    many = {f"app/templates/{n}.yaml": config(f"a{n}") for n in range(3000)}
    path = write({"app.tgz": packed({**GOOD, **many})}) / "app.tgz"
    inputs = read([str(path)])
    assert (len(inputs.releases[0].objects), inputs.unread) == (3001, [])


def test_charts_in_one_another_are_read(write) -> None:
    data = packed(GOOD)
    for _ in range(12):
        data = packed({**GOOD, "app/charts/app-1.0.0.tgz": data})
    inputs = read([str(write({"app.tgz": data}) / "app.tgz")])
    assert (len(inputs.releases[0].objects), inputs.unread) == (13, [])


@pytest.mark.parametrize("suffix", [".yaml.gz", ".gz"])
def test_a_compressed_manifest_of_zeros_is_refused(write, suffix: str) -> None:
    path = write({f"a{suffix}": gzip.compress(bytes(65 * MEBIBYTE), 1)}) / f"a{suffix}"
    assert [each.reason for each in read([str(path)]).unread] == ["uncompressed larger than 64 MiB"]
