"""Credentials of clouds, as several programs take them: references to keys of Secrets that are not named yet."""

from hmco_charts.values.types import SecretRef

ACCESS_KEY_ID = SecretRef(key="access-key-id")
SECRET_ACCESS_KEY = SecretRef(key="secret-access-key")
GCP_CREDENTIALS = SecretRef(key="credentials.json")
"""A service account's file."""

AZURE_CLIENT_SECRET = SecretRef(key="AZURE_CLIENT_SECRET")
