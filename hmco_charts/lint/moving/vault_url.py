"""The connection URL of Vault's PostgreSQL storage moves from the configuration to the environment.

The environment wins over the file, for `storage` and `ha_storage` alike.
Sources: hashicorp/vault and openbao/openbao `physical/postgresql/postgresql.go` (connectionURL).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hmco_charts.formats import Entry, hcl
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.moving import carried
from hmco_charts.lint.moving.cutting import Range, cut
from hmco_charts.lint.moving.manifest import first_variable, flow_reference, is_editable, reference
from hmco_charts.lint.moving.secret import home
from hmco_charts.lint.moving.uses import uses
from hmco_charts.lint.programs import command, vault
from hmco_charts.lint.programs.environment import environment
from hmco_charts.objects import Container, Release, Text

_BACKEND = "postgresql"
_KEYS = ("connection_url", "connection_string")  # what counts, and how it is misspelt
_VARIABLES = {"vault": "VAULT_PG_CONNECTION_URL", "openbao": "BAO_PG_CONNECTION_URL"}
_ENTRY = "connection-url"
_READERS = re.compile("|".join(_KEYS))
_WRITERS = re.compile(r"\b(?:sed|awk|envsubst|gomplate|consul-template)\b")
_FILLED_IN = re.compile(r"[${}<>%]|[A-Z]{2,}")


def url(release: Release, places: Mapping[Text, Sequence[Range]]) -> tuple[Fix, ...]:
    """Take the URL out of the configurations of a ConfigMap, and give it to every server that reads them.

    Returns:
        Nothing where it is no such URL, where the environment or another configuration has one too, or where not all
        who read it are known servers whose manifests can be edited.
    """
    urls = {text: list(_urls(text)) for text in places}
    if not all(_is_within(each, urls[text]) for text, ranges in places.items() for each in ranges):
        return ()
    servers = _servers(release, places)
    text, entry = next((text, entries[0]) for text, entries in urls.items())
    if not servers or not _are_all(release, text, servers, entry):
        return ()
    value = carried.of_part(text, entry.start, entry.end)
    there = home(release, text.object, servers[0].container.pod.object.name, {_ENTRY: value}) if value else None
    cuts = [cut(each, entries) for each, entries in urls.items()]
    told = [_told(each, there.name) for each in servers] if there else []
    if not there or not all(cuts) or not all(told):
        return ()
    edits = (*there.edits, *(edit for each in cuts for edit in each), *(edit for edit in told if edit))
    return (Fix(f"Move {entry.key} to the Secret {there.name}", edits, is_safe=False, move=there.move),)


def _urls(text: Text) -> Iterator[Entry]:
    """The URLs of PostgreSQL storages; a misspelt one only where it stands alone."""
    for block in vault.storages(hcl.parse(text.value)) if _BACKEND in text.value else ():
        if block.labels[0] == _BACKEND:
            found = ([entry for entry in block.body.attributes if entry.key == key] for key in _KEYS)
            yield from next((entries for entries in found if entries), [])


def _is_within(place: Range, entries: Iterable[Entry]) -> bool:
    return any(each.start <= place[0] and place[1] <= each.end for each in entries)


def _servers(release: Release, texts: Iterable[Text]) -> list[vault.Server]:
    """Those that read the texts; none where one may find a URL elsewhere too, or cannot be given one."""
    known = vault.configurations(release)
    readers = [known.get(text, []) for text in texts]
    found = list(dict.fromkeys(server for each in readers for server in each))
    return found if all(readers) and all(_can_be_told(release, each) for each in found) else []


def _can_be_told(release: Release, server: vault.Server) -> bool:
    known = environment(release, server.container)
    values = {each.value for text in server.configurations for each in _urls(text)}
    is_without = known.is_complete and known.variables.keys().isdisjoint(_VARIABLES.values())
    is_one = not server.is_dev and server.is_complete and len(values) == 1
    return is_without and is_one and is_editable(server.container.pod.object)


def _are_all(release: Release, text: Text, servers: Sequence[vault.Server], entry: Entry) -> bool:
    """Whether only the servers' pods use the ConfigMap, and no script of theirs reads the URL or fills it in."""
    told = uses(release, text.object)
    pods = {id(each.container.pod): each.container.pod for each in servers}
    if told is None or any(id(use.pod) not in pods for use in told):
        return False
    scripts = list(_scripts(release, (each for pod in pods.values() for each in pod.containers)))
    is_filled_in = any(map(_WRITERS.search, scripts)) and _FILLED_IN.search(str(entry.value))
    return not is_filled_in and not any(map(_READERS.search, scripts))


def _scripts(release: Release, containers: Iterable[Container]) -> Iterator[str]:
    return (script.value for each in containers for script in command.scripts(release, each))


def _told(server: vault.Server, secret: str) -> Edit | None:
    name = f"name: {_VARIABLES[server.product]}"
    flow = f"{{{name}, {flow_reference(secret, _ENTRY)}}}"
    return first_variable(server.container, [name, *reference(secret, _ENTRY)], flow)
