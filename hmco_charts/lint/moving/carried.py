"""Strings that move from one place of a file to another as they are written, so that nothing can change them."""

import re
from dataclasses import dataclass, field

from hmco_charts.lint.edits import last_line
from hmco_charts.lint.moving.manifest import line, source
from hmco_charts.objects import KubernetesObject, Text
from hmco_charts.yamlio import Path, Span

_HEADER = re.compile(r"[|>]-?")
_PROPERTY = ("&", "!")


@dataclass(frozen=True)
class Carried:
    """A string on its way.

    Attributes:
        value: The string.
        first: What spells it, as far as that stands behind its new key.
        lines: Its lines below that, without indentation; `None` for a blank one.
    """

    value: str = field(repr=False)
    first: tuple[str | Span, ...]
    lines: tuple[Span | None, ...] = ()

    def below(self, indentation: str) -> list[str | Span]:
        """What spells it, in a mapping whose keys have this indentation."""
        parts: list[str | Span] = list(self.first)
        for each in self.lines:
            parts += ["\n"] if each is None else [f"\n{indentation}  ", each]
        return parts


def of_value(each: KubernetesObject, path: Path) -> Carried | None:
    """The string at a path; `None` for one that is written over several lines, unless in a block."""
    value, key, place = each.at(path), each.span(path, key=True), each.span(path)
    if not isinstance(value, str) or key.line != place.line:
        return None
    header = line(each, place.line)[place.column - 1 :]
    if _HEADER.fullmatch(header.rstrip()):
        return Carried(value, (header.rstrip(),), _block(each, place.line + 1, last_line(each, path)))
    written = source(each, place)
    return Carried(value, (place,)) if written and not written.startswith((*_PROPERTY, "|", ">")) else None


def _block(each: KubernetesObject, first: int, last: int) -> tuple[Span | None, ...]:
    texts = {number: line(each, number) for number in range(first, last + 1)}
    depth = next(len(text) - len(text.lstrip(" ")) for text in texts.values() if text.strip())
    return tuple(
        Span(each.file, number, depth + 1, number, len(text) + 1) if text.strip() else None
        for number, text in texts.items()
    )


def of_part(text: Text, start: int, end: int) -> Carried | None:
    """Characters of a text; `None` where the file spells them in another way, or quotes cannot hold them."""
    value, place = text.value[start:end], text.span(start, end)
    quote = next((each for each in ("'", '"') if each not in value), "")
    is_plain = bool(value) and value.isprintable() and source(text.object, place) == value
    if not is_plain or not quote or (quote == '"' and "\\" in value):
        return None
    return Carried(value, (quote, place, quote))
