"""Versions of APIs that Kubernetes, or the makers of custom resources, removed or will remove."""

from dataclasses import dataclass
from functools import cache

from hmco_charts import yamlio
from hmco_charts.resources import directory


@dataclass(frozen=True, slots=True)
class Api:
    """A version of an API.

    Attributes:
        deprecated: The minor version of Kubernetes in which it was deprecated.
        removed: That in which it was removed; 0 where it depends on something else, 999 where none is known.
        instead: What takes its place.
    """

    deprecated: int
    removed: int
    instead: str

    @property
    def removal(self) -> str:
        """When it was removed, in words."""
        return f"was removed in Kubernetes 1.{self.removed}" if self.removed else "is not served by current versions"


def api_of(api_version: str, kind: str) -> Api | None:
    """What is known of the end of a version; `None` for one that stays."""
    return _apis().get((api_version, kind))


@cache
def _apis() -> dict[tuple[str, str], Api]:
    file = directory("schemas") / "kubernetes" / "apis.yaml"
    (document,) = yamlio.read(file.read_text(encoding="utf-8"), str(file))
    return {
        (entry["api"], kind): Api(entry["deprecated"], entry["removed"], entry["instead"])
        for entry in document.value
        for kind in entry["kinds"]
    }
