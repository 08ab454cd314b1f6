"""What a cluster says of itself: asked by kubectl, or saved before."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hmco_charts.errors import DocumentError, Location
from hmco_charts.objects.kubernetes import items, mapping
from hmco_charts.verify.state import Resource, State

_KINDS = (
    *("pods", "services", "endpointslices.discovery.k8s.io", "deployments.apps", "statefulsets.apps"),
    *("daemonsets.apps", "jobs.batch", "persistentvolumeclaims", "nodes"),
)
_OPTIONAL_KINDS = ("certificates.cert-manager.io", "externalsecrets.external-secrets.io")
_ABSENT = "the server doesn't have a resource type"
_SECONDS = 120


def live(context: str = "") -> State:
    """The state of the cluster that kubectl talks to; Secrets are not asked for.

    Args:
        context: A context of kubectl's configuration; its current one if empty.

    Raises:
        DocumentError: kubectl is not there, or is not answered.
    """
    program = shutil.which("kubectl")
    if program is None:
        raise DocumentError("kubectl is not there", remedy="Install it, or name a file with what it said elsewhere.")
    command = [program, *(["--context", context] if context else []), "get", "--all-namespaces", "--output", "json"]
    found = list(_resources(_asked([*command, ",".join(_KINDS)]), "kubectl"))
    for kind in _OPTIONAL_KINDS:
        found += _resources(_asked([*command, kind], may_be_absent=True), "kubectl")
    return State(tuple(found))


def saved(text: str, file: str) -> State:
    """The state that a text tells, in JSON as `kubectl get --output json` writes it, once or several times.

    Args:
        text: The text.
        file: Its name, for messages.

    Raises:
        DocumentError: It is no such text.
    """
    found = tuple(_resources(text, file))
    if not found:
        raise DocumentError(
            "holds no object", at=Location(file), remedy=f"Save `kubectl get {','.join(_KINDS)} -A -o json`."
        )
    return State(found)


def read(file: str) -> str:
    """The text of a file.

    Raises:
        DocumentError: It cannot be read.
    """
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "is not UTF-8 text"
        raise DocumentError(reason, at=Location(file)) from None


def _asked(command: list[str], *, may_be_absent: bool = False) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DocumentError(f"kubectl gives no answer: {type(error).__name__}", remedy="Try it by hand.") from None
    if done.returncode == 0:
        return done.stdout
    if may_be_absent and _ABSENT in done.stderr:
        return ""
    told = " ".join(done.stderr.split()) or f"it ended with {done.returncode}"
    raise DocumentError(f"kubectl gives no answer: {told}", remedy="Mend its configuration or your rights.")


def _resources(text: str, file: str) -> Iterator[Resource]:
    decoder = json.JSONDecoder()
    position = _behind_spaces(text, 0)
    while position < len(text):
        try:
            told, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            at = Location(file, text.count("\n", 0, position) + 1)
            remedy = "Save what `kubectl get --output json` says."
            raise DocumentError("is no JSON", at=at, remedy=remedy) from None
        yield from _members(told)
        position = _behind_spaces(text, end)


def _members(told: Any) -> Iterator[Resource]:
    document = mapping(told)
    for each in items(document.get("items")) if "items" in document else [document]:
        if mapping(each).get("kind"):
            yield Resource(mapping(each))


def _behind_spaces(text: str, position: int) -> int:
    return len(text) - len(text[position:].lstrip()) if text[position:].strip() else len(text)
