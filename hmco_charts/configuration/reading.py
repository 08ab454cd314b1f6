"""Finds and reads `hmco-charts.yaml`, or `[tool.hmco-charts]` in `pyproject.toml`."""

import difflib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hmco_charts import yamlio
from hmco_charts.configuration.cluster import Cluster
from hmco_charts.configuration.patterns import anchored
from hmco_charts.configuration.settings import Configuration, LintSettings, Maintainer, Suppression
from hmco_charts.errors import ConfigurationError, DocumentError, Location
from hmco_charts.resources import directory
from hmco_charts.yamlio import Document, bounded

FILE = "hmco-charts.yaml"
_PROJECT = "pyproject.toml"
_EXPECTED = {
    "enum": "must be one of {value}",
    "type": "must be of type {value}",
    "pattern": "must look like {value}",
    "minimum": "must be at least {value}",
    "minLength": "must not be empty",
    "required": "is incomplete: {message}",
}
_TABLE = "[tool.hmco-charts"


def find(folder: Path) -> Path | None:
    """The configuration that holds for a folder: in it, or in the nearest one above, up to the repository's root."""
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / FILE).is_file():
            return place / FILE
        if (place / _PROJECT).is_file() and _TABLE in _text(place / _PROJECT):
            return place / _PROJECT
        if (place / ".git").exists():
            return None
    return None


def read(file: Path | None) -> Configuration:
    """The configuration of a file; an empty one without.

    Raises:
        ConfigurationError: The file cannot be read, or says what cannot be; every fault is told.
    """
    if file is None:
        return Configuration()
    document = _project(file) if file.name == _PROJECT else _document(file)
    if document.value is None:
        return Configuration(file=str(file))
    _check(document)
    return _typed(document, file.parent)


def _text(file: Path) -> str:
    try:
        return bounded.read_text(file)
    except DocumentError as error:
        raise ConfigurationError(error.what, at=error.at, remedy=error.remedy) from None


def _document(file: Path) -> Document:
    found = yamlio.read(_text(file), str(file))
    if len(found) > 1:
        raise ConfigurationError("several documents", at=Location(str(file), found[1].line), remedy="Keep one.")
    return found[0] if found else Document(None, "", str(file), 1)


def _project(file: Path) -> Document:
    """The table of a pyproject.toml; the places of its keys are not known."""
    import tomllib

    try:
        value = tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"not readable as TOML: {error}", at=Location(str(file))) from None
    return Document(value.get("tool", {}).get("hmco-charts"), "", str(file), 1)


def _check(document: Document) -> None:
    from jsonschema import Draft7Validator

    schema = json.loads((directory("schemas") / "hmco-charts.schema.json").read_text(encoding="utf-8"))
    faults = sorted(Draft7Validator(schema).iter_errors(document.value), key=lambda fault: list(map(str, fault.path)))
    told = [line for fault in faults for line in _told(document, fault)]
    if told:
        (at, what), *others = told
        more = [f"{place}: {text}" for place, text in others]
        raise ConfigurationError("\n".join([what, *more]), at=at, remedy="docs/configuration.md lists every key.")


def _told(document: Document, fault: Any) -> Iterable[tuple[Location, str]]:
    path = tuple(fault.absolute_path)
    name = ".".join(map(str, path)) or "the file"
    if fault.validator == "additionalProperties" and isinstance(fault.instance, dict):
        known = list(fault.schema.get("properties", {}))
        for key in fault.instance.keys() - set(known):
            close = difflib.get_close_matches(str(key), known, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"known: {', '.join(known)}"
            place = (*path, key)
            yield _location(document, place, key=True), f"unknown key `{'.'.join(map(str, place))}`; {hint}"
        return
    expected = _EXPECTED.get(fault.validator, "{message}").format(value=fault.validator_value, message=fault.message)
    yield _location(document, path), f"`{name}` {expected}"


def _location(document: Document, path: yamlio.Path, *, key: bool = False) -> Location:
    if not document.text:
        return Location(document.file)
    span = document.span(path, key=key)
    return Location(span.file, span.line, span.column)


def _typed(document: Document, folder: Path) -> Configuration:
    told: Mapping[str, Any] = document.value
    cluster: dict[str, Any] = dict(told.get("cluster", {}))
    cluster |= {key: tuple(value) for key, value in cluster.items() if isinstance(value, list)}
    return Configuration(
        maintainers=tuple(Maintainer(**entry) for entry in told.get("maintainers", ())),
        lint=_lint(document, told.get("lint", {}), folder),
        cluster=Cluster(**cluster),
        file=document.file,
    )


def _lint(document: Document, told: Mapping[str, Any], folder: Path) -> LintSettings:
    scenarios = {
        chart: {name: tuple(folder / file for file in files) for name, files in named.items()}
        for chart, named in told.get("scenarios", {}).items()
    }
    return LintSettings(
        profile=told.get("profile", ""),
        select=tuple(told.get("select", ())),
        ignore=tuple(told.get("ignore", ())),
        severity=told.get("severity", ""),
        confidence=told.get("confidence", ""),
        severities=told.get("severities", {}),
        scenarios=scenarios,
        exclude=tuple(anchored(each, folder) for each in told.get("exclude", ())),
        baseline=folder / told["baseline"] if "baseline" in told else None,
        suppressions=tuple(
            _suppression(document, folder, index, entry) for index, entry in enumerate(told.get("suppressions", ()))
        ),
    )


def _suppression(document: Document, folder: Path, index: int, entry: Mapping[str, Any]) -> Suppression:
    path = ("lint", "suppressions", index)
    try:
        until = date.fromisoformat(entry["until"]) if "until" in entry else None
    except ValueError:
        at = _location(document, (*path, "until"))
        raise ConfigurationError(f"`{entry['until']}` is no day", at=at, remedy="Write it as 2027-01-31.") from None
    file = anchored(entry["file"], folder) if "file" in entry else ""
    return Suppression(**{**entry, "until": until, "file": file}, at=_location(document, path))
