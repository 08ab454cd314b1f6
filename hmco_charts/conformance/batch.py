"""Jobs and CronJobs, as the API server checks them.

Source: kubernetes `pkg/apis/batch/validation/validation.go`.
"""

import re
import zoneinfo
from collections.abc import Iterator
from typing import Any

from hmco_charts.conformance import cron
from hmco_charts.conformance.fault import Fault, conflict, contradiction, duplicate, invalid, missing
from hmco_charts.yamlio.shape import items, mapping, text

Value = dict[str, Any]

_ZONE = re.compile(r"(?:CRON_)?TZ=(\S+) ")
_MOST_PARALLEL = 100_000


def schedule(value: Value, has_zone: bool) -> Iterator[Fault]:
    """A CronJob's schedule can be read, and holds no time zone beside the field for it.

    Args:
        value: The spec.
        has_zone: Whether the schedule may begin with a time zone where the field is not set.
    """
    told = value.get("schedule")
    if not isinstance(told, str):
        return
    zone = _ZONE.match(told)
    if "TZ" in told and (not has_zone or value.get("timeZone") is not None):
        problem = "a schedule holds no time zone: use timeZone"
    elif zone and _is_zone("Etc/UTC") and not _is_zone(zone[1]):
        problem = f"there is no time zone {zone[1]}"
    else:
        problem = cron.problem(told[zone.end() :] if zone else told)
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
    if isinstance(failed, int) and isinstance(completions, int) and failed > completions:
        yield contradiction(("maxFailedIndexes",), f"maxFailedIndexes {failed} is above completions {completions}")


_MANY = 100_000
_MOST_BEYOND = 10_000
_LONGEST_NAME = 63
_LONGEST_INDEXES = 64 * 1024


def many_indexes(value: Value, _: Any) -> Iterator[Fault]:
    """A Job with very many indexes says how many may fail, and runs fewer at once."""
    if not isinstance(value.get("completions"), int) or value["completions"] <= _MANY:
        return
    if value.get("maxFailedIndexes") is None:
        yield missing((), f"maxFailedIndexes must be given with more than {_MANY} completions")
    for field in ("parallelism", "maxFailedIndexes"):
        if isinstance(value.get(field), int) and value[field] > _MOST_BEYOND:
            yield invalid((field,), f"must be at most {_MOST_BEYOND} with more than {_MANY} completions")


def indexed_name(value: Value, _: Any) -> Iterator[Fault]:
    """The name of a Job with indexes is a host's name with each of them behind it."""
    spec, name = mapping(value.get("spec")), mapping(value.get("metadata")).get("name")
    completions = spec.get("completions")
    if isinstance(name, str) and isinstance(completions, int) and completions > 0:
        host = f"{name}-{completions - 1}"
        if len(host) > _LONGEST_NAME or "." in host:
            message = f"{host}, the name of a pod, must be of at most {_LONGEST_NAME} characters and without '.'"
            yield invalid(("metadata", "name"), message)


def generated_labels(value: Value, fields: list[str]) -> Iterator[Fault]:
    """The labels that a Job gives its pods are not given otherwise."""
    spec, name = mapping(value.get("spec")), mapping(value.get("metadata")).get("name")
    if spec.get("manualSelector") is True:
        return
    labels = mapping(mapping(mapping(spec.get("template")).get("metadata")).get("labels"))
    for key in fields:
        if key in labels and (not key.endswith("job-name") or (isinstance(name, str) and labels[key] != name)):
            yield conflict(("spec", "template", "metadata", "labels", key), "it is set for each Job: leave it out")


def success_policy(value: Value, _: Any) -> Iterator[Fault]:
    """The rules by which a Job succeeds ask for indexes that it has."""
    completions = value.get("completions")
    for index, rule in enumerate(map(mapping, items(mapping(value.get("successPolicy")).get("rules")))):
        count = rule.get("succeededCount")
        if isinstance(count, int) and isinstance(completions, int) and count > completions:
            path = ("successPolicy", "rules", index, "succeededCount")
            yield contradiction(path, f"succeededCount {count} is above completions {completions}")
        for each in _succeeded(rule, completions):
            yield Fault(each.kind, ("successPolicy", "rules", index, *each.path), each.message)


def _succeeded(rule: Value, completions: Any) -> Iterator[Fault]:
    """The indexes of a rule are in order and below the completions, and enough for the count beside them."""
    told, count = rule.get("succeededIndexes"), rule.get("succeededCount")
    if not isinstance(told, str) or not isinstance(completions, int):
        return
    total = _indexes(told, completions)
    if len(told) > _LONGEST_INDEXES or total is None:
        yield invalid(("succeededIndexes",), f"must be numbers and ranges below {completions} in order, such as 0,2-4")
    elif isinstance(count, int) and count > total:
        yield contradiction(("succeededCount",), f"succeededCount {count} is above the number of succeededIndexes")


def _indexes(told: str, completions: int) -> int | None:
    """How many indexes a text such as `0,2-4` names; `None` where it cannot be read."""
    total, last = 0, -1
    for part in told.split(",") if told else ():
        ends = part.split("-")
        if not 1 <= len(ends) <= len(("first", "last")) or not all(re.fullmatch("[+]?[0-9]+", end) for end in ends):
            return None
        first, final = int(ends[0]), int(ends[-1])
        if not last < first <= final < completions or (first == final and len(ends) > 1):
            return None
        total, last = total + final - first + 1, final
    return total


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
