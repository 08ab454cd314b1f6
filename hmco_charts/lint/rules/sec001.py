"""SEC001: a usable credential in a ConfigMap."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hmco_charts import credentials
from hmco_charts.credentials import Hit
from hmco_charts.credentials.hit import RANK
from hmco_charts.lint import exposure, moving
from hmco_charts.lint.finding import Confidence, Finding, Group, Severity
from hmco_charts.lint.fix import Fix
from hmco_charts.lint.programs import chart_values
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release, Text, Values, applied, texts
from hmco_charts.objects.remembering import remembered

_SHORTEST = 8
_KINDS = {
    "url-password": "a URL with a password",
    "private-key": "a private key",
    "password-hash": "a password's hash",
}
_REPLACED = re.compile(r"\bs(?P<mark>[/|#,@!])(?P<old>[^\s\"'$/|#,@!]+)(?P=mark)[\"']*\$")
"""A word that `sed` replaces by what a variable holds."""


@dataclass(frozen=True)
class _Place:
    """A credential in a text."""

    text: Text
    hit: Hit


class PlaintextCredentialInConfigMap(Rule):
    """Reports credentials that anyone who may read the ConfigMap could use."""

    id = "SEC001"
    name = "plaintext-credential-in-configmap"
    severity = Severity.ERROR
    profile = "min"
    title = "A usable credential in a ConfigMap"
    why = (
        "A ConfigMap is readable by everyone who may view the namespace, it is kept in etcd without encryption at"
        " rest, and it travels through version control; a Secret can be encrypted, audited and restricted. A password"
        " for a server of the same machine alone (`localhost`) is a warning, as is a hash."
    )
    remedy = "Move it to a Secret, and let the program read it from there: an environment variable or a mounted file."
    source = "https://kubernetes.io/docs/concepts/configuration/configmap/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The credentials of each ConfigMap; the places where the same one stands are one finding."""
        for holder in (*release.objects, *release.fragments):
            if holder.kind == "ConfigMap":
                yield from self._findings(release, holder, (*release.file_texts(holder), *_applied(holder)))
        for values in (each for each in release.values if each.kind != "ConfigMap"):
            yield from self._findings(release, values, chart_values.in_config_maps(values))

    def _findings(self, release: Release, holder: KubernetesObject, held: Iterable[Text]) -> Iterator[Finding]:
        places: dict[str, list[_Place]] = defaultdict(list)
        for text in held:
            for hit in _hits(text) or _known_otherwise(release, text):
                if not _is_replaced(release, text, hit):
                    places[hit.secret_group].append(_Place(text, hit))
        for same in places.values():
            yield from self._same(release, holder, sorted(same, key=lambda place: -RANK[place.hit.confidence]))

    def _same(self, release: Release, holder: KubernetesObject, places: list[_Place]) -> Iterator[Finding]:
        """One credential at its places, the surest first: what is sure of one is sure of all."""
        surest = places[0].hit
        severity = exposure.severity(place.hit for place in places)
        fixes = _fixes(release, holder, places)
        for text, hit in ((place.text, place.hit) for place in places):
            yield self.finding(
                _message(hit, holder),
                on=holder,
                span=text.span(hit.start, hit.end),
                locator=text.locator(hit.start),
                subject=f"{text.name}#{hit.key}#{hit.kind}",
                severity=severity,
                confidence=Confidence(surest.confidence),
                fixes=fixes,
                group=Group.within(holder, "the same credential stands here", surest.secret_group),
            )


def _is_replaced(release: Release, text: Text, hit: Hit) -> bool:
    """Whether a script puts something else in the place of the credential before a program reads it."""
    scripts = () if text.binary else _replacing(release).get(text.value[hit.start : hit.end], ())
    return any(text.name in script or "*" in script for script in scripts)


@remembered
def _replacing(release: Release) -> Mapping[str, list[str]]:
    """The scripts and commands that replace a word, by the word."""
    scripts = (text.value for text in release.texts if "sed " in text.value)
    commands = (word for each in release.containers for word in (*each.command, *each.args) if "sed " in word)
    found: dict[str, list[str]] = defaultdict(list)
    for script in (*scripts, *commands):
        for match in _REPLACED.finditer(script):
            found[match["old"]].append(script)
    return found


def _fixes(release: Release, holder: KubernetesObject, places: Iterable[_Place]) -> tuple[Fix, ...]:
    """Move it, with every place where it stands."""
    found: dict[Text, list[tuple[int, int]]] = defaultdict(list)
    for place in (each for each in places if each.text.object is holder):
        found[place.text].append((place.hit.start, place.hit.end))
    return () if isinstance(holder, Values) or not found else moving.setting(release, found)


def _applied(holder: KubernetesObject) -> Iterable[Text]:
    """The texts that the ConfigMap had when it was applied last, as far as an annotation keeps them."""
    before = applied(holder)
    return texts(before) if before else ()


def _hits(text: Text) -> list[Hit]:
    if text.binary:
        return credentials.find_in_bytes(text.binary, text.name)
    return credentials.find(text.value, text.name)


def _known_otherwise(release: Release, text: Text) -> list[Hit]:
    """The credentials by other names for the text: a variable's, a mounted file's, or that of the same in a Secret."""
    for name in sorted(_other_names(release).get(id(text), ())):
        found = credentials.find(text.value, name)
        if found:
            return [replace(hit, key=text.name if hit.key == name else hit.key) for hit in found]
    return []


@remembered
def _other_names(release: Release) -> Mapping[int, set[str]]:
    """By the identity of a text, the names that containers and Secrets have for it beside its own."""
    found: dict[int, set[str]] = defaultdict(set)
    for container in release.containers:
        variables = ((each.name, each.text) for each in release.environment(container))
        files = ((each.path.rpartition("/")[2], each.text) for each in release.files(container))
        for name, text in (*variables, *files):
            if text and name != text.name:
                found[id(text)].add(name)
    secrets = {text.value.strip(): text.name for text in release.texts if _is_password_in_a_secret(text)}
    for text in release.texts:
        if text.object.kind == "ConfigMap" and text.value.strip() in secrets:
            found[id(text)].add(secrets[text.value.strip()])
    return found


def _is_password_in_a_secret(text: Text) -> bool:
    """Whether a Secret holds the text as a password, and no word that may well be something else elsewhere."""
    is_chance = len(text.value) < _SHORTEST or text.value.isdigit() or not any(map(str.isdigit, text.value))
    return text.object.kind == "Secret" and not is_chance and credentials.judge(text.name, text.value) is not None


def _message(hit: Hit, holder: KubernetesObject) -> str:
    where = f" under `{hit.key}`" if hit.key else ""
    what = f"{_KINDS.get(hit.kind, 'a usable credential')}{where}"
    if isinstance(holder, Values):
        return f"The values hold {what}, which the chart writes into a ConfigMap in plain text."
    return f"ConfigMap {holder.name} holds {what} in plain text."
