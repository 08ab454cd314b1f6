"""DHB003: addresses that DataHub cannot use."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import datahub
from hmco_charts.lint.programs.datahub import Part
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_BARE = ("ELASTICSEARCH_HOST", "ELASTIC_CLIENT_HOST", "DATAHUB_GMS_HOST")
_DRIVERS = {
    "org.postgresql.Driver": "jdbc:postgresql:",
    "com.mysql.cj.jdbc.Driver": "jdbc:mysql:",
    "com.mysql.jdbc.Driver": "jdbc:mysql:",
    "org.mariadb.jdbc.Driver": "jdbc:mariadb:",
}


class DatahubAddress(Rule):
    """Reports hosts with a scheme or a port, a database's host without one, and drivers of another database."""

    id = "DHB003"
    name = "datahub-address"
    profile = "min"
    title = "An address that DataHub cannot use"
    why = (
        "The start script waits for EBEAN_DATASOURCE_HOST as `host:port`, for the hosts of Elasticsearch and GMS with a"
        " port of their own, and ends where it cannot reach them; a driver refuses the URL of another database."
    )
    remedy = "Write the bare host, and the port in its own variable; EBEAN_DATASOURCE_HOST alone takes `host:port`."
    source = "https://github.com/datahub-project/datahub/blob/master/docker/datahub-gms/start.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The addresses of every part."""
        for part in datahub.parts(release):
            for name in _BARE:
                if re.search(r"://|:\d+$", part.told(name) or ""):
                    yield self._on(part, name, "takes the bare host")
            host = part.told("EBEAN_DATASOURCE_HOST") or ""
            if host and "$" not in host and not re.search(r":\d+$", host):
                yield self._on(part, "EBEAN_DATASOURCE_HOST", "lacks the port")
            url, driver = part.told("EBEAN_DATASOURCE_URL") or "", part.told("EBEAN_DATASOURCE_DRIVER") or ""
            if url.startswith("jdbc:") and driver in _DRIVERS and not url.startswith(_DRIVERS[driver]):
                yield self._on(part, "EBEAN_DATASOURCE_DRIVER", "is of another database than EBEAN_DATASOURCE_URL")

    def _on(self, part: Part, name: str, fault: str) -> Finding:
        return self.finding(
            f"{name} of {part.container.locator} {fault}.",
            on=part.container.pod.object,
            span=part.span(name),
            locator=f"{part.container.locator}/env/{name}",
            subject=f"{part.container.locator}#{name}",
        )
