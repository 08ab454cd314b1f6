"""What a project tells in `hmco-charts.yaml`."""

from hmco_charts.configuration.cluster import UNKNOWN, Cluster, PodSecurityLevel
from hmco_charts.configuration.patterns import anchored, matches
from hmco_charts.configuration.reading import FILE, find, read
from hmco_charts.configuration.settings import Configuration, LintSettings, Maintainer, Suppression

__all__ = [
    "FILE",
    "UNKNOWN",
    "Cluster",
    "Configuration",
    "LintSettings",
    "Maintainer",
    "PodSecurityLevel",
    "Suppression",
    "anchored",
    "find",
    "matches",
    "read",
]
