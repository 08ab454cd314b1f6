"""YAML out: block style, two spaces, strings quoted wherever a reader could take them for something else."""

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./(-][A-Za-z0-9_./,()-]*)*")
_BLOCK = re.compile(r"([!-~]([ -~]*[!-~])?\n)([ ]*[!-~]([ -~]*[!-~])?\n)+")
_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"}


def yaml(value: Any) -> str:
    """A document."""
    return "".join(f"{line}\n" for line in lines(value, 0))


def lines(value: Any, indent: int) -> Iterator[str]:
    """The lines of a map or list; a scalar or an empty collection is one line."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from entry(f"{pad}{scalar(key)}:", inner, indent)
    elif isinstance(value, list) and value:
        for inner in value:
            first, *rest = lines(inner, indent + 2)
            yield f"{pad}- {first.lstrip()}"
            yield from rest
    else:
        yield f"{pad}{scalar(value)}"


def entry(head: str, value: Any, indent: int) -> Iterator[str]:
    """A key and its value."""
    if value and isinstance(value, dict | list):
        yield head
        yield from lines(value, indent + 2)
    elif isinstance(value, str) and _BLOCK.fullmatch(value):
        yield f"{head} |"
        yield from (f"{' ' * indent}  {line}" for line in value.splitlines())
    else:
        yield f"{head} {scalar(value)}"


def scalar(value: Any) -> str:
    """A scalar or an empty collection on one line."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08X}" for sign in quoted)
