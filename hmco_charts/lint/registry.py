"""The rules there are: every `Rule` in `hmco_charts/lint/rules/`, found by reading the folder, and those of plugins."""

import difflib
import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import TypeVar

from hmco_charts.errors import ConfigurationError
from hmco_charts.lint import rules
from hmco_charts.lint.engine import ENGINE_RULES, EngineRule
from hmco_charts.lint.plugins import is_rule, with_plugins
from hmco_charts.lint.rule import PROFILES, Rule

_LIKENESS = 0.5
_Entry = TypeVar("_Entry", Rule, EngineRule, Rule | EngineRule)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by id.

    Raises:
        ConfigurationError: An installed package brings rules that cannot be used.
    """
    modules = (import_module(f"{rules.__name__}.{module.name}") for module in pkgutil.iter_modules(rules.__path__))
    classes = {each for module in modules for each in vars(module).values() if is_rule(each)}
    return tuple(sorted(with_plugins(each() for each in classes), key=lambda rule: rule.id))


def chosen(profile: str, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules of a profile, narrowed to `select` and without `ignore`.

    Args:
        profile: One of `min`, `basic`, `production`, `pedantic`; each contains the ones before it.
        select: Rule ids, names or families (`VLT`), several separated by commas; rules outside the profile may
            be chosen by id.
        ignore: Likewise, to be left out.

    Raises:
        ConfigurationError: A word that names no rule.
    """
    wanted, unwanted = _matching(select), _matching(ignore)
    within = [rule for rule in all_rules() if PROFILES.index(rule.profile) <= PROFILES.index(profile)]
    base = wanted or within
    return tuple(rule for rule in base if rule not in unwanted)


def catalogue() -> tuple[Rule | EngineRule, ...]:
    """Everything that a finding's `rule` can be: what the run itself finds, and every rule."""
    return (*ENGINE_RULES, *all_rules())


def find(word: str) -> Rule | EngineRule:
    """The entry of the catalogue of that id or name.

    Raises:
        ConfigurationError: There is none.
    """
    return _find(word, catalogue())


def _find(word: str, among: Iterable[_Entry]) -> _Entry:
    for rule in among:
        if word.upper() == rule.id or word == rule.name:
            return rule
    raise ConfigurationError(f"unknown rule {word!r}", remedy=_nearest(word))


def _matching(words: Iterable[str]) -> list[Rule]:
    parts = [part.strip() for word in words for part in word.split(",")]
    return [rule for part in parts for rule in _family(part) or [_find(part, all_rules())]]


def _family(word: str) -> list[Rule]:
    return [rule for rule in all_rules() if rule.id.rstrip("0123456789") == word.upper()]


def _nearest(word: str) -> str:
    names = [each for rule in catalogue() for each in (rule.id, rule.name)]
    likeness = difflib.SequenceMatcher(b=word.casefold())

    def alike(name: str) -> float:
        likeness.set_seq1(name.casefold())
        return likeness.ratio()

    near = max(names, key=alike)
    return f"Did you mean {near!r}?" if alike(near) >= _LIKENESS else "See `hmco-charts rules`."
