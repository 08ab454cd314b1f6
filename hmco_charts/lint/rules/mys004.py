"""MYS004: variables of MariaDB on MySQL's image."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import mysql
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_READ = ("ROOT_PASSWORD", "ROOT_PASSWORD_FILE", "DATABASE", "USER", "PASSWORD", "PASSWORD_FILE", "ROOT_HOST")


class MysqlForeignVariables(Rule):
    """Reports `MARIADB_…` variables that MySQL's image does not read."""

    id = "MYS004"
    name = "mysql-foreign-variables"
    title = "Variables of MariaDB on MySQL's image"
    why = (
        "MySQL's image reads MYSQL_ROOT_PASSWORD, MYSQL_DATABASE and their like; MARIADB_ROOT_PASSWORD says nothing to"
        " it. Without a password it does not fill an empty volume, and databases and users are not made."
    )
    remedy = "Name them MYSQL_…, which both images read, or take MariaDB's image."
    source = "https://github.com/docker-library/mysql/blob/master/8.4/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of MySQL's servers whose own twin is not set."""
        for container in mysql.servers(release):
            names = {each.name for each in container.environment}
            for variable in container.environment if not mysql.is_mariadb(container) else ():
                own = variable.name.removeprefix("MARIADB_")
                if variable.name != own and own in _READ and f"MYSQL_{own}" not in names:
                    yield self.finding(
                        f"MySQL's image does not read {variable.name}; its own is MYSQL_{own}.",
                        on=container.pod.object,
                        span=container.pod.object.span((*variable.path, "name")),
                        locator=container.locator,
                        subject=f"{container.locator}#{variable.name}",
                    )
