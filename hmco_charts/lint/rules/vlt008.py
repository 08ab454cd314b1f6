"""VLT008: probes that restart a sealed Vault."""

import re
import shlex
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from hmco_charts.formats import hcl, shell
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.command import SHELLS, base
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

_PROBES = ("livenessProbe", "startupProbe")
_HEALTH = "/v1/sys/health"
_STATES = {"sealed": ("sealedcode", 503), "uninitialised": ("uninitcode", 501), "a standby": ("standbycode", 429)}
_STATUS = re.compile(r"\s*(?:exec\s+)?(?:\S*/)?(?:vault|bao)\s+status\b[^|;&\n]*\s*")
_URL = re.compile(r"https?://[^/]+/")
_FAIL = re.compile(r"--fail(?:-with-body)?|-[a-zA-Z]*f[a-zA-Z]*")
_SHAMIR = "shamir"
_SUCCESS = range(200, 400)
_WANTED = {"sealedcode": "204", "uninitcode": "204", "standbycode": "200"}


class VaultProbeKillsSealed(Rule):
    """Reports probes that fail while a server is sealed, not yet initialised, or a standby."""

    id = "VLT008"
    name = "vault-probe-kills-sealed"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    profile = "min"
    title = "A probe that restarts a sealed Vault"
    why = (
        "`/v1/sys/health` answers 503 while Vault is sealed, 501 before it is initialised and 429 on a standby, and"
        " `vault status` exits with 2 while sealed. A liveness or startup probe that takes this for a failure has the"
        " kubelet restart Vault before anyone can unseal it, for ever."
    )
    remedy = "Ask for `/v1/sys/health?standbyok=true&sealedcode=204&uninitcode=204`, or probe the port."
    source = "https://developer.hashicorp.com/vault/api-docs/system/health"

    def check(self, release: Release) -> Iterator[Finding]:
        """The liveness and startup probes of each server that fail in a state which a restart does not mend."""
        for server in vault.servers(release):
            if not server.is_dev:
                for name in _PROBES:
                    probe = mapping(server.container.spec.get(name))
                    yield from self._http(release, server, name, mapping(probe.get("httpGet")))
                    yield from self._exec(release, server, name, mapping(probe.get("exec")))

    def _http(self, release: Release, server: vault.Server, name: str, request: dict[str, object]) -> Iterator[Finding]:
        place, path = (name, "httpGet", "path"), text(request.get("path"))
        if failing := _failing(release, server, path):
            yield self._refused(release, server, place, failing, _fix(server, place, path, list(failing)))

    def _refused(
        self,
        release: Release,
        server: vault.Server,
        place: Path,
        failing: dict[str, int | str],
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        states = " or ".join(f"{state} ({code})" for state, code in failing.items())
        again = next(iter(failing))
        message = f"The {place[0]} fails while Vault is {states}: the kubelet restarts it, and it is {again} again."
        return self._finding(release, server, place, message, fixes)

    def _exec(self, release: Release, server: vault.Server, name: str, action: dict[str, object]) -> Iterator[Finding]:
        words = [text(word) for word in items(action.get("command"))]
        if _STATUS.fullmatch(" ".join(words)) or (words and _STATUS.fullmatch(words[-1])):
            yield self._finding(
                release,
                server,
                (name, "exec", "command"),
                f"The {name} fails while Vault is sealed, as `vault status` then exits with 2: the kubelet restarts it,"
                " and it is sealed again.",
            )
        if failing := _failing(release, server, _asked(words)):
            yield self._refused(release, server, (name, "exec", "command"), failing)

    def _finding(
        self, release: Release, server: vault.Server, place: Path, message: str, fixes: tuple[Fix, ...] = ()
    ) -> Finding:
        container = server.container
        unseals = _unseals_itself(release, server)
        return self.finding(
            message,
            on=container.pod.object,
            span=container.pod.object.span((*container.path, *place)),
            locator=container.locator,
            subject=f"{container.locator}#{place[0]}",
            severity=Severity.WARNING if unseals else None,
            confidence=Confidence.MEDIUM if unseals else None,
            fixes=fixes,
        )


def _asked(words: list[str]) -> str:
    """The path for which a command asks the server and fails on an error's status; empty where it does not."""
    script = words[-1] if base(words[0] if words else "") in SHELLS else shlex.join(words)
    found = [[word.text for word in each.words] for each in shell.commands(script)]
    if len(found) != 1 or not _fails(found[0]):
        return ""
    return next((f"/{word.split('/', 3)[3]}" for word in found[0] if _URL.match(word)), "")


def _fails(words: list[str]) -> bool:
    """Whether a program ends with an error when the server's answer is one: wget, and curl when it is told so."""
    program = base(words[0]) if words else ""
    return program == "wget" or (program == "curl" and any(map(_FAIL.fullmatch, words)))


def _failing(release: Release, server: vault.Server, path: str) -> dict[str, int | str]:
    """The states in which the health endpoint's answer fails a probe, and these answers; none for other endpoints."""
    if path.partition("?")[0].rstrip("/") != _HEALTH:
        return {}
    has_standbys = _has_standbys(release, server)
    return {state: code for state, code in _answers(path).items() if state != "a standby" or has_standbys}


def _answers(path: str) -> dict[str, int | str]:
    """The states in which the endpoint's answer counts as a failure, and that answer."""
    told = dict(parse_qsl(path.partition("?")[2], keep_blank_values=True))
    answers: dict[str, int | str] = {state: told.get(name, code) for state, (name, code) in _STATES.items()}
    if told.get("standbyok", "false") != "false":
        del answers["a standby"]
    return {state: code for state, code in answers.items() if not _is_success(code)}


def _is_success(code: int | str) -> bool:
    return int(code) in _SUCCESS if str(code).isdecimal() else False


def _has_standbys(release: Release, server: vault.Server) -> bool:
    is_shared = vault.is_shared(server, environment(release, server.container))
    return is_shared is not False and release.replicas(server.container.pod).most > 1


def _unseals_itself(release: Release, server: vault.Server) -> bool:
    """Whether the server needs nobody to unseal it, so that a restart comes to an end."""
    blocks = [block for each in server.configurations for block in hcl.parse(each.value).blocks]
    seals = [block.labels[0] for block in blocks if block.type == "seal" and block.labels]
    told = environment(release, server.container).first("VAULT_SEAL_TYPE", "BAO_SEAL_TYPE")
    return any(seal != _SHAMIR for seal in seals) or bool(told and (not told[1] or told[1].value != _SHAMIR))


def _fix(server: vault.Server, place: Path, path: str, failing: list[str]) -> tuple[Fix, ...]:
    """The same request, whose answer is a success in these states too."""
    needed = {_STATES[state][0]: _WANTED[_STATES[state][0]] for state in failing}
    told = dict(parse_qsl(path.partition("?")[2], keep_blank_values=True))
    changed = f"{path.partition('?')[0]}?{urlencode(told | needed)}"
    container = server.container
    span = container.pod.object.text_span((*container.path, *place), 0, len(path))
    return (Fix("Let the probe pass in these states", (Edit(span, (changed,)),), is_safe=False),)
