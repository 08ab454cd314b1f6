"""Suppressions in the configuration."""

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase

from hmco_charts.configuration import Suppression, matches
from hmco_charts.errors import ConfigurationError
from hmco_charts.lint.engine import spot
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.lint.suppression.directive import Directive, check, ids, refused, require_one


def entry(told: Suppression, files: Iterable[str], objects: Iterable[ObjectName], today: date) -> Directive | Finding:
    """The suppression of an entry.

    Args:
        told: The entry.
        files: The files of the input.
        objects: The objects of the input.
        today: The day for which `until` is judged.
    """
    span = spot(told.at)
    try:
        rules = ids([told.rule])
        check(rules, told.reason, told.until, today)
        is_one = bool(told.object and told.locator and told.fingerprint)
        remedy = "Give `object`, `locator` and `fingerprint`; `--format json` shows all three."
        require_one(rules, is_one=is_one, remedy=remedy)
    except ConfigurationError as error:
        return refused(error, span)
    is_there = any(_is_object(told, each) for each in objects) and any(_is_file(told, each) for each in files)
    return Directive(
        rules,
        told.reason,
        span,
        lambda finding: _covers(told, finding),
        told.fingerprint,
        is_judged=is_there and bool(told.object or told.file),
        is_external=True,
    )


def _covers(told: Suppression, finding: Finding) -> bool:
    is_here = not told.locator or fnmatchcase(finding.locator, told.locator)
    return is_here and _is_object(told, finding.object) and _is_file(told, finding.span.file)


def _is_object(told: Suppression, name: ObjectName) -> bool:
    spellings = (f"{name.kind}/{name.name}", f"{name.kind}/{name.namespace}/{name.name}")
    return not told.object or any(fnmatchcase(each, told.object) for each in spellings)


def _is_file(told: Suppression, file: str) -> bool:
    return not told.file or matches(file, told.file)
