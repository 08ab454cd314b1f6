"""TLS005: credentials or data in the clear between namespaces or hosts."""

import re
from collections.abc import Iterator, Mapping

from hmco_charts import formats
from hmco_charts.lint.finding import Confidence, Finding, Group, Severity
from hmco_charts.lint.programs import mesh, vault
from hmco_charts.lint.programs.connections import Connection, connections, users
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.dns import is_loopback, service_of

_OPEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "postgresql": {"sslmode": ("disable", "allow", "prefer"), "ssl": ("false", "0")},
    "mysql": {"sslmode": ("disabled", "preferred"), "ssl-mode": ("disabled", "preferred"), "usessl": ("false",)},
    "mongodb": {"tls": ("false",), "ssl": ("false",)},
}
_SKIPS = ("VAULT_SKIP_VERIFY", "BAO_SKIP_VERIFY")
_ADDRESSES = ("BAO_ADDR", "VAULT_ADDR")
_UNVERIFIED = ("tls_skip_verify", "insecure_skip_verify", "insecureskipverify", "tlsskipverify", "ssl_insecure")


class TransportNotEncrypted(Rule):
    """Reports connections that leave the namespace without TLS, or do not check whom they reached."""

    id = "TLS005"
    name = "transport-not-encrypted"
    severity = Severity.WARNING
    title = "A connection to another namespace or host without TLS"
    why = (
        "With `sslmode=disable` password and data cross the network in the clear; with `allow` and `prefer` whoever"
        " stands between can have it so."
    )
    remedy = "Use `sslmode=verify-full` with `sslrootcert`, and let the database serve TLS."
    source = "https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS"

    def check(self, release: Release) -> Iterator[Finding]:
        """The connections, those of an object to one host as one finding, and clients that accept any certificate."""
        for connection in connections(release):
            if _option(connection) and _leaves(release, connection) and not _is_meshed(release, connection.text):
                yield self._open(connection)
        for text in release.texts:
            yield from self._unverified(text)
        for container in release.containers:
            host = "" if mesh.joins(release, container.pod) else _unverified_vault(release, container)
            if host:
                yield self._client(container, host)

    def _open(self, connection: Connection) -> Finding:
        host, text = connection.link.host, connection.text
        return self.finding(
            f"The connection to {host} is not encrypted for certain: {_option(connection)}.",
            on=text.object,
            span=connection.span,
            locator=connection.locator,
            subject=f"{text.name}#{host}",
            group=Group.within(text.object, "the same connection", host),
        )

    def _unverified(self, text: Text) -> Iterator[Finding]:
        if not any(word in text.value.lower() for word in _UNVERIFIED):
            return
        for entry in formats.read(text.value, text.name).entries:
            if entry.key.lower() in _UNVERIFIED and str(entry.value).lower() in ("true", "1"):
                yield self.finding(
                    f"`{entry.key}` accepts any certificate: TLS does not tell whom it reached.",
                    on=text.object,
                    span=text.span(entry.key_start, entry.key_end),
                    locator=text.locator(entry.key_start),
                    subject=f"{text.name}#{'.'.join((*entry.path, entry.key))}",
                    severity=Severity.INFO,
                    confidence=Confidence.MEDIUM,
                    remedy="Give the program the authority's certificate, and leave this out.",
                )

    def _client(self, container: Container, host: str) -> Finding:
        return self.finding(
            f"{container.locator} gives its token to whoever answers for Vault at {host}: it accepts any certificate.",
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{host}",
            remedy="Give the client the authority's certificate with VAULT_CACERT, and let it check the server's.",
        )


def _unverified_vault(release: Release, container: Container) -> str:
    """The host, other than the pod itself, whose certificate a client of Vault does not check; empty without one."""
    told = {each.name: each.text.value if each.text else "" for each in release.environment(container)}
    address = next((told[name] for name in _ADDRESSES if told.get(name)), "")
    if any(vault.boolean(told.get(name, "")) for name in _SKIPS):
        called = [address]
    else:
        unchecked = (each for each in vault.invocations(release, container) if _skips(each))
        called = [next(each.options("address"), address) for each in unchecked]
    return next((host for each in called if (host := _host(each)) and not is_loopback(host)), "")


def _skips(invocation: vault.Invocation) -> bool:
    return any(re.fullmatch(r"--?tls-skip-verify(?:=true)?", argument) for argument in invocation.arguments)


def _host(address: str) -> str:
    """The host of an address that is written out."""
    match = re.fullmatch(r"https://(?P<host>[\w.-]+)(?::\d+)?/?", address)
    return match["host"] if match else ""


def _option(connection: Connection) -> str:
    """The option that leaves TLS out, as written; empty where none does."""
    options = connection.link.options
    for name, values in _OPEN.get(connection.link.scheme, {}).items():
        if options.get(name, "").lower() in values:
            return f"{name}={options[name]}"
    return ""


def _leaves(release: Release, connection: Connection) -> bool:
    """Whether the connection leaves its namespace."""
    host, here = connection.link.host, connection.text.object
    if is_loopback(host):
        return False
    service = service_of(release, host, here)
    if service:
        return bool(service.namespace and here.namespace and service.namespace != here.namespace)
    return "." in host and host.split(".")[1] != here.namespace


def _is_meshed(release: Release, text: Text) -> bool:
    """Whether a service mesh encrypts what the users of a text send."""
    return any(mesh.joins(release, container.pod) for container in users(release, text))
