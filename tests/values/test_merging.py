"""A part of a value, over the default of its field, is what Helm makes of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import Field, ValidationError

from hmco_charts.values import ChartType, Values, charts, schema
from hmco_charts.values.kubernetes import Labels, PodSecurityContext, Resources
from hmco_charts.values.types import Image, PodDisruptionBudget
from hmco_charts.yamlio import merge
from tests.values.attack import Contract, Position, Step

BIG = Resources(requests={"cpu": "1", "memory": "1Gi"}, limits={"memory": "1Gi"})


class Part(Values):
    """A part, with a default for its resources that its owner replaces."""

    image: Image = Field(Image(repository="example/part"), description="Image.")
    resources: Resources = Field(BIG, description="Requests and limits.")


class Owner(Values):
    """Whoever has the part."""

    part: Part = Field(
        Part(image=Image(registry="quay.io", repository="example/owned"), resources=Resources(requests={"cpu": "2"})),
        description="The part.",
    )
    labels: Labels = Field({"a": "b"}, description="Labels.")
    budget: PodDisruptionBudget = Field(PodDisruptionBudget(max_unavailable=2), description="Budget.")
    security: PodSecurityContext = Field(PodSecurityContext(run_as_user=70), description="Security.")


def test_what_is_given_leaves_the_rest_of_the_fields_default() -> None:
    owner = Owner.model_validate({"part": {"image": {"tag": "1"}}})
    assert owner.part == Part(
        image=Image(registry="quay.io", repository="example/owned", tag="1"), resources=Resources(requests={"cpu": "2"})
    )


def test_the_default_of_the_field_hides_that_of_its_type() -> None:
    owner = Owner.model_validate({"part": {"resources": {"requests": {"memory": "2Gi"}}}})
    assert owner.part.resources == Resources(requests={"cpu": "2", "memory": "2Gi"})


def test_a_map_keeps_its_other_entries_and_loses_those_that_are_null() -> None:
    assert Owner.model_validate({"labels": {"c": "d"}}).labels == {"a": "b", "c": "d"}
    assert Owner.model_validate({"labels": {"a": None}}).labels == {}


def test_null_is_the_default_of_the_field_and_none_where_the_type_says_so() -> None:
    told = {"part": {"image": {"repository": None, "registry": None}}, "budget": None, "security": {"runAsUser": None}}
    owner = Owner.model_validate(told)
    assert (owner.part, owner.budget, owner.security.run_as_user) == (Owner().part, Owner().budget, None)
    assert Owner.model_validate({"budget": {"maxUnavailable": None}}).budget.max_unavailable is None


def test_an_object_of_python_replaces_the_default() -> None:
    assert Owner(part=Part()).part == Part()


@pytest.mark.parametrize(
    ("given", "place", "kind"),
    [
        ({"part": "x"}, ("part",), "model_type"),
        ({"part": {"image": ["x"]}}, ("part", "image"), "model_type"),
        ({"part": {"image": {"tagg": "x"}}}, ("part", "image", "tagg"), "extra_forbidden"),
        ({"part": {"resources": {"requests": {"cpu": "much"}}}}, ("part", "resources", "requests", "cpu"), "pattern"),
    ],
)
def test_a_wrong_part_is_told_with_its_place(given: dict[str, Any], place: tuple[str, ...], kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Owner.model_validate(given)
    assert [(error["loc"], error["type"]) for error in caught.value.errors()] == [(place, kind)]


@pytest.mark.parametrize("chart", charts().values(), ids=lambda chart: chart.name)
def test_one_key_given_leaves_all_others_of_a_chart_as_they_are(chart: ChartType) -> None:
    defaults = chart.model().document()
    differing = [
        f"{position}={value!r}"
        for position in _positions(chart)
        for value in _examples(position)
        if _outcome(chart, given := _holding(position.path, value)) != _outcome(chart, merge(defaults, given))
    ]
    assert differing == []


def _positions(chart: ChartType) -> Iterator[Position]:
    """The values of a chart that are in no list, and no entry of a map."""
    for position in Contract(schema(chart.model)).positions():
        if position.is_fixed and all(isinstance(step, str) for step in position.path):
            yield position


def _holding(path: tuple[Step, ...], value: Any) -> dict[str, Any]:
    for step in reversed(path):
        value = {step: value}
    told: dict[str, Any] = value
    return told


def _examples(position: Position) -> Iterator[Any]:
    yield from (None, "x", {}, 7)
    yield from position.node.get("enum", position.node.get("examples", ()))
    if isinstance(position.node.get("additionalProperties"), dict):
        yield {"x": "y"}


def _outcome(chart: ChartType, document: dict[str, Any]) -> Any:
    try:
        return chart.model.model_validate(document).document()
    except ValidationError as error:
        return [(each["loc"], each["type"], each["msg"]) for each in error.errors()]
