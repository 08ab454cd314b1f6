"""CHT004: YAML that does not mean what it seems to."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from hmco_charts import yamlio
from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Duplicate, Path

_FLOAT = re.compile(r"(?<![\w.])\d(?:\.\d+)?e\+\d{2}(?![\w.])")
_LONGEST_NAME, _LONGEST_LABEL, _LONGEST_PORT = 253, 63, 15
_LABEL_NAMED = ("Service", "Namespace")


class YamlTypeTrap(Rule):
    """Reports scalars of the wrong type, numbers that became floats, keys that stand twice, and names too long."""

    id = "CHT004"
    name = "yaml-type-trap"
    profile = "min"
    title = "YAML that does not mean what it seems to"
    why = (
        "`yes`, `on`, `8080` and `0x1F` without quotes are no texts: the API server refuses them where a text is needed"
        " (variables, labels, annotations, ConfigMaps). Helm prints large numbers as 1e+06."
    )
    remedy = "Quote the value: `{{ .Values.port | quote }}`; for large numbers `{{ .Values.size | int64 }}`."
    source = "https://helm.sh/docs/chart_template_guide/yaml_techniques/#scalars-and-collections"

    def check(self, release: Release) -> Iterator[Finding]:
        """The wrong types in every object."""
        for each in release.objects:
            for path in (("metadata", "labels"), ("metadata", "annotations")):
                yield from self._texts(each, path)
            if each.kind == "ConfigMap":
                yield from self._texts(each, ("data",))
            if each.kind == "Secret":
                yield from self._texts(each, ("stringData",))
            yield from self._name(each)
        for container in release.containers:
            yield from self._container(container)
        yield from self._twice(release)

    def _twice(self, release: Release) -> Iterator[Finding]:
        """The keys that stand twice in one map: the last one wins."""
        holders: dict[int, list[KubernetesObject]] = defaultdict(list)
        for each in release.objects:
            holders[id(each.document)].append(each)
        for same in holders.values():
            for twice in yamlio.duplicates(same[0].document):
                holder = next((each for each in same if twice.path[: len(each.base)] == each.base), same[0])
                yield self._duplicate(holder, twice)

    def _duplicate(self, each: KubernetesObject, twice: Duplicate) -> Finding:
        locator = "/".join(map(str, twice.path[len(each.base) :]))
        return self.finding(
            f"`{twice.path[-1]}` stands here a second time: what stood there before is lost.",
            on=each,
            span=each.place(twice.second),
            locator=locator,
            subject=locator,
            severity=Severity.WARNING,
            remedy="Keep one of them.",
            related=(Related("object", each.place(twice.first), "the first one"),),
        )

    def _texts(self, each: KubernetesObject, path: Path) -> Iterator[Finding]:
        for key, value in mapping(each.at(path)).items():
            if value is not None and not isinstance(value, str):
                yield self._at(each, (*path, key), f"`{key}` is {_type(value)}, but must be a text: quote it")
            elif isinstance(value, str) and "\n" not in value and _FLOAT.fullmatch(value.strip()):
                yield self._float(each, (*path, key), value.strip())

    def _container(self, container: Container) -> Iterator[Finding]:
        holder = container.pod.object
        for index, entry in enumerate(items(container.spec.get("env"))):
            value, path = mapping(entry).get("value"), (*container.path, "env", index, "value")
            if value is not None and not isinstance(value, str):
                name = text(mapping(entry).get("name"))
                yield self._at(holder, path, f"Variable {name} is {_type(value)}, but must be a text: quote it")
            elif isinstance(value, str) and _FLOAT.fullmatch(value):
                yield self._float(holder, path, value)
        for field in ("command", "args"):
            for index, word in enumerate(items(container.spec.get(field))):
                path = (*container.path, field, index)
                if not isinstance(word, str):
                    yield self._at(holder, path, f"A word of {field} is {_type(word)}, but must be a text: quote it")
                elif found := _FLOAT.search(word):
                    yield self._float(holder, path, found.group())
        for index, port in enumerate(container.ports):
            name = text(port.get("name"))
            if len(name) > _LONGEST_PORT:
                path = (*container.path, "ports", index, "name")
                yield self._at(holder, path, f"The port's name `{name}` has more than {_LONGEST_PORT} characters")

    def _name(self, each: KubernetesObject) -> Iterator[Finding]:
        most = _LONGEST_LABEL if each.kind in _LABEL_NAMED else _LONGEST_NAME
        if len(each.name) > most:
            yield self._at(each, ("metadata", "name"), f"The name has {len(each.name)} characters, more than {most}")

    def _float(self, each: KubernetesObject, path: Path, value: str) -> Finding:
        message = f"The number {value} was a whole one: Helm prints large numbers so"
        return self._at(each, path, message, Severity.WARNING, Confidence.MEDIUM)

    def _at(
        self,
        each: KubernetesObject,
        path: Path,
        message: str,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
    ) -> Finding:
        return self.finding(
            f"{message}.",
            on=each,
            span=each.span(path),
            locator="/".join(map(str, path)),
            subject="/".join(map(str, path)),
            severity=severity,
            confidence=confidence,
        )


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    return {int: "a number", float: "a number", list: "a list", dict: "a mapping"}.get(type(value), "empty")
