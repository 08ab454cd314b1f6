"""The reports that a command line asks for: `--format FORMAT[=FILE]`."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hmco_charts.lint import Result


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its format, and the file that it goes to; standard output if there is none."""

    form: str
    file: Path | None = None


def reader(formats: Sequence[str]) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[Report, ...]]:
    """Reads the words of an option as reports in one of the formats, each with a target of its own."""

    def read(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> tuple[Report, ...]:
        try:
            reports = tuple(_report(word, formats) for word in words)
            _check_targets([report.file for report in reports])
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from None
        return reports

    return read


def directed(reports: Sequence[Report], output: Path | None) -> tuple[Report, ...]:
    """The reports, of which the one for standard output goes to a file where one is named."""
    return tuple(replace(each, file=each.file or output) for each in reports)


def _report(word: str, formats: Sequence[str]) -> Report:
    form, sign, file = word.partition("=")
    if form not in formats:
        raise ValueError(f"{form!r} is none of {', '.join(formats)}.")
    if sign and not file:
        raise ValueError(f"{word!r} names no file.")
    return Report(form, Path(file) if file not in ("", "-") else None)


def _check_targets(files: Sequence[Path | None]) -> None:
    twice = [file for file in files if files.count(file) > 1]
    if None in twice:
        told = "Only one report goes to standard output; give the others a file, such as json=findings.json."
        raise ValueError(told)
    if twice:
        raise ValueError(f"Two reports go to {twice[0]}.")


def completer(formats: Sequence[str]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Gives a shell the formats that begin with what is typed."""
    return lambda _, __, incomplete: [form for form in formats if form.startswith(incomplete)]


def made(result: "Result", reports: Sequence[Report]) -> list[tuple[str | None, str]]:
    """The text of each report, and the file that it goes to; files first."""
    from hmco_charts.report import render

    return [
        (None, _shown(result, each.form)) if each.file is None else (str(each.file), render(result, each.form))
        for each in sorted(reports, key=lambda each: each.file is None)
    ]


def write(texts: Iterable[tuple[str | None, str]]) -> None:
    """Write the texts of reports.

    Raises:
        ConfigurationError: A file cannot be written.
    """
    for file, text in texts:
        if file is None:
            click.echo(_encoded(text), nl=False)
            continue
        try:
            Path(file).write_bytes(_encoded(text))
        except OSError as error:
            from hmco_charts.errors import ConfigurationError, Location

            raise ConfigurationError(f"cannot be written: {error.strerror}", at=Location(file)) from None


def terminal() -> tuple[int, bool] | None:
    """The width of the terminal and whether it has colours, on which a report to it depends; `None` without one."""
    if not sys.stdout.isatty():
        return None
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return shutil.get_terminal_size().columns, not is_plain


def _encoded(text: str) -> bytes:
    """UTF-8; a character of a file's name that has no form in it is written as an escape, which JSON knows too."""
    return text.encode("utf-8", "backslashreplace")


def _shown(result: "Result", form: str) -> str:
    from hmco_charts.report import render, text

    screen = terminal()
    if form != "text" or screen is None:
        return render(result, form)
    return text.render(result, width=screen[0], colour=screen[1])
