"""Where in a chart's own files a part of a manifest stands that a template includes by `.Files`.

The part is changed in a file, and the chart is rendered once more: where the manifest then differs in that part alone,
and as the file does, it comes from there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hmco_charts.errors import ChartError
from hmco_charts.helm.engine import Engine
from hmco_charts.helm.layout import Origin
from hmco_charts.helm.renders import Budget
from hmco_charts.helm.sourcemap import DIGEST, Manifests

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line of a manifest.

    Attributes:
        manifest: The manifest's name.
        line: From 1.
        column: Of its first character, from 1.
        end_column: Of the one behind its last.
    """

    manifest: str
    line: int
    column: int
    end_column: int


def search(
    engine: Engine, chart: Path, manifests: Manifests, parts: Sequence[Part], *, budget: Budget, **options: Any
) -> dict[Part, Origin]:
    """The places in the chart's files that parts of manifests come from.

    Args:
        engine: The engine to render with.
        chart: Folder or archive.
        manifests: What the chart gave.
        parts: The parts that are asked for.
        budget: What the search may cost.
        options: As for `Engine.render`.
    """
    texts = {part: text for part in parts if _is_telling(text := _text(manifests, part))}
    edits = {text: _changed(text) for text in texts.values()}
    names = {part.manifest for part in texts}
    tried = _tried(engine, chart, manifests, edits, names, budget, options)
    found = {}
    for part, text in texts.items():
        for place in tried.get(text, ()):
            after = (place["manifests"] or {}).get(part.manifest)
            if after is not None and _is_only_change(manifests.texts[part.manifest], after, part, edits[text]):
                line, column = place["line"], place["column"]
                found[part] = Origin(place["file"], line, column, line, column + len(text))
    return found


def _tried(
    engine: Engine,
    chart: Path,
    manifests: Manifests,
    edits: Mapping[str, str],
    names: Collection[str],
    budget: Budget,
    options: Mapping[str, Any],
) -> dict[str, list[dict[str, Any]]]:
    """What the edits of each text gave, place by place."""
    if not edits or not budget.take(1):
        return {}
    changes = list(edits.items())
    try:
        outcome = engine.render_edited(
            chart, manifests.values, templates=names, edits=changes, seconds=budget.seconds, **options
        )
    except ChartError:
        return {}
    budget.is_spent |= bool(outcome["left"])
    return dict(zip(edits, outcome["places"], strict=True))


def _is_telling(text: str) -> bool:
    return len(text) >= _SHORTEST and any(map(str.isalnum, text))


def _text(manifests: Manifests, part: Part) -> str:
    return manifests.texts[part.manifest].split("\n")[part.line - 1][part.column - 1 : part.end_column - 1]


def _changed(text: str) -> str:
    """The text with its last letter or digit another one of its kind."""
    at = max(index for index, letter in enumerate(text) if letter.isalnum())
    one, other = ("7", "8") if text[at].isdigit() else ("X", "Y") if text[at].isupper() else ("x", "y")
    return text[:at] + (one if text[at] != one else other) + text[at + 1 :]


def _is_only_change(before: str, after: str, part: Part, changed: str) -> bool:
    lines = before.split("\n")
    line = lines[part.line - 1]
    lines[part.line - 1] = line[: part.column - 1] + changed + line[part.end_column - 1 :]
    others = after.split("\n")
    return len(lines) == len(others) and all(
        own == other or (at != part.line - 1 and DIGEST.sub("", own) == DIGEST.sub("", other))
        for at, (own, other) in enumerate(zip(lines, others, strict=True))
    )
