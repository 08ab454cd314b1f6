"""What the JSON reader gives."""

from hmco_charts.formats import json
from hmco_charts.formats.entry import Entry, Fault

from .reading import entries, slices


def test_an_entry_has_exact_places():
    text = '{"db": {"pass\\u0077ord": "a\\nb"}}'
    assert json.read(text).entries == (Entry(("db",), "password", "a\nb", 26, 30, 9, 22),)
    assert slices(text, json.read(text)) == [("pass\\u0077ord", "a\\nb")]


def test_lists_go_by_their_own_key():
    text = '{"users": [{"name": "u"}, {"name": 2}], "l": ["x", null, [true]], "e": []}'
    assert entries(json.read(text)) == [
        (("users",), "name", "u"),
        (("users",), "name", 2),
        ((), "l", "x"),
        ((), "l", None),
        ((), "l", True),
    ]


def test_a_list_at_the_top_has_no_key():
    assert entries(json.read('["x", {"a": 1.5}]')) == [((), "", "x"), ((), "a", 1.5)]


def test_duplicate_keys_are_kept():
    assert entries(json.read('{"a": 1, "a": "b"}')) == [((), "a", 1), ((), "a", "b")]


def test_comments_and_bare_words_are_faults_that_stop_nothing():
    text = '{ // one\n "a": 1, b: yes,\n}'
    assert entries(json.read(text)) == [((), "a", 1), ((), "b", "yes")]
    assert json.read(text).faults == (
        Fault(2, "JSON has no comments"),
        Fault(18, "a word without quotes"),
        Fault(21, "a word without quotes"),
    )


def test_it_goes_on_behind_wrong_brackets():
    reading = json.read('{"a": [1}, "b": 2}')
    assert entries(reading) == [((), "a", 1), ((), "b", 2)]


def test_an_unclosed_string_ends_with_the_text():
    text = '{"a": "b\\"c'
    assert entries(json.read(text)) == [((), "a", 'b"c')]
    assert json.read(text).faults == (
        Fault(7, "a string is never closed"),
        Fault(11, "a brace or bracket is never closed"),
    )
