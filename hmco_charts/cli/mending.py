"""Fixes on the command line: shown, or written."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from hmco_charts.errors import ConfigurationError
from hmco_charts.lint.fixing import Mended, fix, write
from hmco_charts.report.difference import difference


def mend(paths: Sequence[str], settings: Mapping[str, Any], *, unsafe: bool, is_shown: bool) -> None:
    """Mend files, or show how and end: with exit code 1 where there is something to mend.

    Args:
        paths: What to check.
        settings: As for `lint`.
        unsafe: Whether to use fixes that need a decision, too.
        is_shown: Whether to write nothing.

    Raises:
        ConfigurationError: Standard input is to be mended, or a file cannot be written.
    """
    if "-" in paths:
        raise ConfigurationError("standard input cannot be mended", remedy="Name the file.")
    mended = fix(paths, unsafe=unsafe, **settings)
    click.echo(_told(mended, is_shown=is_shown), err=True)
    if is_shown:
        click.echo(difference(mended.changes), nl=False)
        sys.exit(1 if mended.changes else 0)
    write(mended.changes)


def _told(mended: Mended, *, is_shown: bool) -> str:
    what = "would be mended" if is_shown else "mended"
    told = [f"{_counted(len(mended.fixes), 'finding')} {what} in {_counted(len(mended.changes), 'file')}."]
    told += [f"  {rule}: {title}" for rule, title in mended.fixes]
    if mended.left:
        told.append(f"{_counted(mended.left, 'fix')} more with --unsafe-fixes.")
    if mended.unproven:
        told.append(f"{_counted(mended.unproven, 'fix')} not made: the fault would stay, or another would come.")
    return "\n".join(told)


def _counted(count: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("x") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"
