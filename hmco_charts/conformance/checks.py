"""What the API server checks in code, by the names that the `x-check` of schemas use.

A check takes a value that is a mapping, and the argument that the schema gives it; it yields faults with paths
relative to the value. Source: kubernetes `pkg/apis/*/validation/validation.go`.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from hmco_charts.conformance import amounts, batch, network, pods, scaling, storage, structural
from hmco_charts.conformance.fault import Fault, Kind, conflict, contradiction, duplicate, invalid, missing
from hmco_charts.yamlio.shape import items, mapping, text

Value = dict[str, Any]
Check = Callable[[Value, Any], Iterator[Fault]]

_IN = ("In", "NotIn")
_COMPARED = ("Gt", "Lt")
_SECRET_KEYS = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


_ACCOUNT = "kubernetes.io/service-account.name"


def _is_set(value: Any) -> bool:
    """Whether a field is set: nothing, an empty text and an empty list are not, an empty mapping is."""
    return value is not None and value not in ("", [])


def at_most_one(value: Value, fields: list[str]) -> Iterator[Fault]:
    """At most one of some fields is set."""
    given = [field for field in value if field in fields and _is_set(value[field])]
    for extra in given[1:]:
        yield Fault(Kind.CONFLICT, (extra,), f"{given[0]} and {extra} exclude each other: set one of them", is_key=True)


def at_most_one_beside(value: Value, others: list[str]) -> Iterator[Fault]:
    """At most one field is set, beside these."""
    yield from at_most_one(value, [field for field in value if field not in others])


def at_least_one(value: Value, fields: list[str]) -> Iterator[Fault]:
    """One of some fields is set, or several."""
    if not any(_is_set(value.get(field)) for field in fields):
        yield missing((), f"one of {', '.join(fields)} must be set")


def exactly_one(value: Value, fields: list[str]) -> Iterator[Fault]:
    """One of some fields is set, and no other."""
    yield from at_least_one(value, fields)
    yield from at_most_one(value, fields)


def distinct_keys(value: Value, fields: list[str]) -> Iterator[Fault]:
    """No key stands in two of some mappings."""
    first, second = fields
    for key in mapping(value.get(first)).keys() & mapping(value.get(second)).keys():
        yield Fault(Kind.DUPLICATE, (second, key), f"the key {key} stands under {first} and {second}", is_key=True)


def secret_type(value: Value, _: Any) -> Iterator[Fault]:
    """A Secret has the keys that its type asks for, and a registry's credentials are JSON."""
    given = {**mapping(value.get("data")), **mapping(value.get("stringData"))}
    kind = text(value.get("type"))
    for key in _SECRET_KEYS.get(kind, ()):
        if key not in given:
            yield missing(("type",), f"a Secret of type {kind} must have the key {key}")
        elif kind == "kubernetes.io/ssh-auth" and not given[key]:
            yield invalid(("type",), f"the key {key} must not be empty")
    if kind == "kubernetes.io/basic-auth" and given.keys().isdisjoint({"username", "password"}):
        yield missing(("type",), f"a Secret of type {kind} must have the key username or password")
    if kind == "kubernetes.io/service-account-token":
        annotations = mapping(mapping(value.get("metadata")).get("annotations"))
        if not annotations.get(_ACCOUNT):
            yield missing(("metadata",), f"a Secret of type {kind} must have the annotation {_ACCOUNT}")
    for key in {".dockerconfigjson", ".dockercfg"} & {*_SECRET_KEYS.get(kind, ())}:
        field = "stringData" if key in mapping(value.get("stringData")) else "data"
        if key in given and not _is_json(given[key], is_encoded=field == "data"):
            yield invalid((field, key), "must be an object in JSON")


def _is_json(value: Any, *, is_encoded: bool) -> bool:
    try:
        return isinstance(json.loads(base64.b64decode(text(value)) if is_encoded else text(value)), dict)
    except ValueError:
        return False


def selector_values(value: Value, _: Any) -> Iterator[Fault]:
    """The values of a selector's requirement suit its operator."""
    operator, values = value.get("operator"), items(value.get("values"))
    if operator in _IN and not values:
        yield missing((), f"values must be given for the operator {operator}")
    elif operator in ("Exists", "DoesNotExist") and values:
        yield conflict(("values",), f"the operator {operator} takes no values")
    elif operator in _COMPARED and len(values) != 1:
        yield conflict(("values",), f"the operator {operator} takes exactly one value")


