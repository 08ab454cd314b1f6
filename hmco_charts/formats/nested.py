"""The part that the readers of nested formats share: open objects and lists, and entries that know their path."""

import re
from typing import NamedTuple

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Fault, Reading, Scalar


class Key(NamedTuple):
    """A key and its place; `parents` are the parts in front of it in a dotted key."""

    text: str
    start: int
    end: int
    parents: tuple[str, ...] = ()


class Frame(NamedTuple):
    """An object or list that is still open; `key` is the list's own, which names its items."""

    closer: str
    path: tuple[str, ...]
    key: Key | None


_PART = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|([^\s.\"']+)")


def dotted(text: str, start: int, end: int) -> Key:
    """The key that a dotted name such as `a."b.c".d` ends with; the name itself where it has no parts."""
    parts = list(_PART.finditer(text, start, end))
    if not parts:
        return Key(text[start:end], start, end)
    names = tuple(part[part.lastindex or 0] for part in parts)
    return Key(names[-1], *parts[-1].span(parts[-1].lastindex or 0), names[:-1])


class Scanner:
    """Reads a text from left to right with an explicit stack, so that depth costs no recursion.

    A format says in `skip` what stands between tokens and in `step` what a token means; a step takes at least
    one character.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.entries: list[Entry] = []
        self.faults: list[Fault] = []
        self.stack = [Frame("", (), None)]
        self.key: Key | None = None

    def reading(self) -> Reading:
        """The whole text's entries and faults."""
        while self.skip() < len(self.text):
            if len(self.faults) >= literal.MAX_FAULTS:
                self.fault("too many faults: the rest is not read")
                break
            self.step()
        if len(self.stack) > 1:
            self.fault("a brace or bracket is never closed")
        return Reading(tuple(self.entries), tuple(self.faults))

    def skip(self) -> int:
        """Pass over what stands between tokens; the offset of the next one."""
        raise NotImplementedError

    def step(self) -> None:
        """Read one token."""
        raise NotImplementedError

    def fault(self, message: str) -> None:
        """Note what cannot be read at the present place."""
        self.faults.append(Fault(self.offset, message))

    def open(self, character: str) -> None:
        """Enter the object or list that `character` opens, under the present key."""
        parent = self.stack[-1]
        key, path = self.key or parent.key, parent.path
        if len(self.stack) >= literal.MAX_DEPTH:
            self.fault("nested too deeply")
        elif character == "{" and key:
            path = (*path, *key.parents, key.text)[: literal.MAX_DEPTH]
        self.stack.append(Frame("}", path, None) if character == "{" else Frame("]", path, key))
        self.key = None
        self.offset += 1

    def close(self, character: str) -> None:
        """Leave the innermost object or list that `character` closes; one whose own bracket is missing, too."""
        self.key = None
        if self.stack[-1].closer != character:
            self.fault("a closing brace or bracket that does not match")
            if [frame.closer for frame in self.stack[-2:-1]] == [character]:
                self.stack.pop()
        if self.stack[-1].closer == character:
            self.stack.pop()
        self.offset += 1

    def quoted(self, start: int, end: int, length: int) -> None:
        """Go behind the quote of `length` characters at `end` that closes the string begun at `start`."""
        if end == len(self.text):
            self.faults.append(Fault(start, "a string is never closed"))
        self.offset = min(end + length, len(self.text))

    def scalar(self, value: Scalar, start: int, end: int) -> None:
        """Keep a value under the present key, or the enclosing list's."""
        frame = self.stack[-1]
        key = self.key or frame.key or Key("", start, start)
        path = (frame.path + key.parents)[: literal.MAX_DEPTH]
        self.entries.append(Entry(path, key.text, value, start, end, key.start, key.end))
        self.key = None
