"""What programs ask of those that watch the platform: series, alerts and logs."""

from dataclasses import dataclass
from typing import Any, ClassVar

from hmco_charts.values.provision import Connection, MetricsEndpoint, Need, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusServer(Offer):
    """A Prometheus server."""

    port: int = 9090


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertmanagerServer(Offer):
    """An Alertmanager."""

    port: int = 9093
    service: str = "-alertmanager"


@dataclass(frozen=True, slots=True, kw_only=True)
class LokiServer(Offer):
    """A Loki server."""

    port: int = 3100


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched(Need):
    """What such a server knows; it asks nobody for a password."""

    keys: ClassVar = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Watched):
    """Series of a Prometheus server."""

    of: ClassVar = PrometheusServer
    kind: ClassVar = "prometheus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts(Watched):
    """Alerts that an Alertmanager knows."""

    of: ClassVar = AlertmanagerServer
    kind: ClassVar = "alertmanager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs(Watched):
    """Logs that a Loki server keeps, to read or to write."""

    of: ClassVar = LokiServer
    kind: ClassVar = "loki"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsOfAll(Need):
    """The metrics of every release."""

    of: ClassVar = MetricsEndpoint
    kind: ClassVar = "metrics"
    is_of_all: ClassVar = True


def url(connection: Connection[Any]) -> str:
    """Where a server is that speaks HTTP."""
    return f"{'https' if connection.is_encrypted else 'http'}://{connection.host}:{connection.offer.port}"
