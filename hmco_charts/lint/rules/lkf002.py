"""LKF002: settings that lakeFS does not start with, or does not read."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import lakefs
from hmco_charts.lint.programs.lakefs import Server
from hmco_charts.lint.programs.setting import of_variable
from hmco_charts.lint.rule import Rule
from hmco_charts.nearest import nearest
from hmco_charts.objects import Release

_REQUIRED = ("auth.encrypt.secret_key", "database.type", "blockstore.type")
_FILES = ("TLS_CERT_FILE", "TLS_KEY_FILE", "CREDENTIALS_FILE")


class LakefsSettings(Rule):
    """Reports keys that lakeFS misses or refuses, and variables that it does not read."""

    id = "LKF002"
    name = "lakefs-settings"
    profile = "min"
    title = "A setting that lakeFS does not start with"
    why = (
        "lakeFS refuses a file with a key that it does not know ('has invalid keys') and ends where a required one is"
        " missing ('missing required keys'). Variables that it does not know it leaves unread, without a word: none has"
        " a form with _FILE."
    )
    remedy = "Write the key as in lakeFS' configuration reference; a credential comes as a variable from a Secret."
    source = "https://github.com/treeverse/lakeFS/blob/v1.84.0/pkg/config/config.go"

    def check(self, release: Release) -> Iterator[Finding]:
        """What each server misses, refuses and leaves unread."""
        for server in lakefs.servers(release):
            yield from self._missing(server)
            yield from self._refused(server)
            yield from self._unread(server)

    def _missing(self, server: Server) -> Iterator[Finding]:
        is_sure = server.is_complete and not server.is_for_development
        missing = [f"`{key}`" for key in _REQUIRED if not server.told(key) and not _has_section(server, key)]
        if is_sure and missing:
            yield self._on_container(server, "required", f"lakeFS ends at once without {', '.join(missing)}.")

    def _refused(self, server: Server) -> Iterator[Finding]:
        for key, setting in server.entries.items():
            if fault := _fault(key, setting.value or ""):
                yield self.finding(
                    f"`{key}` {fault}.",
                    on=setting.object,
                    span=setting.span,
                    locator=setting.locator,
                    subject=f"{server.container.locator}#{key}",
                )

    def _unread(self, server: Server) -> Iterator[Finding]:
        for name in server.environment.variables:
            meant = lakefs.meant(name) if name.startswith("LAKEFS_") else ""
            if name.startswith("LAKEFS_") and name.endswith("_FILE") and not name.endswith(_FILES):
                yield self._on_container(server, name, f"lakeFS does not read {name}: it has no such setting.")
            elif meant:
                yield self._on_container(server, name, f"lakeFS does not read {name}; did you mean {meant}?")

    def _on_container(self, server: Server, subject: str, message: str) -> Finding:
        told = of_variable(server.container, server.environment, subject)
        return self.finding(
            message,
            on=server.container.pod.object,
            span=told.span if told else server.container.span(),
            locator=server.container.locator,
            subject=f"{server.container.locator}#{subject}",
        )


def _has_section(server: Server, key: str) -> bool:
    """Whether a variable such as LAKEFS_DATABASE takes the place of the whole section."""
    section = key.partition(".")[0].upper()
    return f"LAKEFS_{section}" in server.environment.variables


def _misspelt(key: str) -> str:
    """What a part of the key was meant to be; empty where each is known, or like none that is."""
    parts = key.split(".")
    for at, part in enumerate(parts):
        known = lakefs.KNOWN.get(".".join(parts[:at]), "").split()
        if known and part not in known:
            return nearest(part, known) or ""
    return ""


def _fault(key: str, value: str) -> str:
    section, _, name = key.rpartition(".")
    if section == "database.postgres" and name not in lakefs.KNOWN[section].split():
        meant = "; the key is `connection_string`" if name in ("connection_url", "url", "dsn", "uri") else ""
        return f"is no key of lakeFS, which refuses the file{meant}"
    if meant := _misspelt(key):
        return f"is no key of lakeFS, which refuses the file; did you mean `{meant}`?"
    if name.endswith("size_bytes") and not re.fullmatch(r"[0-9]+|\{\{.*", value):
        return "takes a number of bytes, without a unit"
    if key == "listen_address" and re.fullmatch(r"[0-9]+", value):
        return "needs a colon before the port"
    return ""
