"""What the worker can do, each operation with plain data in and out.

Only the worker imports this module: it loads Helm's SDK.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Any

import helm_python
from helm_python import Chart, HelmChartInvalidError, HelmError, _native

from hmco_charts.helm import marking
from hmco_charts.helm import tree as files
from hmco_charts.helm.redaction import redacted

Json = dict[str, Any]

_TOGETHER = "urn:hmco-charts:values"
_SUMMARY = "': validation failed"
_READS_FILES = re.compile(rb"\.Files\b")
_MOST_PLACES = 8
_FAULT = re.compile(r"(\s*- at ')/(\d+)(.*)")


def load(chart: str) -> Json:
    """The parts of a chart, named as in `ChartInfo`."""
    with Chart.load(chart) as loaded:
        return {
            "metadata": loaded.metadata,
            "values": loaded.values,
            "schema": loaded.schema,
            "templates": {item["name"]: item["data"] for item in loaded.templates},
            "files": {item["name"]: item["data"] for item in loaded.files},
            "crds": {item["filename"]: item["data"] for item in loaded.crds},
            "dependencies": loaded.dependencies,
        }


def render(chart: str, values: Json, options: Json) -> dict[str, str]:
    """Manifests by template path."""
    helm_python.validate_release_name(options["name"])
    with Chart.load(chart) as loaded, _without_secrets(loaded, values):
        _check_installable(loaded, options)
        return _render(loaded, values, options)


def render_files(chart: str, contents: dict[str, str], options: Json) -> dict[str, str]:
    """Manifests of a chart that lies nowhere; a byte of its files is the character of that number."""
    packed = files.archive({f"{chart}/{path}": content.encode("latin-1") for path, content in contents.items()})
    with Chart.load_archive(packed) as loaded, _without_secrets(loaded, {}):
        _check_installable(loaded, options)
        return _render(loaded, {}, options)


def render_each(chart: str, scenarios: list[Json], options: Json, allowed: float) -> list[Json]:
    """What comes of the values of each scenario in turn, of those that were begun in the allowed seconds.

    Returns:
        Of each `manifests` by template path and merged `values`, or `error` and `kind`.
    """
    end = time.monotonic() + allowed
    outcomes: list[Json] = []
    with Chart.load(chart) as loaded:
        _check_installable(loaded, options)
        refused = _refused(loaded, scenarios)
        with nullcontext(loaded) if refused is None else _without_schema(chart) as judged:
            for number, values in enumerate(scenarios):
                if time.monotonic() > end:
                    break
                text = (refused or {}).get(number)
                with _fresh(judged, partial(Chart.load, chart)) as one:
                    outcomes.append(
                        {"error": text, "kind": HelmError.__name__} if text else _outcome(one, values, options)
                    )
    return outcomes


@contextmanager
def _fresh(loaded: Chart, load: Callable[[], Chart]) -> Iterator[Chart]:
    """The chart for one more rendering: Helm takes subcharts that the values switch off out of what it loaded."""
    with load() if loaded.dependencies else nullcontext(loaded) as one:
        yield one


def _outcome(chart: Chart, values: Json, options: Json) -> Json:
    try:
        with _without_secrets(chart, values):
            return {"manifests": _render(chart, values, options), "values": chart.merge_values(values)}
    except HelmError as error:
        return {"error": str(error), "kind": type(error).__name__}


def _without_schema(chart: str) -> Chart:
    return Chart.load_archive(files.packed(_changeable(chart, [])))


def _refused(chart: Chart, scenarios: list[Json]) -> dict[int, str] | None:
    """What the chart's schema has against the scenarios, by their number; `None` where each must be asked alone.

    Helm reads a large schema for longer than it renders the chart, and reads it for each rendering. So all
    values are held to it at once, as properties of one document.
    """
    if len(scenarios) < 2 or chart.dependencies or not isinstance(chart.schema, dict):  # noqa: PLR2004
        return None
    ids = [str(number) for number in range(len(scenarios))]
    kinds: Json = {**{key: {"$ref": _TOGETHER} for key in ids}, ids[0]: {**chart.schema, "$id": _TOGETHER}}
    whole = {"$schema": chart.schema["$schema"]} if "$schema" in chart.schema else {}
    merged = [chart.merge_values(values) for values in scenarios]
    with _probe("values.schema.json", json.dumps({**whole, "properties": kinds})) as probe:
        try:
            probe.validate_schema(dict(zip(ids, merged, strict=True)))
        except HelmError as error:
            found = _faults(redacted(str(error), [*scenarios, chart.values]), chart.name)
            return found or None
    return {}


def _faults(text: str, chart: str) -> dict[int, str]:
    """The faults of each scenario as Helm tells them for a chart; none in an error of another kind."""
    found: dict[int, list[str]] = defaultdict(lambda: [f"{chart}:"])
    for line in text.splitlines():
        if (fault := _FAULT.match(line)) and fault[3] != _SUMMARY:
            found[int(fault[2])].append(fault[1] + fault[3])
    return {number: "\n".join(lines) for number, lines in found.items()}


def render_marked(
    chart: str, scenarios: list[Json], style: str, templates: list[str], used: str, options: Json, allowed: float
) -> Json:
    """Manifests with marks at what wrote their parts.

    Args:
        chart: Folder or archive.
        scenarios: Values over the chart's own.
        style: A `marking.Style`.
        templates: The manifests that are asked for; with none, all of them.
        used: Characters that stand in the manifests and so cannot be marks.
        options: As for `render`.
        allowed: Seconds after which no scenario is begun.

    Returns:
        `manifests` of each scenario, fewer where the time was over, `None` where the marks broke a template; `marks`,
        what the opening ones among them stand for; `closing`, the opening mark of each closing one; `files`, the
        names of the templates.
    """
    source = _changeable(chart, templates)
    pen = marking.Pen({*used, *marking.used(source)})
    load = partial(Chart.load_archive, files.packed(marking.mark(source, marking.Style(style), pen)))
    manifests = _render_changed(load, scenarios, templates, options, allowed)
    texts = [text for each in manifests if each for text in each.values()]
    seen = {character for text in texts for character in marking.ANY.findall(text)}
    return {
        "manifests": manifests,
        "marks": {character: astuple(pen.marks[character]) for character in seen & pen.marks.keys()},
        "closing": {character: pen.closing[character] for character in seen & pen.closing.keys()},
        "files": [file.name for path, file in source.items() if files.TEMPLATE.match(path)],
    }


def render_changed(
    chart: str, scenarios: list[Json], templates: list[str], options: Json, allowed: float
) -> list[dict[str, str] | None]:
    """Manifests with values to which the chart's schema may object; arguments as for `render_marked`."""
    load = partial(Chart.load_archive, files.packed(_changeable(chart, templates)))
    return _render_changed(load, scenarios, templates, options, allowed)


