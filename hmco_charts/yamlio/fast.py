"""A compiled reader for the texts on which it cannot differ from Kubernetes.

yaml-rs reads YAML 1.2, Kubernetes what go-yaml makes of YAML 1.1. Whatever the two might read differently (numbers
with leading zeros, `yes` and `no`, anchors, tags, folded scalars, tabs, …) is looked for first, generously: a text
with any of it, or that yaml-rs refuses, is left to the exact reader.
"""

import re
from typing import Any

import yaml_rs

from hmco_charts.yamlio.scalar import WORDS

LEFT = object()
"""What `value` gives for a text that the exact reader must read."""

_RISKS = (
    # anchors, aliases, tags, folded scalars, explicit keys, reserved signs
    re.compile(r"[ \n\[,{:-][&*!>?%@`]"),
    # integers of another base, or with digits in groups
    re.compile(r"[ \n\[,{:-][-+]?(?:0\w|[.]?\d[\w.+-]*_|[\d.]*_[\d._])"),
    # block scalars that state their indentation, begin with an empty line, or are not indented
    re.compile(r"[ \n\[,{:-]\|(?![-+]?\n +[^ \n])"),
    # collections in brackets that go over several lines, and colons that separate nothing
    re.compile(r"[ \n-][\[{](?![^\n]*[\]}] *\n)|:[\]},:]|[ \[{,]:[^ \n]"),
    # escapes of other characters
    re.compile(r"\\[uUxNLP_/]"),
)
# A block scalar under a key or as an item, whose lines are no YAML.
_BLOCK = re.compile(r"^( *)(?:- |[\w./\"'-]+: )\|[-+]?\n(?:\1 +[^ \n][^\n]*\n(?: *\n)*)+", re.MULTILINE)
_MARKS = ("<<", "\n...", " " * 120, "- " * 8)  # merge keys, a document's end, deep nesting
_LONGEST_KEY = 1000
_LARGEST = 2**53


def value(text: str) -> Any:
    """The value of the one document of a text, or `LEFT`."""
    if _is_risky(text):
        return LEFT
    try:
        found = yaml_rs.loads(text, parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, TypeError):  # TypeError: a key that is no scalar
        return LEFT
    return found if _is_common(found) else LEFT


def _is_risky(text: str) -> bool:
    if not text.endswith("\n") and "|" in text:  # yaml-rs ends the block scalar with a line break of its own
        return True
    if not text.replace("\n", "").isprintable():
        return True
    syntax = _BLOCK.sub("", f"\n{text}\n") if "|" in text else f"\n{text}\n"
    return any(mark in syntax for mark in _MARKS) or any(risk.search(syntax) for risk in _RISKS)


def _is_common(found: Any) -> bool:
    """Whether YAML 1.1 and 1.2 agree on every scalar and key of a value."""
    pending = [found]
    while pending:
        each = pending.pop()
        kind = type(each)
        if kind is dict:
            if not all(type(key) is str and key not in WORDS and len(key) < _LONGEST_KEY for key in each):
                return False
            pending.extend(each.values())
        elif kind is list:
            pending.extend(each)
        elif (kind is str and each in WORDS) or (kind in (int, float) and not abs(each) < _LARGEST):
            return False
    return True
