"""SEC005: a credential among a chart's values or in a custom resource, or shown by a chart's notes."""

import re
from collections.abc import Iterator
from functools import reduce
from typing import Any

from hmco_charts import credentials
from hmco_charts.credentials import Hit, decoding, lexicon
from hmco_charts.lint.finding import Confidence, Finding, Group, Severity
from hmco_charts.lint.programs import chart_values
from hmco_charts.lint.programs.chart import Asked, printed
from hmco_charts.lint.programs.connections import literal_variables
from hmco_charts.lint.programs.vault import operator
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release, Text, Values, parameters
from hmco_charts.objects.chart import Chart
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.objects.leaves import strings
from hmco_charts.yamlio import Path

_VALUES = "values.yaml"
_OBJECT_NAME = re.compile(r"[a-z]([a-z0-9.-]*[a-z])?")


class SecretInChartDefaults(Rule):
    """Reports usable credentials in values for charts and in Vault resources, and those that a NOTES.txt prints."""

    id = "SEC005"
    name = "secret-in-chart-defaults"
    severity = Severity.WARNING
    title = "A credential among a chart's values"
    why = (
        "Everybody who installs the chart and changes nothing has the same credential, and it is as public as the"
        " chart. Values in a HelmRelease or an Application, and the configuration in a Vault resource of Bank-Vaults,"
        " are read by everybody who may view it, and kept in version control, though a Secret is made of them. What"
        " NOTES.txt prints stands in the terminal, in the logs of pipelines and in the release's Secret."
    )
    remedy = "Leave the value empty and take the name of a Secret; let the notes tell the command that reads it."
    source = "https://helm.sh/docs/chart_best_practices/values/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The credentials among values that no other rule finds where they are rendered, and those in the notes."""
        for values in release.values:
            if values.owner and values.kind != "ConfigMap":  # SEC001's
                yield from self._inline(values, values.owner)
        for each in release.objects:
            yield from self._parameters(each)
        for resource in operator.resources(release):
            yield from self._told(resource)
        if release.chart:
            yield from self._brought(release, release.chart)

    def _inline(self, values: Values, owner: KubernetesObject) -> Iterator[Finding]:
        taken = [text.path for text in chart_values.in_config_maps(values)]
        for path, value, beside in _with_names(values.manifest):
            if any(path[: len(way)] == way for way in taken):
                continue
            for hit in _hits((*path[:-1], beside) if beside else path, value):
                yield self._given(values, owner, path, hit, value, _name(path))

    def _parameters(self, holder: KubernetesObject) -> Iterator[Finding]:
        for name, path in parameters(holder):
            value = text(holder.at(path))
            for hit in _hits(tuple(name.split(".")), value):
                yield self._given(holder, holder, path, hit, value, name)

    def _told(self, resource: KubernetesObject) -> Iterator[Finding]:
        for told in operator.settings(resource):
            for hit in credentials.find(told.value, product="vault"):
                if not hit.is_private_key:  # SEC004's
                    yield self._configured(resource, told, hit)

    def _configured(self, resource: KubernetesObject, told: Text, hit: Hit) -> Finding:
        return self.finding(
            f"{resource.kind} {resource.name} holds a usable credential under `{hit.key}` in plain text.",
            on=resource,
            span=told.span(hit.start, hit.end),
            locator=told.locator(hit.start),
            subject=f"{told.name}#{hit.key}#{hit.kind}",
            severity=Severity.ERROR if decoding.looks_random(told.value[hit.start : hit.end]) else None,
            confidence=Confidence(hit.confidence),
            group=_same(resource, hit),
        )

    def _given(
        self, holder: KubernetesObject, owner: KubernetesObject, path: Path, hit: Hit, value: str, name: str
    ) -> Finding:
        message = f"The value `{name}` of {owner.kind} {owner.name} is a usable credential in plain text."
        return self._at(holder, path, hit, value, name, message)

    def _at(self, holder: KubernetesObject, path: Path, hit: Hit, value: str, name: str, message: str) -> Finding:
        return self.finding(
            message,
            on=holder,
            span=holder.text_span(path, hit.start, hit.end),
            locator=name,
            subject=f"{name}#{hit.kind}",
            severity=Severity.ERROR if decoding.looks_random(value[hit.start : hit.end]) else None,
            confidence=Confidence(hit.confidence),
            group=_same(holder, hit),
        )

    def _brought(self, release: Release, chart: Chart) -> Iterator[Finding]:
        shown = _in_the_open(release)
        for path, value in strings(chart.files.value(_VALUES)):
            for hit in _hits(path, value):
                if value[hit.start : hit.end] not in shown:
                    name = _name(path)
                    message = f"The default of `{name}` is a usable credential."
                    yield self._at(chart.stand_in(_VALUES), path, hit, value, name, message)
        for value_shown in printed(chart.files):
            if lexicon.strength(value_shown.path[-1]) in ("password", "secret"):
                yield self._printed(chart, value_shown)

    def _printed(self, chart: Chart, value: Asked) -> Finding:
        name = _name(value.path)
        return self.finding(
            f"NOTES.txt prints the credential `{name}`.",
            on=chart.stand_in(_VALUES),
            span=value.span,
            locator=name,
            subject=f"NOTES.txt#{name}",
            confidence=Confidence.MEDIUM,
        )


def _same(holder: KubernetesObject, hit: Hit) -> Group:
    return Group.within(holder, "the same credential stands here", hit.secret_group)


def _name(path: Path) -> str:
    """A value's name, as Helm's `--set` has it."""
    return ".".join(map(str, path))


def _hits(path: Path, value: str) -> list[Hit]:
    keys = [str(step) for step in path]
    if "\n" in value:
        return [hit for hit in credentials.find(value, keys[-1]) if not hit.is_private_key]  # SEC004's
    if _names_a_secret(keys[-1], value):
        return []
    hit = credentials.judge(keys[-1], value, tuple(keys[:-1]))
    return [hit] if hit and not hit.is_private_key else []


def _with_names(manifest: Any) -> Iterator[tuple[Path, str, str]]:
    """The strings among values; with what stands as `value`, the name beside it: `{name: DB_PASSWORD, value: x}`."""
    for path, value in strings(manifest):
        beside = ""
        if path[-1] == "value":
            around = reduce(lambda found, step: found[step], path[:-1], manifest)
            beside = text(mapping(around).get("name"))
        yield path, value, beside


def _names_a_secret(key: str, value: str) -> bool:
    """Whether a value is the name of a Secret, as charts take it: `authSecret: team-auth`."""
    is_reference = lexicon.words(key)[-1:] in (("secret",), ("secrets",))
    return is_reference and bool(_OBJECT_NAME.fullmatch(value)) and not decoding.looks_random(value)


def _in_the_open(release: Release) -> str:
    """What ConfigMaps, variables and command lines show, where SEC001 to SEC003 look."""
    texts = [text.value for text in release.texts if text.object.kind == "ConfigMap"]
    for container in release.containers:
        texts += [text.value for text in literal_variables(container)]
        texts += [*container.command, *container.args]
    return "\0".join(texts)
