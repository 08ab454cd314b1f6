"""How many pods of a workload must run at once, and on how many nodes.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
"""

import math
from dataclasses import dataclass
from typing import Any

from hmco_charts.objects import Pod, Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.objects.replicas import count

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Need:
    """How many pods of a workload exist at once.

    Attributes:
        steady: Between updates, at the least.
        updating: During an update that may not go below its number of available pods.
    """

    steady: int
    updating: int


def need(release: Release, pod: Pod) -> Need:
    """How many pods of one workload run beside each other; an update may add some before it stops any."""
    steady = release.replicas(pod).least
    if pod.object.kind != "Deployment" or not steady:
        return Need(steady, steady)
    strategy = mapping(pod.object.at(("spec", "strategy")))
    if strategy.get("type") == "Recreate":
        return Need(steady, steady)
    rolling = mapping(strategy.get("rollingUpdate"))
    unavailable = share(rolling.get("maxUnavailable", "25%"), steady, up=False)
    surge = share(rolling.get("maxSurge", "25%"), steady, up=True)
    return Need(steady, steady if unavailable else steady + max(surge, 1))


def share(value: Any, total: int, *, up: bool) -> int:
    """A number of pods, or a percentage of them: rounded up or down."""
    if isinstance(value, str) and value.endswith("%") and value[:-1].isdigit():
        exact = int(value[:-1]) * total / _HUNDRED
        return math.ceil(exact) if up else math.floor(exact)
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return count(value, 0)
