"""What a chart is: its names and versions, each in this one place, and where its files come from."""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from traceback import extract_tb
from types import MappingProxyType, ModuleType
from typing import Any

from hmco_charts import resources
from hmco_charts.errors import ConfigurationError, Location
from hmco_charts.values.proposal import did_you_mean
from hmco_charts.values.provision import Wiring
from hmco_charts.values.types import ChartValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """A chart of others that a chart of ours wraps; its values stand under its name.

    Attributes:
        name: Its name.
        version: Its exact version.
        repository: Where it is published: the URL of an index, or `oci://` and a path.
    """

    name: str
    version: str
    repository: str

    @property
    def condition(self) -> str:
        """The value that says whether it is part of a release."""
        return f"{self.name}.enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartType:
    """A chart of ours. A module of `hmco_charts.values` declares one under the name `CHART`.

    Attributes:
        name: Name of the chart and of its folder in `chart_templates/`.
        model: Root of its typed values.
        version: The chart's own SemVer version; every change raises it.
        app_version: The program's version.
        description: One sentence for catalogues.
        default_profile: Profile of a render that names none; a file in the folder's `profiles/`.
        kube_version: Kubernetes versions it is for; `-0` lets vendors' suffixes pass.
        icon: URL of an icon.
        home: URL of the program.
        sources: URLs of sources.
        keywords: Words for a search.
        category: Artifact Hub's category.
        license: SPDX name of the chart's licence.
        wiring: How it takes part in a platform.
        upstream: The chart that it wraps.
        folder: Where its templates are; only tests set it.
    """

    name: str
    model: type[ChartValues]
    version: str
    app_version: str
    description: str
    default_profile: str
    kube_version: str = ">=1.25.0-0"
    icon: str = ""
    home: str = ""
    sources: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    category: str = ""
    license: str = "Apache-2.0"
    wiring: Wiring[Any] = field(default_factory=Wiring)
    upstream: Upstream | None = None
    folder: Path | None = None

    @property
    def helpers(self) -> str:
        """What the names of its Go helpers begin with.

        Helm keeps the helpers of a chart and of the charts in it in one place, where ours would replace those of a
        wrapped chart of the same name.
        """
        return f"{self.name}-wrapper" if self.upstream and self.upstream.name == self.name else self.name

    @property
    def templates(self) -> Path:
        """The folder of the chart's templates."""
        return self.folder or resources.directory("chart_templates") / self.name

    @property
    def profiles(self) -> Mapping[str, Path]:
        """Values overlays by name, sorted."""
        return {path.stem: path for path in sorted((self.templates / "profiles").glob("*.yaml"))}

    def profile(self, name: str | None) -> Path:
        """The overlay of a profile; the default one where `name` is `None`.

        Raises:
            ConfigurationError: The chart has no such profile.
        """
        wanted = name or self.default_profile
        if wanted not in self.profiles:
            remedy = did_you_mean(wanted, self.profiles)
            raise ConfigurationError(f"chart {self.name} has no profile {wanted!r}", remedy=remedy)
        return self.profiles[wanted]


@cache
def charts() -> Mapping[str, ChartType]:
    """The charts by name, sorted: one for each module of `hmco_charts.values` that declares `CHART`.

    Raises:
        ConfigurationError: Such a module cannot be imported.
    """
    found = map(declared, modules())
    return MappingProxyType({chart.name: chart for chart in found if chart})


def modules() -> list[str]:
    """The names of the modules of `hmco_charts.values`, sorted."""
    package = import_module("hmco_charts.values")
    return sorted(f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__))


def declared(module: str) -> ChartType | None:
    """The chart that a module declares under the name `CHART`; none where it does not.

    Raises:
        ConfigurationError: The module cannot be imported.
    """
    chart = vars(_module(module)).get("CHART")
    return chart if isinstance(chart, ChartType) else None


def _module(name: str) -> ModuleType:
    try:
        return import_module(name)
    except Exception as error:
        file = getattr(find_spec(name), "origin", None) or name
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == file]
        told = " ".join(f"{type(error).__name__}: {error}".split())
        at = Location(file, getattr(error, "lineno", None) or (lines[-1] if lines else None))
        raise ConfigurationError(f"cannot be imported: {told}", at=at, remedy="Correct the module.") from error


def chart(name: str) -> ChartType:
    """The chart of that name.

    Raises:
        ConfigurationError: There is none.
    """
    if name not in charts():
        raise ConfigurationError(f"unknown chart {name!r}", remedy=did_you_mean(name, charts()))
    return charts()[name]