def distinct(value: Value, told: list[str]) -> Iterator[Fault]:
    """The entries of a list differ in some keys."""
    field, *keys = told
    seen = set()
    for index, entry in enumerate(map(mapping, items(value.get(field)))):
        found = tuple(text(entry.get(key)) for key in keys)
        if found in seen:
            yield duplicate((field, index), f"{' '.join(filter(None, found))} stands twice in this list")
        seen.add(found)


def privileged_escalation(value: Value, _: Any) -> Iterator[Fault]:
    """A privileged container may raise its privileges, whatever is said."""
    if value.get("allowPrivilegeEscalation") is not False:
        return
    added = items(mapping(value.get("capabilities")).get("add"))
    if value.get("privileged") is True or {"CAP_SYS_ADMIN"} & {text(each) for each in added}:
        what = "privileged" if value.get("privileged") is True else "capability CAP_SYS_ADMIN"
        yield conflict(("allowPrivilegeEscalation",), f"allowPrivilegeEscalation cannot be false beside {what}")


def toleration(value: Value, _: Any) -> Iterator[Fault]:
    """A toleration's operator suits its key and value."""
    operator = text(value.get("operator")) or "Equal"
    if not _is_set(value.get("key")) and operator != "Exists":
        yield contradiction(("operator",), "without a key the operator must be Exists")
    if operator == "Exists" and _is_set(value.get("value")):
        yield conflict(("value",), "the operator Exists takes no value")
    if value.get("tolerationSeconds") is not None and value.get("effect") != "NoExecute":
        yield contradiction(("effect",), "with tolerationSeconds the effect must be NoExecute")


def selector(value: Value, _: Any) -> Iterator[Fault]:
    """A workload's selector chooses its own pods, and not all."""
    wanted = value.get("selector")
    if not isinstance(wanted, dict):
        return
    if not mapping(wanted.get("matchLabels")) and not items(wanted.get("matchExpressions")):
        yield contradiction(("selector",), "an empty selector chooses every pod")
        return
    labels = mapping(mapping(mapping(value.get("template")).get("metadata")).get("labels"))
    for key, each in mapping(wanted.get("matchLabels")).items():
        if text(labels.get(key)) != text(each) or (each and key not in labels):
            what = "has another value" if key in labels else "is missing"
            yield contradiction(("selector", "matchLabels", key), f"the label {key} {what} in the pod template")
    for index, each in enumerate(items(wanted.get("matchExpressions"))):
        if isinstance(each, dict) and not _chooses(each, labels):
            key = text(each.get("key"))
            yield contradiction(("selector", "matchExpressions", index), f"it does not choose the pod template: {key}")


def plain_selector(value: Value, _: Any) -> Iterator[Fault]:
    """A ReplicationController's selector chooses its own pods."""
    labels = mapping(mapping(mapping(value.get("template")).get("metadata")).get("labels"))
    for key, each in mapping(value.get("selector")).items():
        if key not in labels or text(labels[key]) != text(each):
            yield contradiction(("selector", key), f"the pod template has no label {key} with this value")


def _chooses(requirement: Value, labels: Value) -> bool:
    key, values = text(requirement.get("key")), [text(each) for each in items(requirement.get("values"))]
    is_there, is_among = key in labels, text(labels.get(key)) in values
    return {
        "In": is_there and is_among,
        "NotIn": not (is_there and is_among),
        "Exists": is_there,
        "DoesNotExist": not is_there,
    }.get(text(requirement.get("operator")), True)


def strategy(value: Value, _: Any) -> Iterator[Fault]:
    """Only a rolling update has parameters."""
    if value.get("type") == "Recreate" and value.get("rollingUpdate") is not None:
        yield Fault(Kind.CONFLICT, ("rollingUpdate",), "rollingUpdate cannot be set for the type Recreate", is_key=True)


def rolling(value: Value, _: Any) -> Iterator[Fault]:
    """A rolling update may go beyond the replicas, or fall below."""
    nothing = (0, "0", "0%")
    if value.get("maxSurge", 1) in nothing and value.get("maxUnavailable", 1) in nothing:
        yield contradiction(
            ("maxUnavailable",), "maxSurge and maxUnavailable cannot both be 0: no pod could be replaced"
        )


def least_most(value: Value, fields: list[str]) -> Iterator[Fault]:
    """The least is not above the most."""
    least, most = (value.get(field) for field in fields)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield contradiction((fields[1],), f"{fields[1]} {most} is below {fields[0]} {least}")


