"""Text for XML documents."""

import re

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text without the characters that XML has no way to write."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
