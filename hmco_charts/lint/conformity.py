"""What the API server would say of the objects of a release, once for all rules of the family API."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from hmco_charts import yamlio
from hmco_charts.conformance import crds
from hmco_charts.conformance.definitions import NEWEST, OLDEST, definitions
from hmco_charts.conformance.fault import Fault, Kind
from hmco_charts.conformance.judge import faults
from hmco_charts.conformance.schemas import Schemas
from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.admission import minor_version
from hmco_charts.objects.remembering import remembered
from hmco_charts.yamlio import Document

Found = Mapping[Kind, Sequence[tuple[KubernetesObject, Fault]]]

_LONGEST_NAME, _LONGEST_LABEL, _LONGEST_PORT = 253, 63, 15
_MOST_KNOWN = 65536


def findings(rule: Rule, release: Release, kind: Kind, severity: Severity | None = None) -> Iterator[Finding]:
    """The faults of a class as findings of a rule, at their places.

    Args:
        rule: The rule.
        release: The objects.
        kind: The class.
        severity: Where it differs from the rule's.
    """
    for each, fault in found(release, kind):
        where = "/".join(map(str, fault.path))
        yield rule.finding(
            sentence(f"{where}: {fault.message}" if where else fault.message),
            on=each,
            span=each.span(fault.path, key=fault.is_key),
            locator=where,
            severity=severity,
        )


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends as a question."""
    return text if text.endswith("?") else f"{text}."


def found(release: Release, kind: Kind) -> Sequence[tuple[KubernetesObject, Fault]]:
    """The faults of a class, with their objects."""
    return _found(release).get(kind, ())


def is_own(release: Release, api_version: str) -> bool:
    """Whether an API version is one of Kubernetes itself, so that it is known which kinds there are."""
    return definitions(_minor(release)).serves(api_version)


@remembered
def _found(release: Release) -> Found:
    schemas = _schemas(_minor(release), _Definitions(tuple(_brought(release))))
    by_kind: dict[Kind, list[tuple[KubernetesObject, Fault]]] = {}
    for each in release.objects:
        for fault in _of_object(each, schemas):
            by_kind.setdefault(fault.kind, []).append((each, fault))
    return by_kind


@lru_cache(_MOST_KNOWN)
def _of_object(each: KubernetesObject, schemas: Schemas) -> tuple[Fault, ...]:
    """The faults of an object, which may be part of several releases of a chart."""
    if not each.api_version:
        return ()
    return tuple(fault for fault in faults(schemas, each.manifest) if not _is_told_elsewhere(each, fault))


@lru_cache(8)
def _schemas(minor: int, brought: "_Definitions") -> Schemas:
    schemas = Schemas(minor)
    schemas.add(brought.each)
    return schemas


def _minor(release: Release) -> int:
    """The cluster's version as far as its schemas are known."""
    return min(max(minor_version(release) or NEWEST, OLDEST), NEWEST)


class _Definitions:
    """Custom resource definitions that are equal where they are the same objects, or stand in the same texts."""

    def __init__(self, brought: tuple[tuple[object, dict[str, Any]], ...]) -> None:
        self.each = [definition for _, definition in brought]
        self._keys = tuple(key for key, _ in brought)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Definitions) and self._keys == other._keys

    def __hash__(self) -> int:
        return hash(self._keys)


def _brought(release: Release) -> Iterator[tuple[object, dict[str, Any]]]:
    """The definitions that a release installs or its chart brings, each with what it is told apart by."""
    yield from ((id(each), each.manifest) for each in release.objects if crds.is_definition(each.manifest))
    for text in release.chart.crds.values() if release.chart else ():
        for number, document in enumerate(yamlio.documents(text)):
            if isinstance(document, Document) and crds.is_definition(document.value):
                yield (text, number), document.value


def _is_told_elsewhere(each: KubernetesObject, fault: Fault) -> bool:
    """Whether another rule reports the same: one fault is one finding."""
    if fault.kind in (Kind.REMOVED, Kind.DEPRECATED):
        return True  # UPG004
    path = tuple(map(str, fault.path))
    if fault.kind is Kind.WRONG_TYPE:
        return _is_text(each, path) or _is_encoded(each, path)  # CHT004, SEC007
    if fault.kind is Kind.DUPLICATE:
        return "volumeMounts" in path  # STO004
    is_of_node = path[-3:-2] == ("sysctls",) and "on the node's own" in fault.message  # SYS001
    return fault.kind is Kind.INVALID_VALUE and (is_of_node or _is_long(each, fault) or _is_encoded(each, path))


def _is_text(each: KubernetesObject, path: tuple[str, ...]) -> bool:
    own = {"ConfigMap": ("data",), "Secret": ("stringData",)}.get(each.kind)
    holders = (("metadata", "labels"), ("metadata", "annotations"), own)
    is_word = path[-2:-1] in (("command",), ("args",)) or (path[-3:-2] == ("env",) and path[-1] == "value")
    return path[:-1] in holders or (is_word and any("ontainers" in step for step in path))


def _is_long(each: KubernetesObject, fault: Fault) -> bool:
    """Whether CHT004 reports the length of a name."""
    if fault.path == ("metadata", "name"):
        return len(each.name) > (_LONGEST_LABEL if each.kind in ("Service", "Namespace") else _LONGEST_NAME)
    value = each.at(fault.path)
    is_port = "ports" in fault.path and fault.path[-1:] == ("name",) and any("ontainers" in str(s) for s in fault.path)
    return is_port and isinstance(value, str) and len(value) > _LONGEST_PORT


def _is_encoded(each: KubernetesObject, path: tuple[str, ...]) -> bool:
    """Whether SEC007 or TLS001 reports what is no base64."""
    return (each.kind, path[:1]) in (("Secret", ("data",)), ("ConfigMap", ("binaryData",))) and len(path) > 1
