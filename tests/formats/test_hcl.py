"""What the HCL1 reader gives for Vault's configurations, broken ones included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmco_charts.formats import hcl
from hmco_charts.formats.entry import Entry, Fault

from .reading import assert_sound, entries, values

VAULT = """\
ui = true
storage "postgresql" {
  connection_url = "postgresql://vault:s3@db/vault"
  "ha_enabled"   = "true" max_parallel = 24
}
listener "tcp" { address = "[::]:8200" tls_disable = 1 }
"""


def test_an_entry_has_exact_places():
    text = 'storage "file" { "path" = "/a\\tb" }'
    [entry] = hcl.read(text).entries
    assert entry == Entry(("storage", "file"), "path", "/a\tb", 27, 32, 18, 22)
    assert text[entry.start : entry.end] == "/a\\tb"
    assert text[entry.key_start : entry.key_end] == "path"


def test_blocks_labels_and_one_line_blocks():
    assert entries(hcl.read(VAULT)) == [
        ((), "ui", True),
        (("storage", "postgresql"), "connection_url", "postgresql://vault:s3@db/vault"),
        (("storage", "postgresql"), "ha_enabled", "true"),
        (("storage", "postgresql"), "max_parallel", 24),
        (("listener", "tcp"), "address", "[::]:8200"),
        (("listener", "tcp"), "tls_disable", 1),
    ]


def test_a_block_knows_its_place():
    text = '# note\n"storage" "raft" {\n  path = "/vault"\n}\n'
    [block] = hcl.parse(text).blocks
    assert (block.type, block.labels) == ("storage", ("raft",))
    assert text[block.start : block.end] == '"storage" "raft" {\n  path = "/vault"\n}'
    assert text[block.type_start : block.type_end] == "storage"


@pytest.mark.parametrize(
    "text",
    [
        'storage "postgresql" { table = "t" }',
        'storage "postgresql" = { table = "t" }',
        "storage postgresql {\n table = 't'\n}",
        'storage { postgresql { table = "t" } }',
        'storage = { "postgresql" = { table = "t" } }',
        '{"storage": {"postgresql": {"table": "t"}}}',
        '{"storage": [{"postgresql": {"table": "t"}}]}',
        '{"storage": [{"postgresql": [{"table": "t"}]}]}',
        '\n {"storage":\n {"postgresql":\n [{"table":\n "t"}]}}',
    ],
)
def test_every_shape_gives_the_same_block(text):
    [block] = hcl.parse(text).blocks
    [attribute] = block.body.attributes
    assert (block.type, block.labels, attribute.key, attribute.value) == (
        "storage",
        ("postgresql",),
        "table",
        "t",
    )
    assert attribute.path == ("storage", "postgresql")
    assert text[attribute.start : attribute.end] == "t"
    assert text[block.type_start : block.type_end] == "storage"


def test_an_inner_block_of_a_json_listener_stays_a_block():
    [listener] = hcl.parse('{"listener": {"tcp": {"telemetry": {"x": true}}}}').blocks
    [telemetry] = listener.body.blocks
    assert (listener.labels, telemetry.type, telemetry.labels) == (("tcp",), "telemetry", ())


def test_repeated_blocks_and_duplicate_attributes_are_kept():
    body = hcl.parse('listener "tcp" {}\nlistener "unix" {}\nui = true\nui = false\n')
    assert [block.labels for block in body.blocks] == [("tcp",), ("unix",)]
    assert [attribute.value for attribute in body.attributes] == [True, False]


def test_comments_are_not_settings():
    text = '# a = 1\n// b = 2\n/* c = 3\n d = 4 */ e = "http://x#y//z" # f = 5\n'
    assert entries(hcl.read(text)) == [((), "e", "http://x#y//z")]


def test_heredocs():
    text = "a = <<EOF\n  x = 1\n y\nEOF\nb = <<-END\n    one\n      two\n    END\nc = 1\n"
    first, second, third = hcl.read(text).entries
    assert (first.key, first.value) == ("a", "  x = 1\n y\n")
    assert (second.key, second.value) == ("b", "one\n  two\n")
    assert text[second.start : second.end] == "    one\n      two\n"
    assert third.value == 1


def test_lists_and_lists_of_objects():
    text = 'cipher = ["a", "b", 3,]\nretry_join = [{ addr = "x" }, { addr = "y" }]\n'
    body = hcl.parse(text)
    assert [(item.key, item.value) for item in body.attributes] == [
        ("cipher", "a"),
        ("cipher", "b"),
        ("cipher", 3),
    ]
    assert [block.body.attributes[0].value for block in body.blocks] == ["x", "y"]
    assert [block.type for block in body.blocks] == ["retry_join", "retry_join"]
    assert [text[block.start : block.end] for block in body.blocks] == ['{ addr = "x" }', '{ addr = "y" }']


def test_a_list_of_values_and_objects_is_read_in_its_order():
    assert entries(hcl.read('a = ["x", { b = 1 }, "y"]')) == [((), "a", "x"), (("a",), "b", 1), ((), "a", "y")]


def test_templates_and_placeholders_are_tokens():
    text = """\
{{- if .Values.ha }}
storage "postgresql" {
  connection_string = {{ .Values.url | quote }}
  table = "{{ .Values.table | default "kv" }}"
  {{- with .Values.extra }}{{ toYaml . | nindent 2 }}{{ end }}
}
{{/* a { comment */}}
{{- end }}
api_addr = "http://HOST_IP:8200"
node = POD_IP
"""
    reading = hcl.read(text)
    assert entries(reading) == [
        (("storage", "postgresql"), "connection_string", "{{ .Values.url | quote }}"),
        (("storage", "postgresql"), "table", '{{ .Values.table | default "kv" }}'),
        ((), "api_addr", "http://HOST_IP:8200"),
        ((), "node", "POD_IP"),
    ]
    assert reading.faults == ()


def test_interpolation_may_hold_quotes():
    assert values(hcl.read('a = "x${lookup("k")}y"\nb = env("HOME")\n')) == {
        "a": 'x${lookup("k")}y',
        "b": 'env("HOME")',
    }


def test_a_missing_value_is_an_empty_entry_and_a_fault():
    text = 'storage "postgresql" {\n  connection_string =\n  table = "t"\n}\n'
    reading = hcl.read(text)
    assert [(item.key, item.value) for item in reading.entries] == [("connection_string", ""), ("table", "t")]
    assert reading.faults == (Fault(44, "a name without a value"),)


def test_it_goes_on_behind_an_unclosed_string():
    reading = hcl.read('a = "x\nb = 2\n')
    assert values(reading) == {"a": "x", "b": 2}
    assert reading.faults == (Fault(4, "a string is never closed"),)


def test_it_goes_on_behind_stray_words_and_braces():
    reading = hcl.read('}\nsome prose here\nstorage "file" {\n  path = "x"\n')
    assert entries(reading) == [(("storage", "file"), "path", "x")]
    assert [fault.message for fault in reading.faults] == [
        "a closing brace or bracket without its opening",
        "a name without a value",
        "a name without a value",
        "a name without a value",
        "a brace or bracket is never closed",
    ]


def test_json_escapes_and_null():
    assert values(hcl.read(r'{"a": "\u00e4\ud83d\ude00\n", "b": null, "c": 1.5}')) == {
        "a": "ä😀\n",
        "b": None,
        "c": 1.5,
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 200_000,
        "a {" * 200_000,
        '"' * 300_000,
        "{{" * 300_000,
        "<<E\n" * 200_000,
        "{{/*" * 200_000,
        "a=[ " * 200_000,
        '"\\' * 300_000,
        "a=\n" * 200_000,
        "a=" + "{{}}" * 100_000,
    ],
    ids=lambda text: text[:6],
)
def test_hostile_texts_end(text):
    assert_sound(text, hcl.read(text))


@given(st.text(alphabet='ab ={}[]",:\n\\<E#/*$', max_size=80) | st.text())
def test_any_text_is_read(text):
    assert_sound(text, hcl.read(text))
