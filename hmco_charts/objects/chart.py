"""A chart's own files, and what its rendering showed: what rules on charts look at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from hmco_charts import yamlio
from hmco_charts.errors import ChartError, DocumentError, Location
from hmco_charts.helm import files as chart_files
from hmco_charts.objects.kubernetes import KubernetesObject, items, mapping, text
from hmco_charts.yamlio import Document, Span
from hmco_charts.yamlio.position import Lines

_DOCUMENTS = ("Chart.yaml", "Chart.lock", "requirements.yaml", "requirements.lock", "values.yaml", "values.schema.json")
_TEXTS = (".yaml", ".yml", ".json", ".tpl", ".lock", ".txt")


@dataclass(frozen=True)
class Dependency:
    """A chart that a chart declares to need.

    Attributes:
        name: Its name.
        alias: The name under which it is installed; its own where it has no other.
        version: The versions that will do.
        repository: Where it is published.
        condition: Paths in the values that switch it, separated by commas.
        tags: Names in the values' `tags` that switch it.
        status: Helm's word for its state, such as `ok`, `unpacked`, `missing` or `wrong version`.
        file: The file that declares it.
        path: Where in that file.
    """

    name: str
    alias: str
    version: str
    repository: str
    condition: str
    tags: tuple[str, ...]
    status: str
    file: str
    path: yamlio.Path

    def is_enabled(self, values: Mapping[str, Any]) -> bool:
        """Whether Helm installs it with these values: a condition decides, else the tags, else yes."""
        for condition in self.condition.split(","):
            value = _at(values, condition.strip().split("."))
            if isinstance(value, bool):
                return value
        switches = [mapping(values.get("tags")).get(tag) for tag in self.tags]
        told = [switch for switch in switches if isinstance(switch, bool)]
        return any(told) if told else True


@dataclass(frozen=True)
class Failure:
    """A scenario with which a chart does not render.

    Attributes:
        scenario: The scenario's name; empty for the chart's defaults.
        error: What Helm says, with the place in the chart.
        is_deliberate: Whether the chart refuses the values on purpose: its schema, `fail` or `required`.
    """

    scenario: str
    error: ChartError
    is_deliberate: bool


@dataclass(frozen=True)
class Unstable:
    """A value of an object that differs between two renderings of the same values."""

    object: KubernetesObject
    path: yamlio.Path

    @property
    def span(self) -> Span:
        """The place in the template."""
        return self.object.span(self.path)


@dataclass(frozen=True, eq=False)
class ChartFiles:
    """The files of a chart that a person wrote.

    Attributes:
        root: How places name the chart's folder: `charts/vault`, `vault-1.0.0.tgz/vault`.
        sources: The texts by their path in the chart, subcharts apart; what is no UTF-8 is left out.
        subcharts: The charts in `charts/`.
        unreadable: The paths of the files that should be text and are no UTF-8.
    """

    root: str
    sources: Mapping[str, str] = field(repr=False)
    subcharts: tuple["ChartFiles", ...] = ()
    unreadable: tuple[str, ...] = ()

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Chart.yaml, Chart.lock, values.yaml and values.schema.json, those that there are and can be read."""
        return {name: found for name, found in self._read.items() if isinstance(found, Document)}

    @cached_property
    def faults(self) -> tuple[DocumentError, ...]:
        """What is wrong with those, and with other texts of the chart, that cannot be read, subcharts included."""
        remedy = "Save the file as UTF-8 text."
        coded = (
            DocumentError("not UTF-8 text", at=Location(self.file(name)), remedy=remedy) for name in self.unreadable
        )
        own = (*coded, *(found for found in self._read.values() if isinstance(found, DocumentError)))
        return own + tuple(fault for each in self.subcharts for fault in each.faults)

    @cached_property
    def _read(self) -> Mapping[str, Document | DocumentError]:
        texts = {name: self.sources[name] for name in _DOCUMENTS if name in self.sources}
        firsts = {name: next(yamlio.documents(text, self.file(name)), None) for name, text in texts.items()}
        return {name: found for name, found in firsts.items() if found is not None}

    def value(self, name: str) -> dict[str, Any]:
        """The content of a document; empty where there is none."""
        return mapping(self.documents[name].value) if name in self.documents else {}

    @property
    def metadata(self) -> dict[str, Any]:
        """Chart.yaml."""
        return self.value("Chart.yaml")

    @property
    def name(self) -> str:
        """The chart's name."""
        return text(self.metadata.get("name"))

    @property
    def is_library(self) -> bool:
        """Whether the chart only brings definitions for others."""
        return self.metadata.get("type") == "library"

    def file(self, name: str) -> str:
        """How places name a file of the chart."""
        return f"{self.root}/{name}"

    @cached_property
    def size(self) -> int:
        """The characters of its texts, subcharts included."""
        return sum(map(len, self.sources.values())) + sum(each.size for each in self.subcharts)

    def text(self, file: str) -> str | None:
        """The text of the file that places name so, subcharts included; `None` where there is none."""
        told = (each.text(file) for each in self.subcharts)
        own = self.sources.get(file.removeprefix(f"{self.root}/")) if file.startswith(f"{self.root}/") else None
        return own if own is not None else next((text for text in told if text is not None), None)

    def declared(self) -> Iterator[tuple[str, yamlio.Path, dict[str, Any]]]:
        """The dependencies that the chart declares: file, path and entry."""
        for name in ("Chart.yaml", "requirements.yaml"):
            for at, entry in enumerate(items(self.value(name).get("dependencies"))):
                yield name, ("dependencies", at), mapping(entry)


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart as rules see it, in one scenario.

    Attributes:
        path: The chart as the user named it.
        files: Its files.
        values: The merged values of the scenario, as the templates see them.
        dependencies: What it declares to need.
        failures: The scenarios with which it does not render.
        subcharts: The charts in `charts/`, with their part of the values, where they are switched on.
        compare: Renders once more and gives what differs.
        scenarios: The names of all scenarios with which it renders.
    """

    path: str
    files: ChartFiles
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    dependencies: tuple[Dependency, ...] = ()
    failures: tuple[Failure, ...] = ()
    subcharts: tuple["Chart", ...] = ()
    compare: Callable[[], tuple[Unstable, ...]] = field(default=tuple, repr=False)
    scenarios: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The chart's name."""
        return self.files.name

    @property
    def documents(self) -> Mapping[str, Document]:
        """Chart.yaml, Chart.lock, values.yaml and values.schema.json, those that there are and can be read."""
        return self.files.documents

    @property
    def sources(self) -> Mapping[str, str]:
        """The texts of the chart's files by their path in it: templates, NOTES.txt, README, ci values and so on."""
        return self.files.sources

    @property
    def crds(self) -> Mapping[str, str]:
        """The definitions in `crds/`, by their path in the chart."""
        return {name: text for name, text in self.sources.items() if name.startswith("crds/")}

    @cached_property
    def unstable(self) -> tuple[Unstable, ...]:
        """The values of objects that differ when the same values are rendered once more."""
        return self.compare()

    def stand_in(self, name: str) -> KubernetesObject:
        """An object `Chart/<name>` for findings on a document of the chart; it gives the document's places."""
        manifest = {"apiVersion": self.files.metadata.get("apiVersion"), "kind": "Chart"}
        return KubernetesObject({**manifest, "metadata": {"name": self.name}}, self._document(name))

    def span(self, name: str, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end` of a file of the chart."""
        return Lines(self.sources[name], self.files.file(name)).span(start, end)

    def _document(self, name: str) -> Document:
        empty = Document(None, self.sources.get(name, ""), self.files.file(name), 1)
        return self.documents.get(name, empty)


def read_files(name: str, chart: Path) -> ChartFiles:
    """The files of a chart folder or archive that the user calls by a name.

    Raises:
        ChartError: The chart cannot be read.
    """
    tree = chart_files.read(chart)
    return _of(name, tree) if chart.is_dir() else _of_archive(name, tree)


def _of_archive(name: str, tree: Mapping[str, bytes]) -> ChartFiles:
    tops = [PurePosixPath(path).parts[0] for path in tree if path.endswith("/Chart.yaml") and path.count("/") == 1]
    if not tops:
        raise ChartError("this archive holds no chart: it has no Chart.yaml", at=Location(name))
    top = f"{tops[0]}/"
    return _of(
        f"{name}/{tops[0]}", {path.removeprefix(top): data for path, data in tree.items() if path.startswith(top)}
    )


def _of(root: str, tree: Mapping[str, bytes]) -> ChartFiles:
    own = {path: data for path, data in tree.items() if not path.startswith("charts/")}
    subcharts = list(_subcharts(root, tree, sorted({_part(path) for path in tree.keys() - own.keys()})))
    texts = dict(_texts(own))
    unreadable = tuple(name for name in sorted(own.keys() - texts.keys()) if name.endswith(_TEXTS))
    return ChartFiles(root, texts, tuple(subcharts), unreadable)


def _part(path: str) -> str:
    return path.split("/")[1]


def _subcharts(root: str, tree: Mapping[str, bytes], names: Iterable[str]) -> Iterator[ChartFiles]:
    """The subcharts of those names, up to the size that Helm allows for all."""
    size = 0
    for name in names:
        if found := _subchart(root, tree, name):
            size += found.size
            if size > chart_files.MOST_BYTES:
                what = f"this chart and its subcharts hold more than {chart_files.MOST_BYTES >> 20} MiB"
                raise ChartError(what, at=Location(root))
            yield found


def _subchart(root: str, tree: Mapping[str, bytes], name: str) -> ChartFiles | None:
    place = f"charts/{name}"
    if f"{place}/Chart.yaml" in tree:
        return _of(f"{root}/{place}", _inside(tree, f"{place}/"))
    if place in tree and name.endswith(".tgz"):
        return _of_archive(f"{root}/{place}", chart_files.unpacked(tree[place], f"{root}/{place}"))
    return None


def _inside(tree: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {path.removeprefix(folder): data for path, data in tree.items() if path.startswith(folder)}


def _texts(tree: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for path, data in tree.items():
        with suppress(UnicodeDecodeError):
            yield path, data.decode("utf-8-sig")


def _at(values: Mapping[str, Any], path: list[str]) -> Any:
    value: Any = values
    for step in path:
        value = mapping(value).get(step)
    return value
