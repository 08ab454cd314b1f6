"""Faults of charts of ours told where a person can mend them: in the templates that the charts are made of."""

import os
import traceback
from collections.abc import Mapping
from pathlib import Path

from hmco_charts.errors import ChartError, Location

SUFFIX = ".j2"


def at_source(error: ChartError, folder: Path, sources: Mapping[str, Path]) -> ChartError:
    """Helm's error about a chart that was written to a folder, told of the chart's sources.

    Args:
        error: The error, which is changed.
        folder: The folder.
        sources: The templates of ours that the chart's files were made of, by path in the folder.
    """
    for path, source in sources.items():
        error.what = error.what.replace(f"{folder / path}:", f"{shown(source)}:")
    at = error.at
    if at and Path(at.file).is_relative_to(folder):
        template = sources.get(Path(at.file).relative_to(folder).as_posix())
        is_written = template is not None and template.suffix == SUFFIX
        if is_written and at.line:
            error.what += f" (line {at.line} of what the template gives)"
        line, column = (None, None) if is_written else (at.line, at.column)
        error.at = Location(shown(template), line, column) if template else None
    return error


def of_jinja(error: Exception, template: Path) -> ChartError:
    """The error of a template that Jinja2 does not render, with the line, which may be that of a macro's file."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(SUFFIX)]
    file, line = (Path(frames[-1].filename), frames[-1].lineno) if frames else (template, None)
    file, line = Path(getattr(error, "filename", None) or file), getattr(error, "lineno", None) or line
    return ChartError(f"template is broken: {error}", at=Location(shown(file), line), remedy="Correct the template.")


def shown(file: Path) -> str:
    """A path as a person who stands in the working directory calls it."""
    return os.path.relpath(file) if file.is_relative_to(Path.cwd()) else str(file)
