"""DBB002: tables that Vault's PostgreSQL storage cannot work with."""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.formats import ddl, hcl
from hmco_charts.formats.ddl import Statement
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.databases import Setup, setups
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_STORE, _LOCKS = "vault_kv_store", "vault_ha_locks"
_STORE_COLUMNS = ("parent_path", "path", "key", "value")
_LOCKS_COLUMNS = {"ha_key", "ha_identity", "ha_value", "valid_until"}


@dataclass(frozen=True)
class _Tables:
    """The tables that the Vault servers of a release use, and whether one of them wants the locks."""

    stores: frozenset[str]
    locks: frozenset[str]
    wants_locks: bool


class VaultPostgresSchema(Rule):
    """Reports tables for Vault whose columns or keys are not those of its statements."""

    id = "DBB002"
    name = "vault-postgres-schema"
    profile = "min"
    title = "A table that Vault cannot work with"
    why = (
        "Vault creates no tables. It inserts by position (parent_path, path, key, value) with ON CONFLICT (path, key),"
        " and takes its lock from vault_ha_locks; with other tables it starts, and `operator init` fails."
    )
    remedy = (
        "Create vault_kv_store (parent_path TEXT, path TEXT, key TEXT, value BYTEA, PRIMARY KEY (path, key)) and"
        " vault_ha_locks (ha_key TEXT PRIMARY KEY, ha_identity TEXT, ha_value TEXT, valid_until TIMESTAMPTZ)."
    )
    source = "https://developer.hashicorp.com/vault/docs/configuration/storage/postgresql"

    def check(self, release: Release) -> Iterator[Finding]:
        """The tables of Vault that scripts create, one finding for each fault."""
        tables = _tables(release)
        found = [(setup, each) for setup in setups(release) for each in setup.statements if each.verb == "CREATE TABLE"]
        has_locks = any(each.name in tables.locks for _, each in found)
        for setup, statement in found:
            if statement.name in tables.stores:
                yield from self._store(setup, statement)
                if tables.wants_locks and not has_locks:
                    yield self._at(setup, statement, f"beside it the table `{_LOCKS}` is missing, which HA needs")
            elif statement.name in tables.locks:
                yield from self._locks(setup, statement)

    def _store(self, setup: Setup, statement: Statement) -> Iterator[Finding]:
        names = tuple(column.name for column in statement.columns)
        if names[:4] != _STORE_COLUMNS:
            told = ", ".join(_STORE_COLUMNS)
            yield self._at(setup, statement, f"its columns are not {told} in this order")
        elif not _has_key(setup, statement, {"path", "key"}):
            yield self._at(setup, statement, "it has no primary key or unique constraint on (path, key)")

    def _locks(self, setup: Setup, statement: Statement) -> Iterator[Finding]:
        missing = _LOCKS_COLUMNS - {column.name for column in statement.columns}
        if missing:
            yield self._at(setup, statement, f"it has no column {', '.join(sorted(missing))}")
        elif not _has_key(setup, statement, {"ha_key"}):
            yield self._at(setup, statement, "ha_key is not its primary key")

    def _at(self, setup: Setup, statement: Statement, fault: str) -> Finding:
        return self.finding(
            f"Vault cannot work with the table `{statement.name}`: {fault}.",
            on=setup.text.object,
            span=setup.text.span(statement.start, statement.end),
            locator=setup.text.locator(statement.start),
            subject=f"{setup.text.name}#{statement.name}#{fault}",
        )


def _has_key(setup: Setup, statement: Statement, columns: set[str]) -> bool:
    indexes = (names for table, names in ddl.unique_indexes(setup.text.value) if table == statement.name)
    return any(set(names) == columns for names in (*statement.keys, *indexes))


def _tables(release: Release) -> _Tables:
    stores, locks, wants_locks = {_STORE}, {_LOCKS}, False
    for server in vault.servers(release):
        for block in (block for text in server.configurations for block in vault.storages(hcl.parse(text.value))):
            if block.labels[0] != "postgresql" or server.product != "vault":
                continue
            settings = {entry.key: str(entry.value) for entry in block.body.attributes}
            stores.add(settings.get("table", _STORE))
            locks.add(settings.get("ha_table", _LOCKS))
            is_on = settings.get("ha_enabled", "").lower() in ("true", "1")
            wants_locks = wants_locks or is_on or block.type.startswith("ha_")
    return _Tables(frozenset(stores), frozenset(locks), wants_locks)
