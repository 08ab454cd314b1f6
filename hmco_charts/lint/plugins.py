"""Rules of other packages, found by their entry points in the group `hmco_charts.rules`."""

import inspect
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hmco_charts.errors import ConfigurationError
from hmco_charts.lint.finding import Confidence, Severity
from hmco_charts.lint.rule import PROFILES, Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "hmco_charts.rules"
RESERVED = "HMC"
_ID = re.compile(r"[A-Z]+[0-9]{3}")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TEXTS = ("id", "name", "title", "why", "remedy", "source")


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where rules come from: an entry point of a package."""

    package: str
    entry: "EntryPoint"

    def refused(self, fault: str) -> ConfigurationError:
        """What is wrong with it, named so that a user knows whom to ask."""
        where = f"{self.entry.name} = {self.entry.value}"
        return ConfigurationError(
            f"the package {self.package} brings rules ({where}) that cannot be used: {fault}",
            remedy=f"Mend, update or uninstall {self.package}.",
        )


def with_plugins(rules: Iterable[Rule]) -> list[Rule]:
    """The rules, and those of every installed package that brings some.

    Raises:
        ConfigurationError: A package whose rules do not load, are no rules, or take an id or a name of others.
    """
    known = {word: ("hmco-charts", rule) for rule in rules for word in (rule.id, rule.name)}
    for origin in _origins():
        for rule in _rules(origin):
            for word in (rule.id, rule.name):
                if word in known:
                    raise origin.refused(f"{word} is already a rule of {known[word][0]}")
            known |= {rule.id: (origin.package, rule), rule.name: (origin.package, rule)}
    return list({id(rule): rule for _, rule in known.values()}.values())


def _origins() -> Iterator[_Origin]:
    if not any(_names_the_group(folder) for folder in sys.path):
        return
    from importlib.metadata import entry_points

    for entry in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        yield _Origin(entry.dist.name if entry.dist else entry.value, entry)


def _names_the_group(folder: str) -> bool:
    """Whether a package in a folder has such an entry point: known in a tenth of the time that `importlib` needs."""
    with suppress(OSError):
        named = (each.path for each in os.scandir(folder or ".") if each.name.endswith((".dist-info", ".egg-info")))
        return any(GROUP in _text(Path(path, "entry_points.txt")) for path in named)
    return False


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def _rules(origin: _Origin) -> list[Rule]:
    try:
        loaded = origin.entry.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's module does is told as its fault
        raise origin.refused(f"{type(error).__name__}: {error}") from None
    found = [_rule(origin, each) for each in _classes(loaded)]
    if not found:
        raise origin.refused("it is neither a rule nor a module with rules")
    return found


def _classes(loaded: Any) -> list[type[Rule]]:
    """A rule, or the rules of a module; those of ours that a module imports to derive from them are not its own."""
    if not isinstance(loaded, ModuleType):
        return [loaded] if is_rule(loaded) else []
    candidates = [each for each in vars(loaded).values() if is_rule(each) and not inspect.isabstract(each)]
    return [each for each in dict.fromkeys(candidates) if not each.__module__.startswith("hmco_charts.")]


def is_rule(candidate: object) -> bool:
    """Whether something is a class of rules."""
    return isinstance(candidate, type) and issubclass(candidate, Rule) and candidate is not Rule


def _rule(origin: _Origin, kind: type[Rule]) -> Rule:
    try:
        rule = kind()
    except Exception as error:  # noqa: BLE001 - likewise
        raise origin.refused(f"{kind.__name__}: {error}") from None
    fault = next(_faults(rule), None)
    if fault:
        raise origin.refused(f"{kind.__name__}: {fault}")
    return rule


def _faults(rule: Rule) -> Iterator[str]:
    """What a rule's own data lacks."""
    for field in _TEXTS:
        if not isinstance(getattr(rule, field, None), str):
            yield f"its `{field}` is missing, or no text"
    if not _ID.fullmatch(rule.id) or rule.id.startswith(RESERVED):
        yield f"its id {rule.id!r} is not letters and three digits such as ACME001, or is one of {RESERVED}"
    if not _NAME.fullmatch(rule.name):
        yield f"its name {rule.name!r} is not words joined by hyphens"
    if rule.profile not in PROFILES:
        yield f"its profile {rule.profile!r} is none of {', '.join(PROFILES)}"
    if not isinstance(rule.severity, Severity) or not isinstance(rule.confidence, Confidence):
        yield "its severity is no Severity, or its confidence no Confidence"
