"""MYS003: a probe that takes the server of the initialisation for MySQL."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import mysql
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping, text

_ASKS = re.compile(r"\b(?:mysqladmin|mariadb-admin)\b.*\b(?:ping|status)\b|\b(?:mysql|mariadb)\b.*\s(?:-e|--execute)\b")
_BY_TCP = re.compile(r"(?:-h|--host)[ =]?\"?(?!localhost)[\w.$:{\[]|--protocol[ =]tcp", re.IGNORECASE)


class MysqlProbe(Rule):
    """Reports startup and readiness probes that ask by the socket."""

    id = "MYS003"
    name = "mysql-probe"
    severity = Severity.WARNING
    title = "A probe that takes the server of the initialisation for MySQL"
    why = (
        "While the image fills an empty volume, a server without a network answers on the socket. A probe that asks"
        " there, as clients do without a host or with `localhost`, is content too early: programs come to a closed"
        " port, and liveness may end the initialisation half done, which is never repaired."
    )
    remedy = "Ask `-h 127.0.0.1`."
    source = "https://github.com/docker-library/mysql/blob/master/8.4/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The probes of the official images' servers."""
        for container in mysql.servers(release):
            for probe in ("startupProbe", "readinessProbe"):
                action = mapping(mapping(container.spec.get(probe)).get("exec"))
                asked = " ".join(text(word) for word in items(action.get("command")))
                if _ASKS.search(asked) and not _BY_TCP.search(asked):
                    yield self.finding(
                        f"The {probe} asks by the socket, where a server answers during the initialisation already.",
                        on=container.pod.object,
                        span=container.span(probe, "exec", "command"),
                        locator=container.locator,
                        subject=f"{container.locator}#{probe}",
                    )
