"""How a container starts Vault or OpenBao: directly, or through the entry point of the image.

Sources: hashicorp/vault and openbao/openbao `.release/docker/docker-entrypoint.sh`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hmco_charts.lint.programs.command import base, commands, scripts
from hmco_charts.objects import Container, Release
from hmco_charts.objects.remembering import collected

_PRODUCTS = {"vault": "vault", "vault-enterprise": "vault", "openbao": "openbao", "bao": "openbao"}
_BINARIES = {"vault": "vault", "bao": "openbao", "openbao": "openbao"}
_ENTRYPOINTS = ("docker-entrypoint.sh", "entrypoint.sh")
FOLDERS = {"vault": "/vault/config", "openbao": "/openbao/config"}
_FOLDER_VARIABLE = "BAO_CONFIG_DIR"
_SUBCOMMANDS = frozenset(
    {"agent", "audit", "auth", "debug", "delete", "events", "kv", "lease", "list", "login", "monitor", "namespace"}
    | {"operator", "path-help", "patch", "pki", "plugin", "policy", "print", "proxy", "read", "secrets", "server"}
    | {"ssh", "status", "token", "transform", "transit", "unwrap", "version", "version-history", "write"}
)


@dataclass(frozen=True)
class Invocation:
    """A start of the program.

    Attributes:
        product: `vault` or `openbao`.
        arguments: The words behind the program's name, those of the entry point included.
        entrypoint_folder: The folder of configurations of the image's entry point, which starts the program after
            its own preparations; empty where the program is started directly.
    """

    product: str
    arguments: tuple[str, ...]
    entrypoint_folder: str = ""

    @property
    def is_server(self) -> bool:
        """Whether it starts a server."""
        return self.arguments[:1] == ("server",)

    @property
    def is_dev(self) -> bool:
        """Whether it starts a server in development mode."""
        options = [argument.lstrip("-") for argument in self.arguments if argument.startswith("-")]
        return any(option.partition("=")[0] in ("dev", "dev-tls", "dev-three-node") for option in options)

    def options(self, name: str) -> Iterator[str]:
        """The values of an option, such as those of `-config=`, in their order."""
        for argument, following in zip(self.arguments, [*self.arguments[1:], ""], strict=True):
            option, equals, value = argument.partition("=")
            if option.startswith("-") and option.lstrip("-") == name:
                yield value if equals else following


def product(container: Container) -> str | None:
    """The product whose image a container runs; `None` for any other image."""
    return _PRODUCTS.get(container.image.base)


@collected
def invocations(release: Release, container: Container) -> Iterator[Invocation]:
    """Every start of Vault or OpenBao by a container's command, its arguments, or its image."""
    image = product(container)
    if image and not container.command and not container.args:
        yield Invocation(image, ("server", "-dev"), _folder(release, container, image))
    is_shell = bool(scripts(release, container))
    for words in commands(release, container):
        entrypoint = next((at for at, word in enumerate(words[:-1]) if base(word) in _ENTRYPOINTS), None)
        if entrypoint is not None:
            yield from _prepared(release, container, words[entrypoint + 1 :])
        elif image and not container.command and not is_shell:
            yield from _prepared(release, container, words)
        else:
            yield from _direct(words, image)


def _prepared(release: Release, container: Container, words: Sequence[str]) -> Iterator[Invocation]:
    """What the entry point makes of the words that it is given."""
    first, *others = words
    image = product(container)
    if first == "server" and (image or any(other.lstrip("-").startswith(("config", "dev")) for other in others)):
        folder = _folder(release, container, image or "vault")
        yield Invocation(image or "vault", ("server", f"-config={folder}", *others), folder)
    elif first in _BINARIES:
        found = _of(first, image)
        yield Invocation(found, tuple(others), _folder(release, container, found))
    elif image and (first.startswith("-") or first in _SUBCOMMANDS):
        yield Invocation(image, tuple(words), _folder(release, container, image))
    else:
        yield from _direct(words, image)


def _direct(words: Sequence[str], image: str | None) -> Iterator[Invocation]:
    for at, word in enumerate(words[:-1]):
        following = words[at + 1]
        if base(word) in _BINARIES and (following in _SUBCOMMANDS or following.startswith("-")):
            yield Invocation(_of(base(word), image), tuple(words[at + 1 :]))
            return


def _of(binary: str, image: str | None) -> str:
    """The product behind a program's name; the image of OpenBao has a link from `vault` to `bao`."""
    return "openbao" if image == "openbao" else _BINARIES[binary]


def _folder(release: Release, container: Container, name: str) -> str:
    told = [each.text for each in release.environment(container) if each.name == _FOLDER_VARIABLE]
    if name == "openbao" and told and told[-1]:
        return told[-1].value.rstrip("/")
    return FOLDERS[name]
