"""LKF005: credentials that lakeFS prints into its log."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import lakefs
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_PRINTED = {
    "blockstore.azure.storage_access_key": "Use a workload identity, or a client secret in AZURE_CLIENT_SECRET.",
    "blockstore.gs.credentials_json": "Mount the file from a Secret and name it in `blockstore.gs.credentials_file`.",
    "blockstore.gs.data_credentials_json": "Mount the file and name it in `blockstore.gs.data_credentials_file`.",
    "blockstore.gs.server_side_encryption_customer_supplied": "Use a key of Cloud KMS.",
}


class LakefsLoggedCredential(Rule):
    """Reports credentials of the block store that lakeFS writes to its log when it starts."""

    id = "LKF005"
    name = "lakefs-logged-credential"
    severity = Severity.WARNING
    title = "A credential that lakeFS prints into its log"
    why = (
        "At its start lakeFS logs its configuration. It hides the keys that its source declares as secret; an Azure"
        " account key, the text of a Google service account and a customer's encryption key are declared as plain text,"
        " and stand in the log in clear, also where they come from a Secret."
    )
    remedy = "Use an identity of the cloud instead."
    source = "https://github.com/treeverse/lakeFS/blob/v1.84.0/pkg/config/config.go"

    def check(self, release: Release) -> Iterator[Finding]:
        """The settings of every server that it prints."""
        for server in lakefs.servers(release):
            for key, remedy in _PRINTED.items():
                told = server.told(key)
                if told and told.value != "":
                    yield self.finding(
                        f"lakeFS prints `{key}` into its log.",
                        on=told.object,
                        span=told.span,
                        locator=told.locator,
                        subject=f"{server.container.locator}#{key}",
                        remedy=remedy,
                    )
