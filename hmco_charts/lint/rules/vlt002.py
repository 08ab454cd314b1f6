"""VLT002: memory locking without the privilege for it."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.fix import Fix
from hmco_charts.lint.programs import elasticsearch, vault
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release


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
        found = environment(release, server.container)
        lock = vault.lock(server, found)
        is_allowed = server.container.has_capability("IPC_LOCK")
        if lock is vault.Lock.ON and not is_allowed and release.cluster.memlock == "unlimited":
            yield self._on(
                server.container,
                "Vault locks its memory without IPC_LOCK: it can as long as the nodes set no limit on locked memory.",
                severity=Severity.INFO,
            )
        elif lock is vault.Lock.ON and not is_allowed:
            yield self._on(
                server.container,
                "Vault locks its memory (`disable_mlock` is not true), but the container has no IPC_LOCK:"
                " Vault stops with 'Failed to lock memory'.",
                fixes=vault.unlock(server, found),
            )
        elif lock is vault.Lock.UNKNOWN and not is_allowed:
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
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        return self.finding(
            message,
            on=container.pod.object,
            span=container.span,
            locator=container.locator,
            subject=container.locator,
            severity=severity,
            confidence=confidence,
            remedy=remedy,
            fixes=fixes,
        )
