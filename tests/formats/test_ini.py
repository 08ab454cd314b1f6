"""What the reader of settings by the line gives."""

from hmco_charts.formats import ini
from hmco_charts.formats.entry import Entry

from .reading import entries, slices


def test_an_entry_has_exact_places():
    text = '; c\n[client]\npassword = "a\\"b" # c\n'
    assert ini.read(text).entries == (Entry(("client",), "password", 'a"b', 25, 29, 13, 21),)
    assert slices(text, ini.read(text)) == [("password", 'a\\"b')]


def test_separators_comments_and_flags():
    text = "[ mysqld ]\nuser: x ; c\nskip-networking\nurl = http://h/#a;b\nmy key = 3\nempty =\n"
    assert entries(ini.read(text)) == [
        (("mysqld",), "user", "x"),
        (("mysqld",), "url", "http://h/#a;b"),
        (("mysqld",), "my key", "3"),
        (("mysqld",), "empty", ""),
    ]


def test_redis_and_postgresql():
    text = "requirepass \"foo bar\"\nuser default on >pw ~* # c\nprimary_conninfo = 'host=h password=p'\nsave 900 1\n"
    assert entries(ini.read(text)) == [
        ((), "requirepass", "foo bar"),
        ((), "user", "default on >pw ~*"),
        ((), "primary_conninfo", "host=h password=p"),
        ((), "save", "900 1"),
    ]


def test_nginx_blocks():
    text = (
        "server {\n  listen 80;\n  location / {\n"
        '    proxy_set_header Authorization "Basic x";\n  }\n}\nproxy_pass http://u:p@h/?a=b;\n'
    )
    assert entries(ini.read(text)) == [
        (("server",), "listen", "80"),
        (("server", "location /"), "proxy_set_header", 'Authorization "Basic x"'),
        ((), "proxy_pass", "http://u:p@h/?a=b"),
    ]


def test_a_semicolon_that_belongs_to_the_value_is_kept():
    assert entries(ini.read("url=jdbc:x;Password=3;\n")) == [((), "url", "jdbc:x;Password=3;")]


def test_an_arrow_separates_and_backquotes_hold_blanks():
    text = "register => 200:pw@sip\nPASSWD = `mail pw`\nTOKEN = `cat /run/token`\n"
    assert entries(ini.read(text)) == [
        ((), "register", "200:pw@sip"),
        ((), "PASSWD", "mail pw"),
        ((), "TOKEN", "`cat /run/token`"),
    ]
