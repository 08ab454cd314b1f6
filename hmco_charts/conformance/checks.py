"""What the API server checks in code, by the names that the `x-check` of schemas use.

A check takes a value that is a mapping, and the argument that the schema gives it; it yields faults with paths
relative to the value. Source: kubernetes `pkg/apis/*/validation/validation.go`.
"""

import ipaddress
from collections.abc import Callable, Iterator
from typing import Any

from hmco_charts.conformance import cron
from hmco_charts.conformance.fault import Fault, Kind, Path
from hmco_charts.quantity import quantity
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


def _is_set(value: Any) -> bool:
    """Whether a field is set: nothing, an empty text and an empty list are not, an empty mapping is."""
    return value is not None and value not in ("", [])


def _conflict(path: Path, message: str) -> Fault:
    return Fault(Kind.CONFLICT, path, message)


def _contradiction(path: Path, message: str) -> Fault:
    return Fault(Kind.CONTRADICTION, path, message)


def _missing(path: Path, message: str) -> Fault:
    return Fault(Kind.MISSING_FIELD, path, message)


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
        yield _missing((), f"one of {', '.join(fields)} must be set")


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
    """A Secret has the keys that its type asks for."""
    given = mapping(value.get("data")).keys() | mapping(value.get("stringData")).keys()
    kind = text(value.get("type"))
    for key in _SECRET_KEYS.get(kind, ()):
        if key not in given:
            yield _missing(("type",), f"a Secret of type {kind} must have the key {key}")


def selector_values(value: Value, _: Any) -> Iterator[Fault]:
    """The values of a selector's requirement suit its operator."""
    operator, values = value.get("operator"), items(value.get("values"))
    if operator in _IN and not values:
        yield _missing((), f"values must be given for the operator {operator}")
    elif operator in ("Exists", "DoesNotExist") and values:
        yield _conflict(("values",), f"the operator {operator} takes no values")
    elif operator in _COMPARED and len(values) != 1:
        yield _conflict(("values",), f"the operator {operator} takes exactly one value")


def container(value: Value, _: Any) -> Iterator[Fault]:
    """The names of a container's ports differ."""
    seen: set[str] = set()
    for index, port in enumerate(items(value.get("ports"))):
        name = text(mapping(port).get("name"))
        if name and name in seen:
            yield Fault(
                Kind.DUPLICATE, ("ports", index, "name"), f"the port name {name} stands twice in this container"
            )
        seen.add(name)


def requests_within_limits(value: Value, _: Any) -> Iterator[Fault]:
    """No request is above its limit."""
    limits = mapping(value.get("limits"))
    for name, request in mapping(value.get("requests")).items():
        asked, most = quantity(request), quantity(limits.get(name))
        if asked is not None and most is not None and asked > most:
            yield _contradiction(("requests", name), f"the request {request} is above the limit {limits[name]}")


def privileged_escalation(value: Value, _: Any) -> Iterator[Fault]:
    """A privileged container may raise its privileges, whatever is said."""
    if value.get("allowPrivilegeEscalation") is not False:
        return
    added = items(mapping(value.get("capabilities")).get("add"))
    if value.get("privileged") is True or {"CAP_SYS_ADMIN"} & {text(each) for each in added}:
        what = "privileged" if value.get("privileged") is True else "capability CAP_SYS_ADMIN"
        yield _conflict(("allowPrivilegeEscalation",), f"allowPrivilegeEscalation cannot be false beside {what}")


def toleration(value: Value, _: Any) -> Iterator[Fault]:
    """A toleration's operator suits its key and value."""
    operator = text(value.get("operator")) or "Equal"
    if not _is_set(value.get("key")) and operator != "Exists":
        yield _contradiction(("operator",), "without a key the operator must be Exists")
    if operator == "Exists" and _is_set(value.get("value")):
        yield _conflict(("value",), "the operator Exists takes no value")
    if value.get("tolerationSeconds") is not None and value.get("effect") != "NoExecute":
        yield _contradiction(("effect",), "with tolerationSeconds the effect must be NoExecute")


_GROUPS = ("initContainers", "containers", "ephemeralContainers")


def pod(value: Value, _: Any) -> Iterator[Fault]:
    """The names of a pod's containers differ, init containers or not; on the node's network ports are the node's."""
    yield from _host_ports(value) if value.get("hostNetwork") is True else ()
    groups = [(group, items(value.get(group))) for group in _GROUPS if group in value]
    if len(groups) < 2:  # noqa: PLR2004 - within one list the names differ as its keys
        return
    seen: dict[str, str] = {}
    for group, containers in groups:
        for index, each in enumerate(containers):
            name = text(mapping(each).get("name"))
            if seen.setdefault(name, group) != group:
                yield Fault(Kind.DUPLICATE, (group, index, "name"), f"the name {name} stands under {seen[name]} too")


