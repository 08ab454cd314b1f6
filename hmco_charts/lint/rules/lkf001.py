"""LKF001: keys of lakeFS that stand in its source."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import lakefs
from hmco_charts.lint.programs.lakefs import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_SIGNING = "blockstore.signing.secret_key"
_KEYS = ("auth.encrypt.secret_key", _SIGNING, "installation.access_key_id", "installation.secret_access_key")
_PUBLIC = (
    "some random secret string",
    "asdjfhjaskdhuioaweyuiorasdsjbaskcbkj",
    "THIS_MUST_BE_CHANGED_IN_PRODUCTION",
    "OVERRIDE_THIS_SIGNING_SECRET_DEFAULT",
    "AKIAIOSFOLQUICKSTART",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
)
"""Constants of lakeFS' source, its documentation and its makers' chart."""


class LakefsPublicKey(Rule):
    """Reports lakeFS servers whose keys everybody can look up."""

    id = "LKF001"
    name = "lakefs-public-key"
    title = "A key of lakeFS that stands in its source"
    why = (
        "The encryption key protects the stored credentials of all users, the signing key lets whoever has it write"
        " objects past lakeFS. Both have constants in the source and in the makers' chart, and lakeFS starts with them"
        " without a word."
    )
    remedy = "Make a random key, keep it in a Secret, and name the Secret."
    source = "https://github.com/treeverse/lakeFS/blob/v1.84.0/pkg/config/defaults.go"

    def check(self, release: Release) -> Iterator[Finding]:
        """The keys of every server, and the signing key that is not set."""
        for server in lakefs.servers(release):
            for key in _KEYS:
                told = server.told(key)
                if told and told.value in _PUBLIC:
                    yield self.finding(
                        f"`{key}` is a constant that everybody can look up.",
                        on=told.object,
                        span=told.span,
                        locator=told.locator,
                        subject=f"{server.container.locator}#{key}",
                    )
            if server.is_complete and not server.is_for_development and not server.told(_SIGNING):
                yield self._unsigned(server)

    def _unsigned(self, server: Server) -> Finding:
        return self.finding(
            f"`{_SIGNING}` is not set: lakeFS takes a constant that everybody can look up.",
            on=server.container.pod.object,
            span=server.container.span(),
            locator=server.container.locator,
            subject=f"{server.container.locator}#{_SIGNING}",
            severity=Severity.WARNING,
            remedy="Set LAKEFS_BLOCKSTORE_SIGNING_SECRET_KEY from a Secret.",
        )
