"""DHB006: settings of Kafka that a part of DataHub does not read."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import datahub
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_SPRING, _PLAIN = "SPRING_KAFKA_PROPERTIES_", "KAFKA_PROPERTIES_"
_READS_PLAIN = ("frontend-react", "actions")


class DatahubKafkaPrefix(Rule):
    """Reports properties of Kafka with the prefix of the other parts."""

    id = "DHB006"
    name = "datahub-kafka-prefix"
    severity = Severity.WARNING
    title = "A setting of Kafka that DataHub does not read"
    why = (
        f"GMS, the consumers and the upgrade read {_SPRING}…, the frontend and the actions {_PLAIN}…. The other prefix"
        " changes nothing, without a word: the part speaks to Kafka without the security that stands there."
    )
    remedy = "Use the prefix of the part."
    source = "https://github.com/acryldata/datahub-helm/tree/master/charts/datahub/subcharts"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of every part; one that has the right prefix too is left alone."""
        for part in datahub.parts(release):
            right, wrong = (_PLAIN, _SPRING) if part.name in _READS_PLAIN else (_SPRING, _PLAIN)
            names = set(part.names)
            for name in sorted(each for each in names if each.startswith(wrong)):
                meant = right + name.removeprefix(wrong)
                if meant not in names:
                    yield self.finding(
                        f"{part.container.locator} does not read {name}: it is {meant} there.",
                        on=part.container.pod.object,
                        span=part.span(name),
                        locator=f"{part.container.locator}/env/{name}",
                        subject=f"{part.container.locator}#{name}",
                    )
