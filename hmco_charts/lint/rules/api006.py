"""API006: an entry that is there already."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import findings
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class DuplicateEntry(Rule):
    """Reports names and keys that stand twice in one list."""

    id = "API006"
    name = "duplicate-entry"
    profile = "min"
    title = "An entry that is there already"
    why = (
        "Server-side apply refuses a list with one key twice ('duplicate entries for key'); elsewhere the last"
        " wins in silence, or the wrong one is removed by the next upgrade."
    )
    remedy = "Remove one of them, or give it another name."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of this class in every object."""
        yield from findings(self, release, Kind.DUPLICATE)
