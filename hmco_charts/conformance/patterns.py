"""Regular expressions of custom resource definitions, which the API server reads as RE2.

Source: https://github.com/google/re2/wiki/Syntax
"""

import re
from functools import lru_cache
from typing import Any

_SIGN = r"\\[\\.+*?()\[\]{}|^$/\-dDwWtnr]"
_SHARED = re.compile(rf"(?:[^\\\[(.]|{_SIGN}|\((?!\?)|\(\?:|\[\^?(?:[^\\\[\]&~]|{_SIGN})+\])*")
_MOST_BYTES = 2**30  # that it may take; Go takes a thousand repeats of a class of Unicode


def is_shared(pattern: str) -> bool:
    """Whether a pattern means the same to JSON Schema, whose validator is quicker."""
    return bool(_SHARED.fullmatch(pattern))


@lru_cache(1024)
def compiled(pattern: str) -> Any:
    """The pattern of RE2.

    Raises:
        ValueError: It cannot be read.
    """
    import re2

    quiet = re2.Options()
    quiet.log_errors, quiet.max_mem = False, _MOST_BYTES
    try:
        return re2.compile(pattern, quiet)
    except re2.error as error:
        raise ValueError(f"{pattern!r} is no regular expression of RE2: {error}") from None
