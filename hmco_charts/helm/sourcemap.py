"""Where the lines of a manifest stand in the chart's templates.

A second render of the chart, with a mark on each line that a template writes literally, shows the origin of
most lines; where it equals the plain render without its marks, the origin is proven.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

from hmco_charts.helm.engine import Engine
from hmco_charts.helm.marking import MARK, number, without_marks
from hmco_charts.helm.template import Template

LEADING_MARK = re.compile(r"[\ufeff \t]*(" + MARK.pattern + ")")


@dataclass(frozen=True, slots=True)
class Origin:
    """The place in a template that a line of a manifest came from.

    Attributes:
        file: Path in the chart: `templates/x.yaml`, `charts/sub/templates/x.yaml`; in an archive with the
            chart's folder in front (`vault/templates/x.yaml`), in a packed subchart behind the archive's
            name (`charts/sub-1.0.0.tgz/sub/templates/x.yaml`).
        line: From 1.
        column_shift: Columns by which the line's literal text moved to the right; `None` where no text of
            the line is known to stand in the template.
        literal_end: Column in the manifest behind the text that stands literally in the template.
        action_column: Column in the template of the line's first action.
        proven: Whether the line was seen to come from here; otherwise it is the likeliest place.
    """

    file: str
    line: int
    column_shift: int | None
    literal_end: int
    action_column: int | None
    proven: bool

    def column(self, column: int) -> int:
        """The column in the template for one in the manifest: of the same character, or of the action."""
        if self.column_shift is not None and (column < self.literal_end or self.action_column is None):
            return column - self.column_shift
        return self.action_column or 1


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the marked render showed of a manifest's line."""

    file: str
    line: int
    proven: bool


class _Chart:
    """The template sources of a chart, read when asked for."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = sources
        self._templates: dict[str, Template] = {}

    def knows(self, file: str) -> bool:
        return file in self._sources

    def template(self, file: str) -> Template:
        if file not in self._templates:
            self._templates[file] = Template(self._sources[file])
        return self._templates[file]

    def file(self, name: str) -> str | None:
        """The source of a template that Helm calls by a name; alias and folder of a subchart may differ."""
        path = name.partition("/")[2]
        exact = [file for file in self._sources if path in (file, file.partition("/")[2])]
        tail = "/templates/" + name.partition("/templates/")[2]
        alike = [file for file in self._sources if ("/" + file).endswith(tail) and "charts/" in file]
        found = exact or (alike if "/charts/" in name else [])
        return found[0] if len(found) == 1 else None


class MappedTemplate:
    """A manifest whose lines know where they came from.

    Args:
        name: The template's name as Helm gives it.
        text: The manifest.
        result: What `Engine.render_marked` gave.
        chart: The template sources.
    """

    def __init__(self, name: str, text: str, result: Mapping[str, Any], chart: _Chart) -> None:
        self.name = name
        self.text = text
        self._result = result
        self._chart = chart

    @cached_property
    def _seen(self) -> list[_Seen | None]:
        return _seen(self.name, self.text, self._result, self._chart)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _own_file(self) -> str | None:
        tail = "templates/" + self.name.partition("/templates/")[2]
        own = (seen.file for seen in self._seen if seen and ("/" + seen.file).endswith("/" + tail))
        return next(own, None) or self._chart.file(self.name)

    def origin(self, line: int) -> Origin:
        """Where a line of the manifest, counted from 1, came from.

        Raises:
            IndexError: The manifest has no such line.
        """
        text = self._lines[line - 1]
        seen = self._seen[line - 1]
        if seen:
            return self._at(text, seen.file, seen.line, proven=seen.proven)
        file, source_line = self._likeliest(line - 1)
        return self._at(text, file, source_line, proven=False)

    def _at(self, text: str, file: str, line: int, *, proven: bool) -> Origin:
        if not self._chart.knows(file):
            return Origin(file, line, None, 1, None, proven)
        template = self._chart.template(file)
        column = template.action_column(line)
        source = template.lines[line - 1]
        indent, source_indent = _indent(text), _indent(source)
        literal = _common(text[indent:], source[source_indent : column - 1 if column else None])
        if not literal.strip():
            return Origin(file, line, None, 1, column, proven)
        return Origin(file, line, indent - source_indent, indent + len(literal) + 1, column, proven)

    def _likeliest(self, index: int) -> tuple[str, int]:
        before = self._nearest(range(index - 1, -1, -1), None)
        after = self._nearest(range(index + 1, len(self._seen)), None)
        if not (before and after and before.file == after.file and before.line <= after.line):
            own = self._own_file
            if own is None:
                return self.name, 1
            before = self._nearest(range(index - 1, -1, -1), own)
            after = self._nearest(range(index + 1, len(self._seen)), own)
        file = before.file if before else after.file if after else str(self._own_file)
        template = self._chart.template(file)
        first = before.line if before else 0
        last = after.line if after else len(template.lines) + 1
        return file, _between(template, first, last, self._lines[index])

    def _nearest(self, indexes: range, file: str | None) -> _Seen | None:
        lines = (self._seen[index] for index in indexes)
        return next((seen for seen in lines if seen and file in (None, seen.file)), None)


def render(
    engine: Engine, chart: Path, values: Mapping[str, Any] | None = None, **options: Any
) -> list[MappedTemplate]:
    """The chart's manifests with the origin of their lines.

    Args:
        engine: The engine to render with.
        chart: Folder or archive.
        values: Values over the chart's own.
        options: As for `Engine.render`.

    Raises:
        ChartError: The chart cannot be rendered.
    """
    result = engine.render_marked(chart, values, **options)
    sources = _Chart(result["sources"])
    return [MappedTemplate(name, text, result, sources) for name, text in result["plain"].items()]


def _seen(name: str, plain: str, result: Mapping[str, Any], chart: _Chart) -> list[_Seen | None]:
    """What the attempt that proves most showed of the manifest's lines."""
    lines = plain.split("\n")
    shown: list[list[_Seen | None]] = [[None] * len(lines)]
    for attempt in result["attempts"]:
        marked = attempt.get(name, "").split("\n")
        if len(marked) == len(lines):
            shown.append([_place(line, text, result["lines"], chart) for line, text in zip(marked, lines, strict=True)])
    return max(shown, key=lambda seen: sum(line.proven for line in seen if line))


