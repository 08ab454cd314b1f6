"""MYS005: a log of changes that fills the volume."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import mysql
from hmco_charts.lint.programs.mysql import Option
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_EXPIRY = ("binlog-expire-logs-seconds", "expire-logs-days")
_OFF = ("skip-log-bin", "disable-log-bin")


class MysqlBinaryLog(Rule):
    """Reports binary logs that never go."""

    id = "MYS005"
    name = "mysql-binary-log"
    severity = Severity.WARNING
    title = "A log of changes that fills the volume"
    why = (
        "Binary logs stay until they expire. With an expiry of 0 they never go, which is MariaDB's default where the"
        " log is switched on; MySQL's own is 30 days. A full volume stops the server."
    )
    remedy = "Set `binlog_expire_logs_seconds` to the days that you need, such as 259200."
    source = "https://dev.mysql.com/doc/refman/8.4/en/replication-options-binary-log.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers of the official images that write the log."""
        for container in mysql.servers(release):
            options = mysql.options(release, container)
            at = _endless(options, is_mariadb=mysql.is_mariadb(container))
            if at and not any(name in options for name in _OFF):
                yield self.finding(
                    "Binary logs never expire and fill the volume.",
                    on=at.text.object,
                    span=at.span,
                    locator=at.text.locator(at.start),
                    subject=f"{at.text.name}#{at.name}",
                )


def _endless(options: dict[str, Option], *, is_mariadb: bool) -> Option | None:
    """The option by which logs stay for ever."""
    told = [options[name] for name in _EXPIRY if name in options]
    if told:
        is_zero = all(each.value.strip() in ("0", "0.0") for each in told)
        return told[0] if is_zero and ("log-bin" in options or not is_mariadb) else None
    return options.get("log-bin") if is_mariadb else None
