"""Issuers of cert-manager by type, with credentials by reference only.

Source: cert-manager v1.21.2, `pkg/apis/certmanager/v1/types_issuer.go` and `pkg/apis/acme/v1/types_issuer.go`.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.cloud import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from hmco_charts.values.kubernetes import Labels
from hmco_charts.values.text import (
    DnsLabel,
    Duration,
    Email,
    Host,
    HostPattern,
    ListOf,
    MapOf,
    NameServer,
    Namespace,
    ObjectName,
    OrEmpty,
    Text,
    Url,
    UrlPath,
    Word,
)
from hmco_charts.values.types import Authority, Choice, ParentRef, SecretRef

SolverService = Literal["ClusterIP", "NodePort"]


class SolverSelector(Values):
    """Names that a solver is for; all where nothing is set, and the most specific solver counts."""

    dns_names: ListOf[HostPattern] = Field((), description="These names.")
    dns_zones: ListOf[Host] = Field((), description="Names in these zones.")
    match_labels: Labels = Field({}, description="Labels of the Certificate.")


class IngressSolver(Values):
    """HTTP-01 by an Ingress that cert-manager makes for each challenge."""

    ingress_class_name: OrEmpty[ObjectName] = Field("", description="Ingress class; empty means the cluster's.")
    service_type: SolverService = Field("ClusterIP", description="Type of the Service of each challenge.")


class GatewaySolver(Values):
    """HTTP-01 by an HTTPRoute at Gateways with a listener on port 80."""

    parent_refs: ListOf[ParentRef] = Field((), description="Gateways.")
    service_type: SolverService = Field("ClusterIP", description="Type of the Service of each challenge.")


class Route53(Values):
    """DNS-01 by Route 53."""

    region: OrEmpty[Word] = Field("", description="Region; empty means what the pod knows.")
    hosted_zone_id: OrEmpty[Word] = Field("", alias="hostedZoneID", description="Zone; empty means a look-up.")
    role: OrEmpty[Text] = Field("", description="Role to assume, as an ARN.")
    access_key_id_secret_ref: SecretRef = Field(
        ACCESS_KEY_ID, alias="accessKeyIDSecretRef", description="Secret and key with the access key's id."
    )
    secret_access_key_secret_ref: SecretRef = Field(
        SECRET_ACCESS_KEY, description="Secret and key with the access key's secret."
    )


class Cloudflare(Values):
    """DNS-01 by Cloudflare."""

    api_token_secret_ref: SecretRef = Field(
        SecretRef(key="token"), description="Secret and key with a token for the zone."
    )


class CloudDns(Values):
    """DNS-01 by Google Cloud DNS."""

    project: OrEmpty[Word] = Field("", description="Project.")
    hosted_zone_name: OrEmpty[Word] = Field("", description="Zone; empty means a look-up.")
    service_account_secret_ref: SecretRef = Field(
        SecretRef(key="key.json"),
        description="Secret and key with the service account's key; without it the pod's own identity counts.",
    )


class ManagedIdentity(Values):
    """An identity of Azure that the pod has."""

    client_id: OrEmpty[Word] = Field("", alias="clientID", description="Its client id.")


class AzureDns(Values):
    """DNS-01 by Azure DNS."""

    subscription_id: OrEmpty[Word] = Field("", alias="subscriptionID", description="Subscription.")
    resource_group_name: OrEmpty[Word] = Field("", description="Resource group.")
    hosted_zone_name: OrEmpty[Host] = Field("", description="Zone; empty means a look-up.")
    tenant_id: OrEmpty[Word] = Field("", alias="tenantID", description="Tenant, with a client's secret.")
    client_id: OrEmpty[Word] = Field("", alias="clientID", description="Client, with its secret.")
    client_secret_secret_ref: SecretRef = Field(
        SecretRef(key="client-secret"),
        description="Secret and key with the secret; without it the pod's own identity counts.",
    )
    managed_identity: ManagedIdentity = Field(ManagedIdentity(), description="Identity, in place of a client.")


class Rfc2136(Values):
    """DNS-01 by a name server that takes updates (RFC 2136)."""

    nameserver: OrEmpty[NameServer] = Field("", description="Address of the server, with its port if it is not 53.")
    tsig_key_name: OrEmpty[Host] = Field("", description="Name of the key.")
    tsig_algorithm: Literal["HMACSHA256", "HMACSHA512", "HMACSHA1", "HMACMD5"] = Field(
        "HMACSHA256", description="Algorithm of the key."
    )
    tsig_secret_secret_ref: SecretRef = Field(SecretRef(key="tsig-key"), description="Secret and key with the key.")


class Solver(Choice):
    """How it is shown that a name is ours."""

    needed: ClassVar = {
        "gateway": ("parentRefs",),
        "cloudflare": ("apiTokenSecretRef.name",),
        "cloudDNS": ("project",),
        "azureDNS": ("subscriptionID", "resourceGroupName"),
        "rfc2136": ("nameserver",),
    }

    type: Literal["ingress", "gateway", "route53", "cloudflare", "cloudDNS", "azureDNS", "rfc2136"] = Field(
        description="HTTP-01 by `ingress` or `gateway`, else DNS-01, which wildcards need."
    )
    selector: SolverSelector = Field(SolverSelector(), description="Names that it is for.")
    ingress: IngressSolver = Field(IngressSolver(), description="Used where type is `ingress`.")
    gateway: GatewaySolver = Field(GatewaySolver(), description="Used where type is `gateway`.")
    route53: Route53 = Field(Route53(), description="Used where type is `route53`.")
    cloudflare: Cloudflare = Field(Cloudflare(), description="Used where type is `cloudflare`.")
    cloud_dns: CloudDns = Field(CloudDns(), alias="cloudDNS", description="Used where type is `cloudDNS`.")
    azure_dns: AzureDns = Field(AzureDns(), alias="azureDNS", description="Used where type is `azureDNS`.")
    rfc2136: Rfc2136 = Field(Rfc2136(), description="Used where type is `rfc2136`.")


class ExternalAccount(Values):
    """An account that the authority knows already."""

    key_id: OrEmpty[Word] = Field("", alias="keyID", description="Its id; empty means none.")
    key_secret_ref: SecretRef = Field(SecretRef(key="hmac-key"), description="Secret and key with its key.")


class Acme(Values):
    """An authority that speaks ACME, such as Let's Encrypt."""

    server: Url = Field("https://acme-v02.api.letsencrypt.org/directory", description="URL of its directory.")
    email: OrEmpty[Email] = Field("", description="Who is told of trouble.")
    account_key: OrEmpty[ObjectName] = Field(
        "", description="Secret that cert-manager makes for the account's key; empty means `<issuer>-account-key`."
    )
    preferred_chain: OrEmpty[Text] = Field("", description="Common name of the root that the chain shall end in.")
    external_account_binding: ExternalAccount = Field(ExternalAccount(), description="Account at the authority.")
    ca_bundle: OrEmpty[Text] = Field("", description="Certificates to trust it by, base64 of PEM; empty means public.")
    solvers: MapOf[DnsLabel, Solver] = Field({}, description="How it is shown that names are ours, by your names.")


