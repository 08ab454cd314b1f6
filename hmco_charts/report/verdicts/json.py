"""Verdicts as one JSON object."""

import json
from typing import Any

from hmco_charts.conformance.fault import pointer
from hmco_charts.conformance.verdict import Status, Told, Verdict
from hmco_charts.report.verdicts import Summary

VERSION = 1


def render(summary: Summary) -> str:
    """The verdicts as JSON text: those on valid objects only where they are asked for."""
    told = [each for each in summary.verdicts if summary.is_verbose or each.faults or each.status is not Status.VALID]
    data: dict[str, Any] = {"version": VERSION, "objects": [_verdict(each) for each in told]}
    if summary.has_summary:
        data["summary"] = {each.value: summary.counts[each] for each in Status}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "file": verdict.file,
        "line": verdict.line or None,
        "apiVersion": verdict.api_version,
        "kind": verdict.kind,
        "namespace": verdict.namespace,
        "name": verdict.name,
        "status": verdict.status.value,
        "reason": verdict.reason,
        "faults": [_told(each) for each in verdict.faults],
    }


def _told(told: Told) -> dict[str, Any]:
    span = told.span
    return {
        "class": told.fault.kind.value,
        "severity": "warning" if told.is_warning else "error",
        "path": pointer(told.fault.path),
        "message": told.fault.message,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "proven": span.is_proven,
        "kubernetes": [f"1.{minor}" for minor in told.versions],
    }
