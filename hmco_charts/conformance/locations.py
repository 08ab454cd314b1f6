"""Where else schemas lie: kubeconform's `-schema-location`, for folders and for http(s).

Source: github.com/yannh/kubeconform `pkg/registry/registry.go` (schemaPath), `cmd/kubeconform`.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from hmco_charts.conformance.unavailable import SchemaUnavailableError
from hmco_charts.errors import ConfigurationError

_FIELD = re.compile(r"\{\{-?\s*\.(\w+)\s*-?\}\}")
_CATALOGUE = (
    "/{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json"
)
_FIELDS = (
    "NormalizedKubernetesVersion",
    "StrictSuffix",
    "ResourceKind",
    "ResourceAPIVersion",
    "Group",
    "KindSuffix",
)
_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Found:
    """A schema and where it was found, for references that are relative to it."""

    schema: dict[str, Any]
    base: str


@dataclass(frozen=True, slots=True)
class Location:
    """A template for the paths of schemas.

    Attributes:
        template: As kubeconform has it; `default` for the schemas that travel with the package.
    """

    template: str

    @classmethod
    def of(cls, word: str) -> "Location":
        """The location that a user names.

        Raises:
            ConfigurationError: It asks for what is not known of a kind.
        """
        if word == DEFAULT.template:
            return DEFAULT
        unknown = set(_FIELD.findall(word)) - set(_FIELDS)
        if unknown or "{{" in _FIELD.sub("", word):
            what = f"schema location with unknown parts: {word}"
            raise ConfigurationError(what, remedy=f"Known are: {', '.join(f'{{{{.{each}}}}}' for each in _FIELDS)}.")
        return cls(word if word.endswith("json") else word.rstrip("/") + _CATALOGUE)

    @property
    def is_remote(self) -> bool:
        """Whether it is asked over the network."""
        return self.template.startswith(("http://", "https://"))

    def find(self, api_version: str, kind: str, *, minor: int, is_strict: bool) -> Found | None:
        """The schema of a kind; `None` where there is none.

        Raises:
            SchemaUnavailableError: It cannot be read.
        """
        path = self._path(api_version, kind, minor, is_strict=is_strict)
        base = path if self.is_remote else Path(path).absolute().as_uri()
        found = self.retrieve(base, is_needed=False)
        if found is not None and not isinstance(found, dict):
            raise SchemaUnavailableError(f"{path}: not a JSON Schema")
        return None if found is None else Found(found, base)

    def retrieve(self, uri: str, *, is_needed: bool = True) -> Any:
        """The JSON behind a URI: the schema itself, or what it refers to.

        Raises:
            SchemaUnavailableError: It cannot be read; where it is needed also if it is not there.
        """
        text = self._remote(uri) if self.is_remote else _local(uri)
        if text is None:
            if is_needed:
                raise SchemaUnavailableError(f"{uri}: not there")
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise SchemaUnavailableError(f"{uri}: not readable as JSON") from None

    def _path(self, api_version: str, kind: str, minor: int, *, is_strict: bool) -> str:
        group, _, version = api_version.rpartition("/")
        short = (group or version).split(".")[0].lower()
        fields = {
            "NormalizedKubernetesVersion": f"v1.{minor}.0",
            "StrictSuffix": "-strict" if is_strict else "",
            "ResourceKind": kind.lower(),
            "ResourceAPIVersion": version,
            "Group": group or version,
            "KindSuffix": f"-{short}-{version.lower()}" if group else f"-{short}",
        }
        return _FIELD.sub(lambda match: _plain(fields[match[1]]), self.template)

    def _remote(self, uri: str) -> bytes | None:
        from hmco_charts.conformance.download import download

        if urlsplit(uri).netloc != urlsplit(self.template).netloc:
            raise SchemaUnavailableError(f"{uri}: another host than that of the schema location")
        return download(uri)


DEFAULT = Location("default")
"""Kubernetes' own schemas and those of custom resources that travel with the package."""


def _plain(part: str) -> str:
    """A part of a path that stays within its folder, whatever an object calls its kind."""
    return part.replace("/", "-").replace("..", "-")


def _local(uri: str) -> bytes | None:
    parts = urlsplit(uri)
    if parts.scheme != "file":
        raise SchemaUnavailableError(f"{uri}: only files are read beside a schema in a folder")
    path = Path(unquote(parts.path))
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > _MOST_BYTES:
            raise SchemaUnavailableError(f"{path}: larger than {_MOST_BYTES >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise SchemaUnavailableError(f"{path}: {error.strerror}") from None
