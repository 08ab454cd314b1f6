"""Connection strings taken apart."""

import pytest

from hmco_charts.formats.link import links


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("postgres://vault:pw@db.data:5432/vault?sslmode=disable", ("postgresql", "vault", "db.data", 5432, "vault")),
        ("postgresql://vault:p/w@db/vault", ("postgresql", "vault", "db", None, "vault")),
        ("postgresql+psycopg2://u@h/d", ("postgresql", "u", "h", None, "d")),
        ("jdbc:postgresql://h:5433/d?user=u&password=x", ("postgresql", "u", "h", 5433, "d")),
        ("jdbc:mysql://h:3306/d?useSSL=false", ("mysql", "", "h", 3306, "d")),
        (
            "https://vault.vault-prod.svc.cluster.local:8200",
            ("https", "", "vault.vault-prod.svc.cluster.local", 8200, ""),
        ),
        ("http://h/a@b?x=c@d", ("http", "", "h", None, "a@b")),
        ("mongodb://u:p@a:1,b:2/db", ("mongodb", "u", "a", 1, "db")),
        ("redis://:p@h:6379/0", ("redis", "", "h", 6379, "0")),
        ("postgres://[::1]:5432/x", ("postgresql", "", "::1", 5432, "x")),
        (
            "host=db.data port=5432 user=vault password=x dbname=vault",
            ("postgresql", "vault", "db.data", 5432, "vault"),
        ),
        ("host='db' dbname='a b'", ("postgresql", "", "db", None, "a b")),
    ],
)
def test_parts(text: str, parts: tuple[object, ...]) -> None:
    [link] = links(text)
    assert (link.scheme, link.user, link.host, link.port, link.path) == parts


@pytest.mark.parametrize("text", ["", "user=x", "://", "host=a", "a b=c", "postgres://${HOST}/x", "host == b user=x"])
def test_what_is_none(text: str) -> None:
    assert links(text) == ()


def test_options_never_hold_a_password() -> None:
    [link] = links("postgres://h/d?SSLMODE=Require&password=geheim&sslpassword=geheim")
    assert dict(link.options) == {"sslmode": "Require"}
    assert "geheim" not in repr(link)


def test_several_with_their_places() -> None:
    text = "a: postgres://x/y, b: 'redis://z:1'"
    assert [text[link.start : link.end] for link in links(text)] == ["postgres://x/y", "redis://z:1"]
