"""Which values the text of a manifest comes from.

A value is told only where a render in which nothing but values differs shows it: a mark at the end of the value
stands in the line, and the manifest is otherwise the same; or, of a value that cannot bear a mark, another value
changes the line in the same way.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from hmco_charts.helm import lines as text_of
from hmco_charts.helm.engine import Engine
from hmco_charts.helm.perturbation import (
    MARKS,
    Piece,
    Scalar,
    bears_marks,
    changed,
    decoded,
    leaves,
    marked,
    pieces,
    plain,
    shown,
)
from hmco_charts.helm.renders import Budget, Renders
from hmco_charts.helm.sourcemap import Manifests
from hmco_charts.yamlio import Path

__all__ = ["Budget", "Leaf", "Sought", "search"]

_MOST_TRIED = 4  # values of a part that are changed, each in a render of its own
_REFERENCE = re.compile(r"\.Values\.([\w.]+)")
_FIELD = re.compile(r"\.(\w+)")


@dataclass(frozen=True, slots=True)
class Sought:
    """A part of a line on which actions of a template wrote.

    Attributes:
        manifest: The name that Helm gives it.
        line: From 1.
        start: Column of its first character, from 1.
        end: Column behind its last.
        is_made: Whether an action wrote the line from its beginning.
        actions: The sources of the actions that wrote on the line.
    """

    manifest: str
    line: int
    start: int
    end: int
    is_made: bool
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that the text comes from.

    Attributes:
        path: Where it stands among the values.
        start: Of a string, the offset of what stands at the part, as far as that is known.
        end: The offset behind it.
        is_exact: Whether the string has there what the manifest has.
        is_key: Whether the part is the key of this mapping or list.
    """

    path: Path
    start: int = 0
    end: int = 0
    is_exact: bool = False
    is_key: bool = False


def search(
    engine: Engine,
    chart: FilePath,
    manifests: Manifests,
    merged: Mapping[str, Any],
    sought: Collection[Sought],
    *,
    budget: Budget,
    **options: Any,
) -> dict[Sought, tuple[Leaf, ...]]:
    """The values that parts of manifests come from, in the order in which they stand there.

    Args:
        engine: The engine to render with.
        chart: Folder or archive.
        manifests: Manifests that the chart gave, those of the parts.
        merged: The values that the templates saw.
        sought: The parts.
        budget: What the search may cost.
        options: As for `Engine.render`.
    """
    return _Search(Renders(engine, chart, manifests, merged, budget, options), sought).run()


@dataclass(frozen=True, slots=True)
class _Hit:
    """A value that was seen on a line; columns count from 0. Of a piece that stands there, how it is spelled."""

    start: int
    end: int
    path: Path
    piece: Piece | None = None
    spell: Callable[[str], str] | None = None

    def leaf(self, start: int, end: int) -> Leaf:
        """What of the value stands between two columns; all of its piece where that is not known."""
        if not self.piece:
            return Leaf(self.path)
        first, last = max(self.start, start), min(self.end, end)
        if not self.spell or first >= last:
            return Leaf(self.path, self.piece.start, self.piece.end)
        offsets = (self.piece.start + self._offset(first), self.piece.start + self._offset(last))
        return Leaf(self.path, *offsets, is_exact=self.spell is str)

    def _offset(self, column: int) -> int:
        """The character of the piece that is spelled at a column."""
        piece, spell = self.piece, self.spell
        assert piece
        assert spell
        lengths = (len(spell(piece.text[:at])) for at in range(len(piece.text) + 1))
        return next(at for at, length in enumerate(lengths) if length >= column - self.start)


