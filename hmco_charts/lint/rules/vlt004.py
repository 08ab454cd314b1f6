"""VLT004: Vault's configuration loaded twice."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import PurePosixPath

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs import vault
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.yamlio import Span


class VaultConfigLoadedTwice(Rule):
    """Reports servers that bind an address twice, most often because a file is read twice."""

    id = "VLT004"
    name = "vault-config-loaded-twice"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    profile = "min"
    title = "Vault's configuration loaded twice"
    why = (
        "The image's entry point adds `-config=/vault/config` to `server`, and Vault joins the listeners of everything"
        " that it reads. A listener read twice is bound twice: 'bind: address already in use', and Vault stops."
    )
    remedy = "Give `args: [server]` alone, or start `vault server -config=…` by `command` without the entry point."
    source = "https://github.com/hashicorp/docker-vault/issues/229"

    def check(self, release: Release) -> Iterator[Finding]:
        """One finding for each server that cannot bind its listeners."""
        for server in vault.servers(release):
            pairs = combinations(vault.bound(release, server), 2)
            clash = next(((one, other) for one, other in pairs if one.address.collides(other.address)), None)
            if clash:
                yield self._clash(server, *clash)
            elif twice := _unknown_twice(server):
                yield self._unknown(server, twice)

    def _clash(self, server: vault.Server, one: vault.Bound, other: vault.Bound) -> Finding:
        container = server.container
        reason, remedy = _reason(server, one, other)
        listeners = dict.fromkeys((each.text, each.block) for each in (one, other))
        at = other.block.start if other.text and other.block and one.text == other.text and len(listeners) > 1 else None
        return self.finding(
            f"{reason}: the server binds {other.address} twice and stops with 'address already in use'.",
            on=other.text.object if other.text and at is not None else container.pod.object,
            span=_place(server, one, other),
            locator=other.text.locator(at) if other.text and at is not None else container.locator,
            subject=container.locator,
            remedy=remedy,
            related=tuple(
                Related("duplicate", text.span(block.type_start, block.type_end), "a listener at this address")
                for text, block in listeners
                if text and block
            ),
        )

    def _unknown(self, server: vault.Server, load: vault.Load) -> Finding:
        return self.finding(
            f"Vault reads `{load.path}` twice, because the entry point or another `-config` names its folder too:"
            " a listener in it cannot be bound a second time. The file is not in the input.",
            on=server.container.pod.object,
            span=_option(server.container, load.path),
            locator=server.container.locator,
            subject=server.container.locator,
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
        )


def _unknown_twice(server: vault.Server) -> vault.Load | None:
    """A file or folder that is read twice and whose text is not in the input."""
    for first, second in combinations(server.loads, 2):
        file, folder = (first, second) if PurePosixPath(first.path).suffix else (second, first)
        path = PurePosixPath(file.path)
        is_within = path.suffix in vault.SUFFIXES and str(path.parent) == folder.path
        if not file.files and not folder.files and (is_within or first.path == second.path):
            return file
    return None


def _reason(server: vault.Server, one: vault.Bound, other: vault.Bound) -> tuple[str, str | None]:
    """Why an address is bound twice, and the remedy where it is not the rule's own."""
    if one.load is None or other.load is None:
        reason = "The development mode has a listener of its own beside that of the configuration"
        return reason, "Leave out the listener, or start the server without `-dev`."
    if one.text != other.text:
        return "Two files that Vault reads have a listener for this address", "Keep the listener in one of them."
    if one.block != other.block:
        return "The configuration has two listeners for this address", "Keep one of them, or give it another port."
    if one.load.path == server.invocation.entrypoint_folder:
        return f"The entry point has Vault read `{one.load.path}`, and `-config` names `{other.load.path}` again", None
    return f"`-config` has Vault read the same file for `{one.load.path}` and `{other.load.path}`", "Name it once."


def _place(server: vault.Server, one: vault.Bound, other: vault.Bound) -> Span:
    """Where the user can mend it: the option, the second listener, or the container."""
    container = server.container
    if other.load and one.text == other.text and one.block == other.block:
        return _option(container, other.load.path)
    if other.text and other.block and (one.text == other.text or other.text.object is container.pod.object):
        return other.text.span(other.block.type_start, other.block.type_end)
    return container.span()


def _option(container: Container, path: str) -> Span:
    """The place of the last `-config` that names the path; of the container where it is not written out."""
    pattern = re.compile(rf"(?:-config[= ]|^){re.escape(path)}/?(?=\s|$)")
    for field, words in (("args", container.args), ("command", container.command)):
        for index, word in reversed(list(enumerate(words))):
            if found := pattern.search(word):
                return container.pod.object.text_span((*container.path, field, index), *found.span())
    return container.span()
