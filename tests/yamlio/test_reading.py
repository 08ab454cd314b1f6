"""Reading as Kubernetes reads, and refusing what it would refuse."""

import itertools
import random
import re
from typing import Any

import helm_python
import pytest

from hmco_charts.errors import DocumentError
from hmco_charts.yamlio import documents, duplicates, read, reader

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


SIGNS = [
    *"0123456789abcdefxoXO_.:+-eEyYnN~/%,=<> ",
    *("yes", "no", "off", "true", "null", "0x", "0b", "0o", "e+", ".nan", "Mi"),
]
FRAMES = [
    *("k: {}\n", "k: [{}]\n", "k: [a, {}]\n", "k: {{b: {}}}\n", "k:\n- {}\n- x\n", "k:\n- b: {} # c\n", "k:   {}  \n"),
    *("k:\n  {}: v\n", "k: '{}'\n", 'k: "{}"\n', "k: |\n  {}\n"),
]
SPACED_COLON = re.compile(r" :[\]}]")  # libyaml refuses it at the end of brackets, and so do we


@pytest.mark.parametrize("seed", range(8))
def test_generated_words_mean_what_helm_makes_of_them(seed: int) -> None:
    dice = random.Random(seed)
    words = ("".join(dice.choices(SIGNS, k=dice.randint(1, 6))) for _ in range(2000))
    texts = [dice.choice(FRAMES).format(word) for word in words]
    assert [text for text in texts if not SPACED_COLON.search(text) and not agree(text)] == []


def agree(text: str) -> bool:
    """Whether Helm and we read the same, or both refuse the text."""
    try:
        expected = helm_python.values_from_yaml(text)
    except helm_python.HelmError:
        expected = None
    try:
        found = read(text)[0].value
    except DocumentError:
        found = None
    return equal(found, expected)


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if {type(one), type(other)} <= {int, float}:
        return bool(one == pytest.approx(other, rel=1e-15))  # the engine hands integers over as float64
    return type(one) is type(other) and bool(one == other)


@pytest.mark.parametrize("digits", [25, 309, 5000])
def test_integers_of_any_length_mean_what_helm_makes_of_them(digits: int) -> None:
    text = f"k: {'1' * digits}\n"
    assert read(text)[0].value == helm_python.values_from_yaml(text)


@pytest.mark.parametrize(
    "key",
    [".nan", ".inf", "-.inf", "+.Inf", "1e3", "1e6", "1.5", "1e20", "1e21", "12e-7", "0.0001", "-0.0", "0.", "yes"],
)
def test_keys_that_are_no_strings_are_spelt_as_helm_spells_them(key: str) -> None:
    assert read(f"{key}: a\n")[0].value == helm_python.values_from_yaml(f"{key}: a\n")


REFUSED = {
    "? [a]\n: b\n": "1:3: a key must be no map and no list",
    "a: {{b}: c}\n": "1:5: a key must be no map and no list",
    "a: &x {b: c}\n? *x\n: d\n": "1:4: a key must be no map and no list",
    "~: a\n": "1:1: a key must be a text, or a number of 64 bits",
    "9223372036854775808: a\n": "1:1: a key must be a text, or a number of 64 bits",
    "a: 1\n<<: b\n": "2:1: `<<` must name a map, or a list of maps",
    "a: &x [{b: c}]\n<<: *x\n": "2:1: `<<` must name a map, or a list of maps",
    "a: .nan\n": "1:4: this is no number that JSON knows",
    "- -.inf\n": "1:3: this is no number that JSON knows",
    "a: !!int x\n": "1:4: this is no `!!int`",
    "a: !!int 5.0\n": "1:4: this is no `!!int`",
    "a: !!bool 1\n": "1:4: this is no `!!bool`",
    "a: !!null x\n": "1:4: this is no `!!null`",
    "a: !!float yes\n": "1:4: this is no `!!float`",
    "a: !!timestamp x\n": "1:4: this is no `!!timestamp`",
    "a: !!binary YQ\n": "1:4: `!!binary` without base64",
    "a: [https://example.org/?a=b]\n": "1:5: a word with `?` inside brackets must stand in quotes",
    "a: {b: !c, d: e}\n": "1:8: a tag without a value inside brackets",
    "a: {b: c,\n d: e?}\n": "2:5: a word with `?` inside brackets must stand in quotes",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_kubernetes_refuses_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(helm_python.HelmError):
        helm_python.values_from_yaml(text)
    place, _, problem = REFUSED[text].partition(": ")
    with pytest.raises(DocumentError) as error:
        read(text, "f.yaml")
    assert str(error.value).splitlines()[0] == f"f.yaml:{place}: not readable as YAML: {problem}"


@pytest.mark.parametrize("directive", ["%YAML 1.2", "%YAML 2.0", "%OTHER", "%apiVersion: v1"])
def test_a_directive_that_kubernetes_does_not_know_is_refused(directive: str) -> None:
    with pytest.raises(DocumentError):
        read(f"{directive}\n---\na: 1\n")
    assert read("%YAML 1.1\n---\na: 1\n")[0].value == {"a": 1}


@pytest.mark.parametrize("text", ["a: 1\r---\rb: 2\r", "a: 1\u2028---\u2028b: 2\u2028", "a: 1\n...\n--- b\r---\rc"])
def test_documents_that_kubernetes_does_not_tell_apart_are_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="Kubernetes reads no document behind this line"):
        read(text)


