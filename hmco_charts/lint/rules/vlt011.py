"""VLT011: the setting that turns Vault's memory locking off."""

from collections.abc import Iterator
from functools import partial

from hmco_charts.formats import Entry, hcl
from hmco_charts.lint.edits import remove_line
from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.fix import Fix
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.lint.programs.vault import images
from hmco_charts.lint.programs.vault.locking import OVERRIDE, SETTING
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release, Text


class MemoryLockSetting(Rule):
    """Reports settings of the memory lock that the server refuses, or that contradict each other."""

    id = "VLT011"
    name = "memory-lock-setting"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    profile = "min"
    title = "A setting of the memory lock that does not hold"
    why = (
        "Vault 1.20 and later stop on Raft unless the configuration says `disable_mlock`, and a lock keeps all of"
        " Raft's database in memory; OpenBao has no lock and stops at `false`. VAULT_DISABLE_MLOCK wins over the file,"
        " and must be a boolean as Go reads it."
    )
    remedy = "Write `disable_mlock = true` once, at the top level of the configuration."
    source = "https://github.com/hashicorp/vault/pull/29974"

    def check(self, release: Release) -> Iterator[Finding]:
        """What is wrong with the setting of each server."""
        for server in vault.servers(release):
            if server.is_dev:
                continue
            told = [(text, entry) for text in server.configurations if (entry := _setting(text))]
            found = environment(release, server.container)
            yield from self._unreadable(server, told)
            if server.product == "openbao":
                yield from self._refused(told)
            else:
                yield from self._absent(server, found, told)
                yield from self._environment(server, found, told)
                yield from self._mapped(server, found, told)
                yield from self._swap(release, server, found, told)

    def _unreadable(self, server: vault.Server, told: list[tuple[Text, Entry]]) -> Iterator[Finding]:
        for text, entry in told:
            word = str(entry.value or "")
            if word and vault.boolean(word) is None and "$" not in word and "{" not in word:
                yield self._on(
                    text,
                    (entry.key_start, entry.end),
                    "`disable_mlock` is no boolean as Go reads it (`true`, `1`, `false`, `0`): the server refuses its"
                    " configuration.",
                    remedy="Write `true`.",
                    server=server,
                )

    def _refused(self, told: list[tuple[Text, Entry]]) -> Iterator[Finding]:
        for text, entry in told:
            if vault.boolean(entry.value) is False:
                edits = remove_line(text, entry.start)
                yield self._on(
                    text,
                    (entry.key_start, entry.end),
                    "OpenBao has dropped memory locking, and stops at `disable_mlock = false`.",
                    remedy="Delete the setting.",
                    fixes=(Fix("Delete the setting", edits, is_safe=True),) if edits else (),
                )

    def _absent(self, server: vault.Server, found: Environment, told: list[tuple[Text, Entry]]) -> Iterator[Finding]:
        storage = vault.storage(server)
        is_raft = server.is_complete and storage is not None and storage.backend == "raft"
        needs = images.is_since(images.version(server.container), "explicit_setting")
        is_overridden = OVERRIDE in found.variables
        if is_raft and storage and needs is not False and not told:
            yield self._on(
                storage.text,
                (storage.block.type_start, storage.block.type_end),
                "Raft storage without `disable_mlock`: from 1.20 on, Vault stops with 'disable_mlock must be configured"
                " 'true' or 'false''.",
                severity=Severity.INFO if not needs else Severity.WARNING if is_overridden else None,
                confidence=Confidence.MEDIUM if not needs or is_overridden else None,
                fixes=() if is_overridden else vault.unlock(server, found),
            )

    def _environment(
        self, server: vault.Server, found: Environment, told: list[tuple[Text, Entry]]
    ) -> Iterator[Finding]:
        _, text = found.first(OVERRIDE) or ("", None)
        if text is None:
            return
        override = vault.boolean(text.value)
        is_off = any(vault.boolean(entry.value) for _, entry in told)
        place = (0, len(text.value))
        if override is None and "$" not in text.value:
            yield self._on(
                text,
                place,
                f"{OVERRIDE} is no boolean as Go reads it (`true`, `1`, `false`, `0`): Vault stops with 'Error parsing"
                f" the environment variable {OVERRIDE}'.",
                remedy="Write `true` or `false`.",
                server=server,
            )
        elif override is not None and told and is_off is not override:
            winner = "does not lock" if override else "locks"
            yield self._on(
                text,
                place,
                f"{OVERRIDE} says otherwise than `disable_mlock` in the configuration, and wins: Vault {winner}.",
                severity=Severity.WARNING,
                remedy="Say it in one place, the configuration.",
                server=server,
                related=tuple(
                    Related("duplicate", each.span(entry.key_start, entry.end), "the configuration says this")
                    for each, entry in told
                ),
            )

    def _mapped(self, server: vault.Server, found: Environment, told: list[tuple[Text, Entry]]) -> Iterator[Finding]:
        """Raft with a lock that the kernel grants; without IPC_LOCK it is VLT002's."""
        storage = vault.storage(server)
        starts = told or not images.is_since(images.version(server.container), "explicit_setting")
        is_locked = vault.lock(server, found) is vault.Lock.ON and server.container.has_capability("IPC_LOCK")
        if starts and is_locked and storage and storage.backend == "raft":
            yield self._on(
                storage.text,
                (storage.block.type_start, storage.block.type_end),
                "Raft's database is mapped into memory, and the memory lock keeps all of it there; HashiCorp advises"
                " against the two together.",
                severity=Severity.WARNING,
                fixes=vault.unlock(server, found),
            )

    def _swap(
        self, release: Release, server: vault.Server, found: Environment, told: list[tuple[Text, Entry]]
    ) -> Iterator[Finding]:
        off = [(text, entry) for text, entry in told if vault.boolean(entry.value)]
        if release.cluster.swap is not False and off and vault.lock(server, found) is vault.Lock.OFF:
            text, entry = off[-1]
            swaps = "the nodes swap" if release.cluster.swap else "whether the nodes swap is not known"
            yield self._on(
                text,
                (entry.key_start, entry.end),
                f"Without the memory lock, secrets can reach the disk where nodes swap; {swaps}.",
                severity=Severity.INFO,
                confidence=Confidence.MEDIUM if release.cluster.swap else Confidence.LOW,
                remedy="Turn swap off on the nodes, or encrypt it.",
            )

    def _on(
        self,
        text: Text,
        place: tuple[int, int],
        message: str,
        *,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        remedy: str | None = None,
        server: vault.Server | None = None,
        related: tuple[Related, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        """A finding on the text, or on the server that takes it from its environment."""
        return self.finding(
            message,
            on=server.container.pod.object if server else text.object,
            span=partial(text.span, *place),
            locator=server.container.locator if server else text.locator(place[0]),
            subject=f"{server.container.locator}#{OVERRIDE}" if server else f"{text.name}#{SETTING}",
            severity=severity,
            confidence=confidence,
            remedy=remedy,
            related=related,
            fixes=fixes,
        )


def _setting(text: Text) -> Entry | None:
    return vault.setting(hcl.parse(text.value), SETTING)
