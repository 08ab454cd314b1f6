"""What the HOCON reader gives."""

from hmco_charts.formats import hocon
from hmco_charts.formats.entry import Entry, Fault

from .reading import entries, slices

TEXT = '''\
include "base.conf"
env { parallelism = 1, job.name = "Sea \\"x\\"" }
source {
  Jdbc { // c
    password = ${?PW}
    user : root user # c
    "a.b" = "x"${Y}"z"
    query = """select "x" """
  }
  list = [a, "b", {c : 1}]
}
a.url = http://h/x?y
'''


def test_an_entry_has_exact_places():
    text = 'a { b.c = "d" }'
    assert hocon.read(text).entries == (Entry(("a", "b"), "c", "d", 11, 12, 6, 7),)


def test_objects_substitutions_and_concatenations():
    assert entries(hocon.read(TEXT)) == [
        (("env",), "parallelism", 1),
        (("env", "job"), "name", 'Sea "x"'),
        (("source", "Jdbc"), "password", "${?PW}"),
        (("source", "Jdbc"), "user", "root user"),
        (("source", "Jdbc"), "a.b", '"x"${Y}"z"'),
        (("source", "Jdbc"), "query", 'select "x" '),
        (("source",), "list", "a"),
        (("source",), "list", "b"),
        (("source", "list"), "c", 1),
        (("a",), "url", "http://h/x?y"),
    ]
    assert hocon.read(TEXT).faults == ()
    assert slices(TEXT, hocon.read(TEXT))[1] == ("name", 'Sea \\"x\\"')


def test_json_is_hocon():
    assert entries(hocon.read('{"a": {"b": "c"}, "d": [1]}')) == [(("a",), "b", "c"), ((), "d", 1)]


def test_it_goes_on_behind_lines_it_cannot_read():
    text = "junk\na = 1\n"
    assert entries(hocon.read(text)) == [((), "a", 1)]
    assert hocon.read(text).faults == (Fault(0, "no setting"),)
