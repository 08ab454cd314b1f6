"""What a suppression says: `RULE[,RULE] reason="why" until=YYYY-MM-DD fingerprint=…`."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from hmco_charts.errors import ConfigurationError
from hmco_charts.lint.engine import REFUSED
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.registry import find
from hmco_charts.yamlio import Span

SYNTAX = 'Write `ignore RULE reason="why"`, with `until=YYYY-MM-DD` if it is for a time.'
_WORDS = re.compile(r"(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)\s*(?P<settings>.*)", re.DOTALL)
_SETTING = re.compile(r"""(?P<key>\w+)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))(?:\s+|$)""")
_KEYS = ("reason", "until", "fingerprint")


@dataclass(frozen=True, slots=True)
class Directive:
    """A suppression that holds.

    Attributes:
        rules: The ids of the rules.
        reason: Why their findings are accepted.
        span: Where it stands.
        covers: Whether a finding lies where the suppression applies.
        fingerprint: The one finding that is meant; empty for any.
        is_judged: Whether the input holds what it is about, so that it is stale when nothing is suppressed.
        is_external: Whether it stands in the configuration, not beside what it is about.
    """

    rules: tuple[str, ...]
    reason: str
    span: Span
    covers: Callable[[Finding], bool]
    fingerprint: str = ""
    is_judged: bool = True
    is_external: bool = False

    def suppresses(self, finding: Finding, fingerprints: Collection[str]) -> bool:
        """Whether the finding is accepted by it; of one that has several places, any fingerprint names all."""
        is_meant = not self.fingerprint or self.fingerprint in fingerprints
        return finding.rule in self.rules and is_meant and self.covers(finding)


def parse(text: str, span: Span, covers: Callable[[Finding], bool], today: date) -> Directive:
    """The directive that a comment or an annotation spells.

    Args:
        text: What stands behind `ignore`.
        span: Where it stands.
        covers: Whether a finding lies where it applies.
        today: The day for which `until` is judged.

    Raises:
        ConfigurationError: It cannot be understood, names no rule that there is, or does not hold.
    """
    words = _WORDS.fullmatch(text.strip())
    if not words:
        raise ConfigurationError("This suppression names no rule.", remedy=SYNTAX)
    told = _settings(words["settings"])
    rules = ids(re.split(r"\s*,\s*", words["rules"]))
    check(rules, told.get("reason", ""), _day(told["until"]) if "until" in told else None, today)
    return Directive(rules, told["reason"], span, covers, told.get("fingerprint", ""))


def ids(words: list[str]) -> tuple[str, ...]:
    """The ids of rules told by id or name.

    Raises:
        ConfigurationError: A word that names no rule.
    """
    return tuple(find(word).id for word in words)


def check(rules: tuple[str, ...], reason: str, until: date | None, today: date) -> None:
    """Refuse what gives no reason, and what is expired.

    Raises:
        ConfigurationError: It does.
    """
    named = ", ".join(rules)
    if not reason.strip():
        raise ConfigurationError(f"This suppression of {named} gives no reason.", remedy='Add `reason="why"`.')
    if until and until < today:
        what = f"This suppression of {named} ended on {until.isoformat()}."
        raise ConfigurationError(what, remedy="Mend the finding and remove the suppression, or set a later `until`.")


def require_one(rules: tuple[str, ...], *, is_one: bool, remedy: str) -> None:
    """Refuse to accept findings on credentials otherwise than one by one.

    Raises:
        ConfigurationError: A rule is about credentials, and the suppression does not name one finding.
    """
    secrets = [rule for rule in rules if rule.startswith("SEC")]
    if secrets and not is_one:
        what = f"A suppression of {', '.join(secrets)} must name one finding, so that it never hides another secret."
        raise ConfigurationError(what, remedy=remedy)


def refused(error: ConfigurationError, span: Span) -> Finding:
    """The finding on a suppression that does not hold."""
    return REFUSED.finding(error.what, span, error.remedy)


def _settings(text: str) -> dict[str, str]:
    told: dict[str, str] = {}
    end = 0
    for match in _SETTING.finditer(text):
        if match.start() != end or match["key"] not in _KEYS:
            break
        told[match["key"]] = match["double"] or match["single"] or match["bare"] or ""
        end = match.end()
    if end != len(text):
        known = ", ".join(f"`{key}=`" for key in _KEYS)
        raise ConfigurationError(f"This suppression is not understood; it may hold {known}.", remedy=SYNTAX)
    return told


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError("`until` of this suppression is no day.", remedy="Write it as 2027-01-31.") from None
