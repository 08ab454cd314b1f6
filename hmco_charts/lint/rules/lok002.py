"""LOK002: a retention with which Loki does not start, or deletes nothing."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.monitoring import Configuration, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.yamlio import Path

_PERIOD: Path = ("limits_config", "retention_period")
_ENABLED: Path = ("compactor", "retention_enabled")
_STORE = "delete_request_store"
_FLAGS = ("compactor.retention-enabled", "compactor.delete-request-store")


class LokiRetention(Rule):
    """Reports a retention that the compactor is not told of, or not completely."""

    id = "LOK002"
    name = "loki-retention"
    profile = "min"
    title = "A retention with which Loki does not start, or deletes nothing"
    why = (
        "Logs are deleted by the compactor where `retention_enabled` is true; a `retention_period` alone deletes none,"
        " and the volume fills. Where it is true, Loki 3 ends without `delete_request_store`"
        " ('delete-request-store should be configured when retention is enabled')."
    )
    remedy = "Set compactor.retention_enabled and compactor.delete_request_store, which names the object store."
    source = "https://grafana.com/docs/loki/latest/operations/storage/retention/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The file of every server that says something of retention, and says it alone."""
        for server in monitoring.servers(release, "loki"):
            file = server.configuration
            if not file or any(flag in server.flags for flag in _FLAGS):
                continue
            if file.at(*_ENABLED) is True:
                if not file.at("compactor", _STORE):
                    message = f"`{_STORE}` is not set: Loki 3 does not start."
                    yield self._at(server, file, _ENABLED, message)
            elif _is_period(file.at(*_PERIOD)):
                message = f"Nothing is deleted after {file.at(*_PERIOD)}: the compactor is not told to."
                yield self._at(server, file, _PERIOD, message, Severity.WARNING)

    def _at(
        self, server: Server, file: Configuration, path: Path, message: str, severity: Severity | None = None
    ) -> Finding:
        return self.finding(
            message,
            on=file.text.object,
            span=file.span(path),
            locator=file.locator(path),
            subject=f"{server.container.locator}#{'.'.join(map(str, path))}",
            severity=severity,
        )


def _is_period(value: object) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and bool(str(value).strip("0smhdwy"))