class _Search:
    def __init__(self, renders: Renders, sought: Collection[Sought]) -> None:
        self._renders = renders
        self._values = {path: value for path, value in leaves(renders.merged) if not _is_copy(path, renders.merged)}
        self._asked = [each for each in sought if each.is_made or not text_of.is_stand_in(*self._place(each))]
        self._below = {each: found for each in self._asked if (found := self._below_key(each))}
        self._sought = list(dict.fromkeys((*self._asked, *self._below.values())))
        self._hits: dict[Sought, list[_Hit]] = defaultdict(list)

    def run(self) -> dict[Sought, tuple[Leaf, ...]]:
        if (self._marks or any(map(self._scalars, self._sought))) and self._renders.prepare():
            self._change(self._mark())
        return {each: found for each in self._asked if (found := self._leaves(each))}

    def _below_key(self, sought: Sought) -> Sought | None:
        """The first line with a value below a key that stands alone on a line that an action made."""
        lines, index = self._place(sought)
        if not sought.is_made or text_of.opened(lines[index]) is None:
            return None
        at = text_of.below(lines, index)
        return None if at is None else Sought(sought.manifest, at + 1, 1, len(lines[at]) + 1, True, sought.actions)

    def _leaves(self, sought: Sought) -> tuple[Leaf, ...]:
        hits = sorted(self._chosen(sought), key=lambda hit: hit.start)
        if not hits and sought in self._below:
            key = text_of.opened(self._line(sought))
            nested = (hit.path for hit in self._chosen(self._below[sought]))
            return tuple(dict.fromkeys(Leaf(path, is_key=True) for each in nested for path in _up_to(each, key)))
        return tuple(dict.fromkeys(hit.leaf(sought.start - 1, sought.end - 1) for hit in hits))

    def _chosen(self, sought: Sought) -> list[_Hit]:
        """Those that stand at the part; where that is a key, those of its value."""
        hits = self._hits[sought]
        start, end = sought.start - 1, sought.end - 1
        at = [hit for hit in hits if hit.start < end and hit.end > start]
        return at or (hits if sought.is_made or text_of.is_key(*self._place(sought), start, end) else [])

    @cached_property
    def _marks(self) -> dict[Piece, str]:
        """A mark for each piece of a string that may stand on a line."""
        text = "".join(line for lines in self._renders.lines.values() for line in lines)
        free = (mark for mark in MARKS if mark not in text)
        wanted = dict.fromkeys(piece for each in self._sought for piece in self._candidates(each))
        return dict(zip(wanted, free, strict=False))

    def _candidates(self, sought: Sought) -> Iterator[Piece]:
        line = self._line(sought)
        texts = [line, *decoded(line)]
        core = text_of.core(line)
        for path, value in self._values.items():
            if isinstance(value, str) and bears_marks(value):
                for piece in pieces(path, value):
                    if len(core) > text_of.SHORT and core in piece.text:
                        yield piece.part(core)
                    elif any(text_of.may_hold(text, piece.text) for text in texts):
                        yield piece

    def _mark(self) -> set[Path]:
        """Look for marks on the lines; gives the paths of strings that cannot bear one.

        All strings are marked at once, and halves of them where that disturbs a manifest.
        """
        own: dict[Path, dict[Piece, str]] = defaultdict(dict)
        for piece, mark in self._marks.items():
            own[piece.path][piece] = mark
        disturbing: set[Path] = set()
        groups = [tuple(own)] if own else []
        while groups:
            changes = [{path: marked(str(self._values[path]), own[path]) for path in group} for group in groups]
            halves: list[tuple[Path, ...]] = []
            for group, manifests in zip(groups, self._renders.render(changes), strict=True):
                if not self._note(manifests, {mark: piece for path in group for piece, mark in own[path].items()}):
                    halves += _halves(group)
                    disturbing.update(group if len(group) == 1 else ())
            groups = halves
        return disturbing

    def _note(self, manifests: Mapping[str, Sequence[str]], marks: Mapping[str, Piece]) -> bool:
        """Take down where marks stand; whether they disturb no manifest."""
        is_undisturbed = True
        for name in {each.manifest for each in self._sought}:
            lines = [plain(line, marks) for line in manifests.get(name, ())]
            if self._renders.differences(name, [line for line, _ in lines]) != set():
                is_undisturbed = False
                continue
            for sought in (each for each in self._sought if each.manifest == name):
                line, found = lines[sought.line - 1]
                self._hits[sought] += (_seen(marks[mark], at, line) for mark, at in found)
        return is_undisturbed

    def _change(self, disturbing: Collection[Path]) -> None:
        """Look for the lines that change with a value that bears no mark."""
        wanted: dict[tuple[Path, Piece | None], None] = {}
        for sought in self._sought:
            if not self._chosen(sought):
                pieces = [(each.path, each) for each in self._candidates(sought) if each.path in disturbing]
                others = [(path, None) for path in self._scalars(sought) if path not in disturbing]
                wanted |= dict.fromkeys([*pieces, *others][:_MOST_TRIED])
        values = {each: changed(self._values[each[0]], each[1]) for each in wanted}
        possible = [each for each in wanted if values[each] is not None]
        outcomes = self._renders.render([{each[0]: values[each]} for each in possible])
        for (path, piece), manifests in zip(possible, outcomes, strict=True):
            for sought in self._sought:
                hit = self._changed(sought, manifests.get(sought.manifest, ()), path, piece, values[path, piece])
                self._hits[sought] += [hit] if hit else []

    def _changed(
        self, sought: Sought, lines: Sequence[str], path: Path, piece: Piece | None, value: Scalar
    ) -> _Hit | None:
        """The hit on a line that shows the new value in place of the old, or that changes as every line does."""
        own, (rest, index) = self._line(sought), self._place(sought)
        old, new = shown(self._values[path]), shown(value)
        if piece:
            old, new = piece.text, new[piece.start : piece.end]
        for its in _counterparts(lines, index, len(rest)):
            for match in re.finditer(re.escape(old), own) if old else ():
                if own[: match.start()] + new + own[match.end() :] == its:
                    return _Hit(*match.span(), path, piece, str)
        differences = self._renders.differences(sought.manifest, lines)
        if not differences or index not in differences:
            return None
        if len({text_of.difference(rest[at], lines[at])[1:] for at in differences}) > 1:
            return None
        start, was, _ = text_of.difference(own, lines[index])
        return _Hit(start, start + max(len(was), 1), path, piece)

    def _scalars(self, sought: Sought) -> list[Path]:
        """The numbers, switches and empty strings that a line most probably comes from."""
        line, actions = self._line(sought), " ".join(sought.actions)
        references, fields = _REFERENCE.findall(actions), set(_FIELD.findall(actions))
        scores: dict[Path, int] = {}
        for path, value in self._values.items():
            key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
            dotted = ".".join(map(str, path))
            is_read = any(dotted == each or dotted.endswith(f".{each}") for each in references)
            is_shown = text_of.holds(line, shown(value))
            is_named = f"{key}:" in line or key in fields or (sought.is_made and is_shown)
            if is_read or (is_named and not bears_marks(value)):
                scores[path] = 2 * is_read + is_named + 2 * is_shown
        return sorted(scores, key=lambda path: -scores[path])

    def _place(self, sought: Sought) -> tuple[list[str], int]:
        return self._renders.lines[sought.manifest], sought.line - 1

    def _line(self, sought: Sought) -> str:
        return self._renders.lines[sought.manifest][sought.line - 1]


