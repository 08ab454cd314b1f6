"""PEM texts: the blocks between BEGIN and END, and what is wrong with them.

Source: RFC 7468; Go's `encoding/pem`, whose reader Kubernetes' programs use, takes a block only at the start of a line.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from functools import lru_cache

from hmco_charts.formats.entry import KEPT

_BEGIN = re.compile(r"^([ \t]*)-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?$", re.MULTILINE)
_HEADER = re.compile(r"^[\w-]+: .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a PEM text.

    Attributes:
        label: What it holds, such as `CERTIFICATE`.
        start: Offset of the BEGIN line.
        end: Offset behind the block.
        data: The decoded bytes; empty where they could not be decoded.
        fault: Why programs cannot read it; empty for a good block.
        is_encrypted: Whether a passphrase is needed.
    """

    label: str
    start: int
    end: int
    data: bytes = field(repr=False)
    fault: str
    is_encrypted: bool


@lru_cache(maxsize=KEPT)
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text, unreadable ones too; text around them is passed over."""
    begins = list(_BEGIN.finditer(text)) if "-----BEGIN" in text else []
    ends = [*(begin.start() for begin in begins), len(text)][1:]
    return tuple(_block(text, begin, end) for begin, end in zip(begins, ends, strict=True))


def _block(text: str, begin: re.Match[str], limit: int) -> Block:
    label = begin[2]
    end = re.compile(rf"^[ \t]*-----END {re.escape(label)}-----", re.MULTILINE).search(text, begin.end(), limit)
    body = text[begin.end() : end.start() if end else limit]
    data, fault = _decoded(_HEADER.sub("", body))
    if end is None:
        fault = f"the line -----END {label}----- is missing: the text is cut off"
    elif begin[1]:
        fault = "the BEGIN line is indented"
    is_encrypted = label.startswith("ENCRYPTED") or "Proc-Type: 4,ENCRYPTED" in body
    stop = end.end() if end else begin.end() + len(body.rstrip())
    return Block(label, begin.start() + len(begin[1]), stop, b"" if fault else data, fault, is_encrypted)


def _decoded(body: str) -> tuple[bytes, str]:
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return b"", "what stands between BEGIN and END is not base64"
    return data, "" if data else "there is nothing between BEGIN and END"
