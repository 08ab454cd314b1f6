"""NET002: a host in a URL that is not there."""

from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs.connections import Connection, connections
from hmco_charts.lint.rule import Rule
from hmco_charts.nearest import nearest
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.dns import is_loopback, service_of
from hmco_charts.objects.kubernetes import items, mapping, text

_SUFFIXES = (".svc", ".svc.cluster.local")


class HostNotInRelease(Rule):
    """Reports connection strings to Services that the input does not have, or not with that port."""

    id = "NET002"
    name = "host-not-in-release"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    title = "A host in a URL that is not there"
    why = "Nobody compares the hosts in configuration files with the Services: a typo shows at run time."
    remedy = "Use the Service's name and namespace, or declare the host in the cluster profile."
    source = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The connection strings whose host can only be a Service of the input, but is none."""
        namespaces: dict[str, dict[str, KubernetesObject]] = defaultdict(dict)
        for each in release.of_kind("Service"):
            namespaces[each.namespace][each.name] = each
        for connection in connections(release):
            host = connection.link.host.lower()
            if not host or is_loopback(host) or any(fnmatchcase(host, each) for each in release.cluster.hosts):
                continue
            service = service_of(release, host, connection.text.object)
            if service is None:
                yield from self._absent(release, connection, host, namespaces)
            else:
                yield from self._port(connection, service)

    def _absent(
        self, release: Release, connection: Connection, host: str, namespaces: dict[str, dict[str, KubernetesObject]]
    ) -> Iterator[Finding]:
        name, _, rest = host.removesuffix(f".svc.{release.cluster.domain}").removesuffix(".svc").partition(".")
        namespace = rest.rpartition(".")[2] or connection.text.object.namespace
        is_inside = host.endswith(_SUFFIXES) or namespace in namespaces
        there = namespaces.get(namespace)
        if not is_inside or not there or release.exists("Service", name, next(iter(there.values()))):
            return
        close = nearest(name, there)
        if rest or close:
            told = f" Did you mean {close}?" if close else ""
            message = f"There is no Service {name} in namespace {namespace}.{told}"
            yield self._finding(connection, message, "")

    def _port(self, connection: Connection, service: KubernetesObject) -> Iterator[Finding]:
        ports = [text(mapping(port).get("port")) for port in items(service.at(("spec", "ports")))]
        is_headless = service.at(("spec", "clusterIP")) == "None"
        port = str(connection.link.port or "")
        if port and ports and port not in ports and not is_headless:
            message = f"Service {service.name} has no port {port}, only {', '.join(ports)}."
            yield self._finding(connection, message, service.name, service)

    def _finding(
        self, connection: Connection, message: str, name: str, service: KubernetesObject | None = None
    ) -> Finding:
        related = (Related("object", service.span(("spec", "ports")), f"the ports of {name}"),) if service else ()
        return self.finding(
            message,
            on=connection.text.object,
            span=connection.span,
            locator=connection.locator,
            subject=f"{connection.text.name}#{connection.link.host}#{connection.link.port}",
            related=related,
        )
