"""Typed values of the `loki` chart: servers that do everything, on a volume or on an object store.

Sources: Loki's documentation of its configuration and of deployment modes; grafana/loki `cmd/loki/Dockerfile`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.cloud import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from hmco_charts.values.kubernetes import PodSecurityContext, PortNumber, Resources, Seconds
from hmco_charts.values.monitoring_client import LokiServer
from hmco_charts.values.provision import Given, MetricsEndpoint, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.s3 import key_secret
from hmco_charts.values.text import (
    ListOf,
    OrEmpty,
    Pattern,
    Quantity,
    Word,
)
from hmco_charts.values.types import (
    ChartValues,
    Choice,
    HttpRoute,
    Image,
    Ingress,
    Metrics,
    NetworkPolicy,
    PodDisruptionBudget,
    PodPersistence,
    Probe,
    SecretRef,
    Service,
    ServiceAccount,
    VersionedImage,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatefulWorkload

Day = Annotated[str, Pattern("a day", r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "2026-01-01", 10)]
Days = Annotated[str, Pattern("days", r"[1-9][0-9]{0,3}d", "14d", 5)]
Bucket = Annotated[str, Pattern("a bucket", r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]", "platform-logs", 222)]
Endpoint = Annotated[str, Pattern("a host and perhaps a port", r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", "minio:9000", 259)]


class S3(Values):
    """Amazon S3, or what speaks its language."""

    bucket: OrEmpty[Bucket] = Field("", description="Bucket.")
    region: Word = Field("us-east-1", description="Region.")
    endpoint: OrEmpty[Endpoint] = Field("", description="Where it is, without a scheme; empty means Amazon's.")
    force_path_style: bool = Field(
        default=False, description="Whether the bucket is in the path: for MinIO and others."
    )
    insecure: bool = Field(default=False, description="Whether HTTP is spoken.")
    access_key_id: SecretRef = Field(ACCESS_KEY_ID, description="Key; empty means the pod's cloud identity.")
    secret_access_key: SecretRef = Field(SECRET_ACCESS_KEY, description="Its secret.")


class Gcs(Values):
    """Google Cloud Storage, by the pod's cloud identity."""

    bucket: OrEmpty[Bucket] = Field("", description="Bucket.")


class Storage(Choice):
    """Where logs are kept."""

    needed: ClassVar = {"s3": ("bucket",), "gcs": ("bucket",)}

    type: Literal["filesystem", "s3", "gcs"] = Field("filesystem", description="`filesystem` is for one pod.")
    s3: S3 = Field(S3(), description="Used where type is `s3`.")
    gcs: Gcs = Field(Gcs(), description="Used where type is `gcs`.")


class Limits(Values):
    """What clients may send and ask."""

    ingestion_rate: Annotated[int, Field(ge=1, le=10_000)] = Field(8, description="MB a second.")
    ingestion_burst: Annotated[int, Field(ge=1, le=10_000)] = Field(16, description="MB at once.")
    streams: Annotated[int, Field(ge=1, le=10_000_000)] = Field(10_000, description="Streams at a time.")
    query_series: Annotated[int, Field(ge=1, le=1_000_000)] = Field(500, description="Series of a query.")


class ServerPersistence(PodPersistence):
    """Volume of each pod: the log before it is stored, indexes and, with `filesystem`, everything."""

    size: Quantity = Field("20Gi", description="Size.")


class ServerNetworkPolicy(NetworkPolicy):
    """Who may reach the pods, and whom they may reach: by default each other and the object store."""

    allow_external_egress: bool = Field(default=False, description="Whether pods may reach everything.")
    store_ports: ListOf[PortNumber] = Field((443,), description="Ports of the object store, where there is one.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


class LokiTest(HelmTest):
    """The pod of `helm test`."""

    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="library/busybox", tag="1.37"), description="Image with `wget`."
    )


RULES = (
    Rule(
        when={"storage.type": "filesystem"},
        then={"replicaCount": (0, 1)},
        because="each pod would have logs of its own",
    ),
)


class Loki(StatefulWorkload, ChartValues):
    """Loki, each server with all its parts."""

    rules: ClassVar = RULES

    image: Image = Field(Image(registry="docker.io", repository="grafana/loki"), description="Image.")
    replica_count: Annotated[int, Field(ge=0, le=30)] = Field(
        1, description="Pods; of three or more each line is kept by three until it is stored."
    )
    storage: Storage = Field(Storage(), description="Where logs are kept.")
    schema_from: Day = Field("2025-01-01", description="Day before the first log line; never change it.")
    retention: Days = Field("14d", description="How long logs are kept.")
    limits: Limits = Field(Limits(), description="What clients may send and ask.")
    log_level: Literal["debug", "info", "warn", "error"] = Field("info", description="Level of its own log.")
    persistence: ServerPersistence = Field(ServerPersistence(), description="Volume of each pod.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "2Gi", "ephemeral-storage": "1Gi"},
        ),
        description="Requests and limits.",
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount, with its cloud identity.")
    service: Service = Field(Service(), description="Service of the servers.")
    ingress: Ingress = Field(Ingress(), description="Ingress to the servers; they ask nobody for a password.")
    http_route: HttpRoute = Field(HttpRoute(), description="Likewise, by the Gateway API.")
    network_policy: ServerNetworkPolicy = Field(ServerNetworkPolicy(), description="Network policy.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=10001, run_as_group=10001, fs_group=10001), description="Security of all pods."
    )
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=120), description="Whether the server has started."
    )
    termination_grace_period_seconds: Seconds = Field(300, description="Seconds to store what is in memory.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the servers.")
    metrics: Metrics = Field(Metrics(), description="Its own metrics, alerts and dashboards.")
    tests: LokiTest = Field(LokiTest(), description="Pod of `helm test`.")


def _secrets(values: Loki) -> tuple[OwnSecret, ...]:
    s3 = values.storage.s3
    return key_secret(s3.access_key_id, s3.secret_access_key) if values.storage.type == "s3" else ()


def _given(values: Loki, given: Given) -> dict[str, Any]:
    if not _secrets(values):
        return {}
    keys = {"name": given.place.secret("s3")}
    return {"storage": {"s3": {"accessKeyId": keys, "secretAccessKey": keys}}}


CHART = ChartType(
    name="loki",
    model=Loki,
    version="0.1.0",
    app_version="3.7.6",
    description="Loki, with retention that deletes, on a volume or with several pods on an object store.",
    default_profile="ha",
    icon="https://raw.githubusercontent.com/grafana/loki/main/docs/sources/logo.png",
    home="https://grafana.com/oss/loki/",
    sources=("https://github.com/grafana/loki",),
    keywords=("loki", "logs", "monitoring"),
    category="monitoring-logging",
    wiring=Wiring(
        offers=lambda _: (LokiServer(),),
        metrics=lambda _: (MetricsEndpoint(labels={"loki-headless": "true"}, name="http"),),
        secrets=_secrets,
        values=_given,
    ),
)