def render_edited(
    chart: str, values: Json, templates: list[str], edits: list[tuple[str, str]], options: Json, allowed: float
) -> Json:
    """Manifests after each of some edits, made wherever a file of the chart that templates may read has the text.

    Args:
        chart: Folder or archive.
        values: Values over the chart's own.
        templates: The manifests that are asked for.
        edits: What to look for, and what to put in its place.
        options: As for `render`.
        allowed: Seconds after which none is begun.

    Returns:
        `places` of each edit: `file`, `line` and `column` from 1, and the `manifests`, `None` where the chart gives
        none; and `left`, how many places were not tried.
    """
    source = _changeable(chart, templates)
    end = time.monotonic() + allowed
    reads = any(_READS_FILES.search(file.content) for path, file in source.items() if files.TEMPLATE.match(path))
    outcome: Json = {"places": [], "left": 0}
    for old, new in edits:
        found = [(path, text, at) for path, text in files.readable(source) for at in _occurrences(text, old)]
        tried = []
        for path, text, at in found[:_MOST_PLACES] if reads else ():
            changed = {
                **source,
                path: files.File(source[path].name, (text[:at] + new + text[at + len(old) :]).encode()),
            }
            load = partial(Chart.load_archive, files.packed(changed))
            for manifests in _render_changed(load, [values], templates, options, end - time.monotonic()):
                line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
                tried.append({"file": source[path].name, "line": line, "column": column, "manifests": manifests})
        outcome["places"].append(tried)
        outcome["left"] += len(found) - len(tried) if reads else 0
    return outcome


def _occurrences(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + len(part))


def _changeable(chart: str, templates: list[str]) -> files.Tree:
    tree = files.without_schemas(_without_ignored(files.read(Path(chart)), chart))
    return files.narrowed(tree, templates) if templates else tree


def _render_changed(
    load: Callable[[], Chart], scenarios: list[Json], templates: list[str], options: Json, allowed: float
) -> list[dict[str, str] | None]:
    end = time.monotonic() + allowed
    outcomes: list[dict[str, str] | None] = []
    with load() as loaded:
        for values in scenarios:
            if time.monotonic() > end:
                break
            with _fresh(loaded, load) as chart:
                outcomes.append(_of_templates(chart, values, templates, options))
    return outcomes


