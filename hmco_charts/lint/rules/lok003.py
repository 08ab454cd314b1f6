"""LOK003: a schema with which Loki does not start."""

from collections.abc import Iterator
from typing import Any

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.monitoring import Configuration, Server
from hmco_charts.lint.programs.version import Version
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping
from hmco_charts.yamlio import Path

_SCHEMAS: Path = ("schema_config", "configs")
_METADATA = ("limits_config", "allow_structured_metadata")
_DAY = ("24h", "1d")
_FIRST_WITH_METADATA = 3
_NEEDED_SCHEMA = "v13"


class LokiSchema(Rule):
    """Reports periods of the schema that Loki refuses."""

    id = "LOK003"
    name = "loki-schema"
    profile = "min"
    title = "A schema with which Loki does not start"
    why = (
        "Loki needs at least one period, their days in increasing order, and for `tsdb` an index of 24 hours. Since 3.0"
        " the newest must be `tsdb` with `v13`, unless structured metadata is switched off ('schema v13 is required to"
        " store Structured Metadata')."
    )
    remedy = (
        "Add a period `store: tsdb`, `schema: v13`, `index.period: 24h` from a day to come; never change an old one."
    )
    source = "https://grafana.com/docs/loki/latest/operations/storage/schema/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The periods of every server's file."""
        for server in monitoring.servers(release, "loki"):
            if server.configuration and "schema-config-file" not in server.flags:
                for path, message in _faults(server.configuration, _has_metadata(server)):
                    yield self._at(server, path, message)

    def _at(self, server: Server, path: Path, message: str) -> Finding:
        assert server.configuration
        file = server.configuration
        return self.finding(
            message,
            on=file.text.object,
            span=file.span(path),
            locator=file.locator(path),
            subject=f"{server.container.locator}#{message}",
        )


def _faults(file: Configuration, has_metadata: bool) -> Iterator[tuple[Path, str]]:
    periods = [mapping(each) for each in items(file.at(*_SCHEMAS))]
    if not periods:
        yield ("schema_config",), "There is no period in schema_config.configs."
    for index, period in enumerate(periods):
        if period.get("store") == "tsdb" and _told(mapping(period.get("index")).get("period")) not in _DAY:
            yield (*_SCHEMAS, index), "The index of `tsdb` has a period other than 24h."
        if index and _told(period.get("from")) <= _told(periods[index - 1].get("from")):
            yield (*_SCHEMAS, index, "from"), "The days of the periods do not increase."
    if periods and has_metadata:
        yield from _of_newest(periods[-1], (*_SCHEMAS, len(periods) - 1))


def _of_newest(period: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    for key, needed in (("store", "tsdb"), ("schema", _NEEDED_SCHEMA)):
        if period.get(key) != needed:
            yield (*path, key), f"The newest period is not `{key}: {needed}`, which structured metadata needs."
            return


def _has_metadata(server: Server) -> bool:
    version = Version.parse(server.container.image.tag)
    assert server.configuration
    is_off = server.configuration.at(*_METADATA) is False or "validation.allow-structured-metadata" in server.flags
    return version is not None and version.major >= _FIRST_WITH_METADATA and not is_off


def _told(value: Any) -> str:
    return str(value)
