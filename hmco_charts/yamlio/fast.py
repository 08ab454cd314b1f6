"""A compiled reader for the texts on which it cannot differ from Kubernetes.

yaml-rs reads YAML 1.2, Kubernetes what go-yaml makes of YAML 1.1. Whatever the two might read differently (numbers
with leading zeros, `yes` and `no`, anchors, tags, folded scalars, tabs, …) is looked for first, generously: a text
with any of it, or that yaml-rs refuses, is left to the exact reader. File modes are the one difference that nearly
every chart has; they are told apart and corrected.
"""

import re
from typing import Any

import re2
import yaml_rs

from hmco_charts.yamlio.node import MAX_NODES
from hmco_charts.yamlio.scalar import WORDS

LEFT = object()
"""What `value` gives for a text that the exact reader must read."""

_BLOCK = r"^( *)(?:- |[\w./\"'-]+: )\|[-+]?\n(?:\1 +[^ \n][^\n]*\n(?: *\n)*)+"  # under a key or as an item
_BLOCKS = re.compile(_BLOCK, re.MULTILINE)
_OPAQUE = re.compile(
    rf"{_BLOCK}"
    r"|^(?<!\|\n)(?<!\|[-+]\n) *#[^\n]*\n"  # a comment
    r"""|(?<=[:-] )(?:"[^"\\\n]*"|'[^'\n]*')(?= *\n)""",  # a whole value in quotes
    re.MULTILINE,
)
_RISKS = (  # each begins with its rarest character, which is what a search looks for
    # anchors, aliases, tags, folded scalars, explicit keys, reserved signs
    re.compile(r"[&*!>?%@`](?<=[ \n\[,{:-].)"),
    # integers of another base, or with digits in groups
    re.compile(r"0(?<=[ \n\[,{:+-].)\w"),
    re.compile(r"_(?<=[\d.+_-]_)|_(?<=[\d.][eE]_)|_(?<=[ \n\[,{:]_)[\d.]"),
    # block scalars that state their indentation, begin with an empty line, or are not indented
    re.compile(r"\|(?<=\n.)|\|(?<=[ \[,{:-].)(?![-+]?\n +[^ \n])"),
    # collections in brackets that go over several lines, and colons that separate nothing
    re.compile(r"[\[{](?<=[ \n-].)(?![^\n]*[\]}] *\n)"),
    re.compile(r":(?:[\]},:]|(?<=[ \[{,].)[^ \n])"),
    # words with a question mark in brackets, and brackets in one another
    re.compile(r"[\[{](?<=[ \n-].)(?:[^\n]*\?|(?:[^\n\[{]*[\[{]){19})"),
    # escapes of other characters
    re.compile(r"\\[uUxNLP_/]"),
)
_DEEP = " " * 120
_MARKS = ("<<", "\n...", _DEEP, "- " * 8)  # merge keys, a document's end, deep nesting
_MODE = re.compile(r"((?:defaultMode|mode): )0([0-7]{3} *\n)")
_MODE_LINES = re.compile(r"^( *(?:- )?(?:defaultMode|mode): )(0[0-7]{3})$", re.MULTILINE)
_ANY_MODE = re.compile(r"(?:defaultMode|mode): *[-+\d]")
_MODES = ("defaultMode", "mode")
_BOTH_READ = frozenset({"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"})
_DIFFERENT = WORDS.keys() - _BOTH_READ
_LONGEST_KEY = 1000

