"""Manifests that fixes may move text in, and what they write there."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache

from hmco_charts.lint.edits import is_flow, last_line
from hmco_charts.lint.fix import Edit
from hmco_charts.objects import Container, KubernetesObject
from hmco_charts.objects.kubernetes import unchanged
from hmco_charts.yamlio import Document, Path, Span
from hmco_charts.yamlio.scalar import resolve

_DIRECTIVE = re.compile(r"^(?:%|\.\.\.)", re.MULTILINE)
_UNFIT = ("hook", "sync-wave", "last-applied-configuration")
"""Annotations of objects that are applied before others, such as a new Secret, or that hold a copy of themselves."""
_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*", re.ASCII)
_INDENTATION = "  "


def is_editable(each: KubernetesObject) -> bool:
    """Whether an object is a document of YAML in a file, as it stands there, and no part of it stands for another."""
    document = each.document
    return (
        each.manifest is document.value
        and each.place is unchanged
        and not document.text.lstrip().startswith("{")
        and not is_flow(each, ())
        and not _DIRECTIVE.search(document.text)
        and not any(sign in key for key in each.annotations for sign in _UNFIT)
        and not document.has_aliases
    )


def line(each: KubernetesObject, number: int) -> str:
    """A line of an object's file, without its end."""
    return _lines(each.document)[number - each.document.line].rstrip("\r")


@lru_cache(maxsize=4)
def _lines(document: Document) -> list[str]:
    return document.text.split("\n")


def source(each: KubernetesObject, span: Span) -> str:
    """What stands in a file within a line; nothing for what goes over several."""
    return line(each, span.line)[span.column - 1 : span.end_column - 1] if span.line == span.end_line else ""


def scalar(word: str) -> str:
    """A name as YAML spells it, quoted where it would be read as something else."""
    return word if _NAME.fullmatch(word) and isinstance(resolve(word), str) else json.dumps(word)


def reference(secret: str, key: str) -> list[str]:
    """The lines of a reference to an entry of a Secret, as a variable has it."""
    return ["valueFrom:", "  secretKeyRef:", f"    name: {scalar(secret)}", f"    key: {scalar(key)}"]


def flow_reference(secret: str, key: str) -> str:
    """The same in one line."""
    return f"valueFrom: {{secretKeyRef: {{name: {scalar(secret)}, key: {scalar(key)}}}}}"


def behind(each: KubernetesObject, number: int, *parts: str | Span) -> Edit:
    """Put text behind a line of an object's file."""
    end = len(line(each, number)) + 1
    return Edit(Span(each.file, number, end, number, end), parts)


def document_behind(each: KubernetesObject, *parts: str | Span) -> Edit:
    """Put a document behind that of an object."""
    text = each.document.text
    number, column = each.document.line + text.count("\n"), len(text) - text.rfind("\n")
    start = "---\n" if column == 1 else "\n---\n"
    return Edit(Span(each.file, number, column, number, column), (start, *parts))


def item_behind(each: KubernetesObject, path: Path, lines: Sequence[str], flow: str) -> Edit | None:
    """Put an item behind that at `path`, in the list's own style; `None` where its line begins with something else."""
    item = each.span(path)
    if is_flow(each, path[:-1]):
        end = Span(each.file, item.end_line, item.end_column, item.end_line, item.end_column)
        return Edit(end, (f", {flow}",))
    indentation = _dash(each, path)
    return None if indentation is None else behind(each, last_line(each, path), *_item(indentation, lines))


def first_variable(container: Container, lines: Sequence[str], flow: str) -> Edit | None:
    """Put a variable before the others of a container; `None` where its `env` is written in an unusual way."""
    each, path = container.pod.object, (*container.path, "env")
    if "env" not in container.spec:
        return _first_env(container, lines, flow)
    if not isinstance(container.spec["env"], list):
        return None
    if is_flow(each, path):
        return _within(each, path, flow + (", " if container.spec["env"] else ""))
    number, indentation = each.span(path, key=True).line, _dash(each, (*path, 0))
    is_alone = re.fullmatch(r"[\s-]*[\"']?env[\"']?\s*:\s*(?:#.*)?", line(each, number))
    return behind(each, number, *_item(indentation, lines)) if is_alone and indentation is not None else None


def _first_env(container: Container, lines: Sequence[str], flow: str) -> Edit | None:
    """The list with its key behind the image of a container, or its name."""
    each = container.pod.object
    if is_flow(each, container.path):
        return _within(each, container.path, f"env: [{flow}]" + (", " if container.spec else ""))
    for field in ("image", "name"):
        key, value = (each.span((*container.path, field), key=is_key) for is_key in (True, False))
        if field in container.spec and key.line == value.line == value.end_line:
            indentation = " " * (key.column - 1)
            return behind(each, key.line, f"\n{indentation}env:", *_item(f"{indentation}{_INDENTATION}", lines))
    return None


def _within(each: KubernetesObject, path: Path, text: str) -> Edit:
    """Put text behind the opening bracket of a list or mapping."""
    start = each.span(path)
    return Edit(Span(each.file, start.line, start.column + 1, start.line, start.column + 1), (text,))


def _item(indentation: str, lines: Sequence[str]) -> list[str]:
    first, *others = lines
    return [f"\n{indentation}- {first}", *(f"\n{indentation}{_INDENTATION}{each}" for each in others)]


def _dash(each: KubernetesObject, path: Path) -> str | None:
    """What stands before the dash of a list's item; `None` where that is more than spaces."""
    item = each.span(path)
    before = line(each, item.line)[: item.column - 1].rstrip()
    return before[:-1] if before.strip() == "-" else None
