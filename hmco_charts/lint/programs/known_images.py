"""What is known of images: where they went, which belong together; `known_images.yaml` holds it with its sources."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from hmco_charts import yamlio
from hmco_charts.lint.programs.version import Version
from hmco_charts.objects.image import Image

_DATA = Path(__file__).with_name("known_images.yaml")
_KEPT = 2**12  # images whose facts are looked up once
_HUB = "docker.io"
_HUB_NAMES = ("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")


@dataclass(frozen=True)
class Moved:
    """Images that are no longer where they were, or no longer made.

    Attributes:
        repository: Their repository; `*` at its end stands for all under it.
        state: `gone`, `frozen` or `retired`.
        since: Since when.
        to: What to use.
        source: Where that is told.
        is_same: Whether the same image stands under `to`.
        after: The last version that is there; empty where that does not matter.
        versions: Whether it is only so for tags that tell a version.
    """

    repository: str
    state: str
    since: str
    to: str
    source: str
    is_same: bool = False
    after: str = ""
    versions: bool = False

    def fits(self, image: Image) -> bool:
        """Whether an image is one of these."""
        found, last = Version.parse(image.tag), Version.parse(self.after)
        is_after = not last or bool(found and found > last)
        return fnmatchcase(full_name(image), self.repository) and is_after and bool(found or not self.versions)

    def instead(self, image: Image) -> str:
        """The repository to use for an image, or what to use in words."""
        rest = full_name(image).removeprefix(self.repository.removesuffix("*"))
        return self.to.replace("*", rest)


@dataclass(frozen=True)
class Family:
    """Images of one program that must have one tag."""

    program: str
    repositories: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Mount:
    """A folder where an image, from a version on, suffers no volume.

    Attributes:
        repository: The image's repository.
        first: The first such version.
        path: The folder.
        unless: A variable with which it does not matter.
        instead: Where to mount it.
        source: Where that is told.
    """

    repository: str
    first: str
    path: str
    unless: str
    instead: str
    source: str

    def fits(self, image: Image) -> bool:
        """Whether an image is of these versions."""
        found, first = Version.parse(image.tag), Version.parse(self.first)
        return full_name(image) == self.repository and bool(found and first and found.major >= first.major)


@lru_cache(_KEPT)
def full_name(image: Image) -> str:
    """The repository with its registry: `docker.io/library/postgres` of `postgres`."""
    host, _, rest = image.repository.partition("/")
    if not rest or not ("." in host or ":" in host or host == "localhost"):
        host, rest = _HUB, image.repository
    if host in (_HUB, *_HUB_NAMES):
        return f"{_HUB}/{rest}" if "/" in rest else f"{_HUB}/library/{rest}"
    return f"{host}/{rest}"


@lru_cache(_KEPT)
def moved(image: Image) -> Moved | None:
    """What became of an image; `None` where nothing is known."""
    return next((each for each in _all_moved() if each.fits(image)), None)


@cache
def families() -> tuple[Family, ...]:
    """The images that belong together."""
    return tuple(Family(each["program"], tuple(each["repositories"]), each["source"]) for each in _data()["same_tag"])


@lru_cache(_KEPT)
def mounts(image: Image) -> tuple[Mount, ...]:
    """The folders where an image suffers no volume."""
    rows = (Mount(**{name: str(value) for name, value in each.items()}) for each in _data()["mounts"])
    return tuple(each for each in rows if each.fits(image))


@cache
def _all_moved() -> tuple[Moved, ...]:
    return tuple(Moved(**{**each, "since": str(each["since"])}) for each in _data()["moved"])


@cache
def _data() -> dict[str, Any]:
    (document,) = yamlio.read(_DATA.read_text(encoding="utf-8"), str(_DATA))
    return dict(document.value)
