"""Verdicts as JUnit XML: a suite for each file, and in it a case for each object.

Source: the schema `junit-10.xsd` of the xUnit plugin of Jenkins; GitLab reads the same.
"""

from collections import Counter
from itertools import groupby
from xml.etree import ElementTree as ET

from hmco_charts.conformance.verdict import Status, Told, Verdict
from hmco_charts.report.verdicts import Summary
from hmco_charts.report.xml import plain

_OUTCOMES = {Status.INVALID: "failure", Status.ERROR: "error", Status.SKIPPED: "skipped"}


def render(summary: Summary) -> str:
    """The verdicts as XML."""
    root = ET.Element("testsuites", name="hmco-charts")
    for file, verdicts in groupby(summary.verdicts, key=lambda each: each.file):
        suite = ET.SubElement(root, "testsuite", name=plain(file))
        for verdict in verdicts:
            _case(suite, verdict)
        _count(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, verdict: Verdict) -> None:
    name = verdict.title or f"line {verdict.line or 1}"
    case = ET.SubElement(suite, "testcase", name=plain(name), classname=plain(verdict.api_version or verdict.file))
    outcome = _OUTCOMES.get(verdict.status)
    if outcome:
        faults = [each for each in verdict.faults if not each.is_warning]
        message = verdict.reason or (faults[0].fault.message if faults else verdict.status.value)
        told = ET.SubElement(case, outcome, message=plain(message))
        told.text = plain("\n".join(map(_line, faults))) or None


def _line(told: Told) -> str:
    span = told.span
    return f"{span.file}:{span.line}:{span.column}: {told.fault.message}"


def _count(suite: ET.Element) -> None:
    outcomes = Counter(told.tag for case in suite for told in case)
    suite.set("tests", str(len(suite)))
    for name, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(outcomes[outcome]))
