"""Findings as SARIF 2.1.0, the format of code scanning.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import json
import os
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hmco_charts import __version__
from hmco_charts.lint import (
    Confidence,
    EngineRule,
    Finding,
    Fix,
    Related,
    Result,
    Rule,
    Severity,
    Suppressed,
    catalogue,
)
from hmco_charts.lint.engine import NOT_ANALYSED
from hmco_charts.report.place import relative
from hmco_charts.report.replacements import replacements
from hmco_charts.yamlio import Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RENDERED = "rendered"  # a place in what Helm writes, which lies in no file
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PRECISIONS = {Confidence.HIGH: "very-high", Confidence.MEDIUM: "high", Confidence.LOW: "medium"}


def render(result: Result) -> str:
    """The result as SARIF text."""
    rules = catalogue()
    index = {rule.id: at for at, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "hmco-charts", "version": __version__, "rules": [_rule(rule) for rule in rules]}},
        "invocations": [{"executionSuccessful": all(each.rule != NOT_ANALYSED.id for each in result.findings)}],
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(finding, index) for finding in result.findings),
            *(_suppressed(each, index) for each in result.suppressed),
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule | EngineRule) -> dict[str, Any]:
    described = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"precision": _PRECISIONS[rule.confidence], "profile": rule.profile},
    }
    return {**described, "helpUri": rule.source} if rule.source else described


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    fixes = [told for fix in finding.fixes if (told := _fix(fix))]
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}\n{finding.help}"},
        "locations": [_location(finding)],
        "relatedLocations": [_related(at, each) for at, each in enumerate(finding.related)],
        "partialFingerprints": {"hmcoCharts/v1": finding.fingerprint},
        "properties": {"confidence": finding.confidence.value, "scenarios": list(finding.scenarios)},
        **({"fixes": fixes} if fixes else {}),
    }


def _location(finding: Finding) -> dict[str, Any]:
    place = {"physicalLocation": _physical(finding.span)}
    name = f"{finding.object}/{finding.locator}".strip("/")
    return {**place, "logicalLocations": [{"fullyQualifiedName": name}]} if name else place


def _related(at: int, related: Related) -> dict[str, Any]:
    told = {"id": at, "message": {"text": related.message}}
    return told if related.role == _RENDERED else {**told, "physicalLocation": _physical(related.span)}


def _fix(fix: Fix) -> dict[str, Any] | None:
    """A fix as it can be told without the text that it moves."""
    told = sorted(replacements(fix), key=lambda each: each.span)
    changes = [
        {
            "artifactLocation": {"uri": _uri(file)},
            "replacements": [
                {"deletedRegion": _region(each.span), "insertedContent": {"text": each.text}} for each in parts
            ],
        }
        for file, parts in groupby(told, key=lambda each: each.span.file)
    ]
    return {"description": {"text": fix.title}, "artifactChanges": changes} if changes else None


def _suppressed(each: Suppressed, index: dict[str, int]) -> dict[str, Any]:
    suppression = {
        "kind": "external" if each.by.is_external else "inSource",
        "justification": each.by.reason,
        "location": {"physicalLocation": _physical(each.by.span)},
    }
    return {**_result(each.finding, index), "suppressions": [suppression]}


def _physical(span: Span) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(span.file)}, "region": _region(span)}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _uri(file: str) -> str:
    name = relative(file)
    return Path(name).as_uri() if name.startswith("/") else quote(os.fsencode(name), safe="/:@")
