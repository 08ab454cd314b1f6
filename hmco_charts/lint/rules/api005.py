"""API005: a value that its field does not take."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import findings
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class InvalidValue(Rule):
    """Reports names, labels, quantities, ports, words and numbers that the API server refuses."""

    id = "API005"
    name = "invalid-value"
    profile = "min"
    title = "A value that its field does not take"
    why = "The API server refuses the object with 'Invalid value' or 'Unsupported value', and the upgrade stops there."
    remedy = "Write a value that the field takes."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of this class in every object."""
        yield from findings(self, release, Kind.INVALID_VALUE)
