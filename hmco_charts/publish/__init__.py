"""Charts out to a registry and back: reproducible archives, pushed once, never moved."""

import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hmco_charts.publish.artifact import Artifact
    from hmco_charts.publish.reference import Reference
    from hmco_charts.publish.registry import Repository

__all__ = ["Published", "publish"]

_NO_FORCE = "Raise the version in Chart.yaml; --force moves the version under everyone who uses it."


@dataclass(frozen=True, slots=True)
class Published:
    """What stands in the registry now.

    Attributes:
        reference: `oci://host/path/name:version@sha256:…`, with `_` for a `+` in the version.
        digest: `sha256:…` of the manifest.
        status: `pushed`, `unchanged` when the same content stood there, `dry-run` when nothing was sent.
        replaced: Digest of the other content that `force` took the version from; empty otherwise.
    """

    reference: str
    digest: str
    status: Literal["pushed", "unchanged", "dry-run"]
    replaced: str = ""


def publish(
    chart: Path,
    to: str,
    *,
    plain_http: bool = False,
    ca_file: Path | None = None,
    dry_run: bool = False,
    force: bool = False,
) -> Published:
    """Packs a chart, pushes it, and reports it only after it was read back byte for byte.

    Args:
        chart: The chart's folder.
        to: `oci://host/path`; the chart's name and version are added.
        plain_http: Speak HTTP without TLS.
        ca_file: Certificates to trust in place of the system's.
        dry_run: Look the version up, send nothing.
        force: Move a version that is published with other content.

    Raises:
        ChartError: A folder that is no chart or cannot be packed.
        VersionTakenError: The version is published with other content.
        PublishError: Another fault between us and the registry; nothing half-published stands there.
    """
    from hmco_charts.publish import archive, artifact, reference
    from hmco_charts.publish.registry import Repository

    package = archive.pack(archive.read(chart))
    pieces = artifact.build(package)
    place = reference.place(to, package.name, package.version)
    digest = artifact.digest(pieces.manifest)
    target = Repository(place, plain_http=plain_http, ca_file=ca_file, actions="pull,push")
    with closing(target) as repository:
        standing = _standing(repository, place, digest, force=force)
        if standing != digest and dry_run:
            return Published(str(place.at(digest)), digest, "dry-run", standing)
        if standing != digest:
            _push(repository, place, pieces, digest, force=force)
        _verify(repository, place, pieces)
    unchanged = standing == digest
    return Published(
        str(place.at(digest)), digest, "unchanged" if unchanged else "pushed", "" if unchanged else standing
    )


def _standing(repository: "Repository", place: "Reference", ours: str, *, force: bool) -> str:
    """Digest of what is published under the version, empty where nothing is."""
    from hmco_charts.publish.artifact import digest
    from hmco_charts.publish.fault import VersionTakenError

    manifest = repository.manifest(place.tag)
    standing = digest(manifest) if manifest is not None else ""
    if standing not in {"", ours} and not force:
        raise VersionTakenError(f"{place} is published with other content ({standing})", remedy=_NO_FORCE)
    return standing


def _push(repository: "Repository", place: "Reference", pieces: "Artifact", ours: str, *, force: bool) -> None:
    """Sends the blobs, looks again for another publisher, and sets the tag last."""
    repository.put_blob(pieces.config)
    repository.put_blob(pieces.layer)
    _standing(repository, place, ours, force=force)
    repository.put_manifest(place.tag, pieces.manifest)


def _verify(repository: "Repository", place: "Reference", pieces: "Artifact") -> None:
    from hmco_charts.publish.artifact import digest
    from hmco_charts.publish.fault import MismatchError

    if repository.manifest(place.tag) != pieces.manifest:
        raise MismatchError(
            f"{place} does not hold what we sent: another publisher was there at the same moment",
            remedy="Decide whose content is right and publish it under a new version.",
        )
    for data in (pieces.config, pieces.layer):
        repository.blob(digest(data), len(data))


class _Room(ModuleType):
    """Makes the room callable: `from hmco_charts import publish` gives the room itself once it is imported."""

    __call__ = staticmethod(publish)


sys.modules[__name__].__class__ = _Room
