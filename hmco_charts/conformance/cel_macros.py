"""Macros of the Common Expression Language that the library lacks, told by those that it has.

A macro of two variables goes over pairs: `self.all(i, v, v > i)` is
`self.pairs().all(p, cel.bind(i, p[0], cel.bind(v, p[1], v > i)))`.

Source: github.com/google/cel-go `ext/comprehensions.go`, `ext/lists.go`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

_TOKEN = re.compile(
    r"""//[^\n]*|[bB]?[rR](?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"]*"|'[^']*')"""
    r"""|[bB]?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|[A-Za-z_]\w*|\s+|.""",
    re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_RENAMED = {"indexOf": "index_of", "lastIndexOf": "last_index_of", "reverse": "reversed_list"}
"""Functions that the library has of texts alone."""
_CONCERNED = re.compile(
    r"\b(?:all|exists|existsOne|exists_one|transformList|transformMap|transformMapEntry|sortBy|validate|named|string"
    r"|indexOf|lastIndexOf|reverse)\s*\("
)

Arguments = Sequence[str]


@lru_cache(4096)
def expanded(expression: str) -> str:
    """An expression in which every macro is one that the library has."""
    if not _CONCERNED.search(expression):
        return expression
    try:
        parts, _ = _read(_TOKEN.findall(expression), 0, "")
    except RecursionError:
        return expression  # which the library refuses for its depth
    return ",".join(parts)


def uses_bind(expression: str) -> bool:
    """Whether an expression uses the macro that others stand for here, and that Kubernetes does not have."""
    return "cel" in expression and bool(re.search(r"\bcel\.bind\(", "".join(_unquoted(expression))))


def _unquoted(expression: str) -> Iterator[str]:
    """The signs of an expression without blanks, comments and what stands in quotes."""
    for sign in _TOKEN.findall(expression):
        if not sign.isspace() and not sign.startswith("//"):
            yield "''" if sign[-1] in "\"'" else sign


def _read(tokens: list[str], at: int, closing: str) -> tuple[list[str], int]:
    """What stands between commas up to a bracket that closes, and where that is."""
    parts: list[list[str]] = [[]]
    while at < len(tokens) and tokens[at] != closing:
        sign = tokens[at]
        if sign in _CLOSING:
            inner, at = _read(tokens, at + 1, _CLOSING[sign])
            _append(parts[-1], sign, inner)
        elif sign == ",":
            parts.append([])
        else:
            parts[-1].append(" " if sign.isspace() or sign.startswith("//") else sign)
        at += 1
    return ["".join(part) for part in parts], at


def _append(part: list[str], opening: str, inner: list[str]) -> None:
    """Append what stands in brackets; a call that is a macro as what it stands for."""
    names = [index for index, sign in enumerate(part) if sign != " "]
    last = part[names[-1]] if names else ""
    is_member = "".join(part[index] for index in names[-3:-1]).endswith((".", ".?"))
    made = _call(last, inner, is_member=is_member) if opening == "(" else ""
    if made:
        part[names[-1] :] = [made]
    else:
        part.append(f"{opening}{','.join(inner)}{_CLOSING[opening]}")


def _call(name: str, inner: Arguments, *, is_member: bool) -> str:
    """What stands for a call; nothing for one that stays."""
    if not is_member:
        return f"string(written({inner[0]}))" if name == "string" and len(inner) == 1 else ""
    if name in _RENAMED:
        return f"{_RENAMED[name]}({','.join(inner)})"
    macro = _MACROS.get((name, len(inner)))
    return macro(inner) if macro else ""


def _pairs(name: str, end: str = "", form: str = "{}") -> Callable[[Arguments], str]:
    """A macro of two variables, by one over pairs; `form` makes an entry of its last argument."""

    def macro(inner: Arguments) -> str:
        first, second, *bodies = (each.strip() for each in inner)
        if not (first.isidentifier() and second.isidentifier()):
            return ""
        pair = f"pair_of_{first}_{second}"
        *conditions, last = (f"cel.bind({first}, {pair}[0], cel.bind({second}, {pair}[1], {body}))" for body in bodies)
        return f"pairs().{name}({pair}, {', '.join((*conditions, form.format(last, pair)))}){end}"

    return macro


def _sort_by(inner: Arguments) -> str:
    name, key = (each.strip() for each in inner)
    return f"map({name}, [{key}, {name}]).sorted_by_key()"


def _each() -> Iterator[tuple[tuple[str, int], Callable[[Arguments], str]]]:
    yield ("all", 3), _pairs("all")
    yield ("exists", 3), _pairs("exists")
    for name in ("existsOne", "exists_one"):
        yield (name, 3), _pairs("exists_one")
    for count in (3, 4):
        yield ("transformList", count), _pairs("map")
        yield ("transformMap", count), _pairs("map", ".entries()", "[{1}[0], {0}]")
        yield ("transformMapEntry", count), _pairs("map", ".merged()")
    yield ("sortBy", 2), _sort_by
    yield ("validate", 1), lambda inner: f"validate({inner[0]})[?0]"
    yield ("named", 1), lambda inner: f"named({inner[0]})[?0]"


_MACROS = dict(_each())
"""By name and number of arguments."""
