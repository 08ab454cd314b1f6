"""MYS002: a MySQL whose administrator has no password, or one that the log tells."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import mysql
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.pod import EnvironmentVariable

_PREFIXES = ("MYSQL", "MARIADB")
_PASSWORDS = ("ROOT_PASSWORD", "ROOT_PASSWORD_FILE", "ROOT_PASSWORD_HASH", "ROOT_PASSWORD_HASH_FILE")


class MysqlRootPassword(Rule):
    """Reports the variables that stand for no password, or for one in the log."""

    id = "MYS002"
    name = "mysql-root-password"
    title = "A MySQL whose administrator has no password, or one that the log tells"
    why = (
        "MYSQL_ALLOW_EMPTY_PASSWORD means yes whatever its value, also `no` or `false`: root then has no password, from"
        " every address. MYSQL_RANDOM_ROOT_PASSWORD takes the place of a given password and writes its own to the log."
    )
    remedy = "Take the variable away, and give MYSQL_ROOT_PASSWORD_FILE from a Secret."
    source = "https://github.com/docker-library/mysql/blob/master/8.4/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers of the official images."""
        for container in mysql.servers(release):
            found = environment(release, container)
            has_password = any(found.first(f"{each}_{name}") for each in _PREFIXES for name in _PASSWORDS)
            for variable in container.environment:
                told = _told(variable)
                if told and (told == "random" or (not has_password and found.is_complete)):
                    yield self.finding(
                        f"{variable.name} writes the administrator's password to the log."
                        if told == "random"
                        else f"{variable.name} leaves root without a password, as every value means yes.",
                        on=container.pod.object,
                        span=container.pod.object.span((*variable.path, "name")),
                        locator=container.locator,
                        subject=f"{container.locator}#{variable.name}",
                    )


def _told(variable: EnvironmentVariable) -> str:
    """`random` or `empty`, where the variable asks for such a password."""
    if variable.value == "" or not variable.name.startswith(_PREFIXES):
        return ""
    if variable.name.endswith("_RANDOM_ROOT_PASSWORD"):
        return "random"
    return "empty" if variable.name.endswith(("_ALLOW_EMPTY_PASSWORD", "_ALLOW_EMPTY_ROOT_PASSWORD")) else ""
