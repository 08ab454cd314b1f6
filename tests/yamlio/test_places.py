"""Places of values, and of characters inside scalars."""

import pytest

from hmco_charts.yamlio import Span, read

STYLES = {
    "literal": ("a:\n  b: |\n    one\n      two secret\n    three\n", "secret"),
    "folded": ("a:\n  b: >-\n    one two\n    secret\n\n    three\n", "secret"),
    "double": ('a:\n  b: "x\\ty\\u00e9 \\"secret\\" z"\n', "secret"),
    "double over lines": ('a:\n  b: "one\\\n    two\n    secret"\n', "secret"),
    "single": ("a:\n  b: 'it''s a secret'\n", "secret"),
    "plain": ("a:\n  b: it is a secret # no\n", "secret"),
    "plain over lines": ("a:\n  b: it is\n     a secret\n", "secret"),
    "json": ('{"a": {"b": "line\\nthe secret"}}', "secret"),
    "anchored": ('a:\n  b: &x "a secret"\n', "secret"),
    "kept": ("a:\n  b: |+2\n      x\n    secret\n\n", "secret"),
}


@pytest.mark.parametrize("style", STYLES)
def test_characters_of_a_scalar_are_found_in_the_file(style: str) -> None:
    text, word = STYLES[style]
    document = read(text, "f.yaml")[0]
    start = document.value["a"]["b"].index(word)
    span = document.text_span(("a", "b"), start, start + len(word))
    line = text.splitlines()[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == word


def test_lines_that_end_as_on_windows_are_counted_once() -> None:
    document = read("a: |\r\n  one\r\n    two\r\n\r\n  three\r\n", "f.yaml")[0]
    starts = [at + 1 for at, each in enumerate(document.value["a"]) if each == "\n"][:-1]
    assert [document.text_span(("a",), at, at + 1).line for at in (0, *starts)] == [2, 3, 4, 5]


def test_aliases_are_told() -> None:
    texts = ("a: &x [1]\nb: *x\n", "a: &x {c: 1}\nb:\n  <<: *x\n", "a: &x 1\nb: '*x'\n", "# nothing\na:\n")
    assert [read(text)[0].has_aliases for text in texts] == [True, True, False, False]


def test_later_documents_keep_the_lines_of_the_file() -> None:
    documents = read("---\na: 1\n--- # two\nb: 2\n---\n# nothing\n---\nc:\n  d: 3\n", "f.yaml")
    assert [document.value for document in documents] == [{"a": 1}, {"b": 2}, {"c": {"d": 3}}]
    assert documents[2].span(("c", "d")) == Span("f.yaml", 9, 6, 9, 7)
    assert documents[2].span(("c", "d"), key=True) == Span("f.yaml", 9, 3, 9, 4)


def test_a_missing_path_gives_the_nearest_parent() -> None:
    document = read("a:\n  b: 1\n", "f.yaml")[0]
    assert document.span(("a", "x", "y")) == document.span(("a",))


def test_merged_values_are_found_where_they_are_written() -> None:
    document = read("base: &b\n  x: 1\nuse:\n  <<: *b\n  z: 2\n", "f.yaml")[0]
    assert document.value["use"] == {"x": 1, "z": 2}
    assert document.span(("use", "x")).line == 2


def test_places_in_a_long_text_are_found_in_linear_time() -> None:
    (document,) = read("a: |\n" + "  key: value\n" * 20_000)
    lines = [document.text_span(("a",), at, at + 3).line for at in range(0, 220_000, 11)]
    assert lines == list(range(2, 20_002))
