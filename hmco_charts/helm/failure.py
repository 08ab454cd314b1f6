"""Helm's error texts, read into errors with a place and a remedy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hmco_charts.errors import (
    ChartError,
    ConfigurationError,
    DocumentError,
    LimitExceededError,
    Location,
)
from hmco_charts.helm.process import Death
from hmco_charts.helm.redaction import without_quotes, without_texts

SPOKEN = re.compile(r"(?:parse|execution) error at \((.+?):(\d+)(?::(\d+))?\): (.*)", re.DOTALL)
REFUSED = re.compile(r"execution error at \(")
OPENED = re.compile(r"(.*) started at (.+):(\d+)$")
FRAME = re.compile(
    r'(?:template: |^)(\S[^\n"]*?):(\d+):(\d+)(?:: |\n +)executing "[^"]*" at <(.*?)>:\s+',
    re.MULTILINE | re.DOTALL,
)
CALLING = re.compile(r"error calling (?!include|tpl|template|required|fail)\w+:")
YAML = re.compile(r"(?<!\.)yaml: (?:line (\d+): )?(.*)", re.DOTALL)
YAML_FILE = re.compile(r"YAML parse error on (\S+?):|(?:unable to parse|cannot load) (\S+\.yaml)\b")
JSON_TYPE = re.compile(r"json: cannot unmarshal (\w+) into Go (?:value|struct field (\S+)) of type")
CALL = re.compile(r"^error calling \w+: (?:template: )?")
CLOSED = re.compile(r"(?:open|lstat) (.+): permission denied$")
SUBCHART = re.compile(r"error unpacking subchart (?:tarball )?([^\s:]+) in [^\s:]+: ")
SCHEMA = "values don't meet the specifications of the schema(s)"
SCHEMA_CHART = re.compile(r"(\S+):\s*$")
SCHEMA_FAULT = re.compile(r"^\s*- at '(.*?)': (.*)", re.MULTILINE)
IN_PARTS = "'allOf' failed"  # the parts that failed follow
GIVEN = re.compile(r"^'.*' (does not match pattern .*|is not valid \w+(?:-\w+)*).*", re.DOTALL)
UNKNOWN = "additional properties"
NAME = re.compile(r"'([^']*)'")

REMEDIES = (
    ("Chart.yaml file is missing", "Add a Chart.yaml with apiVersion, name and version."),
    ("chart.metadata.", "Correct Chart.yaml."),
    ("does not appear to be a gzipped archive", "Name a chart's folder or an archive that Helm packaged."),
    ("missing in charts/", "Fetch the dependencies first: `hmco-charts deps`."),
    ("library charts are not installable", "Render a chart that depends on it."),
    ("incompatible with Kubernetes", "Choose a Kubernetes version in that range, or widen kubeVersion."),
    ("illegally", "Do not use this archive: it was made to write outside of its folder."),
    ("larger than the maximum", "Keep such files out of the chart, by .helmignore for example."),
    ("HTTP response to HTTPS client", "The registry speaks plain HTTP: use --plain-http."),
    ("certificate", "Have the machine trust the registry's certificate authority."),
    ("connection refused", "Check the registry's address and that it runs."),
    ("basic credential not found", "Log in to the registry first."),
    ("unauthorized", "Log in to the registry with an account that may read the chart."),
    ("not found", "Check the reference: repository, name and version."),
    ("permission denied", "Make the file readable."),
    ("nil pointer", "Give the value, or guard the template with `with` or `default`."),
    ("execution error", "The chart refuses these values: give what it asks for."),
    ("YAML", "Correct the YAML."),
    ("not defined", "Correct the function's name."),
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that a chart's values.schema.json does not admit.

    Attributes:
        chart: Name of the chart or subchart whose schema it is.
        path: JSON pointer of the value in that chart's values; empty for the whole document.
        text: What the schema wants; never what was given, which may be a credential.
    """

    chart: str
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.chart}: {self.path or '/'}: {self.text}".removeprefix(": ")

    @property
    def steps(self) -> tuple[str | int, ...]:
        """The path by keys and indexes."""
        steps = (step.replace("~1", "/").replace("~0", "~") for step in self.path.split("/")[1:])
        return tuple(int(step) if step.isdigit() else step for step in steps)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The keys at the path that the schema does not know."""
        return tuple(NAME.findall(self.text)) if self.text.startswith(UNKNOWN) else ()


class RefusedValuesError(ChartError):
    """Values that the chart refuses on purpose: its schema, or `fail` or `required` in a template."""


class SchemaViolationError(RefusedValuesError):
    """Values that the chart's values.schema.json does not admit.

    Attributes:
        violations: Each of them, by chart and path.
    """

    def __init__(self, violations: Sequence[Violation], *, at: Location) -> None:
        super().__init__(
            f"values.schema.json refuses the values: {'; '.join(map(str, violations))}",
            at=at,
            remedy="Correct the values; the chart's values.yaml and README tell what it knows.",
        )
        self.violations = tuple(violations)


def of_chart(kind: str, text: str, chart: str) -> ChartError:
    """The error that Helm's text about a chart means.

    Args:
        kind: Name of the SDK's exception.
        text: Its message.
        chart: The chart's path as the user gave it, or its reference.
    """
    if kind == "MemoryError":
        return of_death(Death.MEMORY, chart, seconds=0, memory=0)
    if SCHEMA in text or SCHEMA_FAULT.search(text):
        return _of_schema(text, chart)
    what, at = _read(text, chart)
    remedy = next((remedy for sign, remedy in REMEDIES if sign in text), "Correct the chart.")
    return (RefusedValuesError if REFUSED.match(text) else ChartError)(what, at=at, remedy=remedy)


def _of_schema(text: str, chart: str) -> ChartError:
    if violations := _violations(text):
        return SchemaViolationError(violations, at=Location(chart))
    _, name, fault = (*text.split("\n", 2), "", "")[:3]
    return ChartError(
        f"the schema of chart {name.rstrip(':')} cannot be used: {without_texts(_line(fault))}",
        at=Location(_file("values.schema.json", chart, is_relative=True)),
        remedy="Correct values.schema.json; each $ref must lead to a place in the document itself.",
    )


def of_death(death: Death, chart: str, *, seconds: float, memory: int) -> ChartError:
    """The error of a chart that the worker died of."""
    if death is Death.TIME:
        limit = f"time limit of {seconds:g} s"
    elif death is Death.MEMORY:
        limit = f"memory limit of {memory >> 20} MiB" if memory else "memory limit"
    else:
        return ChartError(
            "the engine crashed on this chart",
            at=Location(chart),
            remedy="Try the chart with `helm template`; if that works, please report it.",
        )
    return LimitExceededError(
        f"chart {Path(chart).name!r} exceeded the engine's {limit}",
        at=Location(chart),
        remedy="Look for a loop over a huge range, a repeated string or a template that calls itself.",
    )


def of_option(text: str) -> ConfigurationError:
    """The error of a release name or a Kubernetes version that is none."""
    remedy = "Give a Kubernetes version such as 1.31 or v1.31.2."
    if "release name" in text:
        remedy = "Release names are lower case letters, digits, dots and dashes, at most 53."
    return ConfigurationError(_line(text), remedy=remedy)


def of_expression(text: str) -> ConfigurationError:
    """The error of a `--set` expression that Helm does not understand."""
    return ConfigurationError(without_texts(text), remedy="Write key=value, as in server.replicas=3.")


def of_document(text: str, file: str) -> DocumentError:
    """The error of a values document that Helm cannot read."""
    line, what = _yaml(text)
    return DocumentError(what, at=Location(file, line), remedy="Values are a YAML mapping of keys to values.")


def lint_place(path: str, text: str, chart: str) -> tuple[Location, str]:
    """Where a lint message belongs, and the message in one line."""
    place = _file(path, chart, is_relative=True)
    if violations := _violations(text):
        return Location(place), "; ".join(map(str, violations))
    if YAML.search(text):
        line, what = _yaml(text)
        return Location(place, line), what
    what, at = _read(text, chart)
    return at if at.line else Location(place), what


def _read(text: str, chart: str) -> tuple[str, Location]:
    """What Helm's text says, in one line, and where."""
    if spoken := SPOKEN.match(text):
        return _read_spoken(spoken, chart)
    if frames := list(FRAME.finditer(text)):
        return _read_frames(frames, text, chart)
    if named := YAML_FILE.search(text):
        line, what = _yaml(text)
        file = str(next(filter(None, named.groups())))
        if subchart := SUBCHART.search(text):
            file = f"charts/{subchart[1]}/{file}"
        return what, Location(_file(file, chart, is_relative=not named[1]), line)
    if closed := CLOSED.search(text):
        path = closed[1].replace(str(Path(chart).absolute()), chart)
        return "permission denied", Location(path)
    if "double-star" in text:
        return _line(text), Location(_file(".helmignore", chart, is_relative=True))
    return without_texts(_line(text)), Location(chart)


