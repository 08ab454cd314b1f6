"""Vault and OpenBao servers: which containers run one, and with which configuration.

Sources: hashicorp/vault `.release/docker/docker-entrypoint.sh`, `command/server.go`, `command/server/config.go`;
openbao/openbao the same files.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath

from hmco_charts.formats import hcl
from hmco_charts.lint.programs.command import Written, base, commands, scripts, writes
from hmco_charts.objects import Container, KubernetesObject, Release, Text
from hmco_charts.yamlio import Path

BACKENDS = frozenset(
    {"aerospike", "alicloudoss", "azure", "cassandra", "cockroachdb", "consul", "couchdb", "dynamodb", "etcd", "file"}
    | {"foundationdb", "gcs", "inmem", "inmem_ha", "manta", "mssql", "mysql", "oci", "postgresql", "raft", "s3"}
    | {"spanner", "swift", "zookeeper"}
)
STORAGE_BLOCKS = ("storage", "ha_storage", "backend", "ha_backend")
_SERVER_SETTINGS = frozenset(
    {"listener", "seal", "api_addr", "cluster_addr", "ui", "disable_mlock", "max_lease_ttl", "default_lease_ttl"}
    | {"telemetry", "plugin_directory", "license_path", "service_registration"}
)
_PRODUCTS = {"vault": "vault", "vault-enterprise": "vault", "openbao": "openbao", "bao": "openbao"}
_BINARIES = {"vault": "vault", "bao": "openbao", "openbao": "openbao"}
_ENTRYPOINTS = ("docker-entrypoint.sh", "entrypoint.sh")
_DIRECTORIES = {"vault": "/vault/config", "openbao": "/openbao/config"}
LOCAL_CONFIG = ("VAULT_LOCAL_CONFIG", "BAO_LOCAL_CONFIG")
_SUFFIXES = (".hcl", ".json")
_VALUES_PLACES: tuple[Path, ...] = (
    ("server", "standalone", "config"),
    ("server", "ha", "config"),
    ("server", "ha", "raft", "config"),
    ("server", "config"),
)
_INLINE_VALUES: dict[str, tuple[Path, ...]] = {
    "HelmRelease": (("spec", "values"),),
    "Application": (("spec", "source", "helm", "valuesObject"),),
}


@dataclass(frozen=True)
class Server:
    """A container that runs `vault server` or `bao server`.

    Attributes:
        container: The container.
        product: `vault` or `openbao`.
        is_dev: Whether it runs in development mode.
        configurations: The configurations that it loads, as far as they are in the input.
        is_complete: Whether these are all.
    """

    container: Container
    product: str
    is_dev: bool
    configurations: tuple[Text, ...]
    is_complete: bool


@lru_cache(maxsize=4)
def servers(release: Release) -> tuple[Server, ...]:
    """The Vault and OpenBao servers of a release."""
    return tuple(found for container in release.containers if (found := _server(release, container)))


def is_server_configuration(text: str) -> bool:
    """Whether a text is a server's configuration by its structure: a known storage and a server's setting."""
    body = hcl.parse(text)
    names = {entry.key for entry in body.attributes if not entry.path} | {block.type for block in body.blocks}
    return bool(list(storages(body)) and names & _SERVER_SETTINGS)


def storages(body: hcl.Body) -> Iterator[hcl.Block]:
    """The storage blocks of a configuration, of whatever spelling."""
    for block in body.blocks:
        if block.type in STORAGE_BLOCKS and block.labels and block.labels[0] in BACKENDS:
            yield block


def chart_values(release: Release) -> Iterator[Text]:
    """Server configurations at their places in values for the official charts of Vault and OpenBao.

    The values are a document of their own, those of a Flux HelmRelease, or those of an Argo CD Application.
    """
    for document in release.values:
        yield from _configurations(document, ())
    for each in release.objects:
        for path in _INLINE_VALUES.get(each.kind, ()):
            yield from _configurations(each, path)


def _configurations(holder: KubernetesObject, base: Path) -> Iterator[Text]:
    for subchart in ((), ("vault",), ("openbao",)):
        for place in _VALUES_PLACES:
            path = (*base, *subchart, *place)
            value = holder.at(path)
            if isinstance(value, str):
                yield Text(holder, path, "vault.hcl", value)


def _server(release: Release, container: Container) -> Server | None:
    product = _PRODUCTS.get(container.image.base)
    if not container.command and not container.args:
        return Server(container, product, is_dev=True, configurations=(), is_complete=True) if product else None
    for words in _invocations(release, container, product):
        started = _start(words)
        if started:
            is_openbao = "openbao" in (product, started[0])  # its image has a link from vault to bao
            return _configured(release, container, "openbao" if is_openbao else "vault", started[1])
    return None


def _invocations(release: Release, container: Container, product: str | None) -> Iterator[list[str]]:
    """The commands as the image's entry point would execute them."""
    for words in commands(release, container):
        runs_entrypoint = not container.command or base(words[0]) in _ENTRYPOINTS
        arguments = words[1:] if container.command and runs_entrypoint else words
        if product and runs_entrypoint and arguments and arguments[0] == "server":
            yield [product, "server", f"-config={_DIRECTORIES[product]}", *arguments[1:]]
        elif product and runs_entrypoint and arguments and arguments[0].startswith("-"):
            yield [product, *arguments]
        else:
            yield words


