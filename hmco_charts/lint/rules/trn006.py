"""TRN006: a connector that Trino does not have."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import trino
from hmco_charts.lint.rule import Rule
from hmco_charts.nearest import nearest
from hmco_charts.objects import Release

_CONNECTORS = frozenset(
    (
        *("ai", "bigquery", "blackhole", "cassandra", "clickhouse", "delta_lake", "druid", "duckdb", "elasticsearch"),
        *("exasol", "faker", "gsheets", "hive", "hudi", "iceberg", "ignite", "jmx", "kafka", "lakehouse", "loki"),
        *("mariadb", "memory", "mongodb", "mysql", "opensearch", "oracle", "pinot", "postgresql", "prometheus"),
        *("redis", "redshift", "singlestore", "snowflake", "sqlserver", "tpcds", "tpch", "trino_thrift", "vertica"),
        *("accumulo", "atop", "kinesis", "kudu", "localfile", "memsql", "phoenix5", "raptor_legacy", "starburst"),
    )
)
"""Those of Trino 476, and of older releases."""

_OFTEN = {"postgres": "postgresql", "delta": "delta_lake", "delta-lake": "delta_lake", "mongo": "mongodb"}


class TrinoConnector(Rule):
    """Reports catalogs of a connector that the image does not bring."""

    id = "TRN006"
    name = "trino-connector"
    profile = "min"
    title = "A connector that Trino does not have"
    why = "Trino loads every catalog when it starts, and stops with 'No factory for connector' where it cannot."
    remedy = "Mend the name in `connector.name`, or use an image that has the plugin."
    source = "https://trino.io/docs/current/connector.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The catalogs of nodes with Trino's own image and no plugins beside it."""
        for node in trino.nodes(release):
            for name, settings in node.catalogs if node.is_official else ():
                setting = next(each for each in settings if each.name == "connector.name")
                connector = setting.value.strip()
                if connector not in _CONNECTORS and "$" not in connector:
                    close = _OFTEN.get(connector) or nearest(connector, _CONNECTORS)
                    yield self.finding(
                        f"Catalog {name}: Trino has no connector `{connector}`, and stops."
                        + (f" Did you mean {close}?" if close else ""),
                        on=setting.text.object,
                        span=setting.span,
                        locator=setting.text.locator(setting.start),
                        subject=f"{node.container.locator}#{name}",
                    )
