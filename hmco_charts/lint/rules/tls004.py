"""TLS004: a certificate that is not for the names under which it is asked."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hmco_charts.lint.finding import Finding, Related, Severity
from hmco_charts.lint.programs import certificates
from hmco_charts.lint.programs.connections import to_service
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Pod, Release
from hmco_charts.objects.dns import names_of
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.remembering import remembered
from hmco_charts.yamlio import Path, Span


@dataclass(frozen=True)
class _Certificate:
    """The names that a Secret's certificate is for; the Secret exists, or cert-manager will make it."""

    secret: str
    names: tuple[str, ...]
    object: KubernetesObject
    path: Path


class SanMismatch(Rule):
    """Reports certificates that do not have the name of the Service or Ingress that they serve."""

    id = "TLS004"
    name = "san-mismatch"
    severity = Severity.WARNING
    title = "A certificate that is not for the name in use"
    why = (
        "Clients compare the name that they connect to with the certificate's subject alternative names; its common"
        " name has not counted for years. Pods of one cluster then refuse each other with an x509 error."
    )
    remedy = "Issue the certificate for the Service's names too (name.namespace.svc and so on), and each host's."
    source = "https://pkg.go.dev/crypto/x509#Certificate.VerifyHostname"

    def check(self, release: Release) -> Iterator[Finding]:
        """The certificates that a pod's URLs or an Ingress's hosts are not covered by."""
        for found in _certificates(release):
            for host, related in _hosts(release, found):
                if not any(certificates.covers(name, host) for name in found.names):
                    yield self._finding(found, host, related)

    def _finding(self, found: _Certificate, host: str, related: Related) -> Finding:
        return self.finding(
            f"The certificate of Secret {found.secret} is not for {host}.",
            on=found.object,
            span=found.object.span(found.path, key=True),
            locator="/".join(map(str, found.path)),
            subject=f"{found.secret}#{host}",
            related=(related,),
        )


def _certificates(release: Release) -> Iterator[_Certificate]:
    for pair in certificates.pairs(release):
        if pair.key and pair.certificates:
            names = certificates.names(pair.certificates[0])
            yield _Certificate(pair.holder.name, names, pair.holder, pair.chain.path)
    for each in release.of_kind("Certificate"):
        spec = mapping(each.at(("spec",)))
        told = (*items(spec.get("dnsNames")), *items(spec.get("ipAddresses")))
        if each.api_version.startswith("cert-manager.io/") and told:
            yield _Certificate(text(spec.get("secretName")), tuple(map(text, told)), each, ("spec", "dnsNames"))


def _hosts(release: Release, found: _Certificate) -> Iterator[tuple[str, Related]]:
    """The hosts under which clients ask for a certificate, each with the place that says so."""
    seen: set[str] = set()
    for host, span, message in (*_of_ingresses(release, found), *_of_pods(release, found)):
        if host not in seen:
            seen.add(host)
            yield host, Related("object", span, message)


def _of_ingresses(release: Release, found: _Certificate) -> Iterator[tuple[str, Span, str]]:
    for ingress in release.of_kind("Ingress"):
        for index, entry in enumerate(items(ingress.at(("spec", "tls")))):
            if text(mapping(entry).get("secretName")) != found.secret or ingress.namespace != found.object.namespace:
                continue
            for position, host in enumerate(items(mapping(entry).get("hosts"))):
                span = ingress.span(("spec", "tls", index, "hosts", position))
                yield text(host), span, f"Ingress {ingress.name} serves this host with it"


def _of_pods(release: Release, found: _Certificate) -> Iterator[tuple[str, Span, str]]:
    """The names in https URLs that lead to pods with the certificate; of a pod that no URL names, its Service's."""
    leading = {id(service): service for pod in _mounting(release, found) for service in release.services(pod)}
    if not leading:
        return
    served = list(leading.values())
    told = [
        (connection.link.host, connection.span, "this URL names the host")
        for service in served
        for connection in to_service(release, service)
        if connection.link.scheme == "https"
    ]
    yield from told
    if told or not found.names or not all(_is_local(name) for name in found.names):
        return
    for service in served:
        names = names_of(service, release.cluster.domain)
        is_named = any(certificates.covers(pattern, name) for pattern in found.names for name in names)
        if not is_named:
            yield names[-1], service.span(("metadata", "name")), f"Service {service.name} leads to pods that use it"


def _mounting(release: Release, found: _Certificate) -> list[Pod]:
    return _users(release).get((found.object.namespace, found.secret), [])


@remembered
def _users(release: Release) -> dict[tuple[str, str], list[Pod]]:
    """The pods with a Secret in a volume, by its namespace and name."""
    users: dict[tuple[str, str], list[Pod]] = defaultdict(list)
    for pod in release.pods:
        for name in {name for volume in pod.volumes for name in _secrets(volume)}:
            users[pod.object.namespace, name].append(pod)
    return users


def _secrets(volume: dict[str, Any]) -> Iterator[str]:
    for source in (volume, *map(mapping, items(mapping(volume.get("projected")).get("sources")))):
        secret = mapping(source.get("secret"))
        yield text(secret.get("secretName")) or text(secret.get("name"))


def _is_local(name: str) -> bool:
    return name in ("localhost", "127.0.0.1", "::1")
