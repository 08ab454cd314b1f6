"""A credential that stands in a container's environment becomes a reference to a Secret."""

import re

from hmco_charts.lint.edits import is_flow, last_line
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.moving import carried
from hmco_charts.lint.moving.manifest import flow_reference, is_editable, line, reference
from hmco_charts.lint.moving.secret import home
from hmco_charts.objects import Container, EnvironmentVariable, KubernetesObject, Release
from hmco_charts.yamlio import Path, Span

_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_EXPANDED = ("$(", "$$")  # by the kubelet in a literal value, not in one from a Secret


def variable(release: Release, container: Container, found: EnvironmentVariable) -> tuple[Fix, ...]:
    """Move the value of a variable to the Secret of its workload.

    Returns:
        Nothing where the program would find another value, or where the file is written in an unusual way.
    """
    each, path = container.pod.object, (*found.path, "value")
    if not is_editable(each) or found.source or not _KEY.fullmatch(found.name):
        return ()
    value = carried.of_value(each, path)
    if not value or any(sign in value.value for sign in _EXPANDED):
        return ()
    there = home(release, each, each.name, {found.name: value})
    if not there:
        return ()
    edit = _referred(each, path, there.name, found.name)
    title = f"Move {found.name} to the Secret {there.name}"
    return (Fix(title, (*there.edits, edit), is_safe=False, move=there.move),)


def _referred(each: KubernetesObject, path: Path, secret: str, key: str) -> Edit:
    """The reference in the place of the value and its key; what stands behind them in the line stays."""
    start, value, last = each.span(path, key=True), each.span(path), last_line(each, path)
    end = value.end_column if last == value.line else len(line(each, last)) + 1
    text = f"\n{' ' * (start.column - 1)}".join(reference(secret, key))
    if is_flow(each, path[:-1]):
        text = flow_reference(secret, key)
    return Edit(Span(each.file, start.line, start.column, last, end), (text,))
