"""`.helmignore`: which files of a chart stay out of its archive, decided as Helm decides.

A path stays out when a line matches it, and when a `!` line does not: lines never overrule each other.

Source: Helm 4, "The .helmignore file", and its package `ignore`; the tests compare with the engine.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from hmco_charts.errors import ChartError, Location

_ALWAYS = "templates/.?*"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a `.helmignore`."""

    glob: re.Pattern[str]
    keeps: bool
    folders_only: bool
    whole_path: bool

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Whether the line speaks of this path."""
        subject = path if self.whole_path else path.rpartition("/")[2]
        return (is_folder or not self.folders_only) and bool(self.glob.fullmatch(subject))


def read(text: str, file: str = ".helmignore") -> Callable[[str, bool], bool]:
    """A function of a path in the chart and whether it is a folder: does it stay out?

    Raises:
        ChartError: A line that Helm refuses as well.
    """
    lines = [(_ALWAYS, 0), *((line.strip(), at) for at, line in enumerate(_lines(text), 1))]
    patterns = [_pattern(line, file, at) for line, at in lines if line and not line.startswith("#")]

    def ignored(path: str, is_folder: bool) -> bool:
        return any(pattern.matches(path, is_folder=is_folder) != pattern.keeps for pattern in patterns)

    return ignored


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").split("\n")


def _pattern(line: str, file: str, at: int) -> Pattern:
    if "**" in line:
        raise ChartError("'**' is not known to Helm", at=Location(file, at), remedy="Name each level: a/*/b.")
    glob = line.removeprefix("!")
    path = glob.removesuffix("/")
    try:
        expression = re.compile(_expression(path.removeprefix("/")), re.DOTALL)
    except (ValueError, re.error) as error:
        raise ChartError(
            f"{line!r} is no pattern", at=Location(file, at), remedy="Close the '[' or double the '\\'."
        ) from error
    return Pattern(expression, keeps=glob != line, folders_only=path != glob, whole_path="/" in path)


_PART = re.compile(
    r"(?P<any>\*)|(?P<one>\?)|\[(?P<not>\^?)(?P<set>(?:\\.|[^\]\\])+)\]|\\(?P<quoted>.)|(?P<plain>[^\[\\])",
    re.DOTALL,
)


def _expression(glob: str) -> str:
    """The regular expression of a glob as Go's `filepath.Match` reads it."""
    expression, at = "", 0
    while at < len(glob):
        part = _PART.match(glob, at)
        if not part:
            raise ValueError(glob)
        expression += _translated(part)
        at = part.end()
    return expression


def _translated(part: re.Match[str]) -> str:
    if part["any"]:
        return "[^/]*"
    if part["one"]:
        return "[^/]"
    if part["set"]:
        return f"[{part['not']}{_members(part['set'])}]"
    return re.escape(part["quoted"] or part["plain"])


def _members(text: str) -> str:
    """The inside of a character class: ranges stay, everything else is taken literally."""
    return re.sub(r"\\(.)|([^\\-])", lambda member: re.escape(member[1] or member[2]), text)
