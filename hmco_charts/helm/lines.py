"""What lines of a manifest tell by themselves: what they are nested under, and what stands on them."""

import json
import re
from collections.abc import Callable, Iterator, Sequence

SHORT = 3
_FRAGMENT = re.compile(r"[\w./:@-]{4,}")
_BEGINNING = re.compile(r"[\s-]*[\"']?")
_CORE = re.compile(r"[\s-]*(?:[\w./-]+:\s+)?[\"']?(.*?)[\"',\s]*")
_OPENS = re.compile(r"[\s-]*[\"']?(?P<key>[^\s\"']+?)[\"']?:\s*(?:[|>][-+\d]*)?")
_KEY_ENDS = re.compile(r"[\"']?:(?:\s|$)")
_NAME = re.compile(r"[\s-]*name:\s")
_NAMED = re.compile(r"(?:- )?(?:metadata|containers|initContainers|ephemeralContainers):\s*")
_BLOCK = re.compile(r".*[:-]\s+[|>][-+\d]*\s*(?:#.*)?")


def enclosing(lines: Sequence[str], index: int) -> Iterator[str]:
    """The lines above under which a line is nested, the nearest first."""
    depth = _depth(lines[index])
    for line in reversed(lines[:index]):
        if line.startswith("---"):
            return
        if line.strip() and not line.lstrip().startswith("#") and _depth(line) < depth:
            depth = _depth(line)
            yield line


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def is_stand_in(lines: Sequence[str], index: int) -> bool:
    """Whether a line has the name of an object or a container, which stands for all of it."""
    return bool(_NAME.match(lines[index]) and _NAMED.fullmatch(next(enclosing(lines, index), "").strip()))


def is_key(lines: Sequence[str], index: int, start: int, end: int) -> bool:
    """Whether there is, between two columns, a key of the manifest itself, not of a text in it."""
    begin, rest = lines[index][:start], lines[index][end:]
    if not (_BEGINNING.fullmatch(begin) and _KEY_ENDS.match(rest)):
        return False
    return not any(_BLOCK.fullmatch(each) for each in enclosing(lines, index))


def opened(line: str) -> str | None:
    """The key that stands alone on a line, its value being below."""
    opens = _OPENS.fullmatch(line)
    return opens["key"] if opens else None


def below(lines: Sequence[str], index: int) -> int | None:
    """The first line below with a value."""
    return next((at for at in range(index + 1, len(lines)) if lines[at].strip() and opened(lines[at]) is None), None)


def core(line: str) -> str:
    """What a line holds without the key, quotes and signs around it."""
    match = _CORE.fullmatch(line)
    return match[1] if match else ""


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _as_json_for_html(text: str) -> str:
    return re.sub(r"[<>&]", lambda match: f"\\u{ord(match[0]):04x}", _as_json(text))


def _in_single_quotes(text: str) -> str:
    return text.replace("'", "''")


SPELLINGS: tuple[Callable[[str], str], ...] = (str, _as_json, _as_json_for_html, _in_single_quotes)
"""How templates, JSON and YAML spell a text, character by character."""


def may_hold(line: str, text: str) -> bool:
    """Whether a line may hold a text: as it is, or what is longest in it between quotes and the like."""
    fragment = max(_FRAGMENT.findall(text), key=len, default="")
    return holds(line, text) or (bool(fragment) and fragment in line)


def holds(line: str, text: str) -> bool:
    """Whether a line holds a text, a short one as a word."""
    if not text or text not in line:
        return False
    return len(text) > SHORT or re.search(rf"(?<!\w){re.escape(text)}(?!\w)", line) is not None


def difference(old: str, new: str) -> tuple[int, str, str]:
    """Where two lines differ, and how."""
    start = common(old, new)
    end = common(old[start:][::-1], new[start:][::-1])
    return start, old[start : len(old) - end], new[start : len(new) - end]


def common(one: str, other: str) -> int:
    """How many characters both texts begin with."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)
