"""NET005: an Ingress whose requests end nowhere."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

_ISSUERS = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme")
_CLASS = "kubernetes.io/ingress.class"


class IngressBackend(Rule):
    """Reports Ingresses whose Service, port or certificate is not there."""

    id = "NET005"
    name = "ingress-backend"
    title = "An Ingress that leads nowhere"
    why = "The controller answers 503 for a backend that it cannot find, and its own certificate for a missing Secret."
    remedy = "Name a Service of the same namespace with one of its ports, and a Secret that exists or is issued."
    source = "https://kubernetes.io/docs/concepts/services-networking/ingress/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The backends and certificates that the input lacks."""
        for ingress in release.of_kind("Ingress"):
            for path, backend in _backends(ingress):
                yield from self._backend(release, ingress, path, backend)
            yield from self._certificates(release, ingress)
            yield from self._class(ingress)

    def _backend(self, release: Release, ingress: KubernetesObject, path: Path, name: str) -> Iterator[Finding]:
        service = next(iter(release.within(ingress.namespace, "Service", name)), None)
        if service is None:
            if not release.exists("Service", name, ingress):
                has_services = release.has_any("Service", ingress.namespace)
                severity = Severity.ERROR if has_services else Severity.INFO
                yield self._at(ingress, (*path, "name"), f"Service {name} is not in the input.", severity)
            return
        port = mapping(ingress.at((*path, "port")))
        if port and not _has_port(service, port):
            told = port.get("name") or port.get("number")
            related = (Related("object", service.span(("spec", "ports")), f"the ports of Service {name}"),)
            yield self._at(ingress, (*path, "port"), f"Service {name} has no port {told}.", Severity.ERROR, related)

    def _certificates(self, release: Release, ingress: KubernetesObject) -> Iterator[Finding]:
        if any(name in ingress.annotations for name in _ISSUERS):
            return
        for index, entry in enumerate(items(ingress.at(("spec", "tls")))):
            name = text(mapping(entry).get("secretName"))
            if name and not release.exists("Secret", name, ingress):
                path = ("spec", "tls", index, "secretName")
                yield self._at(
                    ingress, path, f"Secret {name} is not in the input, and nothing issues it.", Severity.INFO
                )

    def _class(self, ingress: KubernetesObject) -> Iterator[Finding]:
        if _CLASS in ingress.annotations and ingress.at(("spec", "ingressClassName")):
            path: Path = ("metadata", "annotations", _CLASS)
            message = (
                f"The annotation {_CLASS} and spec.ingressClassName exclude each other: the API server refuses both."
            )
            yield self._at(ingress, path, message, Severity.ERROR)

    def _at(
        self, ingress: KubernetesObject, path: Path, message: str, severity: Severity, related: tuple[Related, ...] = ()
    ) -> Finding:
        return self.finding(
            message,
            on=ingress,
            span=ingress.span(path),
            locator="/".join(map(str, path)),
            subject=message,
            severity=severity,
            confidence=Confidence.MEDIUM,
            related=related,
        )


def _backends(ingress: KubernetesObject) -> Iterator[tuple[Path, str]]:
    places: list[Path] = [("spec", "defaultBackend", "service")]
    for index, rule in enumerate(items(ingress.at(("spec", "rules")))):
        for position, _ in enumerate(items(mapping(mapping(rule).get("http")).get("paths"))):
            places.append(("spec", "rules", index, "http", "paths", position, "backend", "service"))
    for path in places:
        name = text(mapping(ingress.at(path)).get("name"))
        if name:
            yield path, name


def _has_port(service: KubernetesObject, wanted: dict[str, object]) -> bool:
    ports = [mapping(port) for port in items(service.at(("spec", "ports")))]
    field, key = ("name", "name") if "name" in wanted else ("port", "number")
    is_external = service.at(("spec", "type")) == "ExternalName" and not ports
    return is_external or any(port.get(field) == wanted.get(key) for port in ports)
