"""VLT001: `connection_string` in Vault's storage."""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts import formats
from hmco_charts.formats import Entry, hcl
from hmco_charts.lint.edits import remove_line
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.programs import command, vault
from hmco_charts.lint.programs.vault import operator
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release, Text, templates

_WRONG_KEY = "connection_string"
_RIGHT_KEY = "connection_url"
_URL_VARIABLES = ("VAULT_PG_CONNECTION_URL", "BAO_PG_CONNECTION_URL")
_PROSE = (".md", ".markdown", ".rst", ".adoc")
_URL_BACKENDS = ("postgresql", "cockroachdb")
_SEPARATE_KEYS = {
    "mysql": "`address`, `username` and `password`",
    "mssql": "`server`, `username` and `password`",
}


@dataclass(frozen=True)
class _Use:
    """How a text is used: by whom, and whether the environment gives the URL."""

    product: str
    has_url_in_environment: bool


class VaultStorageConnectionString(Rule):
    """Reports `connection_string` in a storage stanza of Vault or OpenBao."""

    id = "VLT001"
    name = "vault-storage-connection-string"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    profile = "min"
    title = "`connection_string` in Vault's storage"
    why = (
        "A storage stanza is a free map, so Vault says nothing of an unknown key. Its postgresql backend reads"
        " `connection_url`; without it Vault stops with 'missing connection_url' and the pod ends in CrashLoopBackOff."
    )
    remedy = "Rename the key to `connection_url`, or set VAULT_PG_CONNECTION_URL from a Secret."
    source = "https://developer.hashicorp.com/vault/docs/configuration/storage/postgresql"

    def check(self, release: Release) -> Iterator[Finding]:
        """The wrong keys in every text that is a server's configuration."""
        uses = _uses(release)
        sketches = {id(each) for each in release.fragments}
        for text in _candidates(release):
            yield from self._stanzas(text, uses.get(text), is_sketch=id(text.object) in sketches)

    def _stanzas(self, text: Text, use: _Use | None, *, is_sketch: bool) -> Iterator[Finding]:
        is_vault = use is not None or vault.is_server_configuration(text.value)
        if not is_vault and not vault.may_be_server_configuration(text.value):
            return
        for block in vault.storages(hcl.parse(text.value)):
            for entry in block.body.attributes:
                if entry.key.lower() == _WRONG_KEY:
                    severity = Severity.ERROR if is_vault else Severity.WARNING
                    yield self._wrong_key(text, block, entry, use, severity, is_certain=is_vault and not is_sketch)

    def _wrong_key(
        self, text: Text, block: hcl.Block, entry: Entry, use: _Use | None, severity: Severity, *, is_certain: bool
    ) -> Finding:
        return self.finding(
            _message(block, entry, use),
            on=text.object,
            span=text.span(entry.key_start, entry.key_end),
            locator=text.locator(entry.key_start),
            subject=f"{text.name}#{block.type}.{block.labels[0]}.{entry.key}",
            severity=severity,
            confidence=Confidence.HIGH if is_certain else Confidence.MEDIUM,
            remedy=_remedy(block),
            fixes=_fixes(text, block, entry, is_certain=is_certain),
        )


def _fixes(text: Text, block: hcl.Block, entry: Entry, *, is_certain: bool) -> tuple[Fix, ...]:
    """Rename the key, or take its line out where the right one stands beside it."""
    if block.labels[0] not in _URL_BACKENDS or text.encoded:
        return ()
    if any(each.key == _RIGHT_KEY for each in block.body.attributes):
        edits = remove_line(text, entry.start) if _is_alone(text, entry) else ()
        return (Fix(f"Delete the line of {_WRONG_KEY}", edits, is_safe=False),) if edits else ()
    edit = Edit(text.span(entry.key_start, entry.key_end), (_RIGHT_KEY,))
    return (Fix(f"Rename {entry.key} to {_RIGHT_KEY}", (edit,), is_safe=is_certain),)


def _is_alone(text: Text, entry: Entry) -> bool:
    """Whether nothing else stands in the setting's line, and no comma would be left before it."""
    start, end = text.value.rfind("\n", 0, entry.key_start) + 1, text.value.find("\n", entry.end)
    before, behind = text.value[start : entry.key_start].strip(), text.value[entry.end : max(end, entry.end)].strip()
    is_json = behind.endswith(",") or text.value.lstrip().startswith("{")
    return before in ("", '"') and behind in (('",',) if is_json else ('"', "", "'"))


def _candidates(release: Release) -> Iterator[Text]:
    """The texts that may be a configuration; of a script that writes one, what it writes."""
    for text in _texts(release):
        if _WRONG_KEY in text.value.lower() and not text.name.lower().endswith(_PROSE):
            yield from _written(text) or [text]


def _written(text: Text) -> list[Text]:
    """What a script writes to files or gives to the entry point, of that what holds the key."""
    if formats.detect(text.value, text.name) != "shell":
        return []
    told = [*(each.text for each in command.writes(text)), *command.assigned(text, vault.LOCAL_CONFIG)]
    return [each for each in told if _WRONG_KEY in each.value.lower()]


def _texts(release: Release) -> Iterator[Text]:
    yield from release.texts
    yield from vault.chart_values(release)
    yield from operator.configurations(release)
    yield from (text for each in release.objects for text in templates(each))
    for container in release.containers:
        for variable in container.environment:
            if variable.value:
                path = (*variable.path, "value")
                yield Text(container.pod.object, path, variable.name, variable.value)
        yield from (script for script in command.scripts(release, container) if script.object is container.pod.object)


def _uses(release: Release) -> dict[Text, _Use]:
    found = {
        text: _Use(server.product, _has_url(release, server))
        for server in vault.servers(release)
        for text in server.configurations
    }
    for text in vault.chart_values(release):
        if (product := vault.chart_of(text)) or vault.is_server_configuration(text.value):
            found[text] = _Use(product or "vault", vault.is_given_in_values(text, *_URL_VARIABLES))
    for text in operator.configurations(release):
        found[text] = _Use("vault", operator.has_variable(text.object, *_URL_VARIABLES))
    return found


def _has_url(release: Release, server: vault.Server) -> bool:
    return any(variable.name in _URL_VARIABLES for variable in release.environment(server.container))


def _message(block: hcl.Block, entry: Entry, use: _Use | None) -> str:
    backend, key = block.labels[0], entry.key
    product = "OpenBao" if use and use.product == "openbao" else "Vault"
    unknown = f"{product}'s `{backend}` storage has no parameter `{key}`"
    if any(each.key == _RIGHT_KEY for each in block.body.attributes):
        return f"{unknown}; it is ignored, `connection_url` beside it is what counts."
    if backend not in _URL_BACKENDS:
        return f"{unknown}; it is ignored."
    if use and use.has_url_in_environment:
        return f"{unknown}; the server starts today only because the environment gives the URL, and the key is dead."
    if product == "OpenBao":
        return f"{unknown}; OpenBao falls back to PGHOST and its like, or to a local socket: a wrong server or none."
    return f"{unknown}; Vault stops with 'missing connection_url'."


def _remedy(block: hcl.Block) -> str | None:
    keys = {entry.key for entry in block.body.attributes}
    backend = block.labels[0]
    if _RIGHT_KEY in keys:
        return f"Delete the `{_WRONG_KEY}` line, after making sure that `connection_url` holds the right address."
    if backend in _SEPARATE_KEYS:
        return f"Use {_SEPARATE_KEYS[backend]}."
    if backend not in _URL_BACKENDS:
        return f"Delete the key; the parameters of `{backend}` are in Vault's documentation of that storage."
    return None
