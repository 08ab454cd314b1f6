"""What the TOML reader gives."""

from hmco_charts.formats import toml
from hmco_charts.formats.entry import Entry, Fault

from .reading import entries, slices

TEXT = '''\
top = "a\\tb" # c
[server.http]
"p.q".r = 'lit\\n'
n = 1_000
at = 1979-05-27 07:32:00
list = ["a", # c
  { x = 1 }, ]
inline = { pw = "s", y = [true] }
[[users]]
ml = """
one \\
   two "q" """
raw = \'\'\'x
y\'\'\'
'''


def test_an_entry_has_exact_places():
    text = "[a]\nb.c = 'd'\n"
    assert toml.read(text).entries == (Entry(("a", "b"), "c", "d", 11, 12, 6, 7),)


def test_tables_strings_and_arrays():
    assert entries(toml.read(TEXT)) == [
        ((), "top", "a\tb"),
        (("server", "http", "p.q"), "r", "lit\\n"),
        (("server", "http"), "n", 1000),
        (("server", "http"), "at", "1979-05-27 07:32:00"),
        (("server", "http"), "list", "a"),
        (("server", "http", "list"), "x", 1),
        (("server", "http", "inline"), "pw", "s"),
        (("server", "http", "inline"), "y", True),
        (("users",), "ml", 'one two "q" '),
        (("users",), "raw", "x\ny"),
    ]
    assert toml.read(TEXT).faults == ()
    assert slices(TEXT, toml.read(TEXT))[-1] == ("raw", "x\ny")


def test_it_goes_on_behind_lines_it_cannot_read():
    text = "no setting\na = 1\n"
    assert entries(toml.read(text)) == [((), "a", 1)]
    assert toml.read(text).faults == (Fault(0, "no table and no setting"),)
