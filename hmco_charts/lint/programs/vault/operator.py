"""The custom resource `Vault`: Bank-Vaults' operator writes its `spec.config` to the file that the server loads.

The operator adds IPC_LOCK to the server's container itself unless `disable_mlock` is true.
Sources: bank-vaults/vault-operator `pkg/apis/vault/v1alpha1/vault_types.go`,
`pkg/controller/vault/vault_controller.go`.
"""

from collections.abc import Iterator

from hmco_charts.objects import KubernetesObject, Release, Text, composed_json
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

_GROUP = "vault.banzaicloud.com/"
_CONFIGURATION: Path = ("spec", "config")
_EXTERNAL: Path = ("spec", "externalConfig")
_VARIABLES = ("envsConfig", "vaultEnvsConfig", "sidecarEnvsConfig")


def resources(release: Release) -> Iterator[KubernetesObject]:
    """The custom resources."""
    return (each for each in release.of_kind("Vault") if each.api_version.startswith(_GROUP))


def configurations(release: Release) -> Iterator[Text]:
    """What the operator writes to the servers' files."""
    for each in resources(release):
        if isinstance(each.at(_CONFIGURATION), dict):
            yield composed_json(each, _CONFIGURATION, "vault.json")


def settings(resource: KubernetesObject) -> Iterator[Text]:
    """What a resource tells the servers and the configurer, which writes the second part into Vault itself."""
    for path, name in ((_CONFIGURATION, "vault.json"), (_EXTERNAL, "external.json")):
        if isinstance(resource.at(path), dict):
            yield composed_json(resource, path, name)


def variables(resource: KubernetesObject) -> Iterator[Text]:
    """The literal variables that the operator gives to the containers of a resource."""
    for field in _VARIABLES:
        for at, variable in enumerate(items(resource.at(("spec", field)))):
            value = mapping(variable).get("value")
            if isinstance(value, str):
                yield Text(resource, ("spec", field, at, "value"), text(mapping(variable).get("name")), value)


def has_variable(resource: KubernetesObject, *names: str) -> bool:
    """Whether a resource gives its servers one of these variables."""
    told = [item for field in _VARIABLES[:2] for item in items(resource.at(("spec", field)))]
    return any(mapping(each).get("name") in names for each in told)
