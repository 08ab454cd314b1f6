"""What the XML reader gives."""

import pytest

from hmco_charts.formats import xml
from hmco_charts.formats.entry import Entry, Fault

from .reading import entries, slices


def test_entries_have_exact_places():
    text = "<a><db user='x'>\n p&amp;w </db></a>"
    assert xml.read(text).entries == (
        Entry(("a", "db"), "user", "x", 13, 14, 7, 11),
        Entry(("a",), "db", "p&w", 18, 25, 4, 6),
    )
    assert slices(text, xml.read(text)) == [("user", "x"), ("db", "p&amp;w")]


@pytest.mark.parametrize(
    "text",
    [
        "<c><property><name>k</name><value>v</value></property></c>",
        "<c><property>\n<value>v</value>\n<name> k </name></property></c>",
        "<c><property name='k' value='v'/></c>",
        '<c><add value="v" key="k"></add></c>',
        "<c><Property name='k'>v</Property></c>",
        "<c><entry key='k'><![CDATA[v]]></entry></c>",
        "<c><context-param><param-name>k</param-name><param-value>v</param-value></context-param></c>",
    ],
)
def test_a_name_and_a_value_are_one_entry(text):
    assert entries(xml.read(text)) == [(("c",), "k", "v")]
    assert slices(text, xml.read(text)) == [("k", "v")]


def test_what_stands_beside_name_and_value_is_kept():
    text = "<property><name>k</name><value>v</value><final>true</final></property>"
    assert entries(xml.read(text)) == [((), "k", "v"), (("property",), "final", "true")]


def test_a_name_of_another_element_stays_an_attribute():
    assert entries(xml.read("<user name='bob'>x</user>")) == [(("user",), "name", "bob"), ((), "user", "x")]


def test_comments_declarations_and_entities():
    text = (
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e 'x'>]><!-- <b>no</b> -->"
        "<a>&e; &#65;&lt;</a><b><![CDATA[<&lt;]]></b>"
    )
    assert entries(xml.read(text)) == [((), "a", "&e; A<"), ((), "b", "<&lt;")]


def test_it_goes_on_behind_wrong_tags():
    text = "<a><b x=1>y</c><d>z</a>"
    reading = xml.read(text)
    assert entries(reading) == [(("a",), "b", "y"), (("a", "b"), "d", "z")]
    assert reading.faults == (
        Fault(10, "a tag that is not well formed"),
        Fault(15, "an end tag without its start"),
        Fault(23, "an element is never closed"),
        Fault(23, "an element is never closed"),
    )
