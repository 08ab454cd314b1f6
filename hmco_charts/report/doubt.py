"""What might be a secret by the name that it stands under, whatever the detectors say of its value.

Findings count what is a usable secret for certain; a report that is shown to many hides more than that.
"""

import re
from collections.abc import Iterator

from hmco_charts.credentials import decoding, lexicon

Columns = tuple[int, int]

_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_SIGN = re.compile(r"\\?[\"'\]]*\s*(?::=|=>|==|[:=,])\s*")
_SPACE = re.compile(r"[\"']?\s+(?=\S)")
_WORD = re.compile(r"\S*")
_QUOTED = re.compile(r"\\?([\"'`])(?P<text>(?:(?!\1)[^\\]|\\.)*)\1")
_TOKEN = re.compile(r"[A-Za-z0-9+/=_~.-]{16,}")
_HARMLESS = re.compile(
    r"""
      \$\(\w+\) | \$\{\w+\} | \$\w[\w.$-]*       # what is put in elsewhere
    | (?:\.{0,2}|~)/[\w./-]* | [\w-]+\.(?:crt|pem|key|ya?ml|json|hcl|conf|txt|sh|sql)
    | true | false | null | ~ | yes | no | on | off | \d{1,3} | [a-z]{1,3}
    | [|>][-+\d]* | [\[{&*].* | <<-?\w+ | \W*
    """,
    re.VERBOSE,
)
_PLAIN_KEYS = frozenset(
    ("name", "key", "optional", "items", "valueFrom", "secretKeyRef", "secretName", "secretRef", "namespace", "path")
)


def is_named_so(key: str) -> bool:
    """Whether a setting's name says that its value is a secret."""
    return lexicon.strength(key) in ("password", "secret")


def is_within(key: str) -> bool:
    """Whether what stands under a key, itself under the name of a secret, might be one."""
    return key not in _PLAIN_KEYS


def is_harmless(value: str) -> bool:
    """Whether a value is no secret wherever it stands: a reference, a path, a switch."""
    return bool(_HARMLESS.fullmatch(value.strip()))


def columns(line: str) -> Iterator[Columns]:
    """The columns from 0 of a line that are better hidden."""
    at = 0
    while name := _NAME.search(line, at):
        start, end = _value(line, name) if is_named_so(name[0]) else (name.end(), name.end())
        if not is_harmless(line[start:end]):
            yield start, end
        at = max(end, name.end())
    yield from (match.span() for match in _TOKEN.finditer(line) if decoding.looks_random(match[0]))


def _value(line: str, name: re.Match[str]) -> Columns:
    """Where the value of a setting stands: between quotes, up to the end of the line, or as the next word."""
    sign = _SIGN.match(line, name.end())
    gap = sign or (_SPACE.match(line, name.end()) if lexicon.strength(name[0]) == "password" else None)
    if not gap:
        return name.end(), name.end()
    if quoted := _QUOTED.match(line, gap.end()):
        return quoted.span("text")
    return gap.end(), len(line.rstrip()) if sign else _WORD.match(line, gap.end()).end()  # type: ignore[union-attr]