def _host_ports(spec: Value) -> Iterator[Fault]:
    for group in _GROUPS:
        for index, each in enumerate(items(spec.get(group))):
            for at, port in enumerate(map(mapping, items(mapping(each).get("ports")))):
                if port.get("hostPort") and port["hostPort"] != port.get("containerPort"):
                    path = (group, index, "ports", at, "hostPort")
                    yield _contradiction(path, "with hostNetwork it must be the containerPort")


def mounts(value: Value, steps: list[str]) -> Iterator[Fault]:
    """What containers mount is a volume of the pod, whose spec stands at `steps`, or a claim of the StatefulSet."""
    spec = value
    for step in steps:
        spec = mapping(spec.get(step))
    claims = (mapping(mapping(each).get("metadata")) for each in items(value.get("volumeClaimTemplates")))
    known = {text(each.get("name")) for each in (*claims, *map(mapping, items(spec.get("volumes"))))}
    for path, name in _mounted(spec):
        if name not in known:
            yield _contradiction((*steps, *path), f"there is no volume {name} in this pod")


def _mounted(spec: Value) -> Iterator[tuple[Path, str]]:
    """Where containers name a volume, and which."""
    for group in _GROUPS:
        for index, each in enumerate(items(spec.get(group))):
            for field in ("volumeMounts", "volumeDevices"):
                for at, mount in enumerate(items(mapping(each).get(field))):
                    if name := text(mapping(mount).get("name")):
                        yield (group, index, field, at, "name"), name


def selector(value: Value, _: Any) -> Iterator[Fault]:
    """A workload's selector chooses its own pods, and not all."""
    wanted = value.get("selector")
    if not isinstance(wanted, dict):
        return
    if not mapping(wanted.get("matchLabels")) and not items(wanted.get("matchExpressions")):
        yield _contradiction(("selector",), "an empty selector chooses every pod")
        return
    labels = mapping(mapping(mapping(value.get("template")).get("metadata")).get("labels"))
    for key, each in mapping(wanted.get("matchLabels")).items():
        if text(labels.get(key)) != text(each) or (each and key not in labels):
            what = "has another value" if key in labels else "is missing"
            yield _contradiction(("selector", "matchLabels", key), f"the label {key} {what} in the pod template")
    for index, each in enumerate(items(wanted.get("matchExpressions"))):
        if isinstance(each, dict) and not _chooses(each, labels):
            key = text(each.get("key"))
            yield _contradiction(("selector", "matchExpressions", index), f"it does not choose the pod template: {key}")


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
        yield _contradiction(
            ("maxUnavailable",), "maxSurge and maxUnavailable cannot both be 0: no pod could be replaced"
        )


def schedule(value: Value, _: Any) -> Iterator[Fault]:
    """A CronJob's schedule can be read, and holds no time zone beside the field for it."""
    told = value.get("schedule")
    if not isinstance(told, str):
        return
    problem = cron.problem(told)
    if problem:
        yield Fault(Kind.INVALID_VALUE, ("schedule",), problem)


def least_most(value: Value, fields: list[str]) -> Iterator[Fault]:
    """The least is not above the most."""
    least, most = (value.get(field) for field in fields)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield _contradiction((fields[1],), f"{fields[1]} {most} is below {fields[0]} {least}")


def service(value: Value, _: Any) -> Iterator[Fault]:
    """A Service has ports, whose names differ and are given where there are several."""
    ports, kind = items(value.get("ports")), text(value.get("type")) or "ClusterIP"
    if not ports and kind != "ExternalName" and value.get("clusterIP") != "None":
        yield _missing((), "ports must be given")
    if kind == "ExternalName" and not _is_set(value.get("externalName")):
        yield _missing((), "externalName must be given for the type ExternalName")
    if kind in ("NodePort", "LoadBalancer") and value.get("clusterIP") == "None":
        yield _conflict(("clusterIP",), f"a Service of type {kind} cannot be headless")
    seen: set[str] = set()
    for index, port in enumerate(map(mapping, ports)):
        name = text(port.get("name"))
        if not name and len(ports) > 1:
            yield _missing(("ports", index), "name must be given where there are several ports")
        elif name in seen:
            yield Fault(Kind.DUPLICATE, ("ports", index, "name"), f"the port name {name} stands twice in this Service")
        elif kind == "ClusterIP" and port.get("nodePort"):
            path: Path = ("ports", index, "nodePort")
            yield Fault(Kind.CONFLICT, path, "nodePort cannot be set for the type ClusterIP", is_key=True)
        seen.add(name)


