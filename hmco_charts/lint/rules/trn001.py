"""TRN001: a login on Trino without the secret by which its nodes know each other."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import trino
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_SECRET = "internal-communication.shared-secret"  # noqa: S105 - a property's name
_DEMANDING = {"http-server.authentication.type": ("insecure",), "internal-communication.https.required": ("false",)}


class TrinoSharedSecret(Rule):
    """Reports nodes that demand a login or internal TLS and have no shared secret."""

    id = "TRN001"
    name = "trino-shared-secret"
    profile = "min"
    title = "A login on Trino without a secret of its nodes"
    why = (
        "As soon as clients log in, the nodes must prove to each other who they are: Trino stops with 'Shared secret"
        " (internal-communication.shared-secret) is required when authentication is enabled'."
    )
    remedy = "Set `internal-communication.shared-secret=${ENV:NAME}` on all nodes, from one Secret."
    source = "https://trino.io/docs/current/security/internal-communication.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The settings that demand the secret, on each node without it."""
        for node in trino.nodes(release):
            for name, harmless in _DEMANDING.items():
                setting = node.config.get(name)
                if setting and setting.value.strip().lower() not in harmless and _SECRET not in node.config:
                    yield self.finding(
                        f"`{name}` needs `{_SECRET}`, which {node.container.locator} does not have: Trino stops.",
                        on=setting.text.object,
                        span=setting.span,
                        locator=setting.text.locator(setting.start),
                        subject=f"{node.container.locator}#{name}",
                    )
