"""VLT006: the addresses that a Vault server advertises."""

from collections.abc import Iterator
from ipaddress import ip_address

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.yamlio import Span

_NEEDED = {"raft": ("cluster_addr", "api_addr"), "postgresql": ("api_addr",)}
_STOPS = {
    "cluster_addr": "Cluster address must be set when using raft storage",
    "api_addr": "missing API address",
}
_CONSEQUENCES = {
    "api_addr": "a standby sends clients to any of them, itself included",
    "cluster_addr": "a server that wants to reach another one may reach itself",
}
_ACTIVE = "-active"


class VaultAdvertiseAddress(Rule):
    """Reports servers that tell clients and each other an address at which they are not found."""

    id = "VLT006"
    name = "vault-advertise-address"
    severity = Severity.WARNING
    profile = "basic"
    title = "The address that Vault advertises"
    why = (
        "A standby sends clients to the `api_addr` of the active server, and servers talk to each other at"
        " `cluster_addr`. Where all advertise one Service, a client is sent in a circle and a server may reach itself."
    )
    remedy = (
        "Set VAULT_API_ADDR and VAULT_CLUSTER_ADDR for each pod, from its name and the headless Service, such as"
        " `https://$(POD_NAME).vault-internal:8200` and `…:8201`."
    )
    source = "https://developer.hashicorp.com/vault/docs/concepts/ha#client-redirection"

    def check(self, release: Release) -> Iterator[Finding]:
        """What is wrong with the addresses of each server."""
        for server in vault.servers(release):
            if not server.is_dev:
                found = environment(release, server.container)
                yield from self._shared(release, server, found)
                yield from self._missing(server, found)
                yield from self._scheme(release, server, found)

    def _shared(self, release: Release, server: vault.Server, found: Environment) -> Iterator[Finding]:
        is_shared = vault.is_shared(server, found)
        if release.replicas(server.container.pod).most <= 1 or is_shared is False:
            return
        for name, consequence in _CONSEQUENCES.items():
            address = vault.advertised(server, found, name)
            if address and _is_one_for_all(release, server, address):
                yield self._on(
                    server,
                    f"Every replica advertises the same `{name}`, {address.host}: {consequence}.",
                    span=address.span(),
                    subject=name,
                    confidence=Confidence.HIGH if is_shared else Confidence.MEDIUM,
                )
                return

    def _missing(self, server: vault.Server, found: Environment) -> Iterator[Finding]:
        storage = vault.storage(server)
        is_told = server.is_complete and found.is_complete
        if not is_told or not storage or storage.backend not in _NEEDED or not vault.is_shared(server, found):
            return
        needed = [name for name in _NEEDED[storage.backend] if not vault.advertised(server, found, name)]
        if needed:
            names = " and ".join(f"`{name}`" for name in needed)
            yield self._on(
                server,
                f"High availability on `{storage.backend}` needs {names}: Vault stops with '{_STOPS[needed[0]]}'.",
                subject="missing",
                severity=Severity.ERROR,
            )

    def _scheme(self, release: Release, server: vault.Server, found: Environment) -> Iterator[Finding]:
        address = vault.advertised(server, found, "api_addr")
        blocks = [each.block for each in vault.bound(release, server) if each.block]
        has_tls = bool(blocks) and all(vault.setting(block.body, "tls_cert_file") for block in blocks)
        is_plain = any(vault.is_plain(block) for block in blocks)
        if server.is_complete and address and address.scheme == "http" and has_tls and not is_plain:
            yield self._on(
                server,
                "`api_addr` is an http address, but the listener speaks TLS: clients that are sent there fail.",
                span=address.span(),
                subject="scheme",
                remedy="Write `https` in `api_addr`.",
            )

    def _on(
        self,
        server: vault.Server,
        message: str,
        *,
        subject: str,
        span: Span | None = None,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        remedy: str | None = None,
    ) -> Finding:
        container = server.container
        return self.finding(
            message,
            on=container.pod.object,
            span=span or container.span,
            locator=container.locator,
            subject=f"{container.locator}#{subject}",
            severity=severity,
            confidence=confidence,
            remedy=remedy,
        )


def _is_one_for_all(release: Release, server: vault.Server, address: vault.Advertised) -> bool:
    """Whether it leads to any replica or to one of them, and not to a load balancer or to the active server alone."""
    if not address.is_constant or not address.host:
        return False
    near = server.container.pod.object
    name, _, rest = address.host.partition(".")
    namespace, _, domain = rest.partition(".")
    service = _service(release, name, namespace, near) if not domain or _is_of_cluster(domain) else None
    if address.name == "api_addr" and (name.endswith(_ACTIVE) or (service and _selects_the_active(service))):
        return False
    is_pod = bool(namespace) and namespace == near.at(("spec", "serviceName"))
    is_here = not rest or rest == near.namespace or is_pod or _is_of_cluster(domain)
    return _is_own(address.host) or bool(service) or is_here


def _is_of_cluster(domain: str) -> bool:
    return "svc" in domain.split(".")[:2]


def _is_own(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified


def _service(release: Release, name: str, namespace: str, near: KubernetesObject) -> KubernetesObject | None:
    """The Service of that name, in the namespace that the address names or in that of the server."""
    namespaces = ("", namespace or near.namespace)
    candidates = (each for each in release.of_kind("Service") if each.name == name)
    return next((each for each in candidates if each.namespace in namespaces), None)


def _selects_the_active(service: KubernetesObject) -> bool:
    selector = mapping(service.at(("spec", "selector")))
    return any(key.endswith(_ACTIVE) and str(value).lower() == "true" for key, value in selector.items())
