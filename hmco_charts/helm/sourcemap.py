"""Where the text of a manifest stands in the chart's templates.

Another render of the chart, with marks at what its templates write, shows the origin of each character. A line that
equals that of the plain render once the marks are gone is proven to come from there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

from hmco_charts.errors import ChartError
from hmco_charts.helm.engine import Engine
from hmco_charts.helm.layout import Layout, Origin
from hmco_charts.helm.marking import ANY, Mark, Style
from hmco_charts.helm.tree import tail

__all__ = ["Manifests", "MappedManifest", "Origin", "trace"]

SECONDS = 10.0
DIGEST = re.compile(r"[0-9a-f]{32,}")


@dataclass(frozen=True, slots=True)
class Manifests:
    """What some values gave.

    Attributes:
        values: The values over the chart's own.
        texts: The manifests that are asked about, by the names that Helm gives them.
    """

    values: Mapping[str, Any] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)


class MappedManifest:
    """A manifest whose characters know where they came from.

    Args:
        name: The name that Helm gives it.
        text: The manifest.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._lines = text.split("\n")
        self._layouts: list[Layout] = []
        self._files: list[str] = []

    def origin(self, line: int, column: int, end_line: int, end_column: int) -> Origin:
        """Where a part came from; lines and columns count from 1, the end is exclusive.

        Raises:
            IndexError: The manifest has no such line.
        """
        line, column = self._visible(line, column)
        text = self._lines[line - 1]
        for layout in self._layouts:
            if self._proves(layout, line - 1):
                found = layout.origin(line - 1, column - 1, end_line - 1, end_column - 1)
                if found:
                    return found
        likeliest = next(self._alike(text, line, column), None) or Origin(self._own_file, 1, 1, 1, 1)
        return replace(likeliest, is_proven=False)

    def writers(self, line: int) -> list[tuple[str, ...]]:
        """Of the parts of a line, the sources of the actions that wrote them; none where nothing is proven."""
        return next((layout.writers(line - 1) for layout in self._layouts if self._proves(layout, line - 1)), [])

    def _visible(self, line: int, column: int) -> tuple[int, int]:
        """The place itself; for an empty line the end of the last one before it that is not."""
        if self._lines[line - 1].strip():
            return line, column
        before = next((at for at in range(line - 1, 0, -1) if self._lines[at - 1].strip()), None)
        return (before, len(self._lines[before - 1]) + 1) if before else (line, column)

    @property
    def is_proven(self) -> bool:
        """Whether the origin of each line is proven that holds more than spaces."""
        lines = enumerate(self._lines)
        return all(any(self._proves(layout, at) for layout in self._layouts) for at, text in lines if text.strip())

    def add(self, layout: Layout, files: Sequence[str]) -> None:
        """Take what a marked render showed, a more telling one first, and the names of the chart's templates."""
        self._layouts.append(layout)
        self._files = [*files]

    def differences(self, layout: Layout) -> set[int]:
        """The lines that differ from a marked render's by more than digests; all where it has another number."""
        if len(layout.lines) != len(self._lines):
            return set(range(len(self._lines)))
        pairs = enumerate(zip(self._lines, layout.lines, strict=True))
        return {at for at, (own, its) in pairs if own != its and DIGEST.sub("", own) != DIGEST.sub("", its)}

    def _proves(self, layout: Layout, index: int) -> bool:
        if len(layout.lines) != len(self._lines):
            return False
        return layout.lines[index] == self._lines[index] or layout.fits(index, self._lines[index])

    def _alike(self, text: str, line: int, column: int) -> Iterator[Origin]:
        """Where the same text came from in marked renders, of the nearest line first."""
        for layout in self._layouts:
            found = [at for at, its in enumerate(layout.lines) if its == text]
            for at in sorted(found, key=lambda at: abs(at - line)):
                if origin := layout.origin(at, column - 1, at, column):
                    yield origin

    @property
    def _own_file(self) -> str:
        """The manifest's template; alias and folder of a subchart may differ from its name."""
        path = self.name.partition("/")[2]
        exact = [file for file in self._files if path in (file, file.partition("/")[2])]
        alike = [file for file in self._files if tail(f"/{file}") == tail(self.name) and "charts/" in file]
        found = exact or (alike if "/charts/" in self.name else [])
        return found[0] if len(found) == 1 else path


def trace(engine: Engine, chart: Path, wanted: Sequence[Manifests], **options: Any) -> list[dict[str, MappedManifest]]:
    """The origins of manifests.

    Args:
        engine: The engine to render with.
        chart: Folder or archive.
        wanted: Manifests that the chart gave.
        options: As for `Engine.render`.

    Returns:
        Of each of `wanted` the manifests by name. Where the chart cannot be rendered any more nothing is proven.
    """
    tracer = _Tracer(engine, chart, wanted, options)
    tracer.run()
    return tracer.found


class _Tracer:
    def __init__(self, engine: Engine, chart: Path, wanted: Sequence[Manifests], options: Mapping[str, Any]) -> None:
        self.found = [{name: MappedManifest(name, text) for name, text in each.texts.items()} for each in wanted]
        self._engine = engine
        self._chart = chart
        self._wanted = wanted
        self._options = options
        self._end = monotonic() + SECONDS
        self._files: list[str] = []
        self._used = "".join({mark for each in wanted for text in each.texts.values() for mark in ANY.findall(text)})

    def run(self) -> None:
        """Mark less and less, until the marks change nothing."""
        for is_whole in (False, True):
            blocks = self._layouts(Style.BLOCKS, is_whole=is_whole)
            if self._add(blocks, {}):
                return
            alone = self._layouts(Style.NONE, is_whole=is_whole)
            # Marks outside of definitions change nothing: what differs with these differs in every render.
            chance = {manifest: manifest.differences(layout) for manifest, layout in alone.items()}
            if not self._add(blocks, chance):
                self._add(self._layouts(Style.LINES, is_whole=is_whole), chance)
            self._add(alone, chance)
            if all(manifest.is_proven for manifest in self._manifests):
                return

    @property
    def _manifests(self) -> Iterator[MappedManifest]:
        return (manifest for each in self.found for manifest in each.values())

    def _add(self, layouts: Mapping[MappedManifest, Layout], chance: Mapping[MappedManifest, set[int]]) -> bool:
        """Keep the layouts in which nothing differs but by chance, and tell whether these are all."""
        same = [each for each in layouts if each.differences(layouts[each]) <= chance.get(each, set())]
        for manifest in same:
            manifest.add(layouts[manifest], self._files)
        return len(same) == sum(1 for _ in self._manifests)

    def _layouts(self, style: Style, *, is_whole: bool) -> dict[MappedManifest, Layout]:
        result = self._render(style, is_whole=is_whole)
        self._files = result["files"]
        marks = {character: Mark(*mark) for character, mark in result["marks"].items()}
        return {
            manifest: Layout(texts[name], marks, result["closing"])
            for found, texts in zip(self.found, result["manifests"], strict=False)
            for name, manifest in found.items()
            if texts and name in texts
        }

    def _render(self, style: Style, *, is_whole: bool) -> dict[str, Any]:
        try:
            return self._engine.render_marked(
                self._chart,
                [each.values for each in self._wanted],
                style=style.value,
                templates=() if is_whole else {name for each in self._wanted for name in each.texts},
                used=self._used,
                seconds=max(self._end - monotonic(), 0),
                **self._options,
            )
        except ChartError:
            return {"manifests": [], "marks": {}, "closing": {}, "files": self._files}