def _place(marked: str, plain: str, places: Sequence[tuple[str, int]], chart: _Chart) -> _Seen | None:
    """What a marked line shows of the plain one, which may have come by such a character itself."""
    mark = LEADING_MARK.match(marked)
    if not mark or MARK.search(plain):
        return None
    file, line = places[number(mark[1])]
    if without_marks(marked) == plain:
        return _Seen(file, line, proven=True)
    # A digest of marked text differs behind what stands literally; another branch differs before.
    literal = chart.template(file).literal(line)
    return _Seen(file, line, proven=False) if plain.lstrip("\ufeff \t").startswith(literal) else None


def _between(template: Template, first: int, last: int, text: str) -> int:
    """The line, from `first` to before `last`, that probably wrote a text without a mark."""
    if last <= first:
        return _around(template, first, last, text)
    lines = range(max(first, 1), last)
    writing = (action.line for action in template.actions if action.writes and first < action.line < last)
    return _alike(template, lines, text) or next(writing, max(first, 1))


def _around(template: Template, first: int, last: int, text: str) -> int:
    """The line of a loop that probably wrote a text after its line `first` and before its line `last`."""
    following = [action for action in template.actions if action.line > first]
    depth = following[0].depth if following else 0
    inner = takewhile(lambda action: action.depth >= depth, following)
    before = [action for action in template.actions if action.line < last]
    start = next((action.line for action in reversed(before) if action.depth < depth), 1)
    writing = [action.line for action in (*inner, *reversed(before)) if action.writes]
    return _alike(template, range(start, last), text) or next(iter(writing), first)


def _alike(template: Template, lines: Iterable[int], text: str) -> int | None:
    """The line that has the text, or its end behind an action."""
    text = text.strip()
    for line in lines if text else ():
        tail = template.tail(line)
        if template.lines[line - 1].strip() == text or (tail and text.endswith(tail)):
            return line
    return None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip("\ufeff \t"))


def _common(one: str, other: str) -> str:
    """What both texts begin with."""
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    return one[: min(len(one), len(other)) if length is None else length]
