"""Whether a server locks its memory, and what the kernel and the image's entry point make of it.

Sources: hashicorp/vault `command/server.go` (VAULT_DISABLE_MLOCK), `internalshared/configutil/merge.go`;
`.release/docker/docker-entrypoint.sh`; linux `security/commoncap.c`.
"""

from enum import Enum

from hmco_charts.formats import Entry, Scalar, hcl
from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.lint.programs.vault.configuration import boolean, setting
from hmco_charts.lint.programs.vault.images import Build, build, is_official
from hmco_charts.lint.programs.vault.invocation import invocations, product
from hmco_charts.lint.programs.vault.servers import Server
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import items, mapping, text

SETTING = "disable_mlock"
OVERRIDE = "VAULT_DISABLE_MLOCK"
SKIP_SETCAP = "SKIP_SETCAP"


class Lock(Enum):
    """Whether a server locks its memory."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class Obstacle(Enum):
    """Why a container's IPC_LOCK does not reach Vault."""

    IMAGE = "the program of this image cannot use it"
    USER = "it runs as a user other than root, whom the capability does not reach"
    SKIPPED = "SKIP_SETCAP keeps the entry point from giving it to the program before it becomes the user vault"
    DROPPED = "without SETFCAP the entry point cannot give it to the program"
    NO_NEW_PRIVILEGES = "`allowPrivilegeEscalation: false` takes it from the program when it becomes the user vault"


def lock(server: Server, found: Environment) -> Lock:
    """The lock as the server decides it: the environment first, then the configurations, one `true` is enough."""
    variable = found.first(OVERRIDE)
    if variable:
        return _read(variable[1].value) if variable[1] else Lock.UNKNOWN
    told = [_of(setting(hcl.parse(text.value), SETTING)) for text in server.configurations]
    if Lock.OFF in told:
        return Lock.OFF
    return Lock.UNKNOWN if Lock.UNKNOWN in told or not server.is_complete else Lock.ON


def _of(entry: Entry | None) -> Lock:
    return Lock.ON if entry is None or entry.value in ("", None) else _read(entry.value)


def _read(value: Scalar) -> Lock:
    """The lock that a value of `disable_mlock` means; with a word that is no boolean the server does not start."""
    is_off = boolean(value)
    return Lock.UNKNOWN if is_off is None else Lock.OFF if is_off else Lock.ON


def starts_as_root(container: Container) -> bool | None:
    """Whether the container's first program runs as root; `None` where neither the manifest nor the image tells."""
    user = container.security("runAsUser")
    if isinstance(user, int) and not isinstance(user, bool):
        return user == 0
    if container.security("runAsNonRoot") is True or (is_official(container) and product(container) == "openbao"):
        return False
    built = build(container)
    if built is None or (built is Build.ROOT and "ubi" in container.image.tag):
        return None
    return built is Build.ROOT


def drops(container: Container, capability: str) -> bool:
    """Whether a capability of the default set is taken from the container."""
    capabilities = mapping(container.security_context.get("capabilities"))
    dropped = {text(each).upper().removeprefix("CAP_") for each in items(capabilities.get("drop"))}
    return bool(dropped & {capability, "ALL"}) and not container.has_capability(capability)


def obstacle(server: Server, found: Environment) -> Obstacle | None:
    """Why IPC_LOCK does not reach the server; `None` where it does, or where that cannot be told."""
    container = server.container
    is_confined = container.security_context.get("allowPrivilegeEscalation") is False
    if starts_as_root(container) is False:
        otherwise = Obstacle.NO_NEW_PRIVILEGES if is_confined else None
        return _WITHOUT_ROOT.get(build(container), Obstacle.USER) or otherwise
    if not server.invocation.entrypoint_folder:
        return None
    if found.first(SKIP_SETCAP):
        return Obstacle.SKIPPED
    if drops(container, "SETFCAP"):
        return Obstacle.DROPPED
    return Obstacle.NO_NEW_PRIVILEGES if is_confined else None


_WITHOUT_ROOT: dict[Build | None, Obstacle | None] = {
    Build.WITHOUT_CAPABILITY: Obstacle.IMAGE,
    Build.BUILT_WITH_CAPABILITY: None,
}


def unstartable(release: Release, container: Container) -> Build | None:
    """The build of the container's image, where that keeps Vault from starting in it; `None` where it starts."""
    built = build(container)
    started = list(invocations(release, container)) if built else []
    is_prepared = any(each.entrypoint_folder for each in started)
    sets_capability = is_prepared and not environment(release, container).first(SKIP_SETCAP)
    sets_as_root = sets_capability and starts_as_root(container)
    if built is Build.BUILT_WITH_CAPABILITY and started:
        return None if sets_as_root or container.has_capability("IPC_LOCK") else built
    return built if built is Build.SETCAP_AS_USER and sets_capability and not sets_as_root else None