# Lines that no reader of YAML takes for anything else: keys, plain words, small numbers, quotes without escapes.
_KEY = r"""(?:[A-Za-z][A-Za-z0-9_./-]{0,200}|"[^"\\\n]{0,200}"|'[^'\n]{0,200}')"""
_PLAIN = r"""(?:-{0,2}[A-Za-z]|[/$(])[^\s:#]*(?::[^\s:#\]},][^\s:#]*| [^\s:#&*!|>%@`"'{}\[\]?,\\-][^\s:#]*)*"""
_NUMBER = r"(?:0|-?[1-9][0-9]{0,14})(?:[.][0-9]{1,9})*(?:[KMGT]i|[mGM])?(?:/[0-9]+)?|[1-9][0-9]*[a-df][0-9a-f]*"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_QUOTED = r"""(?:"[^"\\\n]*"|'[^'\n]*')"""
_ITEM = r"""(?:-{0,2}[A-Za-z/][A-Za-z0-9_./=-]*|"[^"\\\n]*")"""
_VALUE = rf"(?:{_PLAIN}|{_NUMBER}|{_UUID}|{_QUOTED}|\{{\}}|\[\]|\[{_ITEM}(?:, {_ITEM})*\])"
_FILE_MODE = "(?:defaultMode|mode): 0[0-7]{3}"
_LINE = rf"(?: *(?:- )?{_KEY}:(?: {_VALUE})?| *(?:- )?{_FILE_MODE}| *- {_VALUE}| *\{{\}}| *#[^\n]*| *)\n"
_QUIET = re2.Options()
_QUIET.log_errors = False  # it says on standard error where it goes a slower way
_SIMPLE = re2.compile(rf"(?:---\n)?(?:{_LINE})*".encode(), _QUIET)
_WORD = "|".join(sorted(filter(str.isalpha, _DIFFERENT)))
_ANY_WORD = "|".join(sorted(filter(str.isalpha, WORDS)))
_WORDS = re2.compile(  # as a value where readers differ, and as a key, which is a text to Kubernetes alone
    rf"(?:: |- |\[|, )(?:{_WORD})(?:\n|, |\])|(?:^|\n) *(?:- )?[\"']?(?:{_ANY_WORD}|)[\"']?:".encode(),
    _QUIET,
)
_LARGEST = 2**53


def value(text: str) -> Any:
    """The value of the one document of a text, or `LEFT`."""
    if len(text) > MAX_NODES and text.count("\n") + text.count(",") > MAX_NODES // 2:
        return LEFT  # which the exact reader counts
    if not text.replace("\n", "").isprintable() or ("|" in text and not text.endswith("\n")):
        return LEFT  # yaml-rs would end the block scalar with a line break of its own
    flat = ((_BLOCKS.sub("", text) if "|" in text else text) + "\n").encode()
    if _SIMPLE.fullmatch(flat) and not _WORDS.search(flat) and _DEEP not in text:
        return _simple(text, flat)
    syntax, modes = f"\n{text}\n", 0
    if _is_risky(syntax):
        syntax, modes = _MODE.subn(r"\1\2", _OPAQUE.sub("", syntax))
        if _is_risky(syntax):
            return LEFT
    try:
        found = yaml_rs.loads(text, parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, TypeError):  # TypeError: a key that is no scalar
        return LEFT
    if not _is_common(found) or (modes and not _correct_modes(found, modes, syntax)):
        return LEFT
    return found


def _is_risky(syntax: str) -> bool:
    return any(mark in syntax for mark in _MARKS) or any(risk.search(syntax) for risk in _RISKS)


def _simple(text: str, flat: bytes) -> Any:
    """The value of a text of simple lines."""
    has_blocks = "|" in text
    if not has_blocks and "ode: 0" in text:
        text = _MODE_LINES.sub(lambda match: f"{match[1]}{int(match[2], 8)}", text)
    try:
        found = yaml_rs.loads(text, parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, TypeError):
        return LEFT
    syntax = flat.decode() if has_blocks else ""
    modes = len(_MODE.findall(syntax))
    return LEFT if modes and not _correct_modes(found, modes, syntax) else found


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
        elif (kind is str and each in _DIFFERENT) or (kind in (int, float) and not abs(each) < _LARGEST):
            return False
    return True


def _correct_modes(found: Any, expected: int, syntax: str) -> bool:
    """Read the file modes as octal; whether they are all, and all of them are written so."""
    holders = [(each, key) for each in _mappings(found) for key in _MODES if type(each.get(key)) is int]
    if len(holders) != expected or len(_ANY_MODE.findall(syntax)) != expected:
        return False
    for each, key in holders:
        each[key] = int(str(each[key]), 8)
    return True


def _mappings(found: Any) -> list[dict[str, Any]]:
    seen, pending = [], [found]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            seen.append(each)
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)
    return seen
