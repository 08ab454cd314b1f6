"""API001: an object of a kind that is not known."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import found, is_own
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class UnknownKind(Rule):
    """Reports objects that no schema is known for."""

    id = "API001"
    name = "unknown-kind"
    profile = "min"
    title = "An object of a kind that is not known"
    why = (
        "Without its definition nobody can tell whether an object is right; a misspelt kind or group is refused"
        " with 'no matches for kind'."
    )
    remedy = "Mend the kind or its group, or put the definition into the chart's crds/."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The objects without a schema; of APIs that are not Kubernetes' own, of severity info."""
        for each, fault in found(release, Kind.NO_SCHEMA):
            is_certain = is_own(release, each.api_version)
            yield self.finding(
                f"{fault.message}.",
                on=each,
                span=each.span(fault.path),
                locator="apiVersion",
                severity=Severity.ERROR if is_certain else Severity.INFO,
                confidence=Confidence.HIGH if is_certain else Confidence.LOW,
            )
