r"""What the variables of psql stand for in shell scripts, which names of roles and databases come from.

A script binds them with `-v name="$1"` in a function, whose calls give the value, or with `\getenv name VARIABLE`.

Sources: https://www.postgresql.org/docs/current/app-psql.html (--variable, \getenv, SQL interpolation).
"""

import re
import shlex
from collections.abc import Iterable, Iterator

from hmco_charts.lint.programs.connections import users
from hmco_charts.objects import Release, Text

_FUNCTION = re.compile(r"^(?P<name>\w+)\(\)\s*\{\n(?P<body>.*?)^\}", re.DOTALL | re.MULTILINE)
_BOUND = re.compile(r'-v\s+(\w+)="?\$(\d)"?')
_GETENV = re.compile(r"\\getenv\s+(\w+)\s+(\w+)")
_INTERPOLATED = re.compile(r""":(['"])(?P<name>\w+)\1""")


def values(release: Release, text: Text, start: int) -> frozenset[str]:
    """What the first variable behind a place of a script may stand for; nothing where that is not known."""
    variable = _INTERPOLATED.search(text.value, start)
    if variable is None:
        return frozenset()
    for function in _FUNCTION.finditer(text.value):
        if function.start() < start < function.end():
            positions = dict(_BOUND.findall(function["body"]))
            if variable["name"] in positions:
                return frozenset(_arguments(text.value, function["name"], int(positions[variable["name"]])))
    wanted = dict(_GETENV.findall(text.value)).get(variable["name"])
    return frozenset(_from_environment(release, text, wanted)) if wanted else frozenset()


def _arguments(script: str, function: str, position: int) -> Iterator[str]:
    for call in re.finditer(rf"^{function} (.*)$", script, re.MULTILINE):
        words = _words(call[1])
        if len(words) >= position:
            yield words[position - 1]


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _from_environment(release: Release, text: Text, name: str) -> Iterable[str]:
    for container in users(release, text):
        found = [each.text for each in release.environment(container) if each.name == name]
        yield from (each.value for each in found[-1:] if each)
