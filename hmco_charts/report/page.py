"""A rule as a page in Markdown: what, why, what to do, a fault, no fault, how to accept it, its source."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hmco_charts.lint import EngineRule, Finding, Rule

_READABLE = 100
_SECRETS = "SEC"


@dataclass(frozen=True, slots=True)
class Example:
    """What a rule is tried with.

    Attributes:
        files: Texts by what is told of them; one of which nothing is told is a manifest that lies anywhere.
        findings: What the rule finds in them.
    """

    files: Mapping[str, str]
    findings: tuple[Finding, ...] = field(default=())


def page(rule: Rule | EngineRule, bad: Example | None = None, good: Example | None = None) -> str:
    """The page of a rule.

    Args:
        rule: The rule.
        bad: What it finds something in.
        good: The nearest thing in which it finds nothing.
    """
    return "\n\n".join([f"# {rule.id} {rule.name}", *_parts(rule, bad, good)]) + "\n"


def index(rules: Iterable[Rule | EngineRule]) -> str:
    """The page that lists the rules."""
    rows = [f"| [{each.id}]({each.id}.md) | `{each.name}` | {each.severity.value} | {each.profile} |" for each in rules]
    head = ["| rule | name | severity | profile |", "|---|---|---|---|"]
    return "# Rules\n\nWhat `hmco-charts explain RULE` shows, for each.\n\n" + "\n".join([*head, *rows]) + "\n"


def _parts(rule: Rule | EngineRule, bad: Example | None, good: Example | None) -> Iterator[str]:
    yield f"{rule.title.rstrip('.')}."
    yield f"Severity `{rule.severity.value}`, confidence `{rule.confidence.value}`, in profile `{rule.profile}`."
    yield f"## Why\n\n{_filled(rule.why)}"
    yield f"## What to do\n\n{_filled(rule.remedy)}"
    if bad:
        yield "\n\n".join(["## A fault", *_files(bad), _block("text", "\n".join(map(_told, bad.findings)))])
    if good:
        yield "\n\n".join(["## No fault", *_files(good)])
    if isinstance(rule, Rule):
        fingerprint = " fingerprint=…" if rule.id.startswith(_SECRETS) else ""
        comment = f'# hmco: ignore {rule.id} reason="…"{fingerprint}'
        yield f"## Accepting it\n\n{_block('yaml', comment)}"
    if rule.source:
        yield f"## Source\n\n<{rule.source}>"


def _files(example: Example) -> Iterator[str]:
    for name, text in example.files.items():
        yield (f"{name}:\n\n" if name else "") + _block("yaml", text.strip("\n"))


def _filled(text: str) -> str:
    return textwrap.fill(text, _READABLE, break_long_words=False, break_on_hyphens=False)


def _block(language: str, text: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{fence}{language}\n{text}\n{fence}"


def _told(finding: Finding) -> str:
    span = finding.span
    file = f"{span.file}:" if span.file else ""
    return f"{file}{span.line}:{span.column}: {finding.severity.value} {finding.message}"