_UNCLEAN = re.compile(r"//|/[.]{1,2}(?:/|$)|%2[fF]")


def ingress_path(value: Value, _: Any) -> Iterator[Fault]:
    """A path is absolute and clean, and given where it is compared."""
    path, kind = text(value.get("path")), value.get("pathType")
    is_compared = kind in ("Exact", "Prefix")
    if (is_compared or path) and not path.startswith("/"):
        yield invalid(("path",), f"a path of the type {kind} must begin with '/'")
    elif is_compared and (found := _UNCLEAN.search(path)):
        yield invalid(("path",), f"a path of the type {kind} must not have '{found[0]}'")


_LEVELS = ("privileged", "baseline", "restricted")
_MINOR = re.compile(r"latest|v1[.](?:0|[1-9][0-9]*)")


def pod_security_labels(value: Value, _: Any) -> Iterator[Fault]:
    """The labels of a namespace name levels of Pod Security, and versions."""
    labels = mapping(mapping(value.get("metadata")).get("labels"))
    for mode in ("enforce", "audit", "warn"):
        key = f"pod-security.kubernetes.io/{mode}"
        if key in labels and labels[key] not in _LEVELS:
            yield invalid(("metadata", "labels", key), f"must be one of {', '.join(_LEVELS)}")
        key = f"{key}-version"
        if key in labels and not _MINOR.fullmatch(text(labels[key])):
            yield invalid(("metadata", "labels", key), "must be latest, or a version such as v1.30")


def policy_rule(value: Value, _: Any) -> Iterator[Fault]:
    """A rule is about resources of API groups, or about URLs."""
    if value.get("nonResourceURLs"):
        for field in ("apiGroups", "resources", "resourceNames"):
            if value.get(field):
                yield Fault(Kind.CONFLICT, (field,), f"nonResourceURLs and {field} exclude each other", is_key=True)
        return
    for field in ("apiGroups", "resources"):
        if not value.get(field):
            yield missing((), f"{field} must be given")


def definition_name(value: Value, _: Any) -> Iterator[Fault]:
    """A custom resource definition is named after its plural and group."""
    spec = mapping(value.get("spec"))
    wanted = f"{text(mapping(spec.get('names')).get('plural'))}.{text(spec.get('group'))}"
    name = mapping(value.get("metadata")).get("name")
    if isinstance(name, str) and name != wanted:
        yield contradiction(("metadata", "name"), f"the name must be {wanted}, the plural and the group")
    annotations = mapping(mapping(value.get("metadata")).get("annotations"))
    if _PROTECTED.fullmatch(text(spec.get("group"))) and not annotations.get(_APPROVED):
        yield missing(("metadata",), f"a group of Kubernetes needs the annotation {_APPROVED}")


def api_service_name(value: Value, _: Any) -> Iterator[Fault]:
    """An APIService is named after its version and group."""
    spec, name = mapping(value.get("spec")), mapping(value.get("metadata")).get("name")
    wanted = f"{text(spec.get('version'))}.{text(spec.get('group'))}"
    if isinstance(name, str) and name != wanted:
        yield contradiction(("metadata", "name"), f"the name must be {wanted}, the version and the group")


def expressions(value: Value, fields: list[str]) -> Iterator[Fault]:
    """Expressions can be read."""
    from hmco_charts.conformance.cel import syntax_problem

    for field in fields:
        told = value.get(field)
        if isinstance(told, str) and told and (problem := syntax_problem(told)):
            yield invalid((field,), f"cannot be read: {problem}")


def admitting(value: Value, fields: dict[str, list[str]]) -> Iterator[Fault]:
    """Expressions of policies of admission use what there is, and give values of the types that each field wants."""
    from hmco_charts.conformance.cel_types import policy_problem

    for field, wanted in fields.items():
        told = value.get(field)
        if isinstance(told, str) and told and (problem := policy_problem(told, wanted)):
            yield invalid((field,), f"is refused: {problem}")


_PROTECTED = re.compile(r"(?:.*[.])?(?:k8s|kubernetes)[.]io")
_APPROVED = "api-approved.kubernetes.io"


def definition_versions(value: Value, _: Any) -> Iterator[Fault]:
    """Exactly one version of a custom resource is stored, and each has a schema."""
    versions = [mapping(each) for each in items(value.get("versions"))]
    stored = [index for index, each in enumerate(versions) if each.get("storage") is True]
    if versions and len(stored) != 1:
        yield contradiction(("versions",), f"exactly one version must be stored, not {len(stored)}")
    for index, each in enumerate(versions):
        if not mapping(mapping(each.get("schema")).get("openAPIV3Schema")):
            yield missing(("versions", index), "schema.openAPIV3Schema must be given")


