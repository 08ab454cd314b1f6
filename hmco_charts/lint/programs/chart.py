"""Charts: what Chart.yaml may hold, and which values the templates ask for.

Source: https://helm.sh/docs/topics/charts/; helm `pkg/chart/v2/metadata.go`, `pkg/chart/v2/lint/rules/chartfile.go`
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hmco_charts.objects.chart import ChartFiles
from hmco_charts.yamlio import Span
from hmco_charts.yamlio.position import Lines

METADATA_KEYS = (
    *("apiVersion", "name", "version", "kubeVersion", "description", "type", "keywords", "home", "sources"),
    *("dependencies", "maintainers", "icon", "appVersion", "deprecated", "annotations", "condition", "tags"),
)
_ACTION = re.compile(r"\{\{(?!-?\s*/\*)(?:\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|[^}\"`]|\}(?!\}))*\}\}", re.DOTALL)
_REFERENCE = re.compile(r"(?<![\w)])\$?\.Values\.(?P<path>[A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*)*)")
_CONTROL = re.compile(r"\{\{-?\s*(?:(?:if|else|with|range|end|define|block|fail)\b|\$\w*\s*:?=)")
_BLOCK = re.compile(r"\{\{-?\s*(?P<word>if|with|range|define|block|else|end)\b")
_WHOLE = re.compile(r"\.Values(?![\w.])")
_WORD = re.compile(r"\w[\w-]*")
_TPL = re.compile(r"\btpl\b")
_OPTIONAL = re.compile(r"\b(?:if|with|default|coalesce|hasKey|dig|get|and|or|empty|required|kindIs|typeIs|ternary)\b")


@dataclass(frozen=True)
class Asked:
    """A value that a template asks for.

    Attributes:
        path: Its keys.
        span: Where the template asks.
        is_optional: Whether the template copes without it.
        guards: The values whose presence is asked before, by an `if` or `with` around.
    """

    path: tuple[str, ...]
    span: Span
    is_optional: bool
    guards: frozenset[tuple[str, ...]] = frozenset()


@lru_cache(maxsize=8)
def asked(files: ChartFiles) -> tuple[Asked, ...]:
    """The values that a chart's own templates name."""
    return tuple(_asked(files))


def _asked(files: ChartFiles) -> Iterator[Asked]:
    for name, source in files.sources.items():
        if not name.startswith("templates/"):
            continue
        lines = Lines(source, files.file(name))
        guards: list[frozenset[tuple[str, ...]]] = []
        for action in _ACTION.finditer(source):
            found = [(tuple(each["path"].split(".")), each) for each in _REFERENCE.finditer(source, *action.span())]
            _enter(guards, action.group(), frozenset(path for path, _ in found))
            for path, match in found:
                is_optional = bool(_OPTIONAL.search(action.group()))
                yield Asked(path, lines.span(*match.span("path")), is_optional, frozenset().union(*guards))


def _enter(guards: list[frozenset[tuple[str, ...]]], action: str, asked_for: frozenset[tuple[str, ...]]) -> None:
    """What is asked around the next action, when this one opens a block, goes on with one, or ends it."""
    block = _BLOCK.match(action)
    if block and block["word"] == "end" and guards:
        guards.pop()
    elif block and block["word"] == "else" and guards:
        guards[-1] |= asked_for
    elif block and block["word"] not in ("end", "else"):
        guards.append(asked_for if block["word"] in ("if", "with") else frozenset())


def printed(files: ChartFiles) -> Iterator[Asked]:
    """The values that NOTES.txt shows to whoever installs the chart."""
    name = "templates/NOTES.txt"
    source = files.sources.get(name, "")
    lines = Lines(source, files.file(name))
    for action in _ACTION.finditer(source):
        if not _CONTROL.match(action.group()):
            for match in _REFERENCE.finditer(source, *action.span()):
                yield Asked(tuple(match["path"].split(".")), lines.span(*match.span("path")), is_optional=False)


@lru_cache(maxsize=8)
def unread(files: ChartFiles) -> tuple[str, ...]:
    """The keys of values.yaml whose name stands nowhere in the templates; none where these take all values at once.

    Actions in the values are templates where a template executes them with `tpl`.
    """
    templates = [source for name, source in files.sources.items() if name.startswith(("templates/", "files/"))]
    if any(_WHOLE.search(source) for source in templates):
        return ()
    executed = _ACTION.findall(files.sources.get("values.yaml", "")) if any(map(_TPL.search, templates)) else []
    words = {word for source in (*templates, *executed) for word in _WORD.findall(source)}
    return tuple(key for key in map(str, files.value("values.yaml")) if key not in words)
