"""API007: fields that exclude each other."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import findings
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class ConflictingFields(Rule):
    """Reports fields of which only one can be set."""

    id = "API007"
    name = "conflicting-fields"
    profile = "min"
    title = "Fields that exclude each other"
    why = "The API server refuses the object: 'may not specify more than 1', 'may not be specified when'."
    remedy = "Keep the one that is meant."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of this class in every object."""
        yield from findings(self, release, Kind.CONFLICT)