def _is_copy(path: Path, merged: Mapping[str, Any]) -> bool:
    """Whether this is what a subchart was given of its parent's `global`."""
    for at, step in enumerate(path[1:], 1):
        if step == "global":
            value: Any = merged
            for part in path[at:]:
                value = value.get(part) if isinstance(value, dict) else None
            if value is not None:
                return True
    return False


def _seen(piece: Piece, at: int | None, line: str) -> _Hit:
    """A piece whose mark stood in a line, in front of a column."""
    if at is None:
        return _Hit(0, len(line), piece.path, piece)
    for spell in text_of.SPELLINGS:
        spelled = spell(piece.text)
        if line[:at].endswith(spelled):
            return _Hit(at - len(spelled), at, piece.path, piece, spell)
    length = text_of.common(piece.text[::-1], line[:at][::-1])
    return _Hit(at - max(length, 1), at, piece.path, piece)


def _up_to(path: Path, key: str | None) -> Iterator[Path]:
    """The way to a key on the way to a value."""
    steps = [at for at, step in enumerate(path) if step == key]
    if steps:
        yield path[: steps[-1] + 1]


def _counterparts(lines: Sequence[str], index: int, length: int) -> Iterator[str]:
    """The line at an index, counted from the first line and from the last."""
    for at in dict.fromkeys((index, index - length + len(lines))):
        if 0 <= at < len(lines):
            yield lines[at]


def _halves(group: tuple[Path, ...]) -> Iterable[tuple[Path, ...]]:
    middle = len(group) // 2
    return (group[:middle], group[middle:]) if middle else ()
