"""MYS001: variables with which MySQL's image does not start."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import mysql
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release

_WITH_FILES = ("ROOT_HOST", "DATABASE", "USER", "PASSWORD", "ROOT_PASSWORD")


class MysqlVariables(Rule):
    """Reports variables that exclude each other, and the administrator as a user of programs."""

    id = "MYS001"
    name = "mysql-variables"
    profile = "min"
    title = "Variables with which MySQL's image does not start"
    why = (
        "The entrypoint ends with 'Both … are set (but are exclusive)' where a variable and its `_FILE` twin have a"
        " value, at every start, and refuses `root` as MYSQL_USER at the first."
    )
    remedy = "Keep the `_FILE` variable, which leaves the password out of the environment; name a user of its own."
    source = "https://github.com/docker-library/mysql/blob/master/8.4/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers of the official images."""
        for container in mysql.servers(release):
            told = {each.name: each for each in container.environment if each.value != ""}
            for prefix in ("MYSQL", "MARIADB"):
                for name in (f"{prefix}_{each}" for each in _WITH_FILES):
                    if name in told and f"{name}_FILE" in told:
                        yield self._at(container, name, f"{name} and {name}_FILE exclude each other")
                user = told.get(f"{prefix}_USER")
                if user and user.value == "root":
                    yield self._at(container, user.name, f"{user.name} must not be root")

    def _at(self, container: Container, name: str, told: str) -> Finding:
        variable = next(each for each in container.environment if each.name == name)
        return self.finding(
            f"{container.locator} does not start: {told}.",
            on=container.pod.object,
            span=container.pod.object.span((*variable.path, "name")),
            locator=container.locator,
            subject=f"{container.locator}#{name}",
        )
