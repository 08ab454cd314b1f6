"""MYS008: a variable that MySQL's image no longer looks at."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import mysql
from hmco_charts.lint.programs.volumes import claimed
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.pod import EnvironmentVariable

_FIRST = ("ROOT_PASSWORD", "ROOT_HOST", "DATABASE", "USER", "PASSWORD")


class MysqlLateVariable(Rule):
    """Reports upgrades that change what the image sets on an empty volume only."""

    id = "MYS008"
    name = "mysql-late-variable"
    severity = Severity.WARNING
    title = "A variable that MySQL's image no longer looks at"
    why = (
        "MYSQL_ROOT_PASSWORD, MYSQL_DATABASE, MYSQL_USER and MYSQL_PASSWORD count while the data directory is empty."
        " With another value later, the server keeps its passwords, databases and users, and programs with the new"
        " password are refused."
    )
    remedy = "Change it in SQL, best by a Job that runs at each upgrade."
    source = "https://github.com/docker-library/docs/blob/master/mysql/README.md"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of servers with a volume that an upgrade changes."""
        for container in mysql.servers(release):
            installed = mysql.before(release, container)
            if installed and claimed(container):
                was = {each.name: _told(each) for each in installed.environment}
                for variable in container.environment:
                    if _is_first(variable.name) and _told(variable) != was.get(variable.name):
                        yield self._changed(container, variable)

    def _changed(self, container: Container, variable: EnvironmentVariable) -> Finding:
        return self.finding(
            f"{container.locator} has data already: the new {variable.name} changes nothing in it.",
            on=container.pod.object,
            span=container.pod.object.span((*variable.path, "name")),
            locator=container.locator,
            subject=f"{container.locator}#{variable.name}",
        )


def _is_first(name: str) -> bool:
    for prefix in ("MYSQL_", "MARIADB_"):
        if name.startswith(prefix):
            return name.removeprefix(prefix).removesuffix("_FILE") in _FIRST
    return False


def _told(variable: EnvironmentVariable) -> tuple[str, dict[str, object]]:
    return variable.value or "", variable.source
