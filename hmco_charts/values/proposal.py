"""A remedy for a misspelt name."""

import difflib
from collections.abc import Iterable

_MOST = 10


def did_you_mean(name: str, known: Iterable[str], *, all_of_them: str = "") -> str:
    """A question with the nearest known name; where none is near, the known names.

    Args:
        name: The name that is not known.
        known: The names that are.
        all_of_them: Where they stand; it is told where they are too many to be told here.
    """
    names = list(known)
    if near := nearest(name, names):
        return near
    if all_of_them and len(names) > _MOST:
        return f"known: {', '.join(names[:_MOST])} and {len(names) - _MOST} more; see {all_of_them}"
    return f"known: {', '.join(names)}" if names else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """A question with the nearest known name; nothing where none is near."""
    folded = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(name.casefold(), folded, n=1)
    return f"did you mean {folded[near[0]]!r}?" if near else ""
