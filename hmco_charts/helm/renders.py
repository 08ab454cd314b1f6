"""Renders a chart again and again with changed values, within a budget."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path as FilePath
from time import monotonic
from typing import Any

from hmco_charts.errors import ChartError
from hmco_charts.helm.engine import Engine
from hmco_charts.helm.perturbation import override
from hmco_charts.helm.sourcemap import DIGEST, Manifests
from hmco_charts.yamlio import Path

MOST_RENDERS = 60
SECONDS = 3.0


class Budget:
    """What searches may cost together.

    Args:
        renders: How often charts are rendered at most.
        seconds: The time after which no rendering is begun.

    Attributes:
        is_spent: Whether something was not looked for.
    """

    def __init__(self, renders: int = MOST_RENDERS, seconds: float = SECONDS) -> None:
        self.is_spent = False
        self._left = renders
        self._end = monotonic() + seconds

    @property
    def seconds(self) -> float:
        """The time that is left."""
        return max(self._end - monotonic(), 0)

    def take(self, wanted: int) -> int:
        """How many of the wanted renderings may be made."""
        given = min(wanted, self._left) if self.seconds else 0
        self._left -= given
        self.is_spent |= given < wanted
        return given


class Renders:
    """Manifests, as lines, that a chart gives with changed values.

    Args:
        engine: The engine to render with.
        chart: Folder or archive.
        manifests: The manifests that are looked at.
        merged: The values that the templates saw.
        budget: What this may cost.
        options: As for `Engine.render`.

    Attributes:
        merged: As given.
        lines: The lines of the manifests.
    """

    def __init__(
        self,
        engine: Engine,
        chart: FilePath,
        manifests: Manifests,
        merged: Mapping[str, Any],
        budget: Budget,
        options: Mapping[str, Any],
    ) -> None:
        self.merged = merged
        self.lines = {name: text.split("\n") for name, text in manifests.texts.items()}
        self._engine = engine
        self._chart = chart
        self._given = manifests.values
        self._budget = budget
        self._options = options
        self._templates: Collection[str] = ()
        self._chance: dict[str, set[int]] = {}

    def prepare(self) -> bool:
        """Learn which lines differ from one rendering to the next; whether manifests have the lines that they had."""
        for templates in (tuple(self.lines), ()):
            self._templates = templates
            (manifests,) = self.render([{}])
            if all(len(manifests.get(name, ())) == len(lines) for name, lines in self.lines.items()):
                self._chance = {name: self._unlike(name, manifests[name]) for name in self.lines}
                return True
        return False

    def render(self, changes: Sequence[Mapping[Path, Any]]) -> list[dict[str, list[str]]]:
        """The manifests with each of the changes; none where there are none, or where the budget is spent."""
        wanted = [override(self._given, self.merged, each) for each in changes[: self._budget.take(len(changes))]]
        try:
            rendered = self._engine.render_changed(
                self._chart, wanted, templates=self._templates, seconds=self._budget.seconds, **self._options
            )
        except ChartError:
            rendered = []
        found = [{name: text.split("\n") for name, text in (each or {}).items()} for each in rendered]
        return [*found, *({} for _ in range(len(changes) - len(found)))]

    def differences(self, name: str, lines: Sequence[str]) -> set[int] | None:
        """The lines that differ, but by chance; `None` where their number does."""
        if len(lines) != len(self.lines[name]):
            return None
        return self._unlike(name, lines) - self._chance[name]

    def _unlike(self, name: str, lines: Sequence[str]) -> set[int]:
        pairs = enumerate(zip(self.lines[name], lines, strict=True))
        return {at for at, (own, its) in pairs if own != its and DIGEST.sub("", own) != DIGEST.sub("", its)}
