"""Manifests with planted secrets in every writing, and what a frame on each of their lines shows."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from hmco_charts.report.frame import frame
from hmco_charts.report.sources import Sources
from hmco_charts.yamlio import Span

CASES = Path(__file__).parents[1] / "credentials" / "cases"
MARKER = re.compile(r"-----(?:BEGIN|END) [A-Z ]+-----")
SHORTEST = 5  # a shorter secret stands in ordinary words


def rows(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))


def frames(text: str) -> str:
    """What is shown when every line of a text has a finding."""
    sources = Sources({"x": text}, ())
    numbers = range(1, text.count("\n") + 2)
    lines = {line.number: line for number in numbers for line in sources.lines(Span("x", number, 1, number, 2), 0, 0)}
    return "\n".join(frame(line, (0, 1), 4000)[0] for line in lines.values())


def indented(text: str, depth: int) -> str:
    return "".join(f"{' ' * depth}{line}\n" if line else "\n" for line in text.split("\n"))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def manifest(kind: str, **content: Any) -> str:
    return yaml.safe_dump({"apiVersion": "v1", "kind": kind, "metadata": {"name": "app"}, **content}, sort_keys=False)


def writings(name: str, text: str) -> Iterator[tuple[str, str]]:
    """A text as manifests, templates and values hold it."""
    key = json.dumps(name)
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n"
    block = f"  {key}: |2\n{indented(text, 4)}"
    yield "block", head + block
    yield "quoted", manifest("ConfigMap", data={name: text})
    yield "double quoted", head + f"  {key}: {json.dumps(text)}\n"
    yield "json", json.dumps({"kind": "ConfigMap", "metadata": {"name": "app"}, "data": {name: text}})
    yield "wide json", json.dumps({"kind": "ConfigMap", "metadata": {"name": "app"}, "data": {name: text}}, indent=2)
    yield "in a list", manifest("List", items=[{"kind": "ConfigMap", "data": {name: text}}])
    yield "binary", manifest("ConfigMap", binaryData={name: encoded(text)})
    yield "secret", manifest("Secret", stringData={name: text})
    yield "secret block", head.replace("ConfigMap", "Secret").replace("data:", "stringData:") + block
    yield "encoded", manifest("Secret", data={name: encoded(text)})
    yield "broken secret", head.replace("ConfigMap", "Secret") + block + "oops: [\n"
    yield "values", f"config:\n  files:\n    {key}: |2\n{indented(text, 6)}"
    template = head.replace("name: app", 'name: {{ include "app.name" . }}')
    yield "template", f"{template}  {{{{- if .Values.on }}}}\n{block}  {{{{- end }}}}\n"
    yield "torn template", f"{template}  a: {{{{ .Values.a\n    | quote }}}}\n{block}"
    yield "broken template", f"{template}{block}  b: {{{{ .x }}}}: [ {{{{ .y }}}}\n"
    yield "later document", f"a: 1\n---\n{head}{block}---\nb: 1\n"


def parts(secret: str) -> Iterator[str]:
    """What must not be seen of a secret: each line of it, as it is and in base64."""
    for line in (secret, *secret.splitlines()):
        for text in (line.strip(), encoded(line.strip()).rstrip("=")):
            if len(text) >= SHORTEST and not MARKER.fullmatch(line):
                yield text
