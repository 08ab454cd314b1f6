"""The name that somebody may have meant."""

import difflib
from collections.abc import Iterable

_ALIKE = 0.8
_KEPT = 3  # a slip leaves the first or the last third of a name as it was


def nearest(name: str, among: Iterable[str]) -> str | None:
    """The name that differs from another by a slip, if there is one; upper and lower case count as one.

    Args:
        name: The name that is not there.
        among: The names that are; folders hold thousands, so that most are left out before they are compared.
    """
    wanted = name.lower()
    part = max(1, len(wanted) // _KEPT)
    there = {each.lower(): each for each in among}
    alike = [each for each in there if each[:part] == wanted[:part] or each[-part:] == wanted[-part:]]
    close = difflib.get_close_matches(wanted, alike, n=1, cutoff=_ALIKE)
    return there[close[0]] if close else None
