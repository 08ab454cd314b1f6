"""What a project tells in `hmco-charts.yaml`."""

from hmco_charts.configuration.cluster import UNKNOWN, Cluster, PodSecurityLevel

__all__ = ["UNKNOWN", "Cluster", "PodSecurityLevel"]
