"""SQL that sets up a database."""

from hmco_charts.formats import ddl
from hmco_charts.formats.ddl import Column

SCRIPT = """
-- CREATE USER commented;
CREATE USER vault WITH PASSWORD 'it''s; CREATE DATABASE no';
CREATE ROLE "Mixed" LOGIN;
CREATE DATABASE vault OWNER vault;
GRANT ALL PRIVILEGES ON DATABASE vault TO vault;
GRANT USAGE, CREATE ON SCHEMA public TO vault;
ALTER DATABASE other OWNER TO vault;
CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION vault;
CREATE TABLE IF NOT EXISTS public.vault_kv_store (
  parent_path TEXT COLLATE "C" NOT NULL,
  path        TEXT,
  price       NUMERIC(10, 2),
  CONSTRAINT pkey PRIMARY KEY (path, key)
);
CREATE UNIQUE INDEX i ON vault_kv_store (path, key);
"""


def test_statements() -> None:
    found = [(each.verb, each.name, each.role) for each in ddl.statements(SCRIPT)]
    assert found == [
        ("CREATE USER", "vault", ""),
        ("CREATE USER", "Mixed", ""),
        ("CREATE DATABASE", "vault", "vault"),
        ("GRANT", "vault", "vault"),
        ("GRANT", "public", "vault"),
        ("ALTER DATABASE", "other", "vault"),
        ("CREATE SCHEMA", "app", "vault"),
        ("CREATE TABLE", "vault_kv_store", ""),
    ]


def test_a_table() -> None:
    table = ddl.statements(SCRIPT)[-1]
    assert table.is_guarded
    assert table.columns == (Column("parent_path", "TEXT"), Column("path", "TEXT"), Column("price", "NUMERIC(10,"))
    assert table.keys == (("path", "key"),)
    assert list(ddl.unique_indexes(SCRIPT)) == [("vault_kv_store", ("path", "key"))]


def test_a_key_beside_its_column() -> None:
    [table] = ddl.statements("CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE, c INT)")
    assert table.keys == (("a",), ("b",))


def test_places() -> None:
    [statement] = ddl.statements("x\n CREATE DATABASE a ; y")
    assert (statement.start, statement.end) == (3, 20)


def test_within_a_shell_script() -> None:
    script = 'psql --set x=1 -c "CREATE USER app" # CREATE USER not\npsql <<EOF\nCREATE DATABASE ${DB} OWNER $U;\nEOF\n'
    found = [(each.verb, each.name, each.is_parameter) for each in ddl.statements(script, is_shell=True)]
    assert found == [("CREATE USER", "app", False), ("CREATE DATABASE", "${db}", True)]


def test_what_is_none() -> None:
    assert ddl.statements("create a user; the CREATE TABLE; SELECT 1") == ()
    assert ddl.statements("") == ()
