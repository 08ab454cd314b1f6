"""ConfigMaps and Secrets that a kustomization generates; their places lead to what they are made from.

Source: kustomize `api/kv/kv.go`, `api/internal/generators`.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from hmco_charts.errors import DocumentError
from hmco_charts.inputs import content
from hmco_charts.objects.kubernetes import KubernetesObject, items, mapping, text
from hmco_charts.yamlio import Document, Span
from hmco_charts.yamlio import Path as Steps
from hmco_charts.yamlio.position import Lines

GENERATORS = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
_TEXTS = {"ConfigMap": "data", "Secret": "stringData"}
_BYTES = {"ConfigMap": "binaryData", "Secret": "data"}

Place = Callable[[int, int], Span]
Load = Callable[[str], bytes]


@dataclass(frozen=True)
class Part:
    """A value of a generated object.

    Attributes:
        value: The text; the bytes where they are none.
        place: The place of the characters from one offset up to another.
    """

    value: str | bytes = field(repr=False)
    place: Place

    @property
    def whole(self) -> Span:
        """The place of all of it."""
        return self.place(0, len(self.value))


@dataclass(frozen=True, eq=False)
class GeneratedObject(KubernetesObject):
    """An object of a generator.

    Attributes:
        parts: Its values by key.
    """

    parts: Mapping[str, Part] = field(default_factory=dict, repr=False)

    def span(self, path: Steps = (), *, key: bool = False) -> Span:
        """The place of what a value is made from; of the generator otherwise."""
        part = self._part(path)
        return part.whole if part else super().span(key=key)

    def text_span(self, path: Steps, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end` of a value."""
        part = self._part(path)
        return part.place(start, end) if part else super().span()

    def _part(self, path: Steps) -> Part | None:
        fields = (_TEXTS[self.kind], _BYTES[self.kind])
        return self.parts.get(str(path[1])) if len(path) > 1 and path[0] in fields else None

    def over(self, base: "GeneratedObject") -> "GeneratedObject":
        """The object with what this one does not set of another, as `behavior: merge` says."""
        parts = {**base.parts, **self.parts}
        manifest = {**base.manifest, **self.manifest, **_data(self.kind, parts)}
        return replace(self, manifest={**manifest, "metadata": base.metadata}, parts=parts)


def generate(kustomization: Document, load: Load, folder: str) -> Iterator[tuple[str, GeneratedObject] | DocumentError]:
    """The objects that a kustomization generates, each with what its `behavior` says.

    Args:
        kustomization: The document.
        load: Reads a file of the kustomization's folder.
        folder: How places name that folder.
    """
    for generator, kind in GENERATORS.items():
        for at, entry in enumerate(items(mapping(kustomization.value).get(generator))):
            source = _Source(kustomization, (generator, at), mapping(entry), load, folder)
            try:
                yield text(mapping(entry).get("behavior")) or "create", source.object(kind)
            except DocumentError as error:
                yield error


@dataclass(frozen=True)
class _Source:
    document: Document
    base: Steps
    entry: dict[str, Any]
    load: Load
    folder: str

    def object(self, kind: str) -> GeneratedObject:
        parts = dict(self._parts())
        told = {key: self.entry[key] for key in ("name", "namespace") if key in self.entry}
        manifest = {"apiVersion": "v1", "kind": kind, "metadata": told, **_data(kind, parts)}
        if kind == "Secret":
            manifest["type"] = self.entry.get("type", "Opaque")
        return GeneratedObject(manifest, self.document, self.base, parts=parts)

    def _parts(self) -> Iterator[tuple[str, Part]]:
        for file in [*items(self.entry.get("envs")), *(x for x in [self.entry.get("env")] if x)]:
            yield from self._variables(text(file))
        for at, literal in enumerate(items(self.entry.get("literals"))):
            yield from self._literal(text(literal), (*self.base, "literals", at))
        for file in items(self.entry.get("files")):
            key, separator, path = text(file).partition("=")
            yield self._file(key if separator else PurePosixPath(key).name, path if separator else key)

    def _literal(self, literal: str, path: Steps) -> Iterator[tuple[str, Part]]:
        key, separator, value = literal.partition("=")
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        begin = len(key) + 1 + is_quoted
        if separator:
            yield key, Part(value[1:-1] if is_quoted else value, self._in_literal(path, begin))

    def _in_literal(self, path: Steps, begin: int) -> Place:
        return lambda start, end: self.document.text_span(path, begin + start, begin + end)

    def _file(self, key: str, path: str) -> tuple[str, Part]:
        data = self.load(path)
        try:
            value = data.decode()
        except UnicodeDecodeError:
            return key, Part(data, Lines("", f"{self.folder}/{path}").span)
        return key, Part(value, Lines(value, f"{self.folder}/{path}").span)

    def _variables(self, path: str) -> Iterator[tuple[str, Part]]:
        source = content.decoded(self.load(path), f"{self.folder}/{path}")
        lines = Lines(source, f"{self.folder}/{path}")
        offset = 0
        for line in source.splitlines(keepends=True):
            key, _, value = line.strip("\r\n").lstrip().partition("=")
            if key and not key.startswith("#"):
                yield key, Part(value, _moved(lines, offset + line.find("=") + 1))
            offset += len(line)


def _moved(lines: Lines, begin: int) -> Place:
    return lambda start, end: lines.span(begin + start, begin + end)


def _data(kind: str, parts: Mapping[str, Part]) -> dict[str, dict[str, str]]:
    texts = {key: part.value for key, part in parts.items() if isinstance(part.value, str)}
    coded = {key: _coded(part.value) for key, part in parts.items() if isinstance(part.value, bytes)}
    return {_TEXTS[kind]: texts, **({_BYTES[kind]: coded} if coded else {})}


def _coded(value: bytes) -> str:
    return base64.b64encode(value).decode()
