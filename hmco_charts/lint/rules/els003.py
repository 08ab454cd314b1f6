"""ELS003: Elasticsearch without security where others can reach it."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Related, Severity
from hmco_charts.lint.programs import elasticsearch
from hmco_charts.lint.programs.elasticsearch import Node
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import text

_OFF = {"xpack.security.enabled": "false", "plugins.security.disabled": "true", "DISABLE_SECURITY_PLUGIN": "true"}


class ElasticsearchSecurityOff(Rule):
    """Reports nodes without users and passwords behind a Service that reaches beyond the cluster."""

    id = "ELS003"
    name = "elasticsearch-security-off"
    severity = Severity.ERROR
    title = "Elasticsearch without security, reachable from outside"
    why = "Without security everyone who reaches port 9200 may read, change and delete every index."
    remedy = "Leave `xpack.security.enabled` on, with the password from a Secret, or make the Service a ClusterIP."
    source = "https://www.elastic.co/guide/en/elasticsearch/reference/current/security-settings.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The nodes whose security is switched off, with a Service to the outside."""
        for node in elasticsearch.nodes(release):
            name = next((name for name, off in _OFF.items() if node.fixed(name).lower() == off), "")
            door = next(_doors(release, node), None) if name else None
            if door:
                yield self._finding(node, name, door)

    def _finding(self, node: Node, name: str, door: KubernetesObject) -> Finding:
        (value,) = node.settings[name]
        return self.finding(
            f"{node.container.locator} has no security ({name}), and Service {door.name} opens it to the outside.",
            on=value.text.object if value.text else node.container.pod.object,
            span=value.text.span(value.start, value.end) if value.text else node.container.span(),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{name}",
            related=(Related("object", door.span(("metadata", "name")), f"Service {door.name}"),),
        )


def _doors(release: Release, node: Node) -> Iterator[KubernetesObject]:
    services = release.services(node.container.pod)
    return (one for one in services if text(one.at(("spec", "type"))) in ("LoadBalancer", "NodePort"))
