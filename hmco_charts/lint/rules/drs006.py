"""DRS006: a proxy's variable, with which Doris' backend does not start."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import doris
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping
from hmco_charts.yamlio import Path

_PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")


class DorisProxy(Rule):
    """Reports backends that have a variable of a proxy."""

    id = "DRS006"
    name = "doris-proxy"
    profile = "min"
    title = "A proxy with which Doris' backend does not start"
    why = "The start script ends where one of these variables is set: 'need unset it', whatever else is configured."
    remedy = "Leave the variable out of the backends; catalogs and loads have settings of their own for a proxy."
    source = "https://github.com/apache/doris/blob/master/bin/start_be.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of backends in pods and in the operator's resources."""
        for container in doris.containers(release, "be"):
            for index, each in enumerate(container.environment):
                if each.name in _PROXIES and (each.value or each.source):
                    yield self._on(container.pod.object, (*container.path, "env", index), each.name)
        for part in doris.parts(release, "be"):
            for index, entry in enumerate(items(part.spec.get("envVars"))):
                variable = mapping(entry)
                if variable.get("name") in _PROXIES and (variable.get("value") or variable.get("valueFrom")):
                    yield self._on(part.cluster, (*part.path, "envVars", index), str(variable["name"]))

    def _on(self, each: KubernetesObject, path: Path, name: str) -> Finding:
        return self.finding(
            f"The backend ends at once, as {name} is set.",
            on=each,
            span=each.span((*path, "name")),
            locator=f"env/{name}",
        )
