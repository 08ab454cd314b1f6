"""Verdicts as `kubeconform -output json` writes them, with `-verbose` and `-summary` where they are asked for.

Source: github.com/yannh/kubeconform `pkg/output/json.go`.
"""

import json
from typing import Any

from hmco_charts.conformance.fault import pointer
from hmco_charts.conformance.verdict import Status, Verdict
from hmco_charts.report.verdicts import Summary

_STATUSES = {
    Status.VALID: "statusValid",
    Status.INVALID: "statusInvalid",
    Status.ERROR: "statusError",
    Status.SKIPPED: "statusSkipped",
}
_SUMMARY = {"valid": Status.VALID, "invalid": Status.INVALID, "errors": Status.ERROR, "skipped": Status.SKIPPED}


def render(summary: Summary) -> str:
    """The verdicts as JSON text."""
    quiet = (Status.VALID, Status.SKIPPED)
    told = [each for each in summary.verdicts if summary.is_verbose or each.status not in quiet]
    data: dict[str, Any] = {"resources": [_resource(each) for each in told]}
    if summary.has_summary:
        data["summary"] = {name: summary.counts[status] for name, status in _SUMMARY.items()}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _resource(verdict: Verdict) -> dict[str, Any]:
    found = _errors(verdict)
    return {
        "filename": "stdin" if verdict.file == "<stdin>" else verdict.file,
        "kind": verdict.kind,
        "name": verdict.name,
        "version": verdict.api_version,
        "status": _STATUSES[verdict.status],
        "msg": _message(verdict),
        **({"validationErrors": found} if found else {}),
    }


def _errors(verdict: Verdict) -> list[dict[str, str]]:
    """The faults of an invalid object, by their JSON pointers; none of any other."""
    if verdict.status is not Status.INVALID:
        return []
    told = (each.fault for each in verdict.faults if not each.is_warning)
    return [{"path": pointer(fault.path), "msg": fault.message} for fault in told]


def _message(verdict: Verdict) -> str:
    found = _errors(verdict)
    if not found:
        return verdict.reason if verdict.status is Status.ERROR else ""
    told = "; ".join(f"at '{each['path']}': {each['msg']}" for each in found)
    return f"problem validating schema. Check JSON formatting: {told}"
