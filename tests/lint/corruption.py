"""Ways to damage a manifest or another file of a chart."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import yaml

Corruption = Callable[[bytes, random.Random], bytes]

_MANY = ",".join(["*a"] * 1000)
_BOMB = f"\nzz: &a [{','.join('x' * 1000)}]\nzy: &b [{_MANY}]\nzx: [{_MANY.replace('*a', '*b')}]\n".encode()
_WRONG = (
    None,
    True,
    7,
    -1.5,
    2**70,
    "text",
    "",
    "a\nb: [c",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"a": None},
    {"a": {"b": [1]}},
)


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(1, max(len(data), 2))]


def _without_middle(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + data[at + dice.randrange(1, 40) :]


def _swapped(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(max(len(data) - 1, 1))
    return data[:at] + data[at : at + 2][::-1] + data[at + 2 :]


def _flipped(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]


def _always(change: Callable[[bytes], bytes]) -> Corruption:
    return lambda data, _: change(data)


def _with(piece: bytes) -> Corruption:
    def inserted(data: bytes, dice: random.Random) -> bytes:
        at = dice.randrange(len(data) + 1)
        return data[:at] + piece + data[at:]

    return inserted


def _with_line(line: bytes) -> Corruption:
    def inserted(data: bytes, dice: random.Random) -> bytes:
        lines = data.split(b"\n")
        lines.insert(dice.randrange(len(lines) + 1), line)
        return b"\n".join(lines)

    return inserted


def _lines_swapped(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _binary(data: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(len(data))


def _of_wrong_types(data: bytes, dice: random.Random) -> bytes:
    """Another type where a map, a list or a string stands, at one to four places of each document."""
    try:
        found = [each for each in yaml.safe_load_all(data) if isinstance(each, (dict, list))]
    except yaml.YAMLError:  # a template
        return _lines_swapped(data, dice)
    for _ in range(dice.randrange(1, 5)):
        found = [_put(each, dice.choice(list(_paths(each))), dice.choice(_WRONG)) for each in found]
    return "\n---\n".join(json.dumps(each, default=str) for each in found).encode()


def _all_of(wrong: Any) -> Corruption:
    """The same value for each entry of the documents, one level down."""

    def replaced(data: bytes, dice: random.Random) -> bytes:
        try:
            found = [each for each in yaml.safe_load_all(data) if isinstance(each, dict)]
        except yaml.YAMLError:
            return data.replace(b": ", b": " + json.dumps(wrong).encode() + b" #")
        kept = ("apiVersion", "kind")
        texts = [{key: value if key in kept else wrong for key, value in each.items()} for each in found]
        return "\n---\n".join(json.dumps(each) for each in texts).encode()

    return replaced


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _paths(child, (*path, key))


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: _put(child, path[1:], new) if key == path[0] else child for key, child in value.items()}
    return [_put(child, path[1:], new) if at == path[0] else child for at, child in enumerate(value)]


CORRUPTIONS: dict[str, Corruption] = {
    "cut": _cut,
    "without the middle": _without_middle,
    "swapped bytes": _swapped,
    "a flipped bit": _flipped,
    "bad UTF-8": _with(b"\xff"),
    "a NUL": _with(b"\0"),
    "a control character": _with(b"\x1b"),
    "a surrogate": _with(b"\xed\xa0\x80"),
    "a mark of byte order": _with(b"\xef\xbb\xbf"),
    "binary": _binary,
    "empty": _always(lambda _: b""),
    "comments alone": _always(lambda data: b"# " + data.replace(b"\n", b"\n# ").replace(b"\r", b"")),
    "CR line ends": _always(lambda data: data.replace(b"\r", b"").replace(b"\n", b"\r")),
    "CRLF line ends": _always(lambda data: data.replace(b"\n", b"\r\n")),
    "line ends of Unicode": _always(lambda data: data.replace(b"\n", "\u2028".encode())),
    "tabs": _always(lambda data: data.replace(b"  ", b"\t")),
    "two bytes a character": _always(lambda data: data.decode("latin-1").encode("utf-16")),
    "four bytes a character": _always(lambda data: data.decode("latin-1").encode("utf-32")),
    "too deep": _always(lambda data: data + b"\nzz: " + b"[" * 500 + b"]" * 500 + b"\n"),
    "deep": _always(lambda data: data + b"\nspec: " + b'{"spec": ' * 250 + b"1" + b"}" * 250 + b"\n"),
    "an alias bomb": _always(lambda data: data + _BOMB),
    "an endless number": _always(lambda data: data + b"\nzz: " + b"1" * 20_000 + b"\n"),
    "a scalar of 5 MB": _always(lambda data: data + b"\nzz: " + b"x" * 5_000_000 + b"\n"),
    "a bracket": _with(b"["),
    "a colon": _with(b": "),
    "a quote": _with(b'"'),
    "a question mark": _with(b"? "),
    "an alias": _with(b"*a "),
    "a tag": _with(b"!!int "),
    "a directive": _with_line(b"%YAML 1.2"),
    "a merge": _with_line(b"<<: [1]"),
    "a separator": _with_line(b"---"),
    "swapped lines": _lines_swapped,
    "wrong types": _of_wrong_types,
    "other wrong types": _of_wrong_types,
    "more wrong types": _of_wrong_types,
    "null everywhere": _all_of(None),
    "lists everywhere": _all_of([[]]),
    "maps everywhere": _all_of({"a": {"b": None}}),
    "numbers everywhere": _all_of(7),
}
