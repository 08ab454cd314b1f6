"""VLT002: memory locking without the privilege for it."""

from collections.abc import Iterator
from enum import Enum

from hmco_charts.formats import Scalar, hcl
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import elasticsearch, vault
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release

_OVERRIDE = "VAULT_DISABLE_MLOCK"
_TRUE = ("1", "t", "T", "true", "TRUE", "True")
_FALSE = ("0", "f", "F", "false", "FALSE", "False")


class _Lock(Enum):
    """Whether a server locks its memory."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class MemoryLockWithoutPrivilege(Rule):
    """Reports containers that lock their memory without `IPC_LOCK`."""

    id = "VLT002"
    name = "memory-lock-without-privilege"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    profile = "min"
    title = "Memory locking without IPC_LOCK"
    why = (
        "Vault locks its memory unless told not to. Without the capability IPC_LOCK the kernel refuses, Vault stops"
        " with 'Failed to lock memory: cannot allocate memory', and the pod ends in CrashLoopBackOff."
    )
    remedy = "Write `disable_mlock = true` at the top level of the configuration, and keep swap off on the node."
    source = "https://developer.hashicorp.com/vault/docs/configuration#disable_mlock"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers of Vault, Elasticsearch and OpenSearch whose lock the kernel will refuse."""
        for server in vault.servers(release):
            if server.product == "vault" and not server.is_dev:
                yield from self._vault(release, server)
        for node in elasticsearch.nodes(release):
            if node.locks_memory and not node.container.has_capability("IPC_LOCK"):
                yield self._elasticsearch(node)

    def _vault(self, release: Release, server: vault.Server) -> Iterator[Finding]:
        lock = _lock(release, server)
        is_allowed = server.container.has_capability("IPC_LOCK")
        if lock is _Lock.ON and not is_allowed:
            yield self._on(
                server.container,
                "Vault locks its memory (`disable_mlock` is not true), but the container has no IPC_LOCK:"
                " Vault stops with 'Failed to lock memory'.",
            )
        elif lock is _Lock.ON and _has_raft(server):
            yield self._on(
                server.container,
                "Raft storage with memory locking keeps the whole database in memory; HashiCorp advises against it.",
                severity=Severity.INFO,
            )
        elif lock is _Lock.UNKNOWN and not is_allowed:
            yield self._on(
                server.container,
                "Whether Vault locks its memory cannot be decided: its configuration is not in the input.",
                severity=Severity.INFO,
                confidence=Confidence.LOW,
            )

    def _elasticsearch(self, node: elasticsearch.Node) -> Finding:
        return self._on(
            node.container,
            "`bootstrap.memory_lock` is on, but the container has no IPC_LOCK: the memory cannot be locked"
            + (", and the node warns." if node.is_single else ", and the bootstrap check stops the node."),
            severity=Severity.WARNING if node.is_single else None,
            remedy="Set `bootstrap.memory_lock: false` and keep swap off on the node.",
        )

    def _on(
        self,
        container: Container,
        message: str,
        *,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        remedy: str | None = None,
    ) -> Finding:
        return self.finding(
            message,
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=container.locator,
            severity=severity,
            confidence=confidence,
            remedy=remedy,
        )


def _lock(release: Release, server: vault.Server) -> _Lock:
    """The lock as the server decides it: the environment first, then the configurations, one `true` is enough."""
    variables = {variable.name: variable.text for variable in release.environment(server.container)}
    if _OVERRIDE in variables:
        override = variables[_OVERRIDE]
        if override is None:
            return _Lock.UNKNOWN
        if override.value:
            return _from_environment(override.value)
    settings = [_setting(text.value) for text in server.configurations]
    if _Lock.OFF in settings:
        return _Lock.OFF
    if _Lock.UNKNOWN in settings or not server.is_complete:
        return _Lock.UNKNOWN
    return _Lock.ON


def _from_environment(value: str) -> _Lock:
    """Go's ParseBool; with any other word the server stops before it could lock anything."""
    if value in _TRUE:
        return _Lock.OFF
    return _Lock.ON if value in _FALSE else _Lock.UNKNOWN


def _setting(configuration: str) -> _Lock:
    body = hcl.parse(configuration)
    values = [entry.value for entry in body.attributes if entry.key == "disable_mlock"]
    if not values:
        return _Lock.ON
    return _weak(values[-1])


def _weak(value: Scalar) -> _Lock:
    """Vault's weak typing of a boolean: `true`, `"true"`, `"1"` and `1` are true."""
    word = str(value).strip() if not isinstance(value, bool) else str(value).lower()
    if word in _TRUE:
        return _Lock.OFF
    return _Lock.ON if word in _FALSE or not word else _Lock.UNKNOWN


def _has_raft(server: vault.Server) -> bool:
    blocks = [block for text in server.configurations for block in vault.storages(hcl.parse(text.value))]
    return any(block.labels[0] == "raft" for block in blocks)
