"""VLT009: the entry point of Vault's image without the permissions that it takes for granted."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.lint.programs.vault import images, locking
from hmco_charts.lint.programs.vault.images import Build
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import text

_SKIP_CHOWN = "SKIP_CHOWN"
_CHOWNED = ("file", "logs")
_LOCAL_CONFIG = {"vault": "VAULT_LOCAL_CONFIG", "openbao": "BAO_LOCAL_CONFIG"}
_AS_USER = (
    "Run it as user 100, with SKIP_CHOWN and SKIP_SETCAP set to `true`, rather than as root without capabilities."
)
_READ_ONLY = ("configMap", "secret", "downwardAPI", "projected")


class VaultEntrypointPermissions(Rule):
    """Reports containers whose entry point stops before it starts Vault."""

    id = "VLT009"
    name = "vault-entrypoint-permissions"
    profile = "min"
    title = "Vault's entry point without the permissions that it needs"
    why = (
        "Before it starts Vault the entry point takes over `/vault/file` and `/vault/logs` (chown) and, up to the"
        " releases of 2026, gives the program a capability (setcap). It stops where one of them fails; only a failed"
        " chown of `/vault/config` does no harm."
    )
    remedy = "Set SKIP_CHOWN and SKIP_SETCAP to `true` and give the volumes `fsGroup: 1000`, or bypass the entry point."
    source = "https://github.com/hashicorp/vault/blob/main/.release/docker/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """One finding for each container of the image whose entry point cannot do its work."""
        for container in release.containers:
            started = list(vault.invocations(release, container)) if images.is_official(container) else []
            prepared = next((each for each in started if each.entrypoint_folder), None)
            found = environment(release, container)
            fault = _fault(container, found, prepared) if prepared and found.is_complete else None
            if fault and not _is_said_by_vlt010(release, container, found):
                yield self.finding(
                    f"The image's entry point stops: {fault.reason}.",
                    on=container.pod.object,
                    span=container.span(),
                    locator=container.locator,
                    subject=container.locator,
                    remedy=fault.remedy,
                )


class _Fault(NamedTuple):
    """What the entry point fails at, and the remedy where it is not the rule's own."""

    reason: str
    remedy: str | None = None


def _fault(container: Container, found: Environment, prepared: vault.Invocation) -> _Fault | None:
    """What the entry point fails at; `None` where it comes through, or where that is not known."""
    folder = prepared.entrypoint_folder
    local = found.first(_LOCAL_CONFIG[prepared.product])
    if local and _is_read_only(container, folder):
        remedy = "Write these settings to a file of the ConfigMap, or mount its files one by one by `subPath`."
        return _Fault(f"it writes {local[0]} to {folder}/local.json, but that folder is read-only", remedy)
    as_root = locking.starts_as_root(container)
    if as_root:
        return _as_root(container, found, prepared)
    if as_root is False and (prepared.product == "openbao" or images.build(container) is Build.ROOT):
        return _as_user(container, found, prepared)
    return None


def _as_user(container: Container, found: Environment, prepared: vault.Invocation) -> _Fault | None:
    needs = []
    mounted = [] if found.first(_SKIP_CHOWN) else list(_chowned(container, prepared))
    if prepared.product == "vault" and not found.first(locking.SKIP_SETCAP):
        needs.append("setcap ('unable to set CAP_SETFCAP effective capability'), as SKIP_SETCAP is not set")
    if mounted:
        needs.append(f"chown of {' and '.join(mounted)}, as SKIP_CHOWN is not set")
    return _Fault(f"a user other than root may not do {', nor '.join(needs)}") if needs else None


def _as_root(container: Container, found: Environment, prepared: vault.Invocation) -> _Fault | None:
    sets_capability = prepared.product == "vault" and not found.first(locking.SKIP_SETCAP)
    mounted = [] if found.first(_SKIP_CHOWN) else list(_chowned(container, prepared))
    fixed = [path for path in mounted if _is_read_only(container, path)]
    dropped = [name for name in ("SETFCAP", "CHOWN", "SETUID", "SETGID") if locking.drops(container, name)]
    if fixed:
        return _Fault(f"chown of {' and '.join(fixed)} fails on a read-only mount, as SKIP_CHOWN is not set")
    if sets_capability and container.security_context.get("readOnlyRootFilesystem") is True:
        return _Fault("setcap fails on a read-only root filesystem, as SKIP_SETCAP is not set")
    if sets_capability and "SETFCAP" in dropped:
        return _Fault("setcap needs SETFCAP, which is dropped, as SKIP_SETCAP is not set", _AS_USER)
    if mounted and "CHOWN" in dropped:
        return _Fault(f"chown of {' and '.join(mounted)} needs CHOWN, which is dropped", _AS_USER)
    if set(dropped) & {"SETUID", "SETGID"}:
        return _Fault("root needs SETUID and SETGID, which are dropped, to become the user vault", _AS_USER)
    return None


def _chowned(container: Container, prepared: vault.Invocation) -> Iterator[str]:
    """The folders that the entry point takes over, as far as volumes are mounted on them, which root owns."""
    home = PurePosixPath(prepared.entrypoint_folder).parent
    targets = {str(PurePosixPath(text(mount.get("mountPath")))) for mount in container.mounts}
    return (str(home / name) for name in _CHOWNED if str(home / name) in targets)


def _is_read_only(container: Container, path: str) -> bool:
    """Whether nothing can be written to a folder."""
    name, _ = container.in_volume(path)
    if not name:
        return container.security_context.get("readOnlyRootFilesystem") is True
    mounts = [mount for mount in container.mounts if mount.get("name") == name]
    volume = container.pod.volume(name)
    return all(mount.get("readOnly") is True for mount in mounts) or any(field in volume for field in _READ_ONLY)


def _is_said_by_vlt010(release: Release, container: Container, found: Environment) -> bool:
    """Whether the missing SETFCAP is reported as what keeps the memory lock from working."""
    server = next((each for each in vault.servers(release) if each.container is container), None)
    locks = server is not None and vault.lock(server, found) is vault.Lock.ON and container.has_capability("IPC_LOCK")
    return bool(locks and server and vault.obstacle(server, found) is vault.Obstacle.DROPPED)