def _of_templates(chart: Chart, values: Json, templates: list[str], options: Json) -> dict[str, str] | None:
    try:
        manifests = _render(chart, values, options)
    except HelmError:
        return None
    return {name: text for name, text in manifests.items() if name in templates or not templates}


def _without_ignored(tree: files.Tree, chart: str) -> files.Tree:
    """The files of a chart that .helmignore leaves; in an archive Helm ignores none."""
    if Path(chart).is_file():
        return tree
    with Chart.load(chart) as loaded:
        known = {item["name"] for item in (*loaded.templates, *loaded.files)}
    return {path: file for path, file in tree.items() if path in known or "/" not in path or path.startswith("charts/")}


def _render(chart: Chart, values: Json, options: Json) -> dict[str, str]:
    # The SDK's own render() lacks kube_version and api_versions, which its library knows.
    known = {name: value for name, value in options.items() if name != "is_partial"}
    text = _native.call_string("helm_render", chart._raw(), json.dumps(values), json.dumps(known))  # noqa: SLF001
    manifests: dict[str, str] = json.loads(text)
    return manifests


def _check_installable(chart: Chart, options: Json) -> None:
    """What `helm install` and `helm template` check and the SDK's render does not."""
    metadata = chart.metadata
    if metadata.get("type") == "library":
        raise HelmChartInvalidError("library charts are not installable")
    present = {dependency["name"] for dependency in chart.dependencies}
    missing = [item["name"] for item in metadata.get("dependencies", ()) if item["name"] not in present]
    if missing and not options.get("is_partial"):
        raise HelmChartInvalidError(f"found in Chart.yaml, but missing in charts/ directory: {', '.join(missing)}")
    if wanted := metadata.get("kubeVersion"):
        _check_kube_version(wanted, options)


def _check_kube_version(wanted: str, options: Json) -> None:
    """Ask Helm, in a chart of one template, whether its Kubernetes is in the range."""
    template = "{{ semverCompare .Values.wanted .Capabilities.KubeVersion.Version }} "
    template += "{{ .Capabilities.KubeVersion.Version }}"
    with _probe("templates/probe.txt", template) as chart:
        (answer,) = _render(chart, {"wanted": wanted}, options).values()
    is_compatible, version = answer.split()
    if is_compatible != "true":
        raise HelmChartInvalidError(
            f"chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}"
        )


def _probe(file: str, text: str) -> Chart:
    """A chart of one file, to ask Helm a question."""
    metadata = b"{apiVersion: v2, name: probe, version: 1.0.0}"
    return Chart.load_archive(files.archive({"probe/Chart.yaml": metadata, f"probe/{file}": text.encode()}))


@contextmanager
def _without_secrets(chart: Chart, values: Json) -> Iterator[None]:
    """Take the values of credentials out of the messages that Helm or a chart's author wrote."""
    try:
        yield
    except HelmError as error:
        raise type(error)(redacted(str(error), [values, chart.values])) from None


def merge_values(chart: str, values: Json) -> Json:
    """The chart's defaults under the given values."""
    with Chart.load(chart) as loaded:
        return loaded.merge_values(values)


def validate(chart: str, values: Json) -> None:
    """Check the merged values with the charts' schemas."""
    with Chart.load(chart) as loaded, _without_secrets(loaded, values):
        loaded.validate_schema(loaded.merge_values(values))


def lint(chart: str, values: Json, options: Json) -> list[Json]:
    """Messages of `helm lint`."""
    report = helm_python.lint(chart, values, **options)
    if not report["total_charts_linted"]:
        raise HelmChartInvalidError("; ".join(report["errors"]))
    messages: list[Json] = report["messages"]
    return [{**message, "error": redacted(message["error"], [values])} for message in messages]


def dependencies(chart: str) -> list[Json]:
    """What Chart.yaml declares, with its state."""
    return helm_python.dependency_list(chart)


def build_dependencies(chart: str, plain_http: bool) -> None:
    """Fill charts/ as Chart.lock says, or as Chart.yaml says where there is no lock."""
    helm_python.dependency_build(chart, plain_http=plain_http)


def package(chart: str, destination: str) -> str:
    """The path of the archive."""
    return helm_python.package(chart, destination=destination)


def parse_set(expression: str) -> Json:
    """The values that a `--set` expression means."""
    return helm_python.parse_set_string(expression)


def values_from_yaml(text: str) -> Json:
    """The values of a YAML document as Helm reads it."""
    return helm_python.values_from_yaml(text)
