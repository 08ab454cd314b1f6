"""A server's configuration and its parts.

Sources: hashicorp/vault `command/server/config.go`, `internalshared/configutil`; openbao/openbao the same files.
"""

from collections.abc import Iterator

from hmco_charts.formats import Entry, Scalar, hcl
from hmco_charts.objects import Release, Text, Values, composed_json, parameters
from hmco_charts.objects.kubernetes import items, mapping
from hmco_charts.yamlio import Path

BACKENDS = frozenset(
    {"aerospike", "alicloudoss", "azure", "cassandra", "cockroachdb", "consul", "couchdb", "dynamodb", "etcd", "file"}
    | {"foundationdb", "gcs", "inmem", "inmem_ha", "manta", "mssql", "mysql", "oci", "postgresql", "raft", "s3"}
    | {"spanner", "swift", "zookeeper"}
)
STORAGE_BLOCKS = ("storage", "ha_storage", "backend", "ha_backend")
LOCAL_CONFIG = ("VAULT_LOCAL_CONFIG", "BAO_LOCAL_CONFIG")
"""Variables whose value the images' entry points write to a file of the configuration."""
_TRUE = ("1", "t", "T", "true", "TRUE", "True")
_FALSE = ("0", "f", "F", "false", "FALSE", "False")
_VALUES_PLACES: tuple[Path, ...] = (
    ("server", "standalone", "config"),
    ("server", "ha", "config"),
    ("server", "ha", "raft", "config"),
    ("server", "config"),
)
_EXTRA: Path = ("server", "extraEnvironmentVars")
_EXTRA_SECRET: Path = ("server", "extraSecretEnvironmentVars")
_VARIABLES: tuple[Path, ...] = tuple((*_EXTRA, name) for name in LOCAL_CONFIG)
_SUBCHARTS: tuple[Path, ...] = ((), ("vault",), ("openbao",))


def storages(body: hcl.Body) -> Iterator[hcl.Block]:
    """The storage blocks of a configuration, of whatever spelling."""
    for block in body.blocks:
        if block.type in STORAGE_BLOCKS and block.labels and block.labels[0] in BACKENDS:
            yield block


def listeners(body: hcl.Body) -> Iterator[hcl.Block]:
    """The listener blocks of a configuration."""
    return (block for block in body.blocks if block.type.lower() == "listener" and block.labels)


def is_plain(listener: hcl.Block) -> bool:
    """Whether a listener speaks without TLS."""
    told = setting(listener.body, "tls_disable")
    return bool(told and boolean(told.value))


def setting(body: hcl.Body, name: str) -> Entry | None:
    """The setting of that name directly in a body; the last one where it stands there several times."""
    return next((entry for entry in reversed(body.attributes) if entry.key.lower() == name), None)


def boolean(value: Scalar) -> bool | None:
    """Vault's weak reading of a boolean: `true`, `"true"`, `"1"` and `1` are true; `None` where it is none."""
    word = str(value).lower() if isinstance(value, bool) else str(value)
    return True if word in _TRUE else False if word in _FALSE else None


def chart_values(release: Release) -> Iterator[Text]:
    """Server configurations at their places in values for the official charts of Vault and OpenBao."""
    yield from (text for values in release.values for text in _at(values, (*_VALUES_PLACES, *_VARIABLES)))
    for each in release.objects:
        for name, path in parameters(each):
            if tuple(name.split(".")) in (*_VALUES_PLACES, *_VARIABLES) and isinstance(each.at(path), str):
                yield Text(each, path, "vault.hcl", each.at(path))


def in_values(values: Values) -> Iterator[Text]:
    """Server configurations at their places in one document of values, from where they get into a ConfigMap."""
    yield from _at(values, _VALUES_PLACES)


def variables_in_values(values: Values) -> Iterator[Text]:
    """The literal variables that the official charts give to the server's container."""
    for path in ((*subchart, *_EXTRA) for subchart in _SUBCHARTS):
        for name, value in mapping(values.at(path)).items():
            if isinstance(value, str):
                yield Text(values, (*path, name), str(name), value)


def chart_of(text: Text) -> str:
    """The official chart, `vault` or `openbao`, for which values hold a configuration; empty where it is not told."""
    if not isinstance(text.object, Values):
        return ""
    told = (str(text.path[0]), text.object.chart)
    return next((each for each in told if (each,) in _SUBCHARTS), "")


def is_given_in_values(text: Text, *names: str) -> bool:
    """Whether values that hold a configuration also give the server's container one of these variables."""
    subchart = text.path[:1] if (text.path[0],) in _SUBCHARTS else ()
    literal = mapping(text.object.at((*subchart, *_EXTRA)))
    secret = [mapping(each).get("envName") for each in items(text.object.at((*subchart, *_EXTRA_SECRET)))]
    return any(name in literal or name in secret for name in names)


def _at(values: Values, places: tuple[Path, ...]) -> Iterator[Text]:
    for path in ((*subchart, *place) for subchart in _SUBCHARTS for place in places):
        value = values.at(path)
        if isinstance(value, str):
            yield Text(values, path, "vault.hcl", value)
        elif isinstance(value, dict) and path[-1] == "config":
            yield composed_json(values, path, "vault.json")
