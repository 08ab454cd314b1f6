"""A chart's repository in an OCI registry.

Source: OCI Distribution Specification 1.1; Docker Registry, "Token authentication".
"""

import json
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from hmco_charts.publish.access import Access
from hmco_charts.publish.artifact import LAYER, MANIFEST, digest
from hmco_charts.publish.connection import Answer, Connection
from hmco_charts.publish.fault import MismatchError, NotFoundError, RefusedError, TransientError
from hmco_charts.publish.reference import Reference, is_digest, read

_PAUSES = (0.2, 0.4, 0.8)  # seconds before the second, third and last try
_LONGEST_PAUSE = 30.0  # seconds; a registry that asks for more is an error
_LARGEST_MANIFEST = 4 * 1024 * 1024  # bytes; the limit that the specification names
_LARGEST_BLOB = 100 * 1024 * 1024  # bytes; Helm's own limit for a chart
_MANIFEST_TYPES = (
    MANIFEST,
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_API_HOSTS = {"docker.io": "registry-1.docker.io"}

_Result = TypeVar("_Result")


class Repository:
    """The repository of one chart.

    Each request is tried again after a cut connection, 429 and 5xx; a login is looked for when
    the registry asks for one.

    Args:
        reference: The chart's place; its host and repository count.
        plain_http: Speak HTTP without TLS.
        ca_file: Certificates to trust in place of the system's.
        actions: What a token must allow: `pull` or `pull,push`.

    Raises:
        ConfigurationError: `ca_file` does not exist or holds no certificate.
    """

    def __init__(
        self,
        reference: Reference,
        *,
        plain_http: bool = False,
        ca_file: Path | None = None,
        actions: str = "pull",
    ) -> None:
        host, name = reference.host, reference.repository
        self._host = _API_HOSTS.get(host, host)
        self._base = f"{'http' if plain_http else 'https'}://{self._host}/v2/{name}/"
        self._connection = Connection(ca_file)
        self._access = Access(self._connection, host, f"repository:{name}:{actions}", plain_http=plain_http)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def manifest(self, reference: str) -> bytes | None:
        """The manifest under a tag or digest; `None` where there is none.

        Raises:
            MismatchError: The registry reports another digest than that of what it sent.
        """
        headers = {"Accept": ", ".join(_MANIFEST_TYPES)}
        ask = partial(self._expect, {200, 404}, "looking the version up", "GET", f"manifests/{reference}")
        answer = _again(lambda: ask(limit=_LARGEST_MANIFEST, headers=headers))
        if answer.status == requests.codes.not_found:
            return None
        self._compare(answer, digest(answer.body))
        return answer.body

    def put_manifest(self, tag: str, data: bytes) -> None:
        """Sets a tag on a manifest whose blobs are there."""
        send = partial(self._expect, {201}, "sending the manifest", "PUT", f"manifests/{tag}")
        answer = _again(lambda: send(data=data, headers={"Content-Type": MANIFEST}))
        self._compare(answer, digest(data))

    def blob(self, name: str, size: int) -> bytes:
        """The content with a digest.

        Raises:
            MismatchError: Other bytes than the digest says, or more of them.
        """
        ask = partial(self._expect, {200}, "reading content back", "GET", f"blobs/{name}")
        answer = _again(lambda: ask(limit=size))
        if digest(answer.body) != name:
            raise MismatchError(f"{self._host} sent other content than {name}", remedy="Do not trust it.")
        return answer.body

    def put_blob(self, data: bytes) -> None:
        """Sends a content unless the registry holds it."""
        _again(lambda: self._upload(data))

    def _upload(self, data: bytes) -> None:
        """One whole try: an upload that was cut off cannot be continued, it begins anew."""
        name = digest(data)
        known = self._expect({200, 404}, "looking content up", "HEAD", f"blobs/{name}")
        if known.status == requests.codes.ok:
            return
        begun = self._expect({202}, "beginning an upload", "POST", "blobs/uploads/")
        target = begun.headers.get("Location", "")
        target += ("&" if "?" in target else "?") + f"digest={name}"
        headers = {"Content-Type": "application/octet-stream"}
        self._compare(self._expect({201}, "sending content", "PUT", target, data=data, headers=headers), name)

    def _compare(self, answer: Answer, ours: str) -> None:
        theirs = answer.headers.get("Docker-Content-Digest", ours)
        if theirs != ours:
            raise MismatchError(
                f"{self._host} reports another digest while {answer.doing}: ours is {ours}",
                remedy="Something between us and the registry changes content; do not use what stands there.",
            )

    def _expect(self, statuses: set[int], doing: str, method: str, path: str, **options: Any) -> Answer:
        url = urljoin(self._base, path)
        answer = self._send(doing, method, url, **options)
        if answer.status == requests.codes.unauthorized:
            self._access.answer(answer.headers.get("WWW-Authenticate", ""))
            answer = self._send(doing, method, url, **options)
        if answer.status == requests.codes.unauthorized:
            raise self._access.refusal()
        if answer.status not in statuses:
            raise answer.refusal()
        return answer

    def _send(self, doing: str, method: str, url: str, **options: Any) -> Answer:
        headers = dict(options.pop("headers", {}))
        if self._access.header and urlsplit(url).netloc == self._host:
            headers["Authorization"] = self._access.header
        return self._connection.ask(doing, method, url, headers=headers, **options)


def _again(step: Callable[[], _Result], pauses: tuple[float, ...] = _PAUSES) -> _Result:
    """The result of a step that is tried again while its faults may pass."""
    try:
        return step()
    except TransientError as fault:
        if not pauses or fault.wait > _LONGEST_PAUSE:
            raise
        time.sleep(max(pauses[0], fault.wait))
    return _again(step, pauses[1:])


def pull(reference: str, destination: Path, *, plain_http: bool = False, ca_file: Path | None = None) -> Path:
    """The archive of a published chart, written into a folder.

    Args:
        reference: `oci://host/path/name:version`, `…@sha256:…` or both.
        destination: Folder to write into; it is made where there is none.
        plain_http: Speak HTTP without TLS.
        ca_file: Certificates to trust in place of the system's.

    Returns:
        The file, named as Helm names it.

    Raises:
        NotFoundError: Nothing stands under the reference.
        MismatchError: What stands there has another digest.
        PublishError: No chart, or another fault between us and the registry.
    """
    place = read(reference)
    with closing(Repository(place, plain_http=plain_http, ca_file=ca_file)) as repository:
        manifest = repository.manifest(place.digest or place.tag)
        if manifest is None:
            raise NotFoundError(f"there is no {place}", remedy="Check the name and the version.")
        if place.digest not in {"", digest(manifest)}:
            raise MismatchError(f"{place.host} sent another manifest than {place}", remedy="Do not trust it.")
        name, size = _layer(manifest, place)
        data = repository.blob(name, size)
    destination.mkdir(parents=True, exist_ok=True)
    file = destination / place.file_name
    file.write_bytes(data)
    return file


def _layer(manifest: bytes, place: Reference) -> tuple[str, int]:
    """Digest and size of the chart's archive."""
    try:
        layers = json.loads(manifest)["layers"]
        name, size = next((layer["digest"], layer["size"]) for layer in layers if layer["mediaType"] == LAYER)
    except (ValueError, KeyError, TypeError, StopIteration):
        raise RefusedError(f"{place} is no Helm chart", remedy="Check the name; an image may stand there.") from None
    if not is_digest(name) or not isinstance(size, int) or size > _LARGEST_BLOB:
        raise RefusedError(
            f"{place} names a layer that we do not read",
            remedy="Layers have a sha256 digest and up to 100 MiB.",
        )
    return name, size
