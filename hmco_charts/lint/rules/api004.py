"""API004: a value of another type."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import findings
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class WrongType(Rule):
    """Reports values of a type that their field does not take."""

    id = "API004"
    name = "wrong-type"
    profile = "min"
    title = "A value of another type"
    why = "The API server cannot read the object: 'cannot unmarshal string into Go struct field'."
    remedy = "Write a value of the type; in a template quote texts and do not quote numbers."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of this class in every object."""
        yield from findings(self, release, Kind.WRONG_TYPE)
