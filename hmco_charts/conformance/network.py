"""Addresses, Services and NetworkPolicies, as the API server checks them.

Source: kubernetes `pkg/apis/core/validation/validation.go` (ValidateService, ValidateHostAliases, validatePodDNSConfig)
and `pkg/apis/networking/validation/validation.go`.
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from hmco_charts.conformance.fault import Fault, Path, conflict, contradiction, duplicate, invalid, missing
from hmco_charts.yamlio.shape import items, mapping, text

Value = dict[str, Any]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_ZEROS = re.compile(r"(?<![0-9a-fA-F:])0+(?=[0-9])")
_SPECIAL = ("is_loopback", "is_link_local", "is_unspecified")
_LOCAL_MULTICAST = tuple(map(ipaddress.ip_network, ("224.0.0.0/24", "ff02::/16")))


def address(value: Any) -> Address | None:
    """An IP address as Kubernetes reads it, which takes leading zeros for decimal; `None` for anything else."""
    if not isinstance(value, str) or "%" in value:
        return None
    try:
        return ipaddress.ip_address(_ZEROS.sub("", value))
    except ValueError:
        return None


def _is_special(value: Address) -> bool:
    """Whether an address is none of a machine that others reach."""
    is_local = any(value in each for each in _LOCAL_MULTICAST if each.version == value.version)
    return is_local or any(getattr(value, special) for special in _SPECIAL)


def network(value: Any) -> Network | None:
    """A block of addresses as Kubernetes reads it; `None` for anything else."""
    if not isinstance(value, str) or not value.partition("/")[2].isdecimal():
        return None
    try:
        return ipaddress.ip_network(_ZEROS.sub("", value), strict=False)
    except ValueError:
        return None


def addresses(value: Value, field: str) -> Iterator[Fault]:
    """A field holds an IP address, or a list of them."""
    given = value.get(field)
    for path, each in enumerate(given) if isinstance(given, list) else [(None, given)]:
        if address(each) is None:
            where: Path = (field,) if path is None else (field, path)
            yield invalid(where, "must be an IP address")


def canonical(value: Value, fields: list[str]) -> Iterator[Fault]:
    """Addresses and blocks have no leading zeros and no bits behind the prefix, as Kubernetes 1.36 wants them."""
    for field in fields:
        given = value.get(field)
        for path, each in enumerate(given) if isinstance(given, list) else [(None, given)]:
            if isinstance(each, str) and _is_loose(each.strip()):
                where: Path = (field,) if path is None else (field, path)
                yield invalid(where, "must have no leading zeros, and no bits set behind the length of its prefix")


def _is_loose(written: str) -> bool:
    """Whether an address or a block can be read, but not as it is written."""
    read, exact = (network, ipaddress.ip_network) if "/" in written else (address, ipaddress.ip_address)
    try:
        found: Any = exact(written)
    except ValueError:
        return read(written) is not None
    return bool(getattr(found, "ipv4_mapped", None))


def endpoint_addresses(value: Value, _: Any) -> Iterator[Fault]:
    """The addresses of an EndpointSlice are of its type."""
    version = {"IPv4": 4, "IPv6": 6}.get(text(value.get("addressType")))
    for index, endpoint in enumerate(map(mapping, items(value.get("endpoints")))):
        for at, each in enumerate(items(endpoint.get("addresses")) if version else ()):
            found = address(each)
            if found is None or found.version != version or _is_special(found):
                yield invalid(("endpoints", index, "addresses", at), f"must be an address of {value['addressType']}")


def cidr(value: Value, _: Any) -> Iterator[Fault]:
    """Blocks of addresses can be read, and what is excepted lies within."""
    block = network(value.get("cidr"))
    if block is None and isinstance(value.get("cidr"), str):
        yield invalid(("cidr",), "must be a block of addresses such as 10.0.0.0/8")
    for index, each in enumerate(items(value.get("except"))):
        inner = network(each)
        if inner is None or (block and (inner.version != block.version or not _is_within(inner, block))):
            yield invalid(("except", index), "must be a block of addresses within the cidr")


def _is_within(inner: Network, block: Network) -> bool:
    return inner.prefixlen > block.prefixlen and inner.network_address in block


def end_port(value: Value, _: Any) -> Iterator[Fault]:
    """The end of a range stands behind its beginning, which is a number."""
    end, port = value.get("endPort"), value.get("port")
    if isinstance(end, int) and (not isinstance(port, int) or end < port):
        yield contradiction(("endPort",), "endPort needs a port that is a number and not above it")


def network_peer(value: Value, _: Any) -> Iterator[Fault]:
    """A peer is a block of addresses or is selected, and is one of them."""
    given = [field for field in ("ipBlock", "namespaceSelector", "podSelector") if value.get(field) is not None]
    if not given:
        yield missing((), "one of ipBlock, namespaceSelector, podSelector must be set")
    elif given[0] == "ipBlock":
        for field in given[1:]:
            yield conflict((field,), f"ipBlock and {field} exclude each other", is_key=True)


def service(value: Value, _: Any) -> Iterator[Fault]:
    """A Service has ports, whose names differ and are given where there are several."""
    ports, kind = items(value.get("ports")), text(value.get("type")) or "ClusterIP"
    if not ports and kind != "ExternalName" and value.get("clusterIP") != "None":
        yield missing((), "ports must be given")
    if kind == "ExternalName" and not value.get("externalName"):
        yield missing((), "externalName must be given for the type ExternalName")
    if kind in ("NodePort", "LoadBalancer") and value.get("clusterIP") == "None":
        yield conflict(("clusterIP",), f"a Service of type {kind} cannot be headless")
    seen: set[str] = set()
    taken: set[tuple[str, str]] = set()
    for index, port in enumerate(map(mapping, ports)):
        name = text(port.get("name"))
        if not name and len(ports) > 1:
            yield missing(("ports", index), "name must be given where there are several ports")
        elif name in seen:
            yield duplicate(("ports", index, "name"), f"the port name {name} stands twice in this Service")
        elif kind == "ClusterIP" and port.get("nodePort"):
            yield conflict(("ports", index, "nodePort"), "nodePort cannot be set for the type ClusterIP", is_key=True)
        node_port = text(port.get("nodePort")), text(port.get("protocol")) or "TCP"
        if node_port[0] not in ("", "0") and node_port in taken:
            yield duplicate(("ports", index, "nodePort"), f"the nodePort {node_port[0]} stands twice in this Service")
        taken.add(node_port)
        seen.add(name)


_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_KUBELET = 10250


def balanced_ranges(value: Value, _: Any) -> Iterator[Fault]:
    """The annotation that took the place of the field holds blocks of addresses, for a load balancer."""
    spec, told = mapping(value.get("spec")), mapping(mapping(value.get("metadata")).get("annotations")).get(_RANGES)
    where = ("metadata", "annotations", _RANGES)
    if told is None or items(spec.get("loadBalancerSourceRanges")):
        return
    if spec.get("type") != "LoadBalancer":
        yield conflict(where, "it goes with the type LoadBalancer alone", is_key=True)
    if text(told).strip() and not all(network(each.strip()) for each in text(told).split(",")):
        yield invalid(where, "must be blocks of addresses by commas, such as 10.0.0.0/8")


def kubelet_port(value: Value, _: Any) -> Iterator[Fault]:
    """A load balancer does not lead to the port of the kubelet, before Kubernetes 1.33."""
    for index, port in enumerate(map(mapping, items(value.get("ports")))):
        if port.get("port") == _KUBELET:
            yield conflict(("ports", index, "port"), f"{_KUBELET} is the port of the kubelet")


_BY_TYPE = {
    "loadBalancerSourceRanges": ("LoadBalancer",),
    "loadBalancerClass": ("LoadBalancer",),
    "allocateLoadBalancerNodePorts": ("LoadBalancer",),
    "externalTrafficPolicy": ("NodePort", "LoadBalancer"),
    "ipFamilyPolicy": ("ClusterIP", "NodePort", "LoadBalancer"),
    "ipFamilies": ("ClusterIP", "NodePort", "LoadBalancer"),
    "clusterIPs": ("ClusterIP", "NodePort", "LoadBalancer"),
}


def service_fields(value: Value, _: Any) -> Iterator[Fault]:
    """A Service has the fields that its type has, and its addresses can be read."""
    kind = text(value.get("type")) or "ClusterIP"
    for field, kinds in _BY_TYPE.items():
        is_exposed = field == "externalTrafficPolicy" and value.get("externalIPs")
        if value.get(field) not in (None, "", []) and kind not in kinds and not is_exposed:
            yield conflict((field,), f"{field} cannot be set for the type {kind}", is_key=True)
    yield from _health(value)
    yield from _cluster_addresses(value, kind)
    for index, each in enumerate(items(value.get("externalIPs"))):
        found = address(each)
        if found is None or _is_special(found):
            yield invalid(("externalIPs", index), "must be an IP address that others can reach")
    for index, each in enumerate(items(value.get("loadBalancerSourceRanges"))):
        if network(text(each).strip()) is None:
            yield invalid(("loadBalancerSourceRanges", index), "must be a block of addresses such as 10.0.0.0/8")


def _health(value: Value) -> Iterator[Fault]:
    is_local = value.get("type") == "LoadBalancer" and value.get("externalTrafficPolicy") == "Local"
    if value.get("healthCheckNodePort") and not is_local:
        message = "it goes with the type LoadBalancer and the externalTrafficPolicy Local alone"
        yield conflict(("healthCheckNodePort",), message, is_key=True)


def _cluster_addresses(value: Value, kind: str) -> Iterator[Fault]:
    own = value.get("clusterIP")
    if own and kind == "ExternalName":
        yield conflict(("clusterIP",), "clusterIP cannot be set for the type ExternalName", is_key=True)
    elif own and own != "None" and address(own) is None:
        yield invalid(("clusterIP",), "must be an IP address, or None")
    first = next(iter(items(value.get("clusterIPs"))), None)
    if first is not None and first != own:
        yield contradiction(("clusterIPs", 0), "the first must be the clusterIP")
    policy, is_free = (
        value.get("ipFamilyPolicy"),
        own == "None" and not value.get("selector"),
    )  # that is dual by default
    if len(items(value.get("ipFamilies"))) > 1 and (policy == "SingleStack" or not (policy or is_free)):
        yield contradiction(("ipFamilies",), "two families need the ipFamilyPolicy PreferDualStack or RequireDualStack")
    families = [each for each in items(value.get("ipFamilies")) if isinstance(each, str)]
    if len(set(families)) < len(families):
        yield duplicate(("ipFamilies",), f"{families[0]} stands twice in this list")
