"""What the reader of Java properties gives."""

import pytest

from hmco_charts.formats import properties
from hmco_charts.formats.entry import Entry

from .reading import entries, slices, values


def test_an_entry_has_exact_places():
    text = "# c\n  spring.datasource.password = s\\u0041\n"
    assert properties.read(text).entries == (Entry((), "spring.datasource.password", "sA", 35, 42, 6, 32),)


@pytest.mark.parametrize("line", ["k=v", "k:v", "k v", "k = v", "k\t:\tv", "  k\fv"])
def test_every_separator(line):
    assert entries(properties.read(line)) == [((), "k", "v")]


def test_continued_lines():
    text = "a = x, \\\n    y, \\\r\n\tz\nb = 1\n"
    assert values(properties.read(text)) == {"a": "x, y, z", "b": "1"}
    assert slices(text, properties.read(text))[0] == ("a", "x, \\\n    y, \\\r\n\tz")


def test_comments_are_not_continued():
    assert entries(properties.read("# a=1 \\\n! b=2\nc=3 # kept\n")) == [((), "c", "3 # kept")]


def test_escapes_in_keys_and_values():
    assert values(properties.read("a\\:b\\ c=\\=d\\\\e\\tf\nempty\n")) == {"a:b c": "=d\\e\tf", "empty": ""}
