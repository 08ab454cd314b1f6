"""The values with which a chart is rendered: its defaults, those that it is tested with, and its switches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from hmco_charts import yamlio
from hmco_charts.errors import DocumentError, Location
from hmco_charts.objects.chart import ChartFiles
from hmco_charts.objects.kubernetes import items, mapping
from hmco_charts.yamlio import Document, bounded

MOST_SWITCHES = 32
_CI_VALUES = "ci/*-values.yaml"
_REMEDY = "Values are a YAML mapping of keys to values."
_SWITCH = "enabled"
_DEFAULTS = "defaults"
_DEEPEST = 12  # levels of values that are looked at
_MOST_PLACES = 100_000
_BRANCHES = ("allOf", "anyOf", "oneOf")

Declared = Mapping[str, Mapping[str, Sequence[Path]]]
Steps = tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """One set of values over a chart's own.

    Attributes:
        label: Its name; empty for the defaults, and for values that the user gave.
        values: The values.
        documents: The documents that they stand in; later ones win.
        is_switch: Whether it is a switch of the chart turned, which no person asked for.
    """

    label: str
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    documents: tuple[Document, ...] = field(default=(), repr=False)
    is_switch: bool = False

    @property
    def name(self) -> str:
        """How findings name it."""
        return self.label or ", ".join(dict.fromkeys(each.file for each in self.documents)) or _DEFAULTS

    @property
    def document(self) -> Document | None:
        """The document to mend where the chart does not render."""
        return self.documents[-1] if self.documents else None


@dataclass
class Plan:
    """The scenarios of a chart.

    Attributes:
        scenarios: The defaults, what the project declares, what stands in `ci/`, and the switches, in this order.
        faults: Values files that cannot be read.
    """

    scenarios: list[Scenario] = field(default_factory=list)
    faults: list[DocumentError] = field(default_factory=list)

    def add(self, label: str, files: Mapping[str, str]) -> None:
        """Add the values of some texts by file name, merged; later ones win."""
        try:
            self.scenarios.append(Scenario(label, *_merged(files)))
        except DocumentError as error:
            self.faults.append(error)

    def add_files(self, label: str, paths: Sequence[Path]) -> None:
        """Add the values of files that the user names."""
        try:
            self.add(label, {str(path): bounded.read_text(path) for path in paths})
        except DocumentError as error:
            self.faults.append(error)


def merged(files: Sequence[Path]) -> dict[str, Any]:
    """The values files as one document; later ones win.

    Raises:
        DocumentError: A file cannot be read.
    """
    return _merged({str(file): bounded.read_text(file) for file in files})[0]


def _merged(files: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Document, ...]]:
    """The values of some texts by file name, and their documents."""
    values: Any = {}
    found: list[Document] = []
    for file, text in files.items():
        for document in yamlio.read(text, file) or [Document({}, text, file, 1)]:
            if not isinstance(document.value, dict):
                raise DocumentError("these are no values", at=Location(file, document.line), remedy=_REMEDY)
            values = yamlio.merge(values, document.value)
            found.append(document)
    return values, tuple(found)


def plan(files: ChartFiles, path: str, declared: Declared) -> Plan:
    """The scenarios of a chart.

    Args:
        files: Its files.
        path: The chart as the user named it.
        declared: By a chart's name or path, values files by the name of a scenario.
    """
    found = Plan([Scenario("")])
    for name, scenarios in declared.items():
        if name == files.name or Path(name) == Path(path):
            for label, paths in scenarios.items():
                found.add_files(label, paths)
    for name in sorted(files.sources):
        if fnmatchcase(name, _CI_VALUES):
            found.add(name, {files.file(name): files.sources[name]})
    found.scenarios.extend(switches(files))
    return found


def switches(files: ChartFiles) -> Iterator[Scenario]:
    """Each boolean `enabled` of the chart turned, by itself; those near the root first."""
    values, schema = files.value("values.yaml"), files.value("values.schema.json")
    found = {**dict(_Schema(schema).switches(schema, (), ())), **dict(_in_values(values, ()))}
    for path in sorted(found, key=len):
        current = _current(values, path)
        default = found[path] if current is None else current
        if isinstance(default, bool):
            turned = "false" if default else "true"
            yield Scenario(f"{'.'.join(path)}={turned}", _nested(path, value=not default), is_switch=True)


class _Schema:
    """Looks for switches in a JSON schema, at each place once and at so many at most: schemas can be made to grow."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._seen: set[tuple[int, Steps]] = set()

    def switches(self, node: Any, path: Steps, through: Steps) -> Iterator[tuple[Steps, bool]]:
        """The switches under a node with the default that the schema names, else off."""
        node, place = mapping(node), (id(node), path)
        if place in self._seen or len(self._seen) > _MOST_PLACES or len(path) > _DEEPEST:
            return
        self._seen.add(place)
        reference = node.get("$ref")
        if isinstance(reference, str) and reference not in through:
            yield from self.switches(_target(self._root, reference), path, (*through, reference))
        for each in (branch for name in _BRANCHES for branch in items(node.get(name))):
            yield from self.switches(each, path, through)
        for name, child in mapping(node.get("properties")).items():
            if name == _SWITCH and _is_boolean(child):
                yield (*path, name), mapping(child).get("default") is True
            else:
                yield from self.switches(child, (*path, name), through)


def _is_boolean(schema: Any) -> bool:
    told = mapping(schema).get("type")
    return told == "boolean" or "boolean" in items(told)


def _target(root: Any, reference: str) -> Any:
    if not reference.startswith("#/"):
        return None
    node = root
    for step in reference[2:].split("/"):
        node = mapping(node).get(step.replace("~1", "/").replace("~0", "~"))
    return node


def _in_values(values: Any, path: Steps) -> Iterator[tuple[Steps, bool]]:
    for name, child in mapping(values).items() if len(path) < _DEEPEST else ():
        if name == _SWITCH and isinstance(child, bool):
            yield (*path, name), child
        yield from _in_values(child, (*path, name))


def _current(values: Any, path: Steps) -> Any:
    """The value at a path; something else than a switch where the path leads through what is no mapping."""
    for step in path:
        if values is None:
            return None
        if not isinstance(values, dict):
            return values
        values = values.get(step)
    return values


def _nested(path: Steps, *, value: bool) -> dict[str, Any]:
    nested: Any = value
    for step in reversed(path):
        nested = {step: nested}
    return mapping(nested)
