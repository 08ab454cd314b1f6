"""What holds for each reader, whatever the text: it ends, raises nothing, and its offsets are sound."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmco_charts import formats

from .reading import assert_sound

FRAGMENTS = [
    *("{", "}", "[", "]", "(", ")", "<", ">", "</a>", "<a b='", "<!--", "<![CDATA[", "&amp;", "&#x110000;"),
    *('"', "'", '"""', "'''", "\\", "\\u12", "\\ud83d", "\n", "\r\n", "\t", " ", ",", ";", ":", "=", "+=", "."),
    *(
        "a",
        "b.c",
        "key",
        "a: ",
        "- ",
        "? ",
        "&x ",
        "*x",
        "|\n",
        ">-\n",
        "---\n",
        "!!str ",
        "<<EOF\n",
        "EOF\n",
        "<<-E\n",
    ),
    *("{{", "}}", "{{ .x }}", "${", "${X}", "$(", "`", "$$", "#", "//", "/*", "*/", "--", "<name>", "<value>", "@"),
    *("export ", "PASSWORD ", "CREATE USER ", "IDENTIFIED BY ", "SET PASSWORD FOR ", "OPTIONS (", ":'pw'", "[[t]]"),
    *("1", "1e999", "0x1F", "true", "null", "é", "😀", "\ufeff", "\x00", "\x85", "\u2028"),
]
HOSTILE = [
    *('{"a":', '{"a":1,"b":', "[", "a {", "a=[", "<a>", "$(", "(", "- ", "{{", "a: {", "? "),
    *('"', "'", '"\\', "\\", 'a="\n', "a='\n", "<a b='", "`", "${", "/*", "<!--", "<<E\n", "|\n", "'''"),
    *("a=\n", "a = b\n", "a: b\n", "a:b:c:d:e\n", "PASSWORD '", "$a$", "<a", "]", "}", "</a>", "&a ", "*a "),
]


@pytest.mark.parametrize("name", formats.READERS)
@settings(max_examples=60, deadline=None)
@given(text=st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join) | st.text())
def test_any_text_is_read(name, text):
    assert_sound(text, formats.READERS[name](text))


@settings(deadline=None)
@given(
    text=st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join) | st.text(),
    name=st.sampled_from(["", ".yaml", "a.conf", "b.json.tmpl", ".", "..", "/", "\x00"]) | st.text(),
)
def test_any_text_of_any_name_is_read(text, name):
    assert_sound(text, formats.read(text, name))


@pytest.mark.parametrize("fragment", HOSTILE)
@pytest.mark.parametrize("name", formats.READERS)
def test_a_fragment_repeated_for_ever_ends(name, fragment):
    text = fragment * (6_000 // len(fragment))
    for hostile in (text, "a" + text, text + " " * 6_000 + "x"):
        assert_sound(hostile, formats.READERS[name](hostile))


@pytest.mark.parametrize("name", formats.READERS)
def test_depth_is_bounded(name):
    for opening in ("[", "{", '{"a":', "a {", "<a>", "a: [", "- " * 3):
        reading = formats.READERS[name](opening * 3_000 + "x")
        assert all(len(entry.path) <= 101 for entry in reading.entries)


def test_the_reader_of_every_format_that_is_detected_exists():
    assert set(formats.READERS) >= {formats.detect("", name) for name in ("a.tf", "a.yml", ".envrc", "x.md")}
