"""Credentials of clouds, as several programs take them: references to keys of Secrets."""

from pydantic import Field

from hmco_charts.values.text import DataKey
from hmco_charts.values.types import SecretRef


class AccessKeyId(SecretRef):
    """An access key's id in a Secret."""

    key: DataKey = Field("access-key-id", description="Key in it.")


class SecretAccessKey(SecretRef):
    """An access key's secret in a Secret."""

    key: DataKey = Field("secret-access-key", description="Key in it.")


class GcpCredentials(SecretRef):
    """A service account's file in a Secret."""

    key: DataKey = Field("credentials.json", description="Key in it.")


class AzureClientSecret(SecretRef):
    """A client secret in a Secret."""

    key: DataKey = Field("AZURE_CLIENT_SECRET", description="Key in it.")
