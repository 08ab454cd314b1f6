"""A compiled reader for the texts on which it cannot differ from Kubernetes.

yaml-rs reads YAML 1.2, Kubernetes what go-yaml makes of YAML 1.1. One automaton tells whether every line of a text is
one that both read alike: a key or an item with a plain word, a small number, quotes, brackets on one line, or a block
scalar. A text with anything else (numbers with leading zeros, `yes` and `no`, anchors, tags, folded scalars, tabs, …),
or that yaml-rs refuses, is left to the exact reader. File modes are the one difference that nearly every chart has;
they are written anew.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import re2
import yaml_rs

from hmco_charts.yamlio.node import MAX_NODES
from hmco_charts.yamlio.scalar import WORDS

if TYPE_CHECKING:
    from re2 import _Regexp as Automaton

LEFT = object()
"""What `value` gives for a text that the exact reader must read."""

_SIGN = r"[^\x00-\x1f\x7f]"
_PART = r"[^\x00-\x20\x7f:#]"
_INSIDE = r"[^\x00-\x20\x7f:#,?\[\]{}]*"  # of a word in brackets
_QUOTED = r"""(?:"(?:[^"\\\x00-\x1f\x7f]|\\["\\nrt])*"|'[^'\x00-\x1f\x7f]*')"""
_KEY = r"""(?:_?[A-Za-z][A-Za-z0-9_./-]*|"[^":\\\x00-\x1f\x7f]*"|'[^':\x00-\x1f\x7f]*')"""
_REST = rf"{_PART}*(?::[^\x00-\x20\x7f:#\]}},]{_PART}*| {_PART}+)*"
_PLAIN = rf"(?:-{{0,2}}[A-Za-z]|_+[A-Za-z]|:[0-9A-Za-z]|[/$(]){_REST}"
_NUMBER = r"(?:0|-?[1-9][0-9]{0,14})(?:[.][0-9]{1,9})*(?:[KMGT]i|[kKMG]B|[mGM])?(?:/[0-9]+)?"
_PERIOD = r"(?:[0-9]+(?:ms|[smhdwy]))+"
_HEXADECIMAL = r"[0-9]+[acdf][0-9a-f]*|[0-9]+e[0-9]*[a-f][0-9a-f]*|[1-9][0-9]*b[0-9a-f]*"  # neither `0b1` nor `1e5`
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_WORD_INSIDE = rf"(?:-{{0,2}}[A-Za-z/]|[$(]){_INSIDE}(?:(?::| -{{0,2}})[A-Za-z0-9/]{_INSIDE})*"
_IN_NUMBERS = r"(?:[0-9A-Za-z._-]|:[0-9A-Za-z]| [0-9A-Za-z*/])*"
_BEGUN_BY_A_DIGIT = rf"[0-9]{_IN_NUMBERS} ?[g-nq-su-wyG-NQ-SU-WY>&/@%=~*;()$]{_REST}"  # with a sign that no number has
_SCALAR_INSIDE = rf"{_WORD_INSIDE}|{_NUMBER}|{_QUOTED}"
_NAME_INSIDE = "[A-Za-z][A-Za-z0-9_./-]*"


def _brackets(entry: str) -> str:
    """Lists and maps on one line of entries of a form."""
    field = f"{_NAME_INSIDE}: +(?:{entry})"
    return rf"\[ *(?:(?:{entry})(?:, *(?:{entry}))* *)?\]|\{{ *(?:{field}(?:, *{field})* *)?\}}"


_INNER = f"{_SCALAR_INSIDE}|{_brackets(_SCALAR_INSIDE)}"
_VALUE = rf"(?:{_PLAIN}|{_BEGUN_BY_A_DIGIT}|{_NUMBER}|{_PERIOD}|{_HEXADECIMAL}|{_UUID}|{_QUOTED}|{_brackets(_INNER)})"
_FILE_MODE = "(?:defaultMode|mode): 0[0-7]{3}"
_ENTRY_LINE = rf" *(?:(?:- +)?{_KEY}:(?: +{_VALUE})?|- +{_VALUE}|\{{\}}|\[\])"
_LINE = rf"(?:(?:{_ENTRY_LINE}(?: +#{_SIGN}*)?| *#{_SIGN}*| *) *| *(?:- +)?{_FILE_MODE}|---)\n"
_DEEPEST_BLOCK = 30  # spaces; blocks in charts stand at even ones


