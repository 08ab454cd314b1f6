"""API008: parts of an object that contradict each other."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import findings
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class Contradiction(Rule):
    """Reports selectors that miss their own pods, mounts without a volume, requests above limits and their like."""

    id = "API008"
    name = "contradiction"
    profile = "min"
    title = "Parts of an object that contradict each other"
    why = (
        "The API server compares the parts of an object and refuses it: 'selector does not match template"
        " labels', 'Not found'."
    )
    remedy = "Mend one of the two places."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of this class in every object."""
        yield from findings(self, release, Kind.CONTRADICTION)