@pytest.mark.parametrize("text", ["a: 1\n\ufeffb: 2\n", "a:\r\n\ufeff  b: 2\n", "a: 1\n---\n\ufeffb: 2\n"])
def test_a_mark_of_byte_order_inside_a_text_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="a byte-order mark inside the text"):
        read(text)


@pytest.mark.parametrize("text", ["", "\n", " \t\n", "# a\r\n", "# a\r# b", "---", "---\n...\n", "--- # a\n", "\ufeff"])
def test_a_text_without_content_holds_no_document(text: str) -> None:
    assert read(text) == []


def test_a_comment_right_behind_the_mark_of_a_document_is_one() -> None:
    found = read("a: 1\n---# of the second\nb: 2\n---#\nc: |\n  ---# of the text\n")
    assert [each.value for each in found] == [{"a": 1}, {"b": 2}, {"c": "---# of the text\n"}]
    assert (found[1].span(("b",)).line, found[2].span(("c",)).line) == (3, 5)


def test_a_comment_ends_with_its_line_whatever_ends_the_line() -> None:
    assert read("# a\rb: 1\r")[0].value == {"b": 1}


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


CHAIN = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300))
DEEP = ["[" * 100_000, "- " * 100_000 + "x", "{a: " * 5_000 + "}" * 5_000, "[" * 257 + "]" * 257, CHAIN]


@pytest.mark.parametrize("text", [*DEEP, '{"a":' * 257 + "1" + "}" * 257, '{"a":' * 5_000 + "1" + "}" * 5_000])
def test_depth_is_bounded(text: str) -> None:
    with pytest.raises(DocumentError, match="nested deeper than 256 levels"):
        read(text)


@pytest.mark.parametrize("text", ["[" * 256 + "]" * 256, '{"a":' * 256 + "1" + "}" * 256])
def test_what_is_as_deep_as_allowed_is_read(text: str) -> None:
    assert len(read(text)) == 1


@pytest.mark.parametrize("seed", range(40))
def test_aliases_are_refused_where_kubernetes_refuses_them(seed: int) -> None:
    dice = random.Random(seed)
    lines = [f"a0: &a0 [{','.join('x' * dice.choice([1, 5, 90]))}]"]
    lines += [
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * dice.choice([2, 10, 30]))}]" for n in range(1, dice.randint(2, 6))
    ]
    plain = [f"p{n}: [1, 2, 3]" for n in range(dice.choice([0, 10, 1000]))]
    text = "\n".join(plain + lines if seed % 2 else lines + plain)
    assert is_read(text, read) == is_read(text, helm_python.values_from_yaml)


def is_read(text: str, reading) -> bool:
    try:
        reading(text)
    except (DocumentError, helm_python.HelmError):
        return False
    return True


def test_documents_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_DOCUMENTS", 2)
    first, second, error = documents('{"a": 1} {}\n---\nb: 1\n---\nc: 1\n', "f.yaml")
    assert (first.value, second.value) == ({"a": 1}, {})
    assert str(error) == "f.yaml:2: more than 2 documents: those from here on were not read\n  Split the file."


def test_a_text_of_blank_lines_takes_linear_time() -> None:
    assert read("\n" * 2_000_000) == []


def test_objects_in_one_long_line_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(DocumentError, match=r"f.yaml:1:\d+: too many objects in one line"):
        read('{"a": 1}' * 20_000, "f.yaml")


def test_alias_bombs_are_refused() -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    with pytest.raises(DocumentError, match="aliases expand to more than Kubernetes reads"):
        read(bomb)


def test_the_rest_of_a_file_is_read_behind_a_broken_document() -> None:
    found = list(documents("a: 1\n---\nb: [\n---\nc: 3\n", "f.yaml"))
    assert [getattr(each, "value", None) for each in found] == [{"a": 1}, None, {"c": 3}]
    assert isinstance(found[1], DocumentError)


def test_json_keeps_its_surrogate_pairs() -> None:
    assert read('{"a": "\\ud83d\\ude00"}')[0].value == {"a": "\U0001f600"}


def test_later_duplicate_keys_win() -> None:
    assert read("a: 1\na: 2\n")[0].value == {"a": 2}


COLONS = [
    *(
        "[a :]",
        "[a :, b]",
        "{a :}",
        "{a :, b: c}",
        "[b c :]",
        "[a  :]",
        "[&x a :]",
        "[!!str a :]",
        "{a: b :}",
        "[a\t:]",
    ),
    *("['a' :]", "[1, *x :]", "{*x :}", "[a::]", '["a :]"]', "[x, # :]\n y]"),
]


@pytest.mark.parametrize("text", COLONS)
def test_a_colon_at_the_end_of_brackets_means_what_kubernetes_makes_of_it(text: str) -> None:
    whole = f"x: &x 1\ny: {text}\n"
    assert read(whole)[0].value == helm_python.values_from_yaml(whole)


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


@pytest.mark.parametrize(("text", "value"), [('{"a": "\\ud800"}', "\ufffd"), ('{"a": "\\uDFFFb"}', "\ufffdb")])
def test_half_a_surrogate_pair_is_an_unknown_character(text: str, value: str) -> None:
    assert read(text)[0].value == {"a": value}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_json_has_no_infinite_numbers(number: str) -> None:
    assert read(f'{{"a": {number}}}')[0].value == helm_python.values_from_yaml(f'{{"a": {number}}}')


def test_json_that_is_cut_off_is_an_error() -> None:
    with pytest.raises(DocumentError):
        read('{"a": 1}\n{"b": \n')
