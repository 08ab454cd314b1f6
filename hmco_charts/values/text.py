"""Strings that know what they are: names, quantities, durations, parts of images, hosts, paths.

Each has a pattern that Python and Helm's validators (RE2: no look-around) read alike, and none takes a text
with the shape of a credential. So a URL with a password fits nowhere.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from hmco_charts.values.credential import REFUSED, has_credential_shape, holds_credential

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

ANYTHING = r"[\s\S]*"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a string must look like.

    Attributes:
        what: What it is, for messages: `an object name`.
        regex: The whole string, without anchors; RE2's syntax.
        example: A value that fits.
        longest: Greatest length in characters.
        integers: Bounds of the whole numbers that are taken beside strings; `None` where none is.
    """

    what: str
    regex: str
    example: str
    longest: int = 4096
    integers: tuple[int, int] | None = None

    @property
    def anchored(self) -> str:
        """The regular expression of the whole string."""
        return f"^(?:{self.regex})$"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A string, strictly, that passes `check`."""
        return core_schema.no_info_plain_validator_function(
            self.check,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value),
            json_schema_input_schema=core_schema.any_schema(),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The same check in JSON Schema."""
        string: dict[str, Any] = {
            "type": "string",
            "maxLength": self.longest,
            "examples": [self.example],
            REFUSED: True,
        }
        if self.regex != ANYTHING:
            string["pattern"] = self.anchored
        if self.integers is None:
            return string
        low, high = self.integers
        return string | {"type": ["string", "integer"], "minimum": low, "maximum": high}

    def check(self, value: Any) -> Any:
        """The value, if it is what it must be.

        Raises:
            PydanticCustomError: It is not.
        """
        if self.integers and type(value) is int:
            return self._bounded(value, *self.integers)
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "must be {allowed}", {"allowed": self._allowed})
        if self._holds_credential(value):
            raise PydanticCustomError("credential", "holds a credential")
        if len(value) > self.longest or not re.fullmatch(self.regex, value):
            raise PydanticCustomError("pattern", "must be {allowed}", {"allowed": self._allowed})
        return value

    def _holds_credential(self, value: str) -> bool:
        return holds_credential(value) if self.regex == ANYTHING else has_credential_shape(value)

    def _bounded(self, value: int, low: int, high: int) -> int:
        if low <= value <= high:
            return value
        raise PydanticCustomError("bounds", "must be {allowed}", {"allowed": f"between {low} and {high}"})

    @property
    def _allowed(self) -> str:
        whole = f" or a whole number between {self.integers[0]} and {self.integers[1]}" if self.integers else ""
        return f"{self.what}{whole}, for example {self.example}"


