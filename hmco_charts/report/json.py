"""Findings as one JSON object; `schemas/findings.schema.json` describes it."""

import json
from collections import Counter
from typing import Any

from hmco_charts.lint import Finding, Fix, Result, Severity, Suppressed
from hmco_charts.lint.engine import NOT_ANALYSED
from hmco_charts.report.replacements import replacements
from hmco_charts.yamlio import Span

VERSION = 1


def render(result: Result) -> str:
    """The result as JSON text."""
    return json.dumps(as_data(result), indent=2, ensure_ascii=False) + "\n"


def as_data(result: Result) -> dict[str, Any]:
    """The result as plain data."""
    severities = Counter(finding.severity.value for finding in result.findings)
    summary = {each.value: severities[each.value] for each in reversed(Severity)}
    return {
        "version": VERSION,
        "findings": [finding_data(finding) for finding in result.findings],
        "suppressed": [_suppressed(each) for each in result.suppressed],
        "summary": {
            "findings": len(result.findings),
            **summary,
            "hidden": result.hidden,
            "suppressed": len(result.suppressed),
            "known": len(result.known),
            "gone": sum(entry.count for entry in result.gone.values()),
            "not_analysed": sum(finding.rule == NOT_ANALYSED.id for finding in result.findings),
            "objects": result.objects,
            "documents_without_kind": result.foreign,
        },
    }


def _suppressed(each: Suppressed) -> dict[str, Any]:
    return {**finding_data(each.finding), "suppression": {"reason": each.by.reason, **_place(each.by.span)}}


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        **_part(finding.span),
        "proven": finding.span.is_proven,
        "object": {
            "kind": finding.object.kind,
            "name": finding.object.name,
            "namespace": finding.object.namespace,
        },
        "locator": finding.locator,
        "fingerprint": finding.fingerprint,
        "scenarios": list(finding.scenarios),
        "help": finding.help,
        "related": [
            {"role": related.role, **_place(related.span), "message": related.message} for related in finding.related
        ],
        "fixes": [_fix(fix) for fix in finding.fixes],
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{**_part(each.span), "text": each.text} for each in replacements(fix)]
    return {"title": fix.title, "safe": fix.is_safe, "edits": edits}


def _part(span: Span) -> dict[str, Any]:
    return {**_place(span), "end_line": span.end_line, "end_column": span.end_column}


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.line, "column": span.column}
