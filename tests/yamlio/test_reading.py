"""Reading as Kubernetes reads, and refusing what it would refuse."""

import itertools

import helm_python
import pytest

from hmco_charts.errors import DocumentError
from hmco_charts.yamlio import documents, duplicates, read

WORDS = (
    """
yes Yes y n on off Off oN true True TRUE tRue null Null ~ '' "" 0 -0 +1 007 0644 08 0o14 0O14 0x1F 0X1f -0x10
0b11 -0b11 0b 1_000 _1 1e3 1E3 1.5e-3 1. .5 -.5 +.5 1..2 1e 12:30:00 190:20:30 2001-01-01 2001-01-01T10:00:00Z
1.2.3 v1 5m 1Gi 0.5 100m 9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616
1e400 -1e400 0x '5' "yes" = < .inf
""".split()
    + ["!!str 5", "!!int '5'", "!local x"]
)


@pytest.mark.parametrize("word", WORDS)
def test_scalars_mean_what_helm_makes_of_them(word: str) -> None:
    text = f"k: {word}\n"
    try:
        expected = helm_python.values_from_yaml(text)["k"]
    except helm_python.HelmError:
        assert ".inf" in word  # JSON has no infinity for the engine to give
        return
    value = read(text)[0].value["k"]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        assert value == pytest.approx(expected, rel=1e-15)  # the engine hands integers over as float64
    else:
        assert (value, type(value)) == (expected, type(expected))


def test_generated_numbers_mean_what_helm_makes_of_them() -> None:
    parts = itertools.product(
        ["", "-", "+"], ["0", "1", "01", "09", "1_0", "0x1", "0b1"], ["", ".", ".5", "e2", ".5E+1"]
    )
    lines = [f"k{index}: {''.join(part)}" for index, part in enumerate(parts)]
    text = "\n".join(lines) + "\n"
    assert read(text)[0].value == helm_python.values_from_yaml(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\nb: 2\n", "f.yaml:2:2: not readable as YAML: did not find expected ',' or ']'"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: not readable as YAML: found character that cannot start any token"),
        ("a: *x\n", "f.yaml:1:4: not readable as YAML: unknown alias *x"),
        ("a: &x [*x]\n", "f.yaml:1:8: not readable as YAML: anchor &x contains itself"),
        ("a: b\x07\n", "f.yaml:1:5: not readable as YAML: control characters are not allowed (U+0007)"),
    ],
)
def test_faults_are_told_with_their_place(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as error:
        read(text, "f.yaml")
    assert str(error.value).splitlines()[0] == message


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000 + "x", "{a: " * 5_000 + "}" * 5_000])
def test_depth_is_bounded(text: str) -> None:
    with pytest.raises(DocumentError, match="nested deeper than 256 levels"):
        read(text)


def test_alias_bombs_are_refused() -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    with pytest.raises(DocumentError, match="aliases expand to more than"):
        read(bomb)


def test_the_rest_of_a_file_is_read_behind_a_broken_document() -> None:
    found = list(documents("a: 1\n---\nb: [\n---\nc: 3\n", "f.yaml"))
    assert [getattr(each, "value", None) for each in found] == [{"a": 1}, None, {"c": 3}]
    assert isinstance(found[1], DocumentError)


def test_json_keeps_its_surrogate_pairs() -> None:
    assert read('{"a": "\\ud83d\\ude00"}')[0].value == {"a": "\U0001f600"}


def test_later_duplicate_keys_win() -> None:
    assert read("a: 1\na: 2\n")[0].value == {"a": 2}


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "x: {a: 1, a: 2}\n", "a: &x {k: 1}\nb: {<<: *x, k: 2}\n", "a:\t1\n"])
def test_keys_that_stand_twice_and_merged_ones_mean_what_helm_makes_of_them(text: str) -> None:
    assert read(text)[0].value == helm_python.values_from_yaml(text)


def test_a_key_that_stands_twice_is_found() -> None:
    (document,) = read("a:\n  - b: 1\n    c: 2\n    b: 3\n")
    (twice,) = duplicates(document)
    assert (twice.path, twice.first.line, twice.second.line, twice.second.column) == (("a", 0, "b"), 2, 4, 5)


def test_json_objects_in_a_row_are_documents_each() -> None:
    first, second, third = read('{"a": 1}\n\n{"b":\n  [2]} {"c": 3}\n', "f.json")
    assert [each.value for each in (first, second, third)] == [{"a": 1}, {"b": [2]}, {"c": 3}]
    assert [
        (each.span(path).line, each.span(path).column)
        for each, path in ((first, ("a",)), (second, ("b", 0)), (third, ("c",)))
    ] == [(1, 7), (4, 4), (4, 14)]


def test_json_that_is_cut_off_is_an_error() -> None:
    with pytest.raises(DocumentError):
        read('{"a": 1}\n{"b": \n')
