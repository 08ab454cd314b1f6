"""The settings of a project, typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hmco_charts.configuration.cluster import Cluster
from hmco_charts.errors import Location


@dataclass(frozen=True, slots=True)
class Maintainer:
    """Someone who looks after a chart."""

    name: str
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding that is accepted.

    Attributes:
        rule: The rule's id or name.
        reason: Why.
        until: The last day on which it is accepted; `None` for ever.
        object: `Kind/name` or `Kind/namespace/name`, with `*`; empty for any.
        file: An absolute pattern of the file; empty for any.
        locator: Where in the object, with `*`; empty for any.
        fingerprint: The finding's fingerprint; empty for any.
        at: Where the suppression stands.
    """

    rule: str
    reason: str
    until: date | None = None
    object: str = ""
    file: str = ""
    locator: str = ""
    fingerprint: str = ""
    at: Location = field(default_factory=lambda: Location("hmco-charts.yaml"))


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Settings of the linter; an empty one says nothing.

    Attributes:
        profile: The profile of rules.
        select: Only these rules.
        ignore: Not these rules.
        severity: The threshold of severity.
        confidence: The threshold of confidence.
        severities: Another severity for all findings of a rule, by its id.
        scenarios: By the chart's name or path, values files by the name of a scenario.
        exclude: Absolute patterns of files that folders are searched without.
        baseline: The file with findings that are known.
        suppressions: Findings that are accepted.
    """

    profile: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: str = ""
    confidence: str = ""
    severities: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, Mapping[str, tuple[Path, ...]]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a project tells.

    Attributes:
        maintainers: Who looks after the charts.
        lint: Settings of the linter.
        cluster: What is known of the cluster.
        file: Where it was read; empty without a file.
    """

    maintainers: tuple[Maintainer, ...] = ()
    lint: LintSettings = field(default_factory=LintSettings)
    cluster: Cluster = field(default_factory=Cluster)
    file: str = ""
