"""Findings as JUnit XML: a suite for each file, and in it a case for each finding.

Source: the schema `junit-10.xsd` of the xUnit plugin of Jenkins; GitLab reads the same.
"""

from collections import Counter
from itertools import groupby
from xml.etree import ElementTree as ET

from hmco_charts.lint import Finding, Result
from hmco_charts.lint.engine import CAP_REACHED, NOT_ANALYSED
from hmco_charts.report.place import relative
from hmco_charts.report.xml import plain

_OUTCOMES = {NOT_ANALYSED.id: "error", CAP_REACHED.id: "skipped"}


def render(result: Result) -> str:
    """The result as XML; accepted findings are skipped cases, and where nothing is found one case passes."""
    cases = [(each, _OUTCOMES.get(each.rule, "failure"), each.message) for each in result.findings]
    cases += [(each.finding, "skipped", f"Accepted: {each.by.reason}") for each in result.suppressed]
    cases.sort(key=lambda case: case[0].span)
    root = ET.Element("testsuites", name="hmco-charts")
    for file, found in groupby(cases, key=lambda case: relative(case[0].span.file)):
        suite = ET.SubElement(root, "testsuite", name=plain(file))
        for finding, outcome, message in found:
            _case(suite, file, finding, outcome, message)
    if not cases:
        suite = ET.SubElement(root, "testsuite", name="hmco-charts")
        ET.SubElement(suite, "testcase", name="nothing found", classname="hmco-charts")
    for suite in root:
        _count(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, file: str, finding: Finding, outcome: str, message: str) -> None:
    span = finding.span
    name = f"{finding.rule} {finding.name} at {span.line}:{span.column}"
    case = ET.SubElement(suite, "testcase", name=plain(name), classname=plain(file))
    told = ET.SubElement(case, outcome, type=finding.severity.value, message=plain(message))
    where = f" ({finding.object} {finding.locator})" if finding.object.kind else ""
    told.text = plain(f"{file}:{span.line}:{span.column}: {finding.message}{where}\n{finding.help}")


def _count(suite: ET.Element) -> None:
    outcomes = Counter(told.tag for case in suite for told in case)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(outcomes["failure"]))
    suite.set("errors", str(outcomes["error"]))
    suite.set("skipped", str(outcomes["skipped"]))
