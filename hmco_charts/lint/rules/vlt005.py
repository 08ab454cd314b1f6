"""VLT005: several Vault servers on a storage that they do not share."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.pod import Pod

_ENABLED = "ha_enabled"


class VaultReplicasWithoutHa(Rule):
    """Reports servers of which there are several, though each takes itself for the only one."""

    id = "VLT005"
    name = "vault-replicas-without-ha"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    profile = "min"
    title = "Several Vault servers without high availability"
    why = (
        "Without high availability in the storage no server waits for another: all are active at once. On a database"
        " they overwrite each other's data, on a file or in memory each is a Vault of its own, with its own keys."
    )
    remedy = "Run one replica, or use a storage with high availability: Raft, or PostgreSQL with `ha_enabled`."
    source = "https://developer.hashicorp.com/vault/docs/concepts/ha"

    def check(self, release: Release) -> Iterator[Finding]:
        """Servers with more than one replica, and with a storage for high availability that has none."""
        for server in vault.servers(release):
            found = environment(release, server.container)
            if server.is_dev or vault.is_shared(server, found) is not False:
                continue
            storage = vault.ha_storage(server)
            if storage:
                yield self._disabled(storage)
            elif storage := vault.storage(server):
                yield from self._several(release, server, storage)

    def _disabled(self, storage: vault.Storage) -> Finding:
        start, end = storage.block.type_start, storage.block.type_end
        return self.finding(
            "`ha_storage` without high availability: Vault stops with 'specified HA storage has HA support disabled'.",
            on=storage.text.object,
            span=storage.text.span(start, end),
            locator=storage.text.locator(start),
            subject=f"{storage.text.name}#ha_storage",
            remedy=f'Write `{_ENABLED} = "true"` in it.' if storage.is_switched else None,
        )

    def _several(self, release: Release, server: vault.Server, storage: vault.Storage) -> Iterator[Finding]:
        pod = server.container.pod
        severity = _severity(release, pod)
        if severity is None:
            return
        place = ("spec", "replicas")
        start, end = storage.block.type_start, storage.block.type_end
        yield self.finding(
            f"{pod.object.kind} {pod.object.name} runs several servers of Vault, but {_reason(storage)}.",
            on=pod.object,
            span=server.container.span() if pod.object.at(place) is None else pod.object.span(place),
            locator=server.container.locator,
            subject=server.container.locator,
            severity=severity,
            confidence=None if severity is Severity.ERROR else Confidence.MEDIUM,
            remedy=f'Write `{_ENABLED} = "true"` in the storage, or run one replica.' if storage.is_switched else None,
            related=(Related("object", storage.text.span(start, end), "the storage"),),
        )


def _severity(release: Release, pod: Pod) -> Severity | None:
    """How bad it is: there are several, there may be, or an autoscaler may make several of one."""
    if pod.object.kind == "DaemonSet":
        nodes = release.cluster.nodes
        return Severity.WARNING if nodes is None else Severity.ERROR if nodes > 1 else None
    replicas = release.replicas(pod)
    return Severity.ERROR if replicas.least > 1 else Severity.INFO if replicas.most > 1 else None


def _reason(storage: vault.Storage) -> str:
    backend = storage.backend
    if not storage.is_switched:
        return f"`{backend}` storage has no high availability: each is a Vault of its own"
    if vault.setting(storage.block.body, _ENABLED):
        return f"`{_ENABLED}` of its `{backend}` storage is not `true`: all are active at once"
    return f"its `{backend}` storage has no `{_ENABLED}`: all are active at once"
