"""Values for charts that many install: what they put into ConfigMaps.

Sources: hashicorp/vault-helm `templates/server-config-configmap.yaml`, treeverse/charts
`lakefs/templates/configmap.yaml`.
"""

from collections.abc import Iterator

from hmco_charts.lint.programs import vault
from hmco_charts.objects import Text, Values

_LAKEFS = (("lakefsConfig",), ("lakefs", "lakefsConfig"))


def in_config_maps(values: Values) -> Iterator[Text]:
    """The texts among values that the official charts of Vault, OpenBao and lakeFS write into a ConfigMap."""
    yield from vault.in_values(values)
    for path in _LAKEFS:
        value = values.at(path)
        if isinstance(value, str):
            yield Text(values, path, "config.yaml", value)
