"""SEC003: a literal credential in a command line or in metadata."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from hmco_charts import credentials
from hmco_charts.credentials import Hit
from hmco_charts.formats.entry import KEPT
from hmco_charts.lint import exposure
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import LAST_APPLIED, Container, KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.leaves import strings
from hmco_charts.yamlio import Path

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("preStop", "postStart")
_OBJECT_NAME = re.compile(r"(?:[a-z0-9-]+/)?[a-z0-9]+(?:[.-][a-z0-9]+)*")
_WRITTEN_BY_TOOLS = (LAST_APPLIED, "meta.helm.sh/", "checksum/")


class CredentialInArgumentsOrMetadata(Rule):
    """Reports credentials in commands, arguments, probes, hooks, labels and annotations."""

    id = "SEC003"
    name = "credential-in-args-or-metadata"
    severity = Severity.ERROR
    title = "A literal credential in a command line or in metadata"
    why = (
        "Arguments stand in the process list of the node and in the pod's spec; annotations and labels are copied"
        " into events, caches and the last-applied annotation."
    )
    remedy = "Move it to a Secret; let the command read an environment variable or a mounted file."
    source = "https://kubernetes.io/docs/concepts/configuration/secret/"

    def check(self, release: Release) -> Iterator[Finding]:
        """One finding for each word or annotation that holds a credential."""
        for container in release.containers:
            for place, path, words in _command_lines(container):
                yield from self._words(container, place, path, words)
            for place, path, header in _headers(container):
                yield from self._header(container, place, path, header)
        for each in release.objects:
            yield from self._metadata(each, ("metadata",))
            yield from self._applied(each)
        for template in release.pods:
            if template.path != ("spec",):
                yield from self._metadata(template.object, (*template.path[:-1], "metadata"))

    def _words(self, container: Container, place: str, path: Path, words: list[str]) -> Iterator[Finding]:
        own = _own_words(container, place, words)
        for index, hit in credentials.in_command(words):
            if index >= own and not hit.is_private_key:  # SEC004's
                yield self._finding(
                    f"{place} of {container.locator} holds a usable credential in plain text.",
                    container.pod.object,
                    (*path, index - own),
                    f"{container.locator}/{place}",
                    hit,
                )

    def _header(self, container: Container, place: str, path: Path, header: dict[str, Any]) -> Iterator[Finding]:
        hit = credentials.judge(text(header.get("name")), text(header.get("value")))
        if hit:
            message = f"A header in {place} of {container.locator} holds a usable credential in plain text."
            locator = f"{container.locator}/{place}"
            yield self._finding(message, container.pod.object, (*path, "value"), locator, hit)

    def _metadata(self, holder: KubernetesObject, path: Path) -> Iterator[Finding]:
        for field in ("annotations", "labels"):
            for key, value in mapping(mapping(holder.at(path)).get(field)).items():
                if key.startswith(_WRITTEN_BY_TOOLS):
                    continue
                for hit in _metadata_hits(key, text(value)):
                    yield self._finding(
                        f"The {field.removesuffix('s')} {key} holds a usable credential in plain text.",
                        holder,
                        (*path, field, key),
                        f"{'/'.join(map(str, path))}/{field}/{key}",
                        hit,
                    )

    def _applied(self, holder: KubernetesObject) -> Iterator[Finding]:
        """What the object held when it was applied last, and holds no more."""
        told = holder.annotations.get(LAST_APPLIED, "")
        for hit in _left_behind(holder, told) if told else ():
            yield self._finding(
                f"The annotation {LAST_APPLIED} keeps a credential that {holder.kind} {holder.name} has no more.",
                holder,
                ("metadata", "annotations", LAST_APPLIED),
                f"metadata/annotations/{LAST_APPLIED}",
                hit,
            )

    def _finding(self, message: str, holder: KubernetesObject, path: Path, locator: str, hit: Hit) -> Finding:
        return self.finding(
            message,
            on=holder,
            span=holder.text_span(path, hit.start, hit.end),
            locator=locator,
            subject=f"{locator}#{hit.key}#{hit.kind}",
            severity=exposure.severity([hit]),
            confidence=Confidence(hit.confidence),
        )


def _left_behind(holder: KubernetesObject, told: str) -> Iterable[Hit]:
    """The credentials in the annotation that `kubectl apply` writes, without those that the object has itself.

    SEC001 looks at ConfigMaps; a Secret guards its annotation as it guards its data, also what it held before.
    """
    if holder.kind in ("ConfigMap", "Secret"):
        return ()
    shown = {key: value for key, value in holder.manifest.items() if key not in ("metadata", "status")}
    own = "\0".join(value for _, value in strings(shown))
    found = {hit.secret_group: hit for hit in credentials.find(told, "applied.json") if not hit.is_private_key}
    return [hit for hit in found.values() if told[hit.start : hit.end] not in own]


def _command_lines(container: Container) -> Iterator[tuple[str, Path, list[str]]]:
    """Where a command line stands: its name, its path, its words."""
    yield "command", (*container.path, "command"), container.command
    yield "args", (*container.path, "args"), [*container.command, *container.args]
    for path, handler in _handlers(container):
        words = items(mapping(handler.get("exec")).get("command"))
        yield path[-1], (*container.path, *path, "exec", "command"), [text(word) for word in words]


def _headers(container: Container) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """The HTTP headers of probes and hooks, and where they stand."""
    for path, handler in _handlers(container):
        for index, header in enumerate(items(mapping(handler.get("httpGet")).get("httpHeaders"))):
            yield path[-1], (*container.path, *path, "httpGet", "httpHeaders", index), mapping(header)


def _handlers(container: Container) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The probes and hooks that a container has, each with its path in it."""
    for holder, names in (((), _PROBES), (("lifecycle",), _HOOKS)):
        there = mapping(container.spec.get("lifecycle")) if holder else container.spec
        yield from (((*holder, name), mapping(there[name])) for name in names if name in there)


def _own_words(container: Container, place: str, words: list[str]) -> int:
    """How many words stand before those of the place itself: arguments are read behind their command."""
    return len(words) - len(container.args) if place == "args" else 0


def _names_a_secret(key: str, value: str) -> bool:
    """Whether an annotation names a Secret, as `nginx.ingress.kubernetes.io/auth-secret: team/basic-auth` does."""
    return key.endswith("secret") and bool(_OBJECT_NAME.fullmatch(value))


@lru_cache(maxsize=KEPT)
def _metadata_hits(key: str, value: str) -> tuple[Hit, ...]:
    setting = credentials.judge(key.rpartition("/")[2], value)
    if setting and not _names_a_secret(key, value):
        found = [setting]
    else:
        found = credentials.find(value, key) if "\n" in value else []
    return tuple(hit for hit in found if not hit.is_private_key)  # SEC004's
