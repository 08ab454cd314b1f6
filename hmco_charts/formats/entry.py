"""What every reader of an embedded format gives: entries with their places, and the faults it met."""

from dataclasses import dataclass, field

Scalar = str | int | float | bool | None
KEPT = 2048
"""How many texts a reader remembers: rules ask for the same ones again and again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting of a configuration text.

    Attributes:
        path: Names of the enclosing sections, blocks or elements, outermost first.
        key: The setting's own name as written; empty where the format has none.
        value: The value as the program would see it, escapes resolved.
        start: Offset of the value's first character in the text (of its content, inside quotes).
        end: Offset behind the value's last character.
        key_start: Offset of the key's first character.
        key_end: Offset behind the key's last character.
    """

    path: tuple[str, ...]
    key: str
    value: Scalar
    start: int
    end: int
    key_start: int
    key_end: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a text that a reader could not understand; it went on behind it."""

    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read: its entries in the order of the text, and what could not be read."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = field(default=())
