"""Schedules of CronJobs.

Source: github.com/robfig/cron/v3 `parser.go` (ParseStandard), which the API server uses.
"""

import re

_MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_RANGE = re.compile(r"(?:([*?])|(\w+)(?:-(\w+))?)(?:/(\d+))?", re.ASCII)
_EVERY = re.compile(r"@every ([0-9.]+(ns|us|µs|ms|s|m|h))+")


def problem(schedule: str) -> str:
    """Why the API server cannot read a schedule; empty for one that it can."""
    if schedule.startswith("@"):
        return "" if schedule in _MACROS or _EVERY.fullmatch(schedule) else "must be a macro such as @daily"
    words = schedule.split()
    if len(words) != len(_FIELDS):
        return f"must have {len(_FIELDS)} fields (minute, hour, day, month, day of the week), not {len(words)}"
    for word, (name, least, most, names) in zip(words, _FIELDS, strict=True):
        first = 1 if names is _MONTHS else 0
        known = {each: at for at, each in enumerate(names, first)}
        if not all(_is_range(part, least, most, known) for part in word.split(",") if part):
            return f"the {name} must lie in {least}-{most}, as a number, list, range or step"
    return ""


def _is_range(part: str, least: int, most: int, names: dict[str, int]) -> bool:
    match = _RANGE.fullmatch(part)
    if match is None or match[4] == "0":
        return False
    if match[1]:
        return True
    first = _number(match[2], names)
    last = first if match[3] is None else _number(match[3], names)
    return first is not None and last is not None and least <= first <= last <= most


def _number(word: str, names: dict[str, int]) -> int | None:
    return int(word) if word.isdecimal() else names.get(word.lower())
