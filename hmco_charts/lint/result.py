"""What a run found."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hmco_charts.lint.baseline import Entry
from hmco_charts.lint.engine import CAP_REACHED, NOT_ANALYSED
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.suppression import Suppressed


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found.

    Attributes:
        findings: Those at or above the threshold, and everything that could not be analysed, by place.
        hidden: How many findings stood below the threshold.
        objects: How many objects were checked.
        foreign: How many documents were no Kubernetes objects.
        suppressed: The findings that are accepted, and by what.
        known: The findings that the baseline holds.
        gone: What the baseline holds and is found no more, by fingerprint.
        seconds: How long each rule took, by its id; what rules share counts for the first that asks for it.
        texts: The files of findings that do not lie on disk, by the name that places have for them.
    """

    findings: tuple[Finding, ...]
    hidden: int
    objects: int
    foreign: int
    suppressed: tuple[Suppressed, ...] = ()
    known: tuple[Finding, ...] = ()
    gone: Mapping[str, Entry] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def exit_code(self) -> int:
        """0 for nothing found, 1 for findings, 3 where some input could not be analysed."""
        rules = {finding.rule for finding in self.findings}
        if NOT_ANALYSED.id in rules:
            return 3
        return 1 if rules - {CAP_REACHED.id} else 0
