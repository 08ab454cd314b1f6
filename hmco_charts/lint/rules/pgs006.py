"""PGS006: parameters that PostgreSQL does not start with, or with which nobody reaches it."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import postgresql
from hmco_charts.lint.programs.databases import Server
from hmco_charts.lint.programs.postgresql import Parameter
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_LISTEN = "listen_addresses"
_AMOUNTS = (
    *("shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem", "autovacuum_work_mem"),
    *("logical_decoding_work_mem", "temp_buffers", "wal_buffers", "max_wal_size", "min_wal_size", "wal_keep_size"),
    *("max_slot_wal_keep_size", "temp_file_limit", "max_stack_depth", "log_rotation_size"),
)
_WRONG_UNIT = re.compile(r"[0-9.]+\s*(?:[KMGT]i?|k|[kKmMgGtT]ib|KB|[mgt]b?)")
_INCLUDES = ("include", "include_if_exists", "include_dir")


class PostgresqlConfiguration(Rule):
    """Reports amounts in units of Kubernetes, and files that leave the server on the loopback."""

    id = "PGS006"
    name = "postgresql-configuration"
    profile = "min"
    title = "A configuration that PostgreSQL does not start or serve with"
    why = (
        "PostgreSQL knows the units B, kB, MB, GB and TB, and ends on any other ('invalid value for parameter'). A file"
        " of your own takes the place of the image's, which alone says `listen_addresses = '*'`: without it the server"
        " listens on the pod's loopback, where no Service reaches it."
    )
    remedy = "Write 512MB for 512Mi, and listen_addresses = '*' in the file."
    source = "https://www.postgresql.org/docs/current/config-setting.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The file that takes the place of the server's own, and the command line."""
        for server in postgresql.servers(release):
            file = postgresql.configuration(release, server)
            in_file = list(postgresql.parameters(file)) if file else []
            told = [*in_file, *postgresql.command_line(server)]
            yield from (self._unit(server, each) for each in told if _has_wrong_unit(each))
            if file and not any(each.key in (_LISTEN, *_INCLUDES) for each in told):
                yield self.finding(
                    f"`{file.name}` does not set {_LISTEN}: the server listens on the pod's loopback alone.",
                    on=file.object,
                    span=file.object.span(file.path, key=True),
                    locator="/".join(map(str, file.path)),
                    subject=f"{file.name}#{_LISTEN}",
                )

    def _unit(self, server: Server, parameter: Parameter) -> Finding:
        return self.finding(
            f"`{parameter.key}` is `{parameter.value}`: PostgreSQL knows no such unit and ends.",
            on=parameter.object,
            span=parameter.span,
            locator=parameter.locator,
            subject=f"{server.container.locator}#{parameter.key}",
        )


def _has_wrong_unit(parameter: Parameter) -> bool:
    return parameter.key in _AMOUNTS and bool(_WRONG_UNIT.fullmatch(parameter.value))
