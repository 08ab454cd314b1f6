"""API009: a rule of a custom resource that is broken."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind
from hmco_charts.lint.conformity import findings
from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class CustomRule(Rule):
    """Reports custom resources that break a rule (CEL) of their definition, and rules that were not evaluated."""

    id = "API009"
    name = "custom-rule"
    profile = "min"
    title = "A rule of a custom resource that is broken"
    why = "The API server evaluates the rules of the definition and refuses an object that breaks one."
    remedy = "Do what the rule's message says."
    source = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of this class in every object."""
        yield from findings(self, release, Kind.CUSTOM_RULE)
        yield from findings(self, release, Kind.NOT_EVALUATED, severity=Severity.INFO)