def _read_spoken(spoken: re.Match[str], chart: str) -> tuple[str, Location]:
    file, line, column, message = spoken.groups()
    if opened := OPENED.match(message):
        message, file, line = opened.groups()
    at = Location(_file(file, chart), int(line), int(column) + 1 if column else None)
    return _line(message), at


def _read_frames(frames: list[re.Match[str]], text: str, chart: str) -> tuple[str, Location]:
    # The text of `tpl` is no file: the template that called it is the place.
    frame = next((frame for frame in reversed(frames) if frame[1] != "gotpl"), frames[0])
    message = _line(text[frames[-1].end() :])
    message = without_quotes(message) if CALLING.search(message) else without_texts(message)
    message = CALL.sub("", message)
    if frame is frames[-1] and '"' not in frame[4]:
        message += f" in {frame[4]}"
    # Go counts the columns of a template's bytes from 0.
    at = Location(_file(frame[1], chart), int(frame[2]), int(frame[3]) + 1)
    if frame is not frames[0]:
        message += f" (called from {_file(frames[0][1], chart)}:{frames[0][2]})"
    return message, at


def _yaml(text: str) -> tuple[int | None, str]:
    """The line and the message of the YAML reader's error."""
    if wrong := JSON_TYPE.search(text):
        return None, f"{wrong[2] or 'the document'} must not be of type {wrong[1]}"
    match = YAML.search(text)
    if not match:
        return None, without_texts(_line(text))
    line = int(match[1] or 0)
    # The reader names no line for the first, and counts from 0 where it misses a token.
    if not line or match[2].startswith("did not find expected"):
        line += 1
    return line, f"this is no YAML: {without_texts(_line(match[2]))}"


def _violations(text: str) -> list[Violation]:
    chart, found = "", []
    for line in text.splitlines():
        if header := SCHEMA_CHART.match(line):
            chart = header[1]
        elif (fault := SCHEMA_FAULT.match(line)) and fault[2] != IN_PARTS:
            found.append(Violation(chart, fault[1], _wanted(fault[2])))
    return sorted(found, key=lambda violation: (violation.chart, violation.path))


def _wanted(fault: str) -> str:
    """What the schema wants, without what was given; names in the same order every time."""
    if fault.startswith(UNKNOWN):
        names = sorted(f"'{name}'" for name in NAME.findall(fault))
        return f"{UNKNOWN} {', '.join(names)} not allowed"
    return GIVEN.sub(r"\1", fault)


def _file(name: str, chart: str, *, is_relative: bool = False) -> str:
    """The path of a chart's file as the user can open it, else as Helm calls it."""
    path = Path(chart, name if is_relative else name.partition("/")[2])
    return str(path) if (is_relative and Path(chart).is_dir()) or path.is_file() else name


def _line(text: str) -> str:
    return " ".join(text.removeprefix("template: ").split())
