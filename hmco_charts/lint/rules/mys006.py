"""MYS006: a change that MySQL does not start with."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import mysql
from hmco_charts.lint.programs.mysql import Option
from hmco_charts.lint.programs.volumes import claimed
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release

_NAME = "lower-case-table-names"


class MysqlTableNames(Rule):
    """Reports upgrades that change `lower_case_table_names` of a server with data."""

    id = "MYS006"
    name = "mysql-table-names"
    profile = "min"
    title = "A change that MySQL does not start with"
    why = (
        "`lower_case_table_names` counts when the data directory is made. With another value MySQL ends with 'Different"
        " lower_case_table_names settings for server and data dictionary' at every start."
    )
    remedy = "Put the old value back; for another, dump the databases and restore them into an empty server."
    source = "https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers with a volume that an upgrade changes."""
        for container in mysql.servers(release):
            installed = mysql.before(release, container)
            if installed and release.previous and claimed(container) and not mysql.is_mariadb(container):
                was, now = (_option(each, one) for each, one in ((release.previous, installed), (release, container)))
                if _value(was) != _value(now):
                    yield self._changed(container, was, now)

    def _changed(self, container: Container, was: Option | None, now: Option | None) -> Finding:
        return self.finding(
            f"MySQL does not start: lower_case_table_names was {_value(was)} when its data were made, and is"
            f" {_value(now)} now.",
            on=now.text.object if now else container.pod.object,
            span=now.span if now else container.span(),
            locator=now.text.locator(now.start) if now else container.locator,
            subject=f"{container.locator}#{_NAME}",
        )


def _option(release: Release, container: Container) -> Option | None:
    return mysql.options(release, container).get(_NAME)


def _value(option: Option | None) -> str:
    return option.value.strip() if option else "0"
