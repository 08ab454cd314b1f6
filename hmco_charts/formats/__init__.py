"""Readers of the formats that configuration texts come in; each gives settings with their places."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from hmco_charts.formats import (
    docker_auth,
    dotenv,
    hcl,
    hocon,
    ini,
    json,
    pgpass,
    plain,
    properties,
    shell,
    sql,
    toml,
    xml,
    yaml,
)
from hmco_charts.formats.detection import detect
from hmco_charts.formats.entry import KEPT, Entry, Fault, Reading, Scalar

__all__ = ["READERS", "Entry", "Fault", "Reading", "Scalar", "detect", "read"]

READERS: Mapping[str, Callable[[str], Reading]] = MappingProxyType(
    {
        "docker_auth": docker_auth.read,
        "dotenv": dotenv.read,
        "hcl": hcl.read,
        "hocon": hocon.read,
        "ini": ini.read,
        "json": json.read,
        "pgpass": pgpass.read,
        "plain": plain.read,
        "properties": properties.read,
        "shell": shell.read,
        "sql": sql.read,
        "toml": toml.read,
        "xml": xml.read,
        "yaml": yaml.read,
    }
)
"""The reader of each format that `detect` names."""


@lru_cache(maxsize=KEPT)
def read(text: str, name: str = "", hint: str | None = None) -> Reading:
    """The settings of a text in whatever format it is; see `detect` for the arguments.

    Never raises: what cannot be read is a fault of the reading, and the rest is read all the same.
    """
    return READERS[detect(text, name, hint)](text)
