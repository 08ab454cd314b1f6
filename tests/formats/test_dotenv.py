"""What the reader of environment files gives."""

from hmco_charts.formats import dotenv
from hmco_charts.formats.entry import Entry, Fault

from .reading import slices, values


def test_an_entry_has_exact_places():
    text = '# c\nexport DB_PASSWORD="a\\"b" # c\n'
    assert dotenv.read(text).entries == (Entry((), "DB_PASSWORD", 'a"b', 24, 28, 11, 22),)


def test_quotes_comments_and_references():
    text = "A='p$w'\nB=${B} x # c\nC=a#b\nD=\nE = e\nno setting\nF=\"x\ny\"\n"
    assert values(dotenv.read(text)) == {
        "A": "p$w",
        "B": "${B} x",
        "C": "a#b",
        "D": "",
        "E": "e",
        "F": "x\ny",
    }
    assert slices(text, dotenv.read(text))[-1] == ("F", "x\ny")


def test_an_unclosed_quote_ends_with_its_line():
    reading = dotenv.read('A="x\nB=1\n')
    assert values(reading) == {"A": "x", "B": "1"}
    assert reading.faults == (Fault(3, "a string is never closed"),)
