"""Users' values documents: read, merged as Helm merges, and validated with a place for each fault.

Later wins: the type's defaults, the profile, each `-f` file in order, each `--set` in order. Maps merge, lists
and scalars replace, `null` gives the default back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, TypeVar

from pydantic import ValidationError

from hmco_charts import yamlio
from hmco_charts.errors import DocumentError, HmcoChartsError, Location, ValuesError
from hmco_charts.values.assignment import Assignment, assign, assignments
from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.fault import Fault, faults
from hmco_charts.values.path import Path, dotted, holds
from hmco_charts.values.types import ChartValues

ModelT = TypeVar("ModelT", bound=Values)


@dataclass(frozen=True, slots=True)
class _Sources:
    """The documents of a render, lowest precedence first, and what `--set` added to them."""

    documents: list[yamlio.Document]
    sets: list[Assignment]

    def merged(self) -> dict[str, Any]:
        """One document: everything that was said."""
        merged: dict[str, Any] = {}
        for document in self.documents:
            merged = yamlio.merge(merged, document.value)
        for assignment in self.sets:
            assign(merged, assignment)
        return merged

    def locate(self, path: Path, *, key: bool) -> Location:
        """The place of the value at `path` in the source that decided it, or of its nearest parent."""
        for length in range(len(path), -1, -1):
            parent = path[:length]
            for assignment in reversed(self.sets):
                if assignment.path[:length] == parent and (length or not self.documents):
                    return assignment.at
            for document in reversed(self.documents):
                if holds(document.value, parent):
                    return _place(document.span(parent, key=key and length == len(path)))
        return Location("values")


def read(
    chart: ChartType, files: Sequence[File | str] = (), sets: Sequence[str] = (), profile: str | None = None
) -> ChartValues:
    """The values that a profile, files and `--set` expressions say together.

    Args:
        chart: The chart they are for.
        files: YAML or JSON files, later ones win.
        sets: Expressions as of Helm's `--set`, later ones win.
        profile: Name of a profile; `None` means the chart's default one.

    Raises:
        ValuesError: The chart does not accept them; one error per fault.
        ConfigurationError: The profile does not exist, or an expression is malformed.
    """
    sources = _sources([chart.profile(profile), *map(File, files)], sets)
    document = sources.merged()
    try:
        return chart.model.model_validate(document)
    except ValidationError as error:
        example = f"`hmco-charts values example {chart.name}`"
        found = faults(error, chart.model, document, example=example)
        told = [_error(fault, sources) for fault in found]
    raise ValuesError(sorted(told, key=_order))


def validated(model: type[ModelT], file: File, *, example: str) -> ModelT:
    """What a file says as one document of a type.

    Args:
        model: The type.
        file: The file.
        example: Where every key stands.

    Raises:
        ValuesError: It is none; one error per fault.
    """
    sources = _sources([file], ())
    document = sources.merged()
    try:
        return model.model_validate(document)
    except ValidationError as error:
        told = [_error(fault, sources) for fault in faults(error, model, document, example=example)]
    raise ValuesError(sorted(told, key=_order))


def placed(told: Iterable[Fault], files: Sequence[File | str] = (), sets: Sequence[str] = ()) -> ValuesError:
    """What a chart that is not ours says of values, with the place of each fault in what a user gave.

    Args:
        told: The faults.
        files: The user's values files.
        sets: The user's `--set` expressions.
    """
    sources = _sources(map(File, files), sets)
    return ValuesError(sorted((_error(fault, sources) for fault in told), key=_order))


def _sources(files: Iterable[File], sets: Sequence[str]) -> _Sources:
    read_files = [_documents_or_error(file) for file in files]
    unread = [error for error in read_files if isinstance(error, DocumentError)]
    if unread:
        raise ValuesError(unread)
    documents = [document for found in read_files if isinstance(found, list) for document in found]
    return _Sources(documents, [part for expression in sets for part in assignments(expression)])


def _documents_or_error(file: File) -> list[yamlio.Document] | DocumentError:
    try:
        return _documents(file)
    except DocumentError as error:
        return error


def _documents(file: File) -> list[yamlio.Document]:
    """The file's document; none where it holds nothing but comments."""
    documents = [document for document in yamlio.read(_text(file), str(file)) if document.value is not None]
    for further in documents[1:]:
        at = Location(further.file, further.line)
        raise DocumentError("a values file holds one document", at=at, remedy="give each its own file")
    for document in documents:
        if not isinstance(document.value, dict):
            raise DocumentError("a values file holds a map", at=_place(document.span()), remedy="write keys and values")
        for twice in yamlio.duplicates(document):
            remedy = f"keep one of them; the first is on line {twice.first.line}"
            what = f"{dotted(twice.path)} stands here a second time"
            raise DocumentError(what, at=_place(twice.second), remedy=remedy)
    return documents


def _place(span: yamlio.Span) -> Location:
    return Location(span.file, span.line, span.column)


def _text(file: File) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror}", at=Location(str(file))) from None
    except UnicodeDecodeError:
        raise DocumentError("is not UTF-8 text", at=Location(str(file))) from None


def _order(error: HmcoChartsError) -> tuple[str, int, int]:
    at = error.at or Location("")
    return at.file, at.line or 0, at.column or 0


def _error(fault: Fault, sources: _Sources) -> HmcoChartsError:
    return HmcoChartsError(fault.what, at=sources.locate(fault.path, key=fault.is_about_key), remedy=fault.remedy)
