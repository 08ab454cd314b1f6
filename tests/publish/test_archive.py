import os
import socket
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from helm_python import Chart

from hmco_charts.errors import ChartError
from hmco_charts.publish import archive
from tests.publish.conftest import CHART, write_chart


def members(data: bytes) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=BytesIO(data)) as tar:
        return tar.getmembers()


def refused(chart: Path) -> str:
    with pytest.raises(ChartError) as error:
        archive.pack(archive.read(chart))
    return str(error.value).replace(f"{chart}/", "")


def test_the_same_files_in_another_place_at_another_time_under_another_umask_give_the_same_bytes(tmp_path):
    one = write_chart(tmp_path / "one")
    before = os.umask(0o077)
    try:
        two = write_chart(tmp_path / "elsewhere" / "two")
    finally:
        os.umask(before)
    os.utime(two / "values.yaml", (1, 1))
    (two / "templates" / "config.yaml").chmod(0o755)
    assert archive.pack(archive.read(one)).data == archive.pack(archive.read(two)).data


def test_members_are_sorted_below_the_name_and_hold_nothing_of_this_machine(chart):
    data = archive.pack(archive.read(chart)).data
    told = [(each.name, each.mtime, each.mode, each.uid, each.gid, each.uname) for each in members(data)]
    names = ["vault/Chart.yaml", "vault/templates/config.yaml", "vault/values.yaml"]
    assert told == [(name, 0, 0o644, 0, 0, "") for name in names]
    assert data[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


def test_helm_reads_the_archive(chart, tmp_path):
    (chart / "files" / ("long" * 30)).mkdir(parents=True)
    (chart / "files" / ("long" * 30) / "übung.txt").write_text("x")
    file = tmp_path / "vault.tgz"
    file.write_bytes(archive.pack(archive.read(chart)).data)
    with Chart.load(file) as loaded:
        assert (loaded.name, loaded.version, loaded.values) == ("vault", "1.2.3", {"replicas": 3})


@pytest.mark.parametrize("version", ["1.2", "v1.2.3", "01.2.3", "not-semver", '""'])
def test_a_version_that_is_not_semver_is_refused(tmp_path, version):
    chart = write_chart(tmp_path / "c", **{"Chart.yaml": CHART.replace("1.2.3", version)})
    assert refused(chart) == (
        "Chart.yaml:3:10: version must be a SemVer 2 version with all three numbers, such as 1.2.0\n"
        "  Numbers and dates that are meant as text need quotes."
    )


def test_a_number_where_helm_wants_text_is_refused_with_its_place(tmp_path):
    chart = write_chart(tmp_path / "c", **{"Chart.yaml": CHART.replace('"1.13.3"', "1.13")})
    assert refused(chart) == (
        "Chart.yaml:4:13: appVersion must be text\n  Numbers and dates that are meant as text need quotes."
    )


def test_a_folder_without_chart_yaml_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty") == (
        "no Chart.yaml\n  Name the folder that holds Chart.yaml; .helmignore may hide it."
    )


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "vault.tgz").write_bytes(b"")
    assert refused(tmp_path / "vault.tgz") == (
        f"{tmp_path}/vault.tgz is not the folder of a chart\n  Name the folder that holds Chart.yaml."
    )


def test_links_inside_the_chart_are_followed(chart):
    (chart / "copy.yaml").symlink_to("values.yaml")
    (chart / "more").symlink_to("templates")
    assert sorted(archive.read(chart)) == [
        "Chart.yaml",
        "copy.yaml",
        "more/config.yaml",
        "templates/config.yaml",
        "values.yaml",
    ]
    assert archive.read(chart)["copy.yaml"] == b"replicas: 3\n"


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside.txt", "/etc"])
def test_a_link_that_leaves_the_chart_is_refused(chart, tmp_path, target):
    (tmp_path / "outside.txt").write_text("secret")
    (chart / "files").symlink_to(target)
    assert refused(chart) == "files: a link that leaves the chart\n  Copy the file into the chart."


def test_a_link_in_a_circle_is_refused(chart):
    (chart / "templates" / "up").symlink_to("..")
    assert refused(chart) == "templates/up: a link to a folder around it\n  Remove it."


def test_a_link_that_leads_nowhere_is_refused(chart):
    (chart / "lost").symlink_to("nothing")
    assert refused(chart) == "lost: a link that leads nowhere\n  Remove it."


def test_a_fifo_is_refused_without_reading_it(chart):
    os.mkfifo(chart / "pipe")
    assert refused(chart) == ("pipe: a device, FIFO or socket in a chart\n  Remove it, or list it in .helmignore.")


def test_a_socket_is_refused(chart, monkeypatch):
    monkeypatch.chdir(chart)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert refused(chart) == (
            "socket: a device, FIFO or socket in a chart\n  Remove it, or list it in .helmignore."
        )


def test_a_file_that_helm_would_not_read_is_refused(chart):
    (chart / "large.bin").write_bytes(bytes(5 * 1024 * 1024 + 1))
    assert refused(chart) == (
        "large.bin: 5242881 bytes, more than Helm reads (5242880)\n  Make it smaller, or list it in .helmignore."
    )


def test_what_helmignore_names_stays_out_and_is_not_looked_at(chart):
    (chart / ".helmignore").write_text("pipe\nlost\n/secret/\n")
    os.mkfifo(chart / "pipe")
    (chart / "lost").symlink_to("/etc/passwd")
    (chart / "secret").mkdir()
    (chart / "secret" / "key.pem").write_text("x")
    assert sorted(archive.read(chart)) == [
        ".helmignore",
        "Chart.yaml",
        "templates/config.yaml",
        "values.yaml",
    ]