class Ca(Values):
    """An authority whose certificate and key are in a Secret."""

    secret_name: OrEmpty[ObjectName] = Field("", description="Secret with tls.crt and tls.key.")
    crl_distribution_points: ListOf[Url] = Field((), description="Where revoked certificates are told.")


class SelfSigned(Values):
    """Each certificate signs itself."""

    crl_distribution_points: ListOf[Url] = Field((), description="Where revoked certificates are told.")


class Root(Values):
    """An authority of our own: cert-manager makes its certificate, and never replaces its key."""

    secret_name: OrEmpty[ObjectName] = Field(
        "", description="Secret that cert-manager makes for it; empty means `<issuer>-key-pair`. Keep a copy."
    )
    common_name: OrEmpty[Annotated[Text, Field(max_length=64)]] = Field(
        "", description="Name of the authority; empty means the issuer's."
    )
    organizations: ListOf[Text] = Field((), description="Organizations of the authority.")
    duration: Duration = Field("87600h", description="Life of its certificate.")
    renew_before: Duration = Field("8760h", description="Time left when the certificate is renewed, by the same key.")


class AppRole(Values):
    """Login at Vault by an AppRole."""

    path: Word = Field("approle", description="Path of the method, without `auth/`.")
    role_id: OrEmpty[Word] = Field("", description="Id of the role.")
    secret_ref: SecretRef = Field(SecretRef(key="secret-id"), description="Secret and key with the secret id.")


class KubernetesLogin(Values):
    """Login at Vault by a short-lived token of a ServiceAccount, which the chart makes with the right for it."""

    mount_path: UrlPath = Field("/v1/auth/kubernetes", description="Path of the method.")
    role: Word = Field("cert-manager", description="Role at Vault.")
    service_account: OrEmpty[ObjectName] = Field(
        "", description="ServiceAccount; empty means `<issuer>-vault`, which the chart makes."
    )


class VaultLogin(Choice):
    """How cert-manager logs in."""

    needed: ClassVar = {"token": ("name",), "appRole": ("roleId", "secretRef.name")}

    type: Literal["kubernetes", "appRole", "token"] = Field("kubernetes", description="Which way.")
    kubernetes: KubernetesLogin = Field(KubernetesLogin(), description="Used where type is `kubernetes`.")
    app_role: AppRole = Field(AppRole(), description="Used where type is `appRole`.")
    token: SecretRef = Field(SecretRef(key="token"), description="Used where type is `token`: nobody renews it.")


class VaultPki(Values):
    """A role of Vault's PKI engine."""

    server: OrEmpty[Url] = Field("", description="URL of Vault.")
    path: OrEmpty[Word] = Field("", description="Path that signs, such as `pki_int/sign/internal`.")
    namespace: OrEmpty[Word] = Field("", description="Namespace of Vault Enterprise.")
    ca_bundle_secret_ref: Authority = Field(Authority(), description="Secret and key with who signed its certificate.")
    auth: VaultLogin = Field(VaultLogin(), description="How cert-manager logs in.")


class Issuer(Choice):
    """Who signs certificates."""

    needed: ClassVar = {
        "acme": ("solvers",),
        "ca": ("secretName",),
        "vault": ("server", "path"),
    }

    type: Literal["root", "ca", "acme", "vault", "selfSigned"] = Field(description="What kind of authority.")
    kind: Literal["ClusterIssuer", "Issuer"] = Field(
        "ClusterIssuer",
        description="For all namespaces, with its Secrets in cert-manager's; or for one, with its Secrets there.",
    )
    namespace: OrEmpty[Namespace] = Field("", description="Namespace of an `Issuer`; empty means the release's.")
    root: Root = Field(Root(), description="Used where type is `root`.")
    ca: Ca = Field(Ca(), description="Used where type is `ca`.")
    acme: Acme = Field(Acme(), description="Used where type is `acme`.")
    vault: VaultPki = Field(VaultPki(), description="Used where type is `vault`.")
    self_signed: SelfSigned = Field(SelfSigned(), description="Used where type is `selfSigned`.")
