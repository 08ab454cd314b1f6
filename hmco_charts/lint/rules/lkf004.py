"""LKF004: a probe of lakeFS that any web page answers."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import lakefs
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import mapping, text

_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_ANSWERED = ("/_health", "/api/", "/metrics")


class LakefsProbe(Rule):
    """Reports HTTP probes of lakeFS at paths that only its user interface answers."""

    id = "LKF004"
    name = "lakefs-probe"
    severity = Severity.WARNING
    title = "A probe of lakeFS that any web page answers"
    why = (
        "lakeFS answers a path that it does not know, such as /healthz, with the page of its user interface and status"
        " 200. The probe says nothing of the server."
    )
    remedy = "Ask for /_health."
    source = "https://github.com/treeverse/lakeFS/blob/v1.84.0/pkg/api/serve.go"

    def check(self, release: Release) -> Iterator[Finding]:
        """The HTTP probes of every server."""
        for server in lakefs.servers(release):
            container = server.container
            for probe in _PROBES:
                asked = mapping(mapping(container.spec.get(probe)).get("httpGet"))
                path = text(asked.get("path")) or "/"
                if asked and not path.startswith(_ANSWERED):
                    place = (probe, "httpGet", "path") if "path" in asked else (probe, "httpGet")
                    yield self.finding(
                        f"{probe} asks for `{path}`, which lakeFS answers with its user interface.",
                        on=container.pod.object,
                        span=container.span(*place),
                        locator=f"{container.locator}/{probe}",
                        subject=f"{container.locator}#{probe}",
                    )
