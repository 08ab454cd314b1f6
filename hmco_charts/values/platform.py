"""A platform: its systems, where they run, and what they run on; the form of `platform.yaml`."""

from pathlib import Path as File
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from hmco_charts.values.base import Values
from hmco_charts.values.documents import validated
from hmco_charts.values.kubernetes import Labels
from hmco_charts.values.provision import Size
from hmco_charts.values.text import (
    Host,
    ListOf,
    Namespace,
    ObjectName,
    OrEmpty,
    Pattern,
    Quantity,
    RemotePath,
    StorageClassName,
)
from hmco_charts.values.types import Choice, IssuerRef, Peer, SecretStoreRef

SystemName = Annotated[str, Pattern("a name of a system", r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", "postgresql", 40)]
Minor = Annotated[str, Pattern("a version of Kubernetes", r"1\.[0-9]{1,3}", "1.31", 8)]
OciUrl = Annotated[
    str,
    Pattern("an OCI registry", r"oci://[a-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9._-]+)*", "oci://registry.example.com/charts"),
]


class Nodes(Values):
    """Nodes that are alike."""

    count: Annotated[int, Field(ge=1, le=5000)] = Field(1, description="How many.")
    cpu: Quantity = Field(description="What pods may have of each one's CPU.")
    memory: Quantity = Field(description="What pods may have of each one's memory.")
    disk: Quantity | None = Field(None, description="What volumes may have of each one's disk; unset means no limit.")


class ClusterProfile(Values):
    """The cluster that the platform is for."""

    nodes: Annotated[ListOf[Nodes], Field(min_length=1)] = Field(description="Nodes that pods may run on.")
    zones: Annotated[int, Field(ge=1, le=100)] = Field(1, description="Zones that the nodes stand in.")
    kubernetes: OrEmpty[Minor] = Field("", description="Version of Kubernetes; empty means not known.")
    domain: Host = Field("cluster.local", description="The cluster's DNS domain.")
    storage_class: OrEmpty[StorageClassName] = Field("", description="Storage class; empty means the cluster's.")
    first_node_port: Annotated[int, Field(ge=1024, le=65000)] = Field(
        31000, description="The first port of nodes that systems may have; they get theirs in the order of this file."
    )

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return sum(each.count for each in self.nodes)


class IssuerOfAll(IssuerRef):
    """The issuer of all certificates: with it, each certificate's Secret holds the authority of all others."""

    kind: Literal["ClusterIssuer"] = Field("ClusterIssuer", description="ClusterIssuer.")


class CertManager(Values):
    """Certificates that cert-manager issues."""

    issuer_ref: IssuerOfAll = Field(IssuerOfAll(), description="An issuer that gives `ca.crt`, such as one of type CA.")


class Certificates(Choice):
    """Where certificates come from."""

    needed: ClassVar = {"certManager": ("issuerRef.name",)}

    type: Literal["none", "certManager"] = Field("none", description="`none` is for `dev`, within one namespace.")
    cert_manager: CertManager = Field(CertManager(), description="Used where type is `certManager`.")


class Store(SecretStoreRef):
    """A store of the External Secrets operator for the whole cluster."""

    name: OrEmpty[ObjectName] = Field("", description="Name of the store.")
    kind: Literal["ClusterSecretStore"] = Field("ClusterSecretStore", description="ClusterSecretStore.")


class ExternalSecrets(Values):
    """Passwords from a store."""

    store_ref: Store = Field(Store(), description="The store.")
    path: RemotePath = Field("platform", description="Where they stand in the store: `<path>/<Secret>`, field by key.")


class Secrets(Choice):
    """Where passwords come from."""

    needed: ClassVar = {"externalSecrets": ("storeRef.name",)}

    type: Literal["generated", "externalSecrets"] = Field(
        "generated", description="`generated` makes them on the cluster, once."
    )
    external_secrets: ExternalSecrets = Field(ExternalSecrets(), description="Used where type is `externalSecrets`.")


class PrometheusOperator(Values):
    """Monitoring by the Prometheus operator, with Grafana's sidecar for dashboards."""

    prometheus: Peer | None = Field(
        None, description="Prometheus' pods; unset means those named `prometheus` in the namespace `monitoring`."
    )
    labels: Labels = Field({}, description="Labels by which it selects monitors and rules.")

    @property
    def pods(self) -> Peer:
        """Prometheus' pods."""
        return self.prometheus or Peer(namespace="monitoring", labels={"app.kubernetes.io/name": "prometheus"})


class Monitoring(Choice):
    """Who evaluates alerts, and scrapes metrics beside the platform's own Prometheus."""

    type: Literal["none", "prometheus", "prometheusOperator"] = Field(
        "prometheus", description="`prometheus` is the platform's own, if it has one; `none` scrapes nothing."
    )
    prometheus_operator: PrometheusOperator = Field(
        PrometheusOperator(), description="Used where type is `prometheusOperator`."
    )


class System(Values):
    """A system: a release of a chart."""

    chart: OrEmpty[SystemName] = Field("", description="Chart; empty means the system's name.")
    namespace: OrEmpty[Namespace] = Field("", description="Namespace; empty means the platform's.")
    size: Literal["", "dev", "small", "ha"] = Field("", description="Size; empty means the platform's.")
    uses: ListOf[SystemName] = Field((), description="Systems whose offers it takes, where several offer the same.")
    values: dict[str, Any] = Field({}, description="Values of the chart, which win over the platform's.")


def _bare(given: Any) -> Any:
    return {name: {} if told is None else told for name, told in given.items()} if isinstance(given, dict) else given


class Platform(Values):
    """A platform."""

    namespace: Namespace = Field("data-platform", description="Namespace of systems that name none.")
    size: Size = Field("dev", description="Size of systems that name none.")
    cluster: ClusterProfile = Field(description="What it runs on.")
    certificates: Certificates = Field(Certificates(), description="Where certificates come from.")
    secrets: Secrets = Field(Secrets(), description="Where passwords come from.")
    monitoring: Monitoring = Field(Monitoring(), description="Who scrapes metrics.")
    registry: OrEmpty[OciUrl] = Field("", description="Where the charts are published, for exports.")
    systems: Annotated[dict[SystemName, System], BeforeValidator(_bare)] = Field(
        description="Systems by name; a name alone is enough."
    )


def read(file: File) -> Platform:
    """The platform of a file.

    Raises:
        ValuesError: It is none; one error per fault, with its place.
    """
    return validated(Platform, file, example="docs/platform.md")
