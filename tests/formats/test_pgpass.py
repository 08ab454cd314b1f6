"""What the reader of PostgreSQL's password file gives."""

from hmco_charts.formats import pgpass
from hmco_charts.formats.entry import Entry


def test_a_line_is_one_password():
    text = "# h:1:d:u:no\nh\\:x:5432:*:u:p\\:w\\\\\nno line\n"
    assert pgpass.read(text).entries == (Entry(("h:x", "5432", "*", "u"), "password", "p:w\\", 27, 33, 27, 27),)
    assert text[27:33] == "p\\:w\\\\"
