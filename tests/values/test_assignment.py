from typing import Any

import helm_python
import pytest

from hmco_charts.errors import ConfigurationError
from hmco_charts.values.assignment import assign, assignments

EXPRESSIONS = [
    "a=1,b.c=two,ports={80,443}",
    "a[0].b=x,a[1].b=y",
    "a[2]=x",
    "a.b[0][1]=3",
    r"a\.b=c",
    r"a=x\,y",
    r"a={x\,y,z}",
    "a=",
    "a=null",
    "a={}",
    "a={,}",
    "a={null,true, b}",
    "a=TRUE,b=01,c=1.5,d=-3,e=0,f=0x1",
    "a=b=c",
    " a = b ",
    "a=1,a=2",
]


def applied(expression: str) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for one in assignments(expression):
        assign(document, one)
    return document


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_means_what_helm_says(expression: str) -> None:
    assert applied(expression) == helm_python.parse_set_string(expression)


def test_an_index_changes_the_list_that_is_there() -> None:
    document = {"hosts": [{"name": "a", "port": 1}, {"name": "b"}]}
    for one in assignments("hosts[0].name=c"):
        assign(document, one)
    assert document == {"hosts": [{"name": "c", "port": 1}, {"name": "b"}]}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("a", "--set: a --set expression is malformed\n  write --set path.to.key=value"),
        ("a.=3", "--set a.: a --set expression is malformed\n  write --set path.to.key=value"),
        ("=3", "--set : a --set expression is malformed\n  write --set path.to.key=value"),
        ("a={b,c", "--set a: the value of a --set expression is malformed"),
        ("a[999999]=1", "--set a: list index 999999 is greater than 65536"),
    ],
)
def test_a_malformed_expression_is_told_without_its_value(expression: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        applied(expression)
    assert str(caught.value) == message
