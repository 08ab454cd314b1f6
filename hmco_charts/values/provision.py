"""What charts offer to each other and need: the types by which a platform joins its releases.

A chart takes part by the `wiring` of its `CHART`: what it offers, what it needs with given values, which Secrets it has
of its own, and how its values are made from what it is given. A kind of server is a type derived from `Offer`, what is
asked of it one derived from `Need`; both stand in the module that providers and consumers share, such as
`postgresql_client`. Whoever joins them knows these two bases and no chart. What every chart has (certificate, metrics,
network policy, producers of Secrets) is set by the types of `types.py`, and no chart says it again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar

from hmco_charts.values.types import Authority, Peer

Size = Literal["dev", "small", "ha"]
GIVEN = "given-by-the-platform"
"""Stands in `Wiring.defaults` for what a connection gives, such as a host; where users say another, none is needed."""
CERTIFICATE = "Certificate"
INGRESS = "Ingress"
ValuesT = TypeVar("ValuesT")
NeedT = TypeVar("NeedT", bound="Need")
OfferT = TypeVar("OfferT", bound="Offer")


@dataclass(frozen=True, slots=True)
class Place:
    """A release of a platform.

    Attributes:
        name: Its name, which its objects have too.
        namespace: Its namespace.
        chart: Its chart's name.
    """

    name: str
    namespace: str
    chart: str

    def host(self, suffix: str = "") -> str:
        """The name of a Service of it, for the whole cluster."""
        return f"{self.name}{suffix}.{self.namespace}.svc"

    def secret(self, suffix: str) -> str:
        """The name of a Secret of it."""
        return f"{self.name}-{suffix}"

    @property
    def peer(self) -> Peer:
        """Its pods, as network policies name them."""
        labels = {"app.kubernetes.io/name": self.chart, "app.kubernetes.io/instance": self.name}
        return Peer(namespace=self.namespace, labels=labels)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a release stands on.

    Attributes:
        size: Its size.
        has_certificates: Whether it gets a certificate.
        told: What users say of its values, as it stands in the platform's file.
        issuer: The ClusterIssuer of cert-manager that issues all certificates; empty where there is none.
        nodes: How many nodes there are.
    """

    size: Size
    has_certificates: bool
    told: Mapping[str, Any] = field(default_factory=dict)
    issuer: str = ""
    nodes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A server that other releases may use.

    Attributes:
        port: Its port.
        service: The end of its Service's name.
        has_users: Whether clients log in.
        secret: The end of the name of its own Secret, where all log in as its one user; empty means each has its own.
        is_plain: Whether it speaks without TLS also where the release has a certificate.
    """

    port: int
    service: str = ""
    has_users: bool = True
    secret: str = ""
    is_plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsEndpoint(Offer):
    """A port that serves metrics, behind Services that are found by their labels.

    Attributes:
        labels: Labels of the Services, beside those of the release.
        namespace: Where they are, if they are no part of the release; `labels` are then all that they have.
        component: Component of the release that alone has this port; empty means every one with these labels.
        name: Name of the Service's port.
        path: Path of the metrics.
        params: Parameters of the query.
        username: Who may read them, where somebody is asked for; the password is under the key of that name.
    """

    port: int = 0
    has_users: bool = False
    is_plain: bool = True
    labels: Mapping[str, str] = field(hash=False)
    namespace: str = ""
    component: str = ""
    name: str = "metrics"
    path: str = "/metrics"
    params: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    username: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a release asks of an offer.

    Attributes:
        name: What it is called on the server, where nothing else may be called so; empty where many share the same.
        is_optional: Whether the release does without it where nobody offers it.
    """

    of: ClassVar[type[Offer]]
    """The type of the offer."""
    kind: ClassVar[str]
    """A word for messages and for the names of Secrets."""
    keys: ClassVar[tuple[str, ...]] = ("password",)
    """Keys of the Secret that both sides share; none where nobody logs in."""
    is_of_all: ClassVar[bool] = False
    """Whether every offer meets it, and none of them must be there before."""

    name: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Connection(Generic[NeedT]):
    """A need that is met, as its consumer sees it.

    Attributes:
        need: The need.
        provider: Whose offer meets it.
        offer: The offer.
        secret: Name of the Secret that both sides share, in the consumer's namespace.
        authority: Who signed the server's certificate; without a name where there is no TLS.
    """

    need: NeedT
    provider: Place
    offer: Offer
    secret: str
    authority: Authority

    @property
    def host(self) -> str:
        """The server's host."""
        return self.provider.host(self.offer.service)

    @property
    def is_encrypted(self) -> bool:
        """Whether the server speaks TLS."""
        return bool(self.authority.name)


