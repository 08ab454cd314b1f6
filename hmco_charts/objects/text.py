"""Texts that stand inside an object: configuration files, environment values, scripts."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hmco_charts.objects.kubernetes import KubernetesObject, mapping
from hmco_charts.yamlio import Path, Span

_PLAIN_FIELDS = {"ConfigMap": "data", "Secret": "stringData"}
_ENCODED_FIELDS = {"ConfigMap": "binaryData", "Secret": "data"}


@dataclass(frozen=True)
class Text:
    """A text inside an object.

    Attributes:
        object: The object that holds it.
        path: Where in the object it stands.
        name: Its file name: the key of a ConfigMap or Secret, the name of an environment variable.
        value: The text, decoded.
        binary: The bytes, where they are not text; `value` is then empty.
        encoded: Whether the object holds it in base64, so that places inside it are not known.
        offset: Where in the string at `path` the text begins (a here-document in a script).
    """

    object: KubernetesObject
    path: Path
    name: str
    value: str = field(repr=False)
    binary: bytes = field(default=b"", repr=False)
    encoded: bool = False
    offset: int = 0

    def span(self, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end`."""
        if self.encoded:
            return self.object.span(self.path)
        return self.object.text_span(self.path, self.offset + start, self.offset + end)

    def locator(self, start: int) -> str:
        """The place inside the object, such as `data/vault.hcl:3`."""
        line = self.value.count("\n", 0, start) + 1
        return "/".join(map(str, self.path)) + f":{line}"


def texts(holder: KubernetesObject) -> Iterator[Text]:
    """The files that a ConfigMap or a Secret holds."""
    if holder.kind not in _PLAIN_FIELDS:
        return
    plain, encoded = _PLAIN_FIELDS[holder.kind], _ENCODED_FIELDS[holder.kind]
    for key, value in mapping(holder.manifest.get(plain)).items():
        yield Text(holder, (plain, key), key, _plain(value))
    for key, value in mapping(holder.manifest.get(encoded)).items():
        yield _decoded(holder, (encoded, key), key, value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _decoded(holder: KubernetesObject, path: Path, key: str, value: Any) -> Text:
    try:
        data = base64.b64decode("".join(_plain(value).split()), validate=True)
    except (binascii.Error, ValueError):
        return Text(holder, path, key, "", encoded=True)
    try:
        return Text(holder, path, key, data.decode(), encoded=True)
    except UnicodeDecodeError:
        return Text(holder, path, key, "", binary=data, encoded=True)
