"""PRV002: capabilities that do not exist, or do nothing."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import items, mapping, text

_KNOWN = frozenset(
    {"ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN"}
    | {
        "DAC_OVERRIDE",
        "DAC_READ_SEARCH",
        "FOWNER",
        "FSETID",
        "IPC_LOCK",
        "IPC_OWNER",
        "KILL",
        "LEASE",
        "LINUX_IMMUTABLE",
    }
    | {"MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON"}
    | {"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE"}
    | {"SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM"}
)
_PRIVILEGED_PORTS = 1024


class CapabilityMisuse(Rule):
    """Reports names that are no capabilities, and capabilities that the container cannot use."""

    id = "PRV002"
    name = "capability-misuse"
    severity = Severity.WARNING
    title = "A capability that does nothing"
    why = (
        "Kubernetes passes the names on without a look: a misspelt one fails when the container starts, or is dropped"
        " in silence, and the program misses what the manifest seems to give."
    )
    remedy = "Write the name without CAP_, as in `man 7 capabilities`; add only what the program uses."
    source = "https://man7.org/linux/man-pages/man7/capabilities.7.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The capabilities of every container, added or dropped."""
        for container in release.containers:
            told = mapping(container.security_context.get("capabilities"))
            for field in ("add", "drop"):
                for index, name in enumerate(map(text, items(told.get(field)))):
                    yield from self._name(container, field, index, name)
            yield from self._needless(container)
        for server in vault.servers(release):
            yield from self._unlocked(release, server)

    def _name(self, container: Container, field: str, index: int, name: str) -> Iterator[Finding]:
        plain = name.upper().removeprefix("CAP_")
        if plain not in _KNOWN:
            yield self._at(container, field, index, f"`{name}` is no capability", Severity.ERROR)
        elif name != plain:
            yield self._at(container, field, index, f"write `{plain}` instead of `{name}`: not every runtime knows it")
        elif name == "ALL" and field == "add":
            yield self._at(container, field, index, "adding ALL is nearly as much as `privileged`")

    def _needless(self, container: Container) -> Iterator[Finding]:
        added = [text(each) for each in items(mapping(container.security_context.get("capabilities")).get("add"))]
        numbers = [port.get("containerPort") for port in container.ports]
        is_low = any(isinstance(number, int) and number < _PRIVILEGED_PORTS for number in numbers)
        if "NET_BIND_SERVICE" in added and numbers and not is_low:
            index = added.index("NET_BIND_SERVICE")
            yield self._at(
                container, "add", index, "NET_BIND_SERVICE is for ports below 1024, and the container has none"
            )

    def _unlocked(self, release: Release, server: vault.Server) -> Iterator[Finding]:
        """IPC_LOCK for a server that locks nothing; some images do not start without it."""
        container = server.container
        added = [text(each) for each in items(mapping(container.security_context.get("capabilities")).get("add"))]
        is_off = vault.lock(server, environment(release, container)) is vault.Lock.OFF
        if "IPC_LOCK" in added and (is_off or server.product == "openbao") and not vault.needs_capability(container):
            message = "IPC_LOCK is for locking memory, which the server does not do"
            yield self._at(container, "add", added.index("IPC_LOCK"), message, Severity.INFO)

    def _at(
        self, container: Container, field: str, index: int, message: str, severity: Severity | None = None
    ) -> Finding:
        path = (*container.path, "securityContext", "capabilities", field, index)
        return self.finding(
            f"{container.locator}: {message}.",
            on=container.pod.object,
            span=container.pod.object.span(path),
            locator=container.locator,
            subject=f"{container.locator}#{field}#{message}",
            severity=severity,
            confidence=Confidence.HIGH,
        )
