"""How a server's configuration is told from the texts of other programs, which have a storage too."""

from hmco_charts.formats import hcl
from hmco_charts.lint.programs.vault.configuration import storages
from hmco_charts.lint.programs.vault.settings import known, nearest

_OWN = frozenset(
    {"listener", "seal", "api_addr", "cluster_addr", "disable_mlock", "max_lease_ttl", "default_lease_ttl"}
    | {"plugin_directory", "license_path", "service_registration"}
)
_OBJECT_STORES = ("alicloudoss", "azure", "gcs", "manta", "oci", "s3", "swift")
_COMMON = frozenset({"ui", "telemetry"})


def is_server_configuration(text: str) -> bool:
    """Whether a text is a server's configuration by its structure: a known storage and a server's setting."""
    body = hcl.parse(text)
    names = _names(body)
    return any(storages(body)) and bool(names & _OWN or (names & _COMMON and not _has_foreign(names)))


def may_be_server_configuration(text: str) -> bool:
    """Whether a text holds a known storage, and beside it nothing that the server does not know.

    In JSON an object store tells nothing: other programs have `storage: {azure: …}` too.
    """
    body = hcl.parse(text)
    is_json = text.lstrip().startswith("{")
    found = [block for block in storages(body) if not (is_json and block.labels[0] in _OBJECT_STORES)]
    return bool(found) and not _has_foreign(_names(body))


def _names(body: hcl.Body) -> set[str]:
    return {entry.key for entry in body.attributes if not entry.path} | {block.type for block in body.blocks}


def _has_foreign(names: set[str]) -> bool:
    """Whether another program's setting is among the names; a slip of the pen is none."""
    own = known("top")
    return any(name not in own and not nearest(name, own) for name in names)