def named(value: Value, _: Any) -> Iterator[Fault]:
    """An object has a name, or the beginning of one that the API server makes."""
    if not value.get("name") and not value.get("generateName"):
        yield missing((), "name must be given")


def progress_deadline(value: Value, _: Any) -> Iterator[Fault]:
    """A rollout may take longer than its pods must be ready."""
    deadline, ready = value.get("progressDeadlineSeconds"), value.get("minReadySeconds")
    deadline, ready = 600 if deadline is None else deadline, 0 if ready is None else ready
    if isinstance(deadline, int) and isinstance(ready, int) and deadline <= ready:
        yield contradiction(("progressDeadlineSeconds",), f"{deadline} must be above minReadySeconds {ready}")


def one_share(value: Value, _: Any) -> Iterator[Fault]:
    """A DaemonSet's update adds pods or takes them away, and does one of both."""
    nothing = (0, "0", "0%", None)
    surge = value.get("maxSurge") not in nothing
    unavailable = value.get("maxUnavailable") not in nothing[:-1]
    if surge and unavailable:
        yield conflict(("maxSurge",), "maxSurge needs a maxUnavailable of 0")
    elif not surge and not unavailable:
        yield contradiction(("maxUnavailable",), "maxUnavailable cannot be 0 without a maxSurge")


def one_controller(value: Value, _: Any) -> Iterator[Fault]:
    """Of an object's owners at most one is its controller."""
    owners = [mapping(each) for each in items(value.get("ownerReferences"))]
    for index in [index for index, each in enumerate(owners) if each.get("controller") is True][1:]:
        yield conflict(("ownerReferences", index, "controller"), "only one owner can be the controller")


def wildcards(value: Value, _: Any) -> Iterator[Fault]:
    """A wildcard among the resources of a rule stands for what is not named beside it."""
    told = [each for each in items(value.get("resources")) if isinstance(each, str)]
    plain = [each for each in told if "/" not in each]
    if "*/*" in told and len(told) > 1:
        yield conflict(("resources",), "'*/*' stands for all: nothing goes beside it")
    if "*" in plain and plain[-1] != "*":
        yield conflict(("resources",), "'*' stands for every resource: none goes beside it")
    seen: set[str] = set()
    for index, each in enumerate(told):
        resource, slash, part = each.partition("/")
        if slash and not seen.isdisjoint({f"{resource}/*", f"*/{part}"}):
            yield conflict(("resources", index), f"{each} is among the others already")
        seen |= {each} if "*" in (resource, part) else set()


CHECKS: dict[str, Check] = {
    check.__name__.replace("_", "-"): check
    for check in (
        admitting,
        amounts.divisor,
        amounts.limits,
        amounts.page_size,
        amounts.quota,
        amounts.ratio,
        amounts.scopes,
        amounts.requests_within_limits,
        api_service_name,
        at_least_one,
        at_most_one,
        at_most_one_beside,
        batch.generated_labels,
        batch.indexed,
        batch.indexed_name,
        batch.many_indexes,
        batch.job_selector,
        batch.pod_failure_policy,
        batch.schedule,
        batch.success_policy,
        batch.time_zone,
        definition_name,
        definition_versions,
        distinct,
        distinct_keys,
        exactly_one,
        expressions,
        ingress_path,
        least_most,
        named,
        network.addresses,
        network.canonical,
        network.cidr,
        network.end_port,
        network.endpoint_addresses,
        network.network_peer,
        network.balanced_ranges,
        network.kubelet_port,
        network.service,
        network.service_fields,
        one_controller,
        one_share,
        plain_selector,
        pod_security_labels,
        pods.affinity_keys,
        pods.annotations,
        pods.claims,
        pods.container,
        pods.devices,
        pods.files,
        pods.host_process,
        pods.mounts,
        pods.pod,
        pods.pod_amounts,
        pods.projected_paths,
        pods.sleep,
        pods.spread_keys,
        policy_rule,
        privileged_escalation,
        progress_deadline,
        rolling,
        scaling.metric,
        scaling.scales_to_zero,
        secret_type,
        selector,
        selector_values,
        storage.data_source,
        storage.iscsi_length,
        storage.topologies,
        strategy,
        structural.structural,
        toleration,
        wildcards,
    )
}
