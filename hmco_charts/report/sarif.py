"""Findings as SARIF 2.1.0, the format of code scanning.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import json
from typing import Any

from hmco_charts import __version__
from hmco_charts.lint import Finding, Result, Severity, Suppressed, catalogue
from hmco_charts.yamlio import Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(result: Result) -> str:
    """The result as SARIF text."""
    run = {
        "tool": {"driver": _driver()},
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(finding) for finding in result.findings),
            *(_suppressed(each) for each in result.suppressed),
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _driver() -> dict[str, Any]:
    described = [
        {
            "id": rule.id,
            "name": rule.name,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.why},
            "help": {"text": rule.remedy},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }
        for rule in catalogue()
    ]
    return {"name": "hmco-charts", "version": __version__, "rules": described}


def _result(finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}\n{finding.help}"},
        "locations": [
            {
                "physicalLocation": _physical(finding.span),
                "logicalLocations": [{"fullyQualifiedName": f"{finding.object}/{finding.locator}".strip("/")}],
            }
        ],
        "relatedLocations": [
            {"physicalLocation": _physical(related.span), "message": {"text": related.message}}
            for related in finding.related
        ],
        "partialFingerprints": {"hmcoCharts/v1": finding.fingerprint},
    }


def _suppressed(each: Suppressed) -> dict[str, Any]:
    suppression = {
        "kind": "external" if each.by.is_external else "inSource",
        "justification": each.by.reason,
        "location": {"physicalLocation": _physical(each.by.span)},
    }
    return {**_result(each.finding), "suppressions": [suppression]}


def _physical(span: Span) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(span.file)},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        },
    }


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file.replace("\\", "/"))
