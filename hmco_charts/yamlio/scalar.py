"""What a plain scalar means to Kubernetes.

Kubernetes and Helm read YAML with `sigs.k8s.io/yaml`, whose scalars are those of go-yaml v2: YAML 1.1
booleans, Go's integer literals, and dates and sexagesimal numbers left as strings.
Source: go.yaml.in/yaml/v2 `resolve.go`, `decode.go`.
"""

import math
import re

Scalar = str | int | float | bool | None

_TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE = ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
_NULL = ("", "~", "null", "Null", "NULL")
WORDS: dict[str, Scalar] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(_NULL, None),
}
_FLOATS = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]{0,19}|0)|0b[-+][01]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASES = {"0x": 16, "0b": 2, "0o": 8}


def is_infinite(value: Scalar) -> bool:
    """Whether a value is a number that JSON cannot spell: an infinite one, or none at all."""
    return isinstance(value, float) and not math.isfinite(value)


def resolve(text: str) -> Scalar:
    """The value that Kubernetes gives an unquoted scalar.

    Args:
        text: The scalar as written, for example `yes`, `0644`, `1e3` or `12:30:00`.
    """
    if text in WORDS:
        return WORDS[text]
    first = text[0]
    if first.isdigit() or first in "+-.":
        return _number(text)
    return text


def _number(text: str) -> Scalar:
    if text in _FLOATS:
        return _FLOATS[text]
    digits = text if text[0] == "." else text.replace("_", "")
    if _INTEGER.fullmatch(digits):
        integer = _integer(digits)
        if -(2**63) <= integer < 2**64:
            return integer
    if _FLOAT.fullmatch(digits) and math.isfinite(value := float(digits)):
        return value
    return text


def _integer(digits: str) -> int:
    sign = -1 if digits[0] == "-" else 1
    magnitude = digits.lstrip("+-")
    base = _BASES.get(magnitude[:2].lower())
    if base:
        return sign * int(magnitude[2:], base)
    return sign * int(magnitude, 8 if magnitude[0] == "0" else 10)