@dataclass(frozen=True, slots=True)
class Tenant(Generic[NeedT]):
    """A need that is met, as its provider sees it.

    Attributes:
        need: The need.
        consumer: Whose need it is.
        secret: Name of the Secret that both sides share, in the provider's namespace.
    """

    need: NeedT
    consumer: Place
    secret: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a release is given by its platform.

    Attributes:
        place: The release itself.
        connections: Its needs, met.
        tenants: The needs of others that it meets.
        node_port: The first of the ports of nodes that it asked for; 0 where it asked for none.
        reconciled: Namespaces with objects that it makes work.
        alerts: ConfigMaps of its namespace with alerts of the platform's releases, if it is who evaluates them.
    """

    place: Place
    connections: tuple[Connection[Any], ...] = ()
    tenants: tuple[Tenant[Any], ...] = ()
    node_port: int = 0
    reconciled: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()

    def connections_of(self, need: type[NeedT]) -> Iterator[Connection[NeedT]]:
        """The needs of a type, met."""
        return (each for each in self.connections if isinstance(each.need, need))

    def tenants_of(self, need: type[NeedT]) -> Iterator[Tenant[NeedT]]:
        """The needs of others of a type."""
        return (each for each in self.tenants if isinstance(each.need, need))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSecret:
    """A Secret that a release has for itself, random or from the platform's store.

    Attributes:
        suffix: The end of its name; `Place.secret` gives the whole.
        keys: Its keys, and how many characters each has.
        is_random: Whether any value will do; where not, a store has it, or somebody makes the Secret by hand.
    """

    suffix: str
    keys: Mapping[str, int] = field(default_factory=lambda: {"password": 32})
    is_random: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciler:
    """That a release makes objects of others work.

    Attributes:
        kinds: The kinds of these objects, such as `Certificate`.
        pods: Labels of its pods, where they connect to pods behind these objects.
    """

    kinds: tuple[str, ...]
    pods: Mapping[str, str] = field(default_factory=dict, hash=False)


def _nothing(*_: Any) -> tuple[Any, ...]:
    return ()


def _none(*_: Any) -> int:
    return 0


def _no_name(*_: Any) -> str:
    return ""


def _no_values(*_: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring(Generic[ValuesT]):
    """How a chart takes part in a platform.

    Attributes:
        defaults: Values of its release, over its profile and under what users say.
        offers: What its release offers, by its values; of metrics `metrics`.
        metrics: Where its release serves metrics, by its values, where these are enabled.
        needs: What its release needs, by its values.
        secrets: The Secrets that its release has of its own, by its values.
        node_ports: How many ports of nodes in a row its release needs, by its values.
        values: Further values of its release, by its values and what it is given.
        reconciler: The objects of others that its release makes work.
        ingress_class: The class of Ingresses that its release serves, by its values; empty where it serves none.
        resources: Kinds of objects of its release that an operator makes work, by its values; what follows from the
            shared types of values, such as certificates, is not said again.
    """

    defaults: Callable[[Ground], Mapping[str, Any]] = _no_values
    offers: Callable[[ValuesT], tuple[Offer, ...]] = _nothing
    metrics: Callable[[ValuesT], tuple[MetricsEndpoint, ...]] = _nothing
    needs: Callable[[ValuesT], tuple[Need, ...]] = _nothing
    secrets: Callable[[ValuesT], tuple[OwnSecret, ...]] = _nothing
    node_ports: Callable[[ValuesT], int] = _none
    values: Callable[[ValuesT, Given], Mapping[str, Any]] = _no_values
    reconciler: Reconciler | None = None
    ingress_class: Callable[[ValuesT], str] = _no_name
    resources: Callable[[ValuesT], tuple[str, ...]] = _nothing
