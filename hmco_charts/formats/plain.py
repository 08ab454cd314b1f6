"""Text of no format that has settings: prose, certificates, programs."""

from hmco_charts.formats.entry import Reading


def read(_: str) -> Reading:
    """No entries: only what a value looks like can be judged in such a text."""
    return Reading(())
