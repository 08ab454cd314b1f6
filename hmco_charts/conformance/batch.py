"""Jobs and CronJobs, as the API server checks them.

Source: kubernetes `pkg/apis/batch/validation/validation.go`.
"""

import zoneinfo
from collections.abc import Iterator
from typing import Any

from hmco_charts.conformance import cron
from hmco_charts.conformance.fault import Fault, conflict, contradiction, duplicate, invalid, missing
from hmco_charts.yamlio.shape import items, mapping, text

Value = dict[str, Any]

_MOST_PARALLEL = 100_000


def schedule(value: Value, _: Any) -> Iterator[Fault]:
    """A CronJob's schedule can be read, and holds no time zone beside the field for it."""
    told = value.get("schedule")
    if not isinstance(told, str):
        return
    problem = cron.problem(told)
    if problem:
        yield invalid(("schedule",), problem)


def time_zone(value: Value, _: Any) -> Iterator[Fault]:
    """A time zone is known, and not that of the machine."""
    zone = value.get("timeZone")
    if isinstance(zone, str) and zone and (zone.lower() == "local" or not (_is_zone(zone) or not _is_zone("Etc/UTC"))):
        yield invalid(("timeZone",), "must be a time zone such as Europe/Berlin")


def _is_zone(name: str) -> bool:
    """Whether this machine knows a time zone; one that has no time zones knows not even UTC."""
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def indexed(value: Value, _: Any) -> Iterator[Fault]:
    """What goes with a Job whose pods have indexes, and what such a Job needs."""
    if value.get("completionMode") != "Indexed":
        for field in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
            if value.get(field) is not None:
                yield conflict((field,), f"{field} goes with the completionMode Indexed alone", is_key=True)
        return
    completions, failed, parallel = (value.get(each) for each in ("completions", "maxFailedIndexes", "parallelism"))
    if completions is None and parallel is not None:
        yield missing((), "completions must be given with the completionMode Indexed")
    if isinstance(parallel, int) and parallel > _MOST_PARALLEL:
        yield invalid(("parallelism",), f"must be at most {_MOST_PARALLEL} with the completionMode Indexed")
    if failed is not None and value.get("backoffLimitPerIndex") is None:
        yield missing((), "backoffLimitPerIndex must be given beside maxFailedIndexes")
    for index, rule in enumerate(map(mapping, items(mapping(value.get("successPolicy")).get("rules")))):
        count = rule.get("succeededCount")
        if isinstance(count, int) and isinstance(completions, int) and count > completions:
            path = ("successPolicy", "rules", index, "succeededCount")
            yield contradiction(path, f"succeededCount {count} is above completions {completions}")
    if isinstance(failed, int) and isinstance(completions, int) and failed > completions:
        yield contradiction(("maxFailedIndexes",), f"maxFailedIndexes {failed} is above completions {completions}")


def job_selector(value: Value, _: Any) -> Iterator[Fault]:
    """A Job's selector is made for it, or is its own by its word."""
    if value.get("selector") is None:
        return
    if value.get("manualSelector") is not True:
        yield conflict(("selector",), "the selector is made for the Job: leave it out", is_key=True)
        return
    labels = mapping(mapping(mapping(value.get("template")).get("metadata")).get("labels"))
    for key, each in mapping(mapping(value["selector"]).get("matchLabels")).items():
        if text(labels.get(key)) != text(each):
            yield contradiction(
                ("selector", "matchLabels", key), f"the pod template has no label {key} with this value"
            )


def pod_failure_policy(value: Value, _: Any) -> Iterator[Fault]:
    """The rules of a pod failure policy name containers of the pod, and codes once and in order."""
    spec = mapping(mapping(value.get("template")).get("spec"))
    containers = (mapping(each) for group in ("containers", "initContainers") for each in items(spec.get(group)))
    names = {text(each.get("name")) for each in containers}
    for index, rule in enumerate(map(mapping, items(mapping(value.get("podFailurePolicy")).get("rules")))):
        path = ("podFailurePolicy", "rules", index)
        if rule.get("action") == "FailIndex" and value.get("backoffLimitPerIndex") is None:
            yield contradiction((*path, "action"), "FailIndex needs a backoffLimitPerIndex")
        codes = mapping(rule.get("onExitCodes"))
        if codes.get("containerName") is not None and text(codes["containerName"]) not in names:
            yield contradiction((*path, "onExitCodes", "containerName"), "there is no such container in this pod")
        values = [each for each in items(codes.get("values")) if isinstance(each, int)]
        if len(set(values)) < len(values):
            yield duplicate((*path, "onExitCodes", "values"), "a code stands twice in this list")
        elif values != sorted(values):
            yield invalid((*path, "onExitCodes", "values"), "must be in order")