class _Empty:
    """Takes the empty string too: `not set`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = handler(source)
        return core_schema.no_info_wrap_validator_function(
            lambda value, check: value if value == "" else check(value), inner
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        inner: dict[str, Any] = handler(schema)
        if "pattern" in inner:
            inner["pattern"] = f"^$|{inner['pattern']}"
        if "enum" in inner:
            inner["enum"] = ["", *inner["enum"]]
        return inner


def _without_nulls(given: Any) -> Any:
    return {k: v for k, v in given.items() if v is not None} if isinstance(given, dict) else given


OrEmpty = Annotated[T, _Empty()]
"""The type, or the empty string for `not set`."""

ListOf = Annotated[tuple[T, ...], Strict(strict=False)]
"""A list in YAML, a tuple in Python."""

MapOf = Annotated[dict[K, V], BeforeValidator(_without_nulls)]
"""A map; `null` takes an entry away, as in Helm."""

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS = rf"{_LABEL}(\.{_LABEL})*"
_QUALIFIED = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_UNIT = r"(m|[kMGTPE]i?)"
_FIELD = r"(\*|[0-9]+(-[0-9]+)?|[A-Z]{3}(-[A-Z]{3})?)(/[0-9]+)?"
_IPV4 = r"[0-9]{1,3}(\.[0-9]{1,3}){3}"
_IPV6 = r"[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}"
_HOST = rf"{_DNS}|{_IPV4}|\[{_IPV6}\]"
_RESOLVER = rf"({_HOST}):[0-9]{{1,5}}|https://({_HOST})(:[0-9]{{1,5}})?(/[-A-Za-z0-9._/]*)?"

ObjectName = Annotated[str, Pattern("an object name", _DNS, "vault-tls", 253)]
DnsLabel = Annotated[str, Pattern("a DNS label", _LABEL, "vault", 63)]
Namespace = Annotated[str, Pattern("a namespace", _LABEL, "monitoring", 63)]
PortName = Annotated[str, Pattern("a port name", r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", "http", 15)]
LabelKey = Annotated[str, Pattern("a label key", rf"({_DNS}/)?{_QUALIFIED}", "app.kubernetes.io/part-of", 317)]
LabelValue = Annotated[str, Pattern("a label value", rf"({_QUALIFIED})?", "backend", 63)]
Text = Annotated[str, Pattern("a text without a credential", ANYTHING, "team-a", 65536)]
Word = Annotated[str, Pattern("a word", r"[A-Za-z0-9][-A-Za-z0-9_.:/]*", "json", 253)]

Quantity = Annotated[
    str | int,
    Pattern("a quantity", rf"[0-9]+(\.[0-9]+)?({_UNIT}|[eE][0-9]+)?", "512Mi", 32, (0, 2**53)),
]
ResourceName = Annotated[
    str,
    Pattern(
        "a resource of a container",
        rf"cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMGT]i|{_DNS}/{_QUALIFIED}",
        "memory",
        317,
    ),
]
Percentage = Annotated[str, Pattern("a percentage", r"[0-9]{1,3}%", "25%", 4)]
CountOrPercentage = Annotated[str | int, Pattern("a percentage", r"[0-9]{1,3}%", "25%", 4, (0, 100_000))]
Duration = Annotated[str, Pattern("a duration", r"([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+", "30s", 32)]
PrometheusDuration = Annotated[str, Pattern("a Prometheus duration", r"([0-9]+(ms|s|m|h|d|w|y))+", "30s", 32)]

Registry = Annotated[str, Pattern("a registry", rf"{_DNS}(:[0-9]{{1,5}})?(/[a-z0-9._-]+)*", "quay.io", 255)]
Repository = Annotated[
    str,
    Pattern(
        "an image repository",
        r"[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*",
        "hashicorp/vault",
        255,
    ),
]
Tag = Annotated[str, Pattern("an image tag", r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", "1.20.0", 128)]
Digest = Annotated[str, Pattern("a digest", r"sha256:[0-9a-f]{64}", "sha256:" + "0" * 64, 71)]

Host = Annotated[str, Pattern("a host name or an IP address", rf"{_DNS}|{_IPV4}|{_IPV6}", "vault.example.org", 253)]
HostPattern = Annotated[str, Pattern("a host name", rf"(\*\.)?{_DNS}", "vault.example.org", 253)]
IpAddress = Annotated[str, Pattern("an IP address", rf"{_IPV4}|{_IPV6}", "10.0.0.1", 45)]
NameServer = Annotated[
    str, Pattern("a name server, as `host` or `host:port`", rf"({_HOST})(:[0-9]{{1,5}})?", "192.0.2.1:53", 253)
]
NameServers = Annotated[
    str,
    Pattern(
        "name servers, as `host:port` or `https://…`, with commas between them",
        rf"({_RESOLVER})(,({_RESOLVER}))*",
        "192.0.2.1:53,192.0.2.2:53",
        1024,
    ),
]
Cidr = Annotated[str, Pattern("an IP range", rf"({_IPV4}|{_IPV6})/[0-9]{{1,3}}", "10.0.0.0/8", 49)]
Url = Annotated[
    str,
    Pattern(
        "a URL without user and password",
        rf"[a-z][a-z0-9+.-]*://({_HOST})(:[0-9]{{1,5}})?([/?][^\s@\"'<>]*)?",
        "https://vault.example.org:8200",
        2048,
    ),
]
UrlPath = Annotated[str, Pattern("a path of a URL", r"/[A-Za-z0-9._~!$&'()*+,;=:%/-]*", "/v1/sys/health", 1024)]
Email = Annotated[str, Pattern("an e-mail address", rf"[A-Za-z0-9._%+-]+@{_DNS}", "platform@example.org", 254)]

AbsolutePath = Annotated[str, Pattern("an absolute path", r"/[A-Za-z0-9._/@+,=-]*", "/vault/data", 1024)]
RelativePath = Annotated[str, Pattern("a relative path", r"[A-Za-z0-9._-][A-Za-z0-9._/-]*", "tls/ca.crt", 1024)]
StorageClassName = Annotated[str, Pattern("a storage class or -", rf"-|{_DNS}", "fast-ssd", 253)]
EnvName = Annotated[str, Pattern("a name of an environment variable", r"[A-Za-z_][A-Za-z0-9_]*", "LOG_LEVEL", 253)]
DataKey = Annotated[str, Pattern("a key of a Secret or ConfigMap", r"[-._a-zA-Z0-9]+", "tls.crt", 253)]
FieldPath = Annotated[
    str, Pattern("a field of the pod", r"[a-z][A-Za-z.]*(\['[A-Za-z0-9./_-]+'\])?", "metadata.name", 317)
]
ApiVersion = Annotated[str, Pattern("an API version", rf"({_DNS}/)?v[0-9]+((alpha|beta)[0-9]+)?", "apps/v1", 253)]
Kind = Annotated[str, Pattern("a kind", r"[A-Z][A-Za-z0-9]*", "ClusterIssuer", 63)]
Schedule = Annotated[
    str,
    Pattern(
        "a cron schedule",
        rf"@(yearly|annually|monthly|weekly|daily|hourly)|{_FIELD}(,{_FIELD})*( {_FIELD}(,{_FIELD})*){{4}}",
        "15 2 * * *",
        128,
    ),
]
TimeZone = Annotated[str, Pattern("a time zone", r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", "Europe/Vienna", 64)]
RemotePath = Annotated[
    str, Pattern("a path in a store of secrets", r"[A-Za-z0-9_][A-Za-z0-9._/@-]*", "kv/vault/db", 512)
]