def _start(words: list[str]) -> tuple[str, list[str]] | None:
    """The product and the arguments behind `server`, where the words start one."""
    for at, (word, following) in enumerate(pairwise(words)):
        if following != "server":
            continue
        if base(word) in _BINARIES:
            return _BINARIES[base(word)], words[at + 2 :]
        if base(word) in _ENTRYPOINTS:
            return "vault", [f"-config={_DIRECTORIES['vault']}", *words[at + 2 :]]
    return None


def _configured(release: Release, container: Container, product: str, arguments: list[str]) -> Server:
    paths = list(_config_paths(arguments))
    found = [_loaded(release, container, path) for path in paths]
    local = _local(release, container) if set(paths) & set(_DIRECTORIES.values()) else []
    texts = [text for group in found for text in group] + [text for text in local if text]
    is_dev = any(argument.lstrip("-") == "dev" or argument.lstrip("-").startswith("dev-") for argument in arguments)
    return Server(
        container=container,
        product=product,
        is_dev=is_dev,
        configurations=tuple(dict.fromkeys(texts)),
        is_complete=bool(texts) and (all(found) or bool(local)) and None not in local,
    )


def _local(release: Release, container: Container) -> list[Text | None]:
    """The configuration that the entry point takes from the environment and writes to its own directory."""
    runs_entrypoint = not container.command or any(
        base(word) in _ENTRYPOINTS for words in commands(release, container) for word in words
    )
    if not runs_entrypoint:
        return []
    return [each.text for each in release.environment(container) if each.name in LOCAL_CONFIG]


def _config_paths(arguments: list[str]) -> Iterator[str]:
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, equals, value = argument.partition("=")
        if name.lstrip("-") == "config" and name.startswith("-"):
            yield (value if equals else following).rstrip("/")


def _loaded(release: Release, container: Container, path: str) -> list[Text]:
    """The texts behind a `-config` path: mounted, written by a script, or brought by an init container."""
    target = PurePosixPath(path)
    mounted = [each.text for each in release.files(container) if _is_at(PurePosixPath(each.path), target)]
    if mounted:
        return mounted
    written = [found for each in container.pod.containers for found in _written(release, each, container, path)]
    replaces = any(not each.appends for each in written)
    return ([] if replaces else _copied(release, container)) + [each.text for each in written]


def _is_at(file: PurePosixPath, target: PurePosixPath) -> bool:
    return file == target or (file.parent == target and file.suffix in _SUFFIXES)


def _written(release: Release, writer: Container, server: Container, path: str) -> Iterator[Written]:
    """What the scripts of `writer` write to the place that `server` knows as `path`."""
    volume, target = server.in_volume(path)
    for script in scripts(release, writer):
        for each in writes(script):
            if "$" in each.path or not each.path.startswith("/"):
                if base(each.path) == target.name:
                    yield each
                continue
            where, file = writer.in_volume(each.path)
            if where == volume and (volume or writer is server) and _is_at(file, target):
                yield each


def _copied(release: Release, container: Container) -> list[Text]:
    """Server configurations that a container of the pod finds in a folder that its commands name.

    One of them is what a script copies or fills in.
    """
    seen: Iterable[Text] = (found for other in container.pod.containers for found in _named(release, other))
    return [text for text in dict.fromkeys(seen) if is_server_configuration(text.value) or _is_fragment(text)]


def _named(release: Release, container: Container) -> Iterator[Text]:
    said = " ".join([*container.command, *container.args, *(each.value for each in scripts(release, container))])
    return (each.text for each in release.files(container) if each.path.rpartition("/")[0] in said)


def _is_fragment(text: Text) -> bool:
    return text.name.endswith(_SUFFIXES) and any(storages(hcl.parse(text.value)))
