"""SEC004: a private key outside of a Secret."""

from collections.abc import Iterator
from dataclasses import replace

from hmco_charts import credentials
from hmco_charts.credentials import Hit, decoding
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import chart_values
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import LAST_APPLIED, KubernetesObject, Release, Values
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.objects.leaves import strings
from hmco_charts.objects.pod import pod
from hmco_charts.yamlio import Path

_BINARY_SIGNS = ("MII", "MIG", "MIH", "MHc", "MC4C", "/u3+7Q", "zs7Ozg")
_SIGNS = ("PRIVATE KEY", "LS0tLS1CRUdJTi", "AGE-SECRET-KEY", "PuTTY-User-Key", '"kty"', *_BINARY_SIGNS)
_ELSEWHERE = {"Secret": ("data", "stringData"), "ConfigMap": ("data", "binaryData"), "SealedSecret": ("spec",)}
"""What other rules look at (SEC001: ConfigMaps), and where a key is at home."""


class PrivateKeyOutsideSecret(Rule):
    """Reports private keys in environments, arguments, annotations, custom resources and values for charts."""

    id = "SEC004"
    name = "private-key-outside-secret"
    profile = "min"
    title = "A private key outside of a Secret"
    why = (
        "Whoever may read the object can act as the server or user that the key belongs to. Objects other than Secrets"
        " are not encrypted at rest, are shown by `kubectl describe`, and are kept in version control."
    )
    remedy = "Put the key into a Secret, refer to it from here, and replace the key: it has been seen."
    source = "https://kubernetes.io/docs/concepts/configuration/secret/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The strings of every object, and of values for charts, that hold a private key."""
        values = (each for each in release.values if each.owner is None)
        for each in (*release.objects, *values):
            if any(sign in each.document.text for sign in _SIGNS):
                yield from self._object(each)

    def _object(self, each: KubernetesObject) -> Iterator[Finding]:
        taken = {text.path for text in chart_values.in_config_maps(each)} if isinstance(each, Values) else set()
        for path, value in strings(each.manifest):
            if path[0] in _ELSEWHERE.get(each.kind, ()) or path in taken or path[-1] == LAST_APPLIED:
                continue
            for hit in _hits(value, str(path[-1])):
                yield self._finding(each, path, hit)

    def _finding(self, each: KubernetesObject, path: Path, hit: Hit) -> Finding:
        locator = _locator(each, path)
        is_certain = hit.confidence == "high"
        what = "a private key" if is_certain else "a key store, which may hold private keys,"
        return self.finding(
            f"{locator} holds {what} in plain text.",
            on=each,
            span=each.text_span(path, hit.start, hit.end),
            locator=locator,
            subject=f"{locator}#{hit.key}",
            severity=None if is_certain else Severity.INFO,
            confidence=Confidence(hit.confidence),
        )


def _hits(value: str, name: str) -> list[Hit]:
    """The private keys in a string: in PEM, in base64, or a key store in base64."""
    data = decoding.decoded(value) if value.startswith(_BINARY_SIGNS) else None
    store = credentials.find_in_bytes(data, name) if data else []
    found = [replace(hit, start=0, end=len(value)) for hit in store]
    if not found and any(sign in value for sign in _SIGNS):
        found = credentials.find(value, name)
    return [hit for hit in found if hit.is_private_key]


def _locator(each: KubernetesObject, path: Path) -> str:
    """Where in an object, with the container and the variable by their names."""
    found = pod(each)
    for container in found.containers if found else ():
        depth = len(container.path)
        if path[:depth] == container.path:
            names = [text(mapping(each.at(path[: depth + 2])).get("name")), *path[depth + 2 :]]
            parts = (path[depth], *names) if names[0] else path[depth:]
            return "/".join((container.locator, *map(str, parts)))
    return "/".join(map(str, path))
