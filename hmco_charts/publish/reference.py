"""Where a chart stands in a registry: `oci://host[:port]/path/name:tag@sha256:…`."""

import re
from dataclasses import dataclass, replace

from hmco_charts.errors import PublishError

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
_VERSION = r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}"
_DIGEST = r"sha256:[0-9a-f]{64}"

_REGISTRY = re.compile(rf"oci://(?P<host>{_HOST})(?P<path>(?:/{_COMPONENT})*)/?")
_REFERENCE = re.compile(
    rf"oci://(?P<host>{_HOST})/(?P<repository>{_COMPONENT}(?:/{_COMPONENT})*)"
    rf"(?::(?P<version>{_VERSION}))?(?:@(?P<digest>{_DIGEST}))?"
)
_NAME = re.compile(_COMPONENT)
_USERINFO = re.compile(r"//[^/]*@")


@dataclass(frozen=True, slots=True)
class Reference:
    """A chart's place in a registry.

    Attributes:
        host: Name or address of the registry, with the port where one was given.
        repository: Path below the host; its last part is the chart's name.
        tag: Version of the chart with `_` for `+`, which a tag cannot hold.
        digest: `sha256:…` of the manifest.

    Source: OCI Distribution Specification, "Pulling manifests".
    """

    host: str
    repository: str
    tag: str = ""
    digest: str = ""

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"oci://{self.host}/{self.repository}{tag}{digest}"

    @property
    def file_name(self) -> str:
        """The archive's name as Helm gives it; after the digest where there is no tag."""
        version = self.tag.replace("_", "+") or self.digest.removeprefix("sha256:")[:12]
        return f"{self.repository.rpartition('/')[2]}-{version}.tgz"

    def at(self, digest: str) -> "Reference":
        """The same place, held fast by a digest."""
        return replace(self, digest=digest)


def is_digest(text: object) -> bool:
    """Whether a value read from a manifest is a digest as we know it."""
    return isinstance(text, str) and bool(re.fullmatch(_DIGEST, text))


def read(text: str) -> Reference:
    """The place of a published chart.

    Args:
        text: `oci://host/path/name:version`, `…@sha256:…` or both.

    Raises:
        PublishError: Not such a reference, or one that names no version.
    """
    found = _REFERENCE.fullmatch(text)
    if not found:
        raise PublishError(
            f"{_shown(text)!r} is no reference to a chart in a registry",
            remedy="Write oci://HOST/PATH/NAME:VERSION, in lower case and without a login.",
        )
    tag = (found["version"] or "").replace("+", "_")
    reference = Reference(found["host"], found["repository"], tag, found["digest"] or "")
    if not (reference.tag or reference.digest):
        raise PublishError(f"{text!r} names no version", remedy=f"Write {text}:VERSION or {text}@sha256:….")
    return reference


def place(registry: str, name: str, version: str) -> Reference:
    """The place of a chart below a registry's path.

    Args:
        registry: `oci://host/path` as a person writes it.
        name: The chart's name.
        version: The chart's version, SemVer 2.

    Raises:
        PublishError: No such path, or a name that a registry cannot hold.
    """
    found = _REGISTRY.fullmatch(registry)
    if not found:
        raise PublishError(
            f"{_shown(registry)!r} is no path in a registry",
            remedy="Write oci://HOST[:PORT]/PATH, in lower case, without a version and without a login.",
        )
    if not _NAME.fullmatch(name):
        raise PublishError(
            f"a registry cannot hold a chart named {name!r}",
            remedy="Use lower case letters and digits, with single '.', '_' or '-' between them.",
        )
    return Reference(found["host"], f"{found['path'].lstrip('/')}/{name}".lstrip("/"), version.replace("+", "_"))


def _shown(text: str) -> str:
    """A text that may be printed: what stands before an `@` in the host's place may be a password."""
    return _USERINFO.sub("//…@", text)
