"""Whether the nodes have room for the pods, and the table that tells it."""

from collections.abc import Iterable, Sequence

from hmco_charts.quantity import quantity
from hmco_charts.values import Fault
from hmco_charts.values.platform import ClusterProfile
from hmco_charts.wiring.refusal import Refusal
from hmco_charts.wiring.survey import Amount, PodDemand, Survey

_MIB = 1024**2
_GIB = 1024**3
_ENDLESS = float("inf")
_SHOWN = 3  # pods in a message


def rooms(cluster: ClusterProfile) -> list[Amount]:
    """What each node has for pods."""
    return [
        Amount(_amount(each.cpu), _amount(each.memory), _ENDLESS if each.disk is None else _amount(each.disk))
        for each in cluster.nodes
        for _ in range(each.count)
    ]


def check(cluster: ClusterProfile, found: Survey, names: Sequence[str]) -> None:
    """Find a place for each pod, the largest first.

    Args:
        cluster: The cluster.
        found: The platform's pods.
        names: The releases, in the order of the table.

    Raises:
        Refusal: A pod has no place; the table tells what all of them ask for and what there is.
    """
    left = rooms(cluster)
    homeless: list[PodDemand] = []
    for pod in sorted(found.demands, key=_largest, reverse=True):
        at = next((index for index, room in enumerate(left) if pod.amount.fits(room)), None)
        if at is None:
            homeless.append(pod)
        else:
            left[at] -= pod.amount
    if homeless:
        pods = list(dict.fromkeys(f"{each.name} of {each.release}" for each in homeless))
        more = f" and {len(pods) - _SHOWN} more" if len(pods) > _SHOWN else ""
        table = aligned(demand_rows(cluster, found, names))
        told = f"the nodes have no room for {', '.join(pods[:_SHOWN])}{more}\n{table}"
        remedy = "Add nodes or larger ones, choose a smaller size, or lower resources under the systems' values."
        raise Refusal(Fault(("cluster", "nodes"), told, remedy))


def demand_rows(cluster: ClusterProfile, found: Survey, names: Iterable[str]) -> list[tuple[str, ...]]:
    """A table: what each release asks for, all of them together, and what the nodes have."""
    rows: list[tuple[str, ...]] = [("release", "pods", "cpu", "memory", "disk")]
    rows += [_row(name, found.of(name)) for name in names]
    rows.append(_row("all", found.demands))
    there = rooms(cluster)
    return [*rows, ("nodes", str(len(there)), *shown(sum(there, Amount())))]


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """A table as text: columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def shown(amount: Amount) -> tuple[str, str, str]:
    """CPU, memory and disk as people write them."""
    return f"{amount.cpu:g}", _bytes(amount.memory), _bytes(amount.disk)


def _row(name: str, pods: Sequence[PodDemand]) -> tuple[str, ...]:
    return (name, str(len(pods)), *shown(sum((each.amount for each in pods), Amount())))


def _largest(pod: PodDemand) -> tuple[float, float, str]:
    return pod.amount.memory, pod.amount.cpu, pod.name


def _bytes(amount: float) -> str:
    if amount == _ENDLESS:
        return "-"
    return f"{amount / _GIB:.1f}Gi" if amount >= _GIB else f"{amount / _MIB:.0f}Mi"


def _amount(value: str | int) -> float:
    return quantity(value) or 0.0
