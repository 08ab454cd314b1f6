"""What the SQL reader gives: passwords, connection strings and settings."""

import pytest

from hmco_charts.formats import sql
from hmco_charts.formats.entry import Entry

from .reading import entries, slices


def test_an_entry_has_exact_places():
    text = "CREATE USER vault WITH PASSWORD 's3''cret';"
    assert sql.read(text).entries == (Entry(("CREATE USER", "vault"), "PASSWORD", "s3'cret", 33, 41, 23, 31),)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("CREATE ROLE r LOGIN ENCRYPTED PASSWORD 'pw'", ("CREATE ROLE", "r")),
        ("alter role \"My R\" password 'pw'", ("ALTER ROLE", "My R")),
        ("ALTER USER r /* c */ PASSWORD\n  -- c\n E'p\\u0077'", ("ALTER USER", "r")),
        ("ALTER USER r PASSWORD $$pw$$", ("ALTER USER", "r")),
        ("CREATE USER IF NOT EXISTS 'a'@'%' IDENTIFIED BY 'pw'", ("CREATE USER", "a")),
        ('CREATE USER a IDENTIFIED WITH caching_sha2_password BY "pw"', ("CREATE USER", "a")),
        ("CREATE USER a IDENTIFIED BY pw QUOTA 1M ON x", ("CREATE USER", "a")),
        ("SET PASSWORD FOR 'a'@'%' = 'pw'", ("SET PASSWORD", "a")),
        ("SET PASSWORD FOR a = PASSWORD('pw')", ("SET PASSWORD", "a")),
        ("SET PASSWORD = 'pw'", ()),
        ("ALTER CURRENT USER SET PASSWORD FROM 'old' TO 'pw'", ()),
        ("CREATE LOGIN l WITH PASSWORD = N'pw'", ("CREATE LOGIN", "l")),
        ("DO $$ BEGIN SELECT 'a;b'; CREATE ROLE v PASSWORD 'pw'; END $$;", ("CREATE ROLE", "v")),
    ],
)
def test_every_way_to_set_a_password(text, path):
    assert entries(sql.read(text)) == [(path, "PASSWORD", "pw")]


def test_options_connections_and_settings():
    text = """\
CREATE USER MAPPING IF NOT EXISTS FOR bob SERVER s OPTIONS (user 'u', password 'p');
CREATE SUBSCRIPTION s CONNECTION 'host=h password=p' PUBLICATION x;
SELECT * FROM dblink('host=h password=q', 'select 1') AS t(a int);
SELECT dblink_connect('name', 'host=h password=r');
ALTER SYSTEM SET primary_conninfo TO 'host=h';
\\set pw 'lit'
"""
    assert entries(sql.read(text)) == [
        (("CREATE USER MAPPING", "bob"), "user", "u"),
        (("CREATE USER MAPPING", "bob"), "password", "p"),
        (("CREATE SUBSCRIPTION", "s"), "CONNECTION", "host=h password=p"),
        ((), "dblink", "host=h password=q"),
        ((), "dblink_connect", "host=h password=r"),
        ((), "primary_conninfo", "host=h"),
        ((), "pw", "lit"),
    ]
    assert slices(text, sql.read(text))[1] == ("password", "p")


def test_the_strings_of_a_row_have_the_names_of_their_columns():
    text = "INSERT INTO app.users (id, \"name\", note) VALUES (1, 'a, (b)', now()), (f('x', 2), 'it''s', E'y');"
    assert entries(sql.read(text)) == [
        (("INSERT", "app.users"), "name", "a, (b)"),
        (("INSERT", "app.users"), "name", "it's"),
        (("INSERT", "app.users"), "note", "y"),
    ]
    assert slices(text, sql.read(text))[0] == ("name", "a, (b)")


@pytest.mark.parametrize(
    "text",
    [
        "-- CREATE USER a PASSWORD 'x'",
        "/* CREATE USER a PASSWORD 'x' */",
        "ALTER USER a PASSWORD :'pw'; ALTER USER a PASSWORD :pw; ALTER USER a PASSWORD NULL;",
        "COMMENT ON COLUMN a.password IS 'the password';",
        "SELECT 'PASSWORD ''x''';",
        "CREATE TABLE t (password \"char\", b varchar DEFAULT 'x');",
        "SELECT a FROM t WHERE b = 'c';",
    ],
)
def test_references_comments_and_other_strings_are_no_entries(text):
    assert entries(sql.read(text)) == []
