"""Values of programs that keep files in an S3 store; wiring reads them."""

from typing import Annotated

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.provision import OwnSecret
from hmco_charts.values.text import OrEmpty, Pattern, Url, Word
from hmco_charts.values.types import SecretRef

BucketPath = Annotated[
    str,
    Pattern(
        "a path in a bucket",
        r"s3a?://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._=@+-]+)*/?",
        "s3://platform/trino",
        1024,
    ),
]


class S3Connection(Values):
    """An S3 store, and who uses it; without keys the identity of the ServiceAccount counts."""

    endpoint: OrEmpty[Url] = Field("", description="URL; empty means that of AWS.")
    region: Word = Field("us-east-1", description="Region; other stores than AWS want one too.")
    path_style_access: bool = Field(
        default=False, description="Whether the bucket is in the path, as MinIO and lakeFS want it, not in the host."
    )
    access_key: SecretRef = Field(SecretRef(key="access-key"), description="Id of the access key.")
    secret_key: SecretRef = Field(SecretRef(key="secret-key"), description="Secret of the access key.")


def key_secret(access_key: SecretRef, secret_key: SecretRef) -> tuple[OwnSecret, ...]:
    """The Secret with both keys of a store, where one is named: a store of secrets has it, or somebody makes it."""
    if not access_key.name:
        return ()
    return (OwnSecret(suffix="s3", keys={access_key.key: 0, secret_key.key: 0}, is_random=False),)
