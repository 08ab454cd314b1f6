"""Which findings are shown, and how severe they are to a project."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.registry import find


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a finding must reach to be shown.

    Attributes:
        severity: The least severity.
        confidence: The least confidence.
        severities: Another severity for all findings of a rule, by its id or name.
    """

    severity: Severity = Severity.WARNING
    confidence: Confidence = Confidence.MEDIUM
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def by_id(self) -> "Threshold":
        """The same with the severities by the ids of rules.

        Raises:
            ConfigurationError: A severity is told for a rule that there is not.
        """
        return replace(self, severities={find(word).id: severity for word, severity in self.severities.items()})

    def graded(self, finding: Finding) -> Finding:
        """The finding with the severity that it has to the project."""
        told = self.severities.get(finding.rule)
        return replace(finding, severity=told) if told else finding

    def shows(self, finding: Finding) -> bool:
        """Whether the finding reaches the threshold."""
        return finding.severity >= self.severity and finding.confidence >= self.confidence
