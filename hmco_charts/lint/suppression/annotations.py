"""Suppressions in the annotation `hmco-charts.io/ignore` of an object; one a line, or separated by `;`."""

import re
from collections.abc import Iterator
from datetime import date

from hmco_charts.errors import ConfigurationError
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.lint.suppression.directive import Directive, parse, refused, require_one
from hmco_charts.objects import KubernetesObject, Release

ANNOTATION = "hmco-charts.io/ignore"
_ENTRY = re.compile(r"""(?:[^;\n"']|"[^"]*"|'[^']*')+""")


def annotations(release: Release, today: date) -> Iterator[Directive | Finding]:
    """The suppressions in the annotations of a release's objects."""
    for each in release.objects:
        told = each.annotations.get(ANNOTATION, "")
        for entry in _ENTRY.findall(told):
            if entry.strip():
                yield _outcome(entry, each, release, today)


def _outcome(entry: str, on: KubernetesObject, release: Release, today: date) -> Directive | Finding:
    span = on.span(("metadata", "annotations", ANNOTATION))
    name = ObjectName.of(on)
    folder = f"{release.chart.files.root}/" if release.chart else on.file

    def covers(finding: Finding) -> bool:
        return finding.object == name and finding.span.file.startswith(folder)

    try:
        found = parse(entry.strip().removeprefix("ignore "), span, covers, today)
        remedy = "Add the `fingerprint=` that `--format json` shows."
        require_one(found.rules, is_one=bool(found.fingerprint), remedy=remedy)
    except ConfigurationError as error:
        return refused(error, span)
    return found
