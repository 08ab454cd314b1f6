"""TRN007: a Trino worker that is killed while it leaves."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import trino
from hmco_charts.lint.programs.trino import Node
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import mapping

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_USUAL_GRACE, _USUAL_TERMINATION = 120.0, 30


class TrinoShutdown(Rule):
    """Reports workers whose pods have less time to stop than a graceful shutdown takes."""

    id = "TRN007"
    name = "trino-shutdown"
    severity = Severity.WARNING
    title = "A Trino worker that is killed while it leaves"
    why = (
        "A worker that is told SHUTTING_DOWN waits for `shutdown.grace-period` (two minutes where it is not set), lets"
        " its tasks end, and waits as long again. A pod that has less time is killed before, and so are its queries."
    )
    remedy = "Raise terminationGracePeriodSeconds above twice the grace period, by the time that tasks need."
    source = "https://trino.io/docs/current/admin/graceful-shutdown.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The time of workers that are told to leave before they stop."""
        for node in trino.nodes(release):
            pod = node.container.pod
            termination = pod.spec.get("terminationGracePeriodSeconds", _USUAL_TERMINATION)
            grace = _grace(node)
            if _leaves(node) and grace is not None and isinstance(termination, int) and termination < 2 * grace:
                yield self.finding(
                    f"{node.container.locator} needs twice {grace:g} s to leave, its pod has {termination} s.",
                    on=pod.object,
                    span=node.container.span("lifecycle", "preStop"),
                    locator=node.container.locator,
                )


def _leaves(node: Node) -> bool:
    hook = mapping(mapping(node.container.spec.get("lifecycle")).get("preStop"))
    return node.is_worker and "SHUTTING_DOWN" in str(mapping(hook.get("exec")).get("command"))


def _grace(node: Node) -> float | None:
    """Seconds of the grace period; `None` where it cannot be read."""
    setting = node.config.get("shutdown.grace-period")
    found = _DURATION.fullmatch(setting.value.strip()) if setting else None
    if found:
        return float(found[1]) * _UNITS[found[2]]
    return None if setting else _USUAL_GRACE
