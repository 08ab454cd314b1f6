"""What the YAML reader gives for a text inside another document."""

from hmco_charts.formats import yaml
from hmco_charts.formats.entry import Entry, Fault

from .reading import entries, slices, values


def test_an_entry_has_exact_places():
    text = 'é:\n  "k": "a\\u00e9"\n'
    assert yaml.read(text).entries == (Entry(("é",), "k", "aé", 11, 18, 6, 7),)
    assert slices(text, yaml.read(text)) == [("k", "a\\u00e9")]


def test_documents_lists_and_flow_style():
    text = "a: {b: [x, {c: 1}]}\n---\nl:\n- p: 1\n  q: 2\n- r\n"
    assert entries(yaml.read(text)) == [
        (("a",), "b", "x"),
        (("a", "b"), "c", 1),
        (("l",), "p", 1),
        (("l",), "q", 2),
        ((), "l", "r"),
    ]


def test_plain_scalars_have_yaml_1_1_types_and_quoted_ones_are_strings():
    text = "a: yes\nb: 0x1F\nc: 017\nd: ~\ne: 1.5\nf: 'no'\ng: \"1\"\nh: 2001-01-01\ni: !!str 5\nj:\n"
    assert values(yaml.read(text)) == {
        "a": True,
        "b": 31,
        "c": 15,
        "d": None,
        "e": 1.5,
        "f": "no",
        "g": "1",
        "h": "2001-01-01",
        "i": "5",
        "j": None,
    }


def test_block_scalars():
    text = "a: |\n  one\n    two\nb: >-\n  fold\n  ed\n"
    assert values(yaml.read(text)) == {"a": "one\n  two\n", "b": "fold ed"}
    assert slices(text, yaml.read(text)) == [("a", "  one\n    two\n"), ("b", "  fold\n  ed\n")]


def test_what_an_alias_stands_for_is_told_once():
    text = "a: &x\n  p: s\nb: *x\nc:\n  <<: *x\n  q: t\n"
    assert entries(yaml.read(text)) == [(("a",), "p", "s"), (("c",), "q", "t")]


def test_templates_are_values_or_nothing():
    text = """\
{{- if .Values.on }}
password: {{ .Values.pw | quote }}
url: "http://{{ .Values.host | default "h" }}/"
{{- end }}
{{ .Values.key }}: v
"""
    reading = yaml.read(text)
    assert entries(reading) == [
        ((), "password", "{{ .Values.pw | quote }}"),
        ((), "url", 'http://{{ .Values.host | default "h" }}/'),
        ((), "{{ .Values.key }}", "v"),
    ]
    assert reading.faults == ()


def test_a_byte_order_mark_and_windows_line_ends_shift_nothing():
    text = "\ufeffa: b\r\nc: d\r\n"
    assert slices(text, yaml.read(text)) == [("a", "b"), ("c", "d")]


def test_behind_a_fault_it_reads_by_the_line():
    text = 'a: 1\nb:\n\tc: 2\nd:\n  password: "x y" # c\n  - e: 3\nf: 4\n'
    reading = yaml.read(text)
    assert entries(reading) == [
        ((), "a", 1),
        (("d",), "password", "x y"),
        (("d",), "e", "3"),
        ((), "f", "4"),
    ]
    assert reading.faults == (Fault(8, "found character that cannot start any token"),)


def test_too_deep_nesting_is_a_fault():
    assert [fault.message for fault in yaml.read("[" * 500).faults] == ["nested too deeply"]