def _blocks(last: str = "") -> str:
    """Block scalars under keys and items, whose first line has content; or those with a certain line, up to it."""
    depths = range(0, _DEEPEST_BLOCK, 2)
    heads = [(depth, rf"(?:{_KEY}:|-)", depth + 1) for depth in depths]
    heads += [(depth, f"- {_KEY}:", depth + 3) for depth in depths]
    return "|".join(
        rf" {{{depth}}}{head} \|[-+]?\n" + (f"{_inner(least)}* {{{least},}}{last}" if last else f"{_inner(least)}+")
        for depth, head, least in heads
    )


def _inner(least: int) -> str:
    """A line of a block that stands so deep, and empty lines behind it."""
    return rf"(?: {{{least},}}[^\x00-\x20\x7f]{_SIGN}*\n(?: *\n)*)"


_BOTH_READ = frozenset({"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"})
_DIFFERENT = "|".join(sorted(filter(str.isalpha, WORDS.keys() - _BOTH_READ)))
_ANY_WORD = "|".join(sorted(filter(str.isalpha, WORDS)))
_WORD_AS_VALUE = rf"(?:: +|- +|\[ *|, *)(?:{_DIFFERENT})(?: *\n| +#| *[,\]}}])"
_WORD_AS_KEY = rf"(?:^|\n) *(?:- +)?(?:{_ANY_WORD}|):|[{{,] *(?:{_ANY_WORD}):"  # a text to Kubernetes alone
_LONG_KEY = r"(?:^|\n) *(?:- +)?[^ :\n][^:\n]{200}[^:\n]*:"  # go-yaml reads keys of up to 1,024 bytes
_DEEP = " " * 120
_MODE = re.compile(r"ode: (0[0-7]{3})(?![^\n])")
_BREAK, _GAP = "\n---\n", "---\n---\n"
_EMPTY_LEAD = re.compile(r"(?: *(?:#[^\n]*)?\n)+---\n")
_LARGEST_WHOLE = 2**20  # characters; what is larger is read document by document, so that memory does not grow with it


def parts(text: str) -> list[tuple[str, Any]]:
    """The documents of a text, as written, each with its value; none of a text that the exact reader must read.

    An empty document has the value `None`.
    """
    if len(text) > _LARGEST_WHOLE or _GAP in text or text.endswith("\n---"):
        return []
    found = value(text)
    if found is LEFT:
        return []
    written = [f"---\n{each}\n" for each in text.split(_BREAK)]
    written[0] = written[0].removeprefix("---\n")
    written[-1] = written[-1].removesuffix("\n")
    lead = [None] if _EMPTY_LEAD.match(text) else []  # which yaml-rs does not count
    values = found if len(written) - len(lead) > 1 else [found]
    return list(zip(written, [*lead, *values], strict=True))


def value(text: str) -> Any:
    """The value of the one document of a text, or a list of the values of several; `LEFT` for the exact reader."""
    if len(text) > MAX_NODES and text.count("\n") + text.count(",") > MAX_NODES // 2:
        return LEFT  # which the exact reader counts
    if not _is_simple(text):
        return LEFT
    try:
        return yaml_rs.loads(_with_decimal_modes(text), parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, TypeError):  # TypeError: a key that is no scalar
        return LEFT


def _is_simple(text: str) -> bool:
    """Whether both readers read each line alike."""
    is_whole = text.endswith("\n")
    if "|" in text and not is_whole:
        return False  # yaml-rs would end the block scalar with a line break of its own
    if _DEEP in text or not (text.isascii() or text.replace("\n", "").isprintable()):
        return False
    data = (text if is_whole else f"{text}\n").encode()
    if not _lines().fullmatch(data) or _words().search(data):
        return False
    return not ("ode: 0" in text and "|" in text and _modes_in_blocks().search(data))


@cache
def _lines() -> "Automaton":
    return _automaton(rf"(?:{_blocks()}|{_LINE})*")


@cache
def _words() -> "Automaton":
    """Finds words on which the readers differ, and keys of which one reader says that they are too long."""
    return _automaton(f"{_WORD_AS_VALUE}|{_WORD_AS_KEY}|{_LONG_KEY}")


@cache
def _modes_in_blocks() -> "Automaton":
    """Finds what looks like a file mode in a block scalar, where it is text."""
    last = f"{_SIGN}*ode: 0"
    return _automaton(rf"(?m)^(?:{_blocks(last)})")


def _automaton(pattern: str) -> "Automaton":
    options = re2.Options()
    options.max_mem = 2**24  # bytes
    options.log_errors = False  # it says on standard error where it goes a slower way
    return re2.compile(pattern.encode(), options)


def _with_decimal_modes(text: str) -> str:
    """The text with its file modes as YAML 1.2 writes them; the comment keeps a line behind from becoming a part."""
    return _MODE.sub(lambda match: f"ode: {int(match[1], 8)} #", text) if "ode: 0" in text else text
