"""Docker's registry credentials: `.dockerconfigjson` (`auths`) and the older `.dockercfg`."""

from hmco_charts.formats import json
from hmco_charts.formats.entry import Entry, Reading

_KEYS = frozenset({"auth", "username", "password", "identitytoken", "registrytoken"})


def read(text: str) -> Reading:
    """The settings of each registry; the path ends with the registry's name."""
    reading = json.read(text)
    return Reading(tuple(entry for entry in reading.entries if _is_login(entry)), reading.faults)


def _is_login(entry: Entry) -> bool:
    of_registry = len(entry.path) == 1 or entry.path[:1] == ("auths",)
    return of_registry and entry.key in _KEYS
