"""API003: a field that must be there."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import findings
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class MissingField(Rule):
    """Reports required fields that are left out."""

    id = "API003"
    name = "missing-field"
    profile = "min"
    title = "A field that must be there"
    why = "The API server refuses the object, and the upgrade stops there."
    remedy = "Set the field."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of this class in every object."""
        yield from findings(self, release, Kind.MISSING_FIELD)
