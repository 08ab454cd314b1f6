"""VLT010: memory locking whose capability does not reach Vault."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.fix import Fix
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.programs.vault import images, locking
from hmco_charts.lint.programs.vault.images import Build
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release

_CAPABILITY = "IPC_LOCK"
_WITHOUT_LOCK = "Write `disable_mlock = true` at the top level of the configuration, and keep swap off on the node."


class MemoryLockCapabilityNotEffective(Rule):
    """Reports containers of Vault that cannot use the capability, or that cannot start for lack of it."""

    id = "VLT010"
    name = "memory-lock-capability-not-effective"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    profile = "min"
    title = "A capability that does not reach Vault"
    why = (
        "`capabilities.add` gives IPC_LOCK to root; a program of another user has it only if the file of the program"
        " does. Which images have such a file, and which cannot even start without the capability, changed in 2026."
    )
    remedy = _WITHOUT_LOCK
    source = "https://github.com/hashicorp/vault/issues/31919"

    def check(self, release: Release) -> Iterator[Finding]:
        """Servers that lock in vain, and containers whose image does not start."""
        for server in vault.servers(release):
            if server.product == "vault" and not server.is_dev and release.cluster.memlock != "unlimited":
                yield from self._in_vain(release, server)
        for container in release.containers:
            yield from self._image(release, container)

    def _in_vain(self, release: Release, server: vault.Server) -> Iterator[Finding]:
        container = server.container
        found = environment(release, container)
        if locking.lock(server, found) is not locking.Lock.ON or not container.has_capability(_CAPABILITY):
            return
        obstacle = vault.obstacle(server, found)
        if obstacle:
            built = images.build(container)
            is_certain = built is not None and obstacle is not vault.Obstacle.NO_NEW_PRIVILEGES
            yield self._on(
                container,
                f"Vault locks its memory and the container has {_CAPABILITY}, but {obstacle.value}:"
                " Vault stops with 'Failed to lock memory'.",
                subject="lock",
                severity=None if built else Severity.WARNING,
                confidence=None if is_certain else Confidence.MEDIUM,
                fixes=vault.unlock(server, found),
            )

    def _image(self, release: Release, container: Container) -> Iterator[Finding]:
        built = vault.unstartable(release, container)
        version = images.version(container)
        later = images.repaired(version) if version else None
        if built is Build.BUILT_WITH_CAPABILITY:
            yield self._on(
                container,
                f"The program in Vault {version}'s image is built with {_CAPABILITY}: in a container without it the"
                " kernel refuses to execute it ('Operation not permitted'), whatever `disable_mlock` says.",
                subject="image",
                remedy=f"Move to {later}, or add {_CAPABILITY} to every container of this image.",
            )
        elif built is Build.SETCAP_AS_USER:
            yield self._on(
                container,
                f"Vault {version}'s image starts as the user vault, and its entry point stops with 'unable to set"
                " CAP_SETFCAP effective capability'.",
                subject="image",
                remedy=f"Move to {later}, or set the variable SKIP_SETCAP to `true`.",
            )

    def _on(
        self,
        container: Container,
        message: str,
        *,
        subject: str,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        remedy: str | None = None,
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        return self.finding(
            message,
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{subject}",
            severity=severity,
            confidence=confidence,
            remedy=remedy,
            fixes=fixes,
        )
