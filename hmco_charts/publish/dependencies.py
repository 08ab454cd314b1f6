"""A chart's dependencies in its folder `charts/`, each the archive that was fetched the first time.

Helm's Chart.lock does not know what an archive holds (its digest is of names and versions); `LOCK` has the SHA-256 of
each, and another archive of the same version is refused.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hmco_charts import yamlio
from hmco_charts.errors import ChartError, Location
from hmco_charts.helm import Dependency, engine
from hmco_charts.publish.registry import pull

LOCK = "dependencies.lock.yaml"
_EXACT = re.compile(r"v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?")


@dataclass(frozen=True, slots=True)
class Vendored:
    """A dependency that is in `charts/`.

    Attributes:
        name: Its name.
        version: Its version.
        digest: SHA-256 of its archive, as `sha256:…`.
    """

    name: str
    version: str
    digest: str


def vendor(
    chart: Path, *, source: str = "", plain_http: bool = False, ca_file: Path | None = None
) -> tuple[Vendored, ...]:
    """Fetch what a chart declares to need.

    Args:
        chart: The chart's folder.
        source: `oci://HOST/PATH` of a mirror that has all of it, instead of what Chart.yaml names.
        plain_http: Speak HTTP without TLS.
        ca_file: Certificates to trust in place of the system's, for `oci://`.

    Returns:
        The dependencies, in the order of Chart.yaml.

    Raises:
        ChartError: The chart has no exact version of one, or what was fetched is not what was locked.
        PublishError: One cannot be had.
    """
    locked = {(each.name, each.version): each.digest for each in _locked(chart / LOCK)}
    found = []
    for each in engine().dependencies(chart):
        with tempfile.TemporaryDirectory(prefix="hmco-charts-") as folder:
            archive = _fetch(chart, each, source, Path(folder), plain_http=plain_http, ca_file=ca_file)
            now = Vendored(each.name, each.version, f"sha256:{hashlib.sha256(archive.read_bytes()).hexdigest()}")
            _hold(chart, now, locked)
            _place(archive, chart / "charts", each.name)
        found.append(now)
    _lock(chart / LOCK, found)
    return tuple(found)


def _fetch(
    chart: Path, wanted: Dependency, source: str, folder: Path, *, plain_http: bool, ca_file: Path | None
) -> Path:
    if not _EXACT.fullmatch(wanted.version):
        what = f"dependency {wanted.name} has no exact version: {wanted.version}"
        raise ChartError(what, at=Location(str(chart / "Chart.yaml")), remedy="Name one, such as 1.2.3.")
    repository = source or wanted.repository
    if repository.startswith("oci://"):
        reference = f"{repository.rstrip('/')}/{wanted.name}:{wanted.version}"
        return pull(reference, folder, plain_http=plain_http, ca_file=ca_file)
    entry = {"name": wanted.name, "version": wanted.version, "repository": repository}
    told = {"apiVersion": "v2", "name": "dependencies", "version": "0.0.0", "dependencies": [entry]}
    (folder / "Chart.yaml").write_text(json.dumps(told))  # YAML reads JSON
    engine().build_dependencies(folder, plain_http=plain_http)
    return next((folder / "charts").glob("*.tgz"))


def _hold(chart: Path, now: Vendored, locked: Mapping[tuple[str, str], str]) -> None:
    before = locked.get((now.name, now.version), now.digest)
    if before != now.digest:
        raise ChartError(
            f"{now.name} {now.version} is another archive than the one that was locked: {now.digest}, not {before}",
            at=Location(str(chart / LOCK)),
            remedy="A published version never changes: ask where it comes from. If you trust it, remove the entry.",
        )


def _place(archive: Path, folder: Path, name: str) -> None:
    """Put an archive into `charts/`, in place of other versions of its chart."""
    folder.mkdir(exist_ok=True)
    unfinished = folder / f".{archive.name}"
    shutil.copyfile(archive, unfinished)
    for other in folder.glob(f"{name}-*.tgz"):
        if _EXACT.fullmatch(other.stem.removeprefix(f"{name}-")):
            other.unlink()
    unfinished.rename(folder / archive.name)


def _locked(file: Path) -> list[Vendored]:
    documents = yamlio.read(file.read_text("utf-8"), str(file)) if file.is_file() else ()
    entries = [entry for document in documents for entry in document.value or ()]
    try:
        return [Vendored(entry["name"], entry["version"], entry["digest"]) for entry in entries]
    except (KeyError, TypeError):
        what = "an entry has no name, version and digest"
        raise ChartError(what, at=Location(str(file)), remedy="Correct it, or remove the file.") from None


def _lock(file: Path, found: list[Vendored]) -> None:
    entries = (f"- name: {one.name}\n  version: {one.version}\n  digest: {one.digest}\n" for one in found)
    if found:
        file.write_text("# Written by `hmco-charts deps`; commit it.\n" + "".join(entries))
