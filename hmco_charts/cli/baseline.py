"""The baseline on the command line: read before a run, and written after it where that is asked for."""

from dataclasses import replace
from pathlib import Path

from hmco_charts.errors import ConfigurationError, Location
from hmco_charts.lint import Baseline, Result, baseline


def known(file: Path | None, *, is_written: bool) -> Baseline | None:
    """The baseline to hold findings against.

    Args:
        file: Where it lies.
        is_written: Whether the run writes it, so that it need not be there yet.

    Raises:
        ConfigurationError: It cannot be read, is not there, or is to be written but not named.
    """
    if file is None:
        if is_written:
            raise ConfigurationError("no baseline to write", remedy="Name it with --baseline FILE.")
        return None
    if not is_written and not file.exists():
        what, remedy = "no such baseline", "Write it with --baseline-update."
        raise ConfigurationError(what, at=Location(str(file)), remedy=remedy)
    return baseline.read(file)


def updated(before: Baseline, result: Result, *, grows: bool) -> Result:
    """Write the baseline that holds after a run; it takes new findings only when it is new itself, or when told.

    Args:
        before: The baseline of the run.
        result: What the run found.
        grows: Whether to take new findings.

    Returns:
        The result as a run with the new baseline gives it.
    """
    after = before.without(result.gone)
    if grows or not before.file.exists():
        after = after.including(result.findings)
    baseline.write(after)
    new, known = after.split([*result.known, *result.findings])
    return replace(result, findings=tuple(new), known=tuple(known), gone={})