def ingress_path(value: Value, _: Any) -> Iterator[Fault]:
    """A path is absolute, and given where it is compared."""
    path, kind = value.get("path"), value.get("pathType")
    if kind in ("Exact", "Prefix") and not text(path).startswith("/"):
        yield Fault(Kind.INVALID_VALUE, ("path",), f"a path of the type {kind} must begin with '/'")


def network_peer(value: Value, _: Any) -> Iterator[Fault]:
    """A peer is a block of addresses or is selected, and is one of them."""
    yield from at_least_one(value, ["ipBlock", "namespaceSelector", "podSelector"])
    if value.get("ipBlock") is not None:
        for field in ("namespaceSelector", "podSelector"):
            if value.get(field) is not None:
                yield Fault(Kind.CONFLICT, (field,), f"ipBlock and {field} exclude each other", is_key=True)


def end_port(value: Value, _: Any) -> Iterator[Fault]:
    """The end of a range stands behind its beginning, which is a number."""
    end, port = value.get("endPort"), value.get("port")
    if isinstance(end, int) and (not isinstance(port, int) or end < port):
        yield _contradiction(("endPort",), "endPort needs a port that is a number and not above it")


def cidr(value: Value, _: Any) -> Iterator[Fault]:
    """Blocks of addresses can be read, and what is excepted lies within."""
    block = _network(value.get("cidr"))
    if block is None and isinstance(value.get("cidr"), str):
        yield Fault(Kind.INVALID_VALUE, ("cidr",), "must be a block of addresses such as 10.0.0.0/8")
    for index, each in enumerate(items(value.get("except"))):
        inner = _network(each)
        if inner is None or (block and (inner.version != block.version or not _is_within(inner, block))):
            yield Fault(Kind.INVALID_VALUE, ("except", index), "must be a block of addresses within the cidr")


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(value: Any) -> _Network | None:
    if not isinstance(value, str) or "/" not in value:
        return None
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None


def _is_within(inner: _Network, block: _Network) -> bool:
    return inner.prefixlen > block.prefixlen and inner.network_address in block


def subject(value: Value, _: Any) -> Iterator[Fault]:
    """A service account has no API group."""
    if value.get("kind") == "ServiceAccount" and _is_set(value.get("apiGroup")):
        yield _conflict(("apiGroup",), "a ServiceAccount has no apiGroup")


def subjects_namespaces(value: Value, _: Any) -> Iterator[Fault]:
    """A service account that is bound in all namespaces has its own; in a RoleBinding it is that of the binding."""
    for index, each in enumerate(map(mapping, items(value.get("subjects")))):
        if each.get("kind") == "ServiceAccount" and not _is_set(each.get("namespace")):
            yield _missing(("subjects", index), "namespace must be given for a ServiceAccount")


def policy_rule(value: Value, _: Any) -> Iterator[Fault]:
    """A rule is about resources of API groups, or about URLs."""
    if value.get("nonResourceURLs"):
        for field in ("apiGroups", "resources", "resourceNames"):
            if value.get(field):
                yield Fault(Kind.CONFLICT, (field,), f"nonResourceURLs and {field} exclude each other", is_key=True)
        return
    for field in ("apiGroups", "resources"):
        if not value.get(field):
            yield _missing((), f"{field} must be given")


def definition_name(value: Value, _: Any) -> Iterator[Fault]:
    """A custom resource definition is named after its plural and group."""
    spec = mapping(value.get("spec"))
    wanted = f"{text(mapping(spec.get('names')).get('plural'))}.{text(spec.get('group'))}"
    name = mapping(value.get("metadata")).get("name")
    if isinstance(name, str) and name != wanted:
        yield _contradiction(("metadata", "name"), f"the name must be {wanted}, the plural and the group")


def definition_versions(value: Value, _: Any) -> Iterator[Fault]:
    """Exactly one version of a custom resource is stored, and each has a schema."""
    versions = [mapping(each) for each in items(value.get("versions"))]
    stored = [index for index, each in enumerate(versions) if each.get("storage") is True]
    if versions and len(stored) != 1:
        yield _contradiction(("versions",), f"exactly one version must be stored, not {len(stored)}")
    for index, each in enumerate(versions):
        if not mapping(mapping(each.get("schema")).get("openAPIV3Schema")):
            yield _missing(("versions", index), "schema.openAPIV3Schema must be given")


CHECKS: dict[str, Check] = {
    check.__name__.replace("_", "-"): check
    for check in (
        at_least_one,
        at_most_one,
        at_most_one_beside,
        cidr,
        container,
        definition_name,
        definition_versions,
        distinct_keys,
        end_port,
        exactly_one,
        ingress_path,
        least_most,
        mounts,
        network_peer,
        pod,
        policy_rule,
        privileged_escalation,
        requests_within_limits,
        rolling,
        schedule,
        secret_type,
        selector,
        selector_values,
        service,
        strategy,
        subject,
        subjects_namespaces,
        toleration,
    )
}
