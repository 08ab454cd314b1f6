"""Credentials in a ConfigMap move to a Secret, and whoever took them from the one takes them from the other."""

from collections.abc import Sequence

from hmco_charts.lint.edits import remove_lines
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.moving import carried
from hmco_charts.lint.moving.manifest import is_editable, item_behind, line, scalar
from hmco_charts.lint.moving.secret import Home, home
from hmco_charts.lint.moving.uses import Use, uses
from hmco_charts.objects import KubernetesObject, Release, Text
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.yamlio import Path, Span


def keys(release: Release, texts: Sequence[Text]) -> tuple[Fix, ...]:
    """Move keys of a ConfigMap to a Secret of its own; all are of the same ConfigMap.

    Returns:
        Nothing where a key is read from a file, where nothing in the input takes it, or where not all that do are
        known and can be edited.
    """
    holder, names = texts[0].object, [each.name for each in texts]
    taking = [use for use in uses(release, holder) or () if any(use.takes(name) for name in names)]
    if not all(any(use.takes(name) for use in taking) for name in names):
        return ()
    if not all(use.way != "files" and is_editable(use.pod.object) for use in taking):
        return ()
    entries = {each.name: value for each in texts if (value := carried.of_value(holder, each.path))}
    removed = _without(holder, [each.path for each in texts])
    if len(entries) < len(names) or not removed:
        return ()
    wholes = [use for use in taking if use.way == "variables"]
    there = home(release, holder, holder.name, entries, wholes)
    referring = _referring(taking, there) if there else None
    if not there or referring is None:
        return ()
    title = f"Move {' and '.join(names)} to the Secret {there.name}"
    return (Fix(title, (*there.edits, *removed, *referring), is_safe=False, move=there.move),)


def _without(holder: KubernetesObject, paths: Sequence[Path]) -> list[Edit]:
    """The ConfigMap without some keys; nothing where their lines cannot be taken out."""
    found = [remove_lines(holder, path) for path in paths]
    if len(paths) == len(mapping(holder.manifest.get("data"))):
        key = holder.span(("data",), key=True)
        colon = line(holder, key.line).find(":", key.end_column - 1) + 2
        found.append((Edit(Span(key.file, key.line, colon, key.line, colon), (" {}",)),))
    return [edit for edits in found for edit in edits] if all(found) else []


def _referring(taking: Sequence[Use], there: Home) -> list[Edit] | None:
    found: list[Edit | None] = []
    for use in taking:
        if use.way == "variable":
            found += _of_variable(use, there.name)
        elif there.is_new:
            found.append(_of_variables(use, there.name))
    edits = [edit for edit in found if edit]
    return edits if len(edits) == len(found) else None


def _of_variable(use: Use, name: str) -> list[Edit | None]:
    each = use.pod.object
    key, value = each.span(use.path, key=True), each.span((*use.path, "name"))
    is_short = value.line == value.end_line
    return [Edit(key, ("secretKeyRef",)), Edit(value, (scalar(name),)) if is_short else None]


def _of_variables(use: Use, name: str) -> Edit | None:
    """The Secret right behind the ConfigMap, where its entries have the same precedence."""
    each, item = use.pod.object, use.path[:-1]
    lines, flow = ["secretRef:", f"  name: {scalar(name)}"], f"secretRef: {{name: {scalar(name)}}}"
    prefix = text(mapping(each.at(item)).get("prefix"))
    if prefix:
        lines, flow = [*lines, f"prefix: {scalar(prefix)}"], f"{flow}, prefix: {scalar(prefix)}"
    return item_behind(each, item, lines, f"{{{flow}}}")
