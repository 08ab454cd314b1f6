"""ELS005: variables that Elasticsearch's image does not read."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import elasticsearch
from hmco_charts.lint.programs.elasticsearch import Node
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.pod import EnvironmentVariable

_READ = re.compile(r"ES_SETTING_[A-Z]+(?:_{1,2}[A-Z]+)*")
_PASSWORDS = ("ELASTIC_PASSWORD", "ELASTIC_PASSWORD_FILE")
_OPTIONS = ("JAVA_OPTS", "JAVA_TOOL_OPTIONS")


class ElasticsearchIgnoredVariable(Rule):
    """Reports variables of the image that do nothing, or exclude each other."""

    id = "ELS005"
    name = "elasticsearch-ignored-variable"
    severity = Severity.WARNING
    title = "A variable that Elasticsearch's image does not read"
    why = (
        "The start script passes over JAVA_OPTS, unsets JAVA_TOOL_OPTIONS, and makes settings only of ES_SETTING_"
        " variables in capital letters, without digits: what they say does not hold, and nothing fails. It stops where"
        " ELASTIC_PASSWORD and ELASTIC_PASSWORD_FILE are both set."
    )
    remedy = "Use ES_JAVA_OPTS for the JVM, and a setting's own name, such as `xpack.security.enabled`, as a variable."
    source = "https://github.com/elastic/elasticsearch/blob/main/distribution/src/bin/elasticsearch-env"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of nodes that the image's start script starts."""
        for node in elasticsearch.nodes(release):
            if node.container.image.base.startswith("elasticsearch") and not node.container.command:
                yield from self._variables(node)

    def _variables(self, node: Node) -> Iterator[Finding]:
        names = {each.name for each in node.container.environment}
        for each in node.container.environment:
            if each.name in _OPTIONS:
                yield self._at(node, each, "is not read by the image: it wants ES_JAVA_OPTS")
            elif each.name.startswith("ES_SETTING_") and not _READ.fullmatch(each.name):
                yield self._at(node, each, "is passed over: such names hold capital letters and `_` only")
            elif each.name == _PASSWORDS[1] and names.issuperset(_PASSWORDS):
                fault = "and ELASTIC_PASSWORD are both set: 'mutually exclusive', the container stops"
                yield self._at(node, each, fault, Severity.ERROR)

    def _at(self, node: Node, each: EnvironmentVariable, fault: str, severity: Severity | None = None) -> Finding:
        return self.finding(
            f"{each.name} of {node.container.locator} {fault}.",
            on=node.container.pod.object,
            span=node.container.pod.object.span((*each.path, "name")),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{each.name}",
            severity=severity,
        )
