"""VLT007: the TLS of Vault's listeners."""

from collections.abc import Iterator
from functools import partial

from hmco_charts.formats import Entry, hcl
from hmco_charts.lint.finding import Confidence, Finding, Group, Related, Severity
from hmco_charts.lint.programs import mesh, vault
from hmco_charts.lint.programs.connections import to_service
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.programs.mounts import absence
from hmco_charts.lint.programs.vault import images
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release, Text
from hmco_charts.objects.dns import service_of

_CERTIFICATE, _KEY = "tls_cert_file", "tls_key_file"
_FILES = (_CERTIFICATE, _KEY, "tls_client_ca_file")
_VERSIONS = ("tls10", "tls11", "tls12", "tls13")
_VERSION_SETTINGS = ("tls_min_version", "tls_max_version")
_ACME = "tls_acme_"
_UNKNOWN = ("$", "{{")


class VaultListenerTls(Rule):
    """Reports listeners whose TLS cannot start, or which clients expect to speak TLS."""

    id = "VLT007"
    name = "vault-listener-tls"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    profile = "min"
    title = "A listener of Vault without working TLS"
    why = (
        "A TCP listener speaks TLS unless `tls_disable` says otherwise. Without a certificate and its key, or with the"
        " path of a file that nothing brings, Vault stops with 'error loading TLS cert'."
    )
    remedy = "Mount a Secret with the certificate and its key, and name both: `tls_cert_file` and `tls_key_file`."
    source = "https://developer.hashicorp.com/vault/docs/configuration/listener/tcp"

    def check(self, release: Release) -> Iterator[Finding]:
        """What is wrong with the TCP listeners of every configuration."""
        for text, servers in vault.configurations(release).items():
            if servers and all(server.is_dev for server in servers):
                continue
            for block in vault.listeners(hcl.parse(text.value)):
                if block.labels[0].lower() != "tcp":
                    continue
                if vault.is_plain(block):
                    yield from self._expected(release, text, block, servers)
                else:
                    yield from self._incomplete(text, block, servers)
                    yield from self._versions(text, block)
                    yield from self._absent(release, text, block, servers)

    def _incomplete(self, text: Text, block: hcl.Block, servers: list[vault.Server]) -> Iterator[Finding]:
        missing = [name for name in (_CERTIFICATE, _KEY) if vault.setting(block.body, name) is None]
        is_acme = any(entry.key.startswith(_ACME) for entry in block.body.attributes)
        is_openbao = any(server.product == "openbao" for server in servers)
        if not missing or is_acme or _is_unknown(vault.setting(block.body, "tls_disable")):
            return
        names = " and ".join(f"`{name}`" for name in missing)
        if is_openbao and len(missing) > 1:
            yield self._at_block(
                text,
                block,
                f"A listener without {names} and without `tls_disable`: OpenBao asks Let's Encrypt for a certificate.",
                severity=Severity.WARNING,
                remedy="Name a certificate and its key, or write the `tls_acme_…` settings if that is meant.",
            )
        else:
            yield self._at_block(
                text,
                block,
                f"A listener without {names} and without `tls_disable`: Vault stops with 'error loading TLS cert'.",
                severity=None if servers else Severity.WARNING,
                confidence=None if servers else Confidence.MEDIUM,
            )

    def _versions(self, text: Text, block: hcl.Block) -> Iterator[Finding]:
        for name in _VERSION_SETTINGS:
            entry = vault.setting(block.body, name)
            if entry and entry.value not in _VERSIONS and not _is_unknown(entry):
                yield self._at_value(
                    text,
                    entry,
                    f"`{name}` must be one of {', '.join(_VERSIONS)}: Vault stops at any other value.",
                    remedy="Write `tls12` or `tls13`.",
                )

    def _absent(self, release: Release, text: Text, block: hcl.Block, servers: list[vault.Server]) -> Iterator[Finding]:
        for server in servers:
            for entry in block.body.attributes:
                if reason := _absence(release, server, entry):
                    yield self._at_value(
                        text,
                        entry,
                        f"`{entry.key}` names {entry.value}, but {reason}:"
                        " Vault stops with 'no such file or directory'.",
                        related=(Related("workload", server.container.span(), "the server that reads it"),),
                        group=Group.within(text.object, "neither this", text.name, block.start, reason),
                    )

    def _expected(
        self, release: Release, text: Text, block: hcl.Block, servers: list[vault.Server]
    ) -> Iterator[Finding]:
        for server in servers:
            if mesh.joins(release, server.container.pod):
                continue
            address = vault.advertised(server, environment(release, server.container), "api_addr")
            related = [*_plain_clients(release, server)]
            if address and address.scheme == "https" and _is_inside(release, server, address):
                reason = "`api_addr` is an https address: clients that are sent there fail"
            elif related:
                reason = "programs of another namespace send it their tokens in the clear"
            else:
                continue
            yield self._at_block(
                text,
                block,
                f"The listener speaks without TLS, but {reason}.",
                severity=Severity.WARNING,
                related=tuple(related),
                remedy="Give the listener a certificate and its key, and drop `tls_disable`.",
            )

    def _at_block(
        self,
        text: Text,
        block: hcl.Block,
        message: str,
        *,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        remedy: str | None = None,
        related: tuple[Related, ...] = (),
    ) -> Finding:
        return self.finding(
            message,
            on=text.object,
            span=partial(text.span, block.type_start, block.type_end),
            locator=text.locator(block.type_start),
            subject=f"{text.name}#listener",
            severity=severity,
            confidence=confidence,
            remedy=remedy,
            related=related,
        )

    def _at_value(
        self,
        text: Text,
        entry: Entry,
        message: str,
        *,
        remedy: str | None = None,
        related: tuple[Related, ...] = (),
        group: Group | None = None,
    ) -> Finding:
        return self.finding(
            message,
            on=text.object,
            span=partial(text.span, entry.start, entry.end),
            locator=text.locator(entry.start),
            subject=f"{text.name}#{entry.key}",
            remedy=remedy,
            related=related,
            group=group,
        )


def _absence(release: Release, server: vault.Server, entry: Entry) -> str:
    """Why a file that a listener names is not there; empty where it is, where it may be, or for other settings."""
    path, container = str(entry.value), server.container
    if entry.key not in _FILES or not path.startswith("/") or _is_unknown(entry):
        return ""
    is_told = images.is_official(container) or container.in_volume(path)[0]
    return absence(release, container, path) if is_told else ""


def _is_unknown(entry: Entry | None) -> bool:
    """Whether a value is filled in before Vault reads it."""
    return entry is not None and any(mark in str(entry.value) for mark in _UNKNOWN)


def _is_inside(release: Release, server: vault.Server, address: vault.Advertised) -> bool:
    """Whether an address leads to the servers themselves, and not to a load balancer that may speak TLS for them."""
    near = server.container.pod.object
    is_cluster = "." not in address.host or ".svc" in address.host
    return not address.is_constant or is_cluster or service_of(release, address.host, near) is not None


def _plain_clients(release: Release, server: vault.Server) -> Iterator[Related]:
    """Where programs of other namespaces are told the server's Service with http."""
    pod = server.container.pod
    for each in (each for service in release.services(pod) for each in to_service(release, service)):
        is_apart = pod.object.namespace and each.text.object.namespace not in ("", pod.object.namespace)
        if each.link.scheme == "http" and is_apart:
            yield Related("object", each.span, "sends to it without TLS")
