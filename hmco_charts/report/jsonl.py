"""Findings as JSON, one object a line, each as in `findings` of the format `json`."""

import json

from hmco_charts.lint import Result
from hmco_charts.report.json import finding_data


def render(result: Result) -> str:
    """The result as lines of JSON."""
    return "".join(f"{json.dumps(finding_data(each), ensure_ascii=False)}\n" for each in result.findings)
