"""API002: a field that the API does not know."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import findings
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class UnknownField(Rule):
    """Reports fields that the schema of their object does not have."""

    id = "API002"
    name = "unknown-field"
    profile = "min"
    title = "A field that the API does not know"
    why = (
        "kubectl and Helm ask for strict validation and are refused; without it the field is dropped in silence,"
        " and what it was meant for does not happen."
    )
    remedy = "Write the name as the API has it, at the level where it belongs."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of this class in every object."""
        yield from findings(self, release, Kind.UNKNOWN_FIELD)
