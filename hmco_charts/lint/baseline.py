"""Findings that are known: a file of fingerprints and counts, which may only shrink unless told otherwise."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hmco_charts.errors import ConfigurationError, DocumentError, Location
from hmco_charts.lint.engine import ENGINE_RULES
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.grouping import apart, joined
from hmco_charts.yamlio import bounded

_VERSION = 1
_ENGINE = {rule.id for rule in ENGINE_RULES}
_DAMAGED = "Restore it, or delete it and write a new one with --baseline-update."


@dataclass(frozen=True, slots=True)
class Entry:
    """A known finding.

    Attributes:
        rule: The rule's id.
        object: The object, as `Kind/name`.
        file: The file, relative to the baseline's folder.
        count: How many findings have the fingerprint.
    """

    rule: str
    object: str
    file: str
    count: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings of a project.

    Attributes:
        file: Where they are written.
        entries: The known findings by fingerprint.
    """

    file: Path
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def split(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """The findings that are new, and those that are known; what the run itself finds is never known.

        Of a finding with several places each is known or new by itself.
        """
        left = Counter({fingerprint: entry.count for fingerprint, entry in self.entries.items()})
        new: list[Finding] = []
        known: list[Finding] = []
        for each in apart(findings):
            is_known = left[each.fingerprint] > 0 and each.rule not in _ENGINE
            left[each.fingerprint] -= is_known
            (known if is_known else new).append(each)
        return joined(new), joined(known)

    def gone(self, known: Iterable[Finding], paths: Iterable[str], rules: frozenset[str]) -> dict[str, Entry]:
        """The entries of which there are fewer findings now.

        Args:
            known: The findings that are known.
            paths: What was linted; entries on other files are not judged.
            rules: The ids of the rules of which every finding was given.
        """
        now = Counter(each.fingerprint for each in apart(known))
        within = [self._name(path) for path in paths]
        judged = {
            fingerprint: replace(entry, count=entry.count - now[fingerprint])
            for fingerprint, entry in self.entries.items()
            if entry.rule in rules and any(Path(entry.file).is_relative_to(path) for path in within)
        }
        return {fingerprint: entry for fingerprint, entry in judged.items() if entry.count > 0}

    def without(self, gone: Mapping[str, Entry]) -> "Baseline":
        """The entries that are still found."""
        counts = Counter({fingerprint: entry.count for fingerprint, entry in gone.items()})
        left = {key: replace(entry, count=entry.count - counts[key]) for key, entry in self.entries.items()}
        return Baseline(self.file, {key: entry for key, entry in left.items() if entry.count > 0})

    def including(self, findings: Iterable[Finding]) -> "Baseline":
        """The entries and those of more findings."""
        entries = dict(self.entries)
        for each in apart(findings):
            if each.rule not in _ENGINE:
                before = entries[each.fingerprint].count if each.fingerprint in entries else 0
                name = self._name(each.span.file)
                entries[each.fingerprint] = Entry(each.rule, str(each.object), name, before + 1)
        return Baseline(self.file, entries)

    def _name(self, file: str) -> str:
        return Path(os.path.relpath(file, self.file.parent)).as_posix()


def read(file: Path) -> Baseline:
    """The baseline of a file; an empty one where there is no such file yet.

    Raises:
        ConfigurationError: The file cannot be read, or is no baseline.
    """
    if not file.exists():
        return Baseline(file)
    try:
        told = json.loads(bounded.read_text(file))
        return Baseline(file, {str(key): _entry(value) for key, value in told["findings"].items()})
    except DocumentError as error:
        raise ConfigurationError(f"cannot be read: {error.what}", at=error.at, remedy=error.remedy) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ConfigurationError("this is no baseline", at=Location(str(file)), remedy=_DAMAGED) from None


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(str(told["rule"]), str(told["object"]), str(told["file"]), int(told["count"]))


def write(baseline: Baseline) -> None:
    """Write a baseline; the file there is replaced as a whole, or left as it is.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    entries = sorted(baseline.entries.items(), key=lambda item: (item[1].file, item[1].rule, item[0]))
    findings = {
        key: {"rule": each.rule, "object": each.object, "file": each.file, "count": each.count} for key, each in entries
    }
    text = json.dumps({"version": _VERSION, "findings": findings}, indent=2, ensure_ascii=False) + "\n"
    draft = baseline.file.with_name(f".{baseline.file.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(baseline.file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        what = f"cannot be written: {error.strerror}"
        raise ConfigurationError(what, at=Location(str(baseline.file))) from None
