"""What can be said of a chart's path before Helm reads it.

Helm follows symbolic links out of a chart, reading (and packaging) files of the host, and waits for ever
on a named pipe; neither may happen with a chart that somebody else wrote.
"""

import os
import stat
from pathlib import Path

from hmco_charts.errors import ChartError, Location


def check(chart: Path) -> None:
    """Refuse a path that is no chart, or a chart that reaches out of its folder.

    Raises:
        ChartError: With the file at fault as its place.
    """
    if not chart.exists():
        raise ChartError(
            "no such file or folder",
            at=Location(str(chart)),
            remedy="Name a chart's folder or its .tgz archive.",
        )
    if chart.is_dir():
        _check_folder(chart)
    elif not chart.is_file():
        raise ChartError(
            "neither a file nor a folder", at=Location(str(chart)), remedy="Name a chart's folder or archive."
        )


def _check_folder(chart: Path) -> None:
    if not (chart / "Chart.yaml").exists():
        raise ChartError(
            "this folder is no chart: it has no Chart.yaml",
            at=Location(str(chart)),
            remedy="Name the folder that holds Chart.yaml.",
        )
    root = chart.resolve()
    for folder, folders, files in os.walk(chart):
        for name in (*folders, *files):
            _check_entry(Path(folder, name), root)


def _check_entry(path: Path, root: Path) -> None:
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        raise ChartError(
            "a symbolic link leads out of the chart",
            at=Location(str(path)),
            remedy="Put a copy of the file into the chart: Helm would read and package the host's file.",
        )
    if path.is_symlink() and (not path.exists() or root.is_relative_to(path.resolve())):
        raise ChartError(
            "a symbolic link leads nowhere, or back to the chart itself",
            at=Location(str(path)),
            remedy="Remove the link, or let it name a file of the chart.",
        )
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ChartError("neither a file nor a folder", at=Location(str(path)), remedy="Remove it from the chart.")
