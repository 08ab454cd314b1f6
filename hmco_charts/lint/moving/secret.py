"""The Secret that credentials go to: a new one, or one that was made for them before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hmco_charts.lint.edits import is_flow, last_line
from hmco_charts.lint.fix import Edit, Move
from hmco_charts.lint.moving.carried import Carried
from hmco_charts.lint.moving.manifest import behind, document_behind, is_editable, scalar, source
from hmco_charts.lint.moving.uses import Use, is_named, uses
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.yamlio import Path, Span

_MOST = 9
_LONGEST = 253
_REVEALS = ("SEC006",)  # how easily a password is guessed is told of Secrets alone
_DATA = "stringData"


@dataclass(frozen=True)
class Home:
    """Where credentials go to.

    Attributes:
        name: The name of the Secret.
        edits: What brings them there.
        move: What that does to findings.
        is_new: Whether nothing refers to the Secret yet.
    """

    name: str
    edits: tuple[Edit, ...]
    move: Move
    is_new: bool


def home(
    release: Release, near: KubernetesObject, base: str, entries: Mapping[str, Carried], beside: Sequence[Use] = ()
) -> Home | None:
    """The Secret for some entries: `<base>-credentials`, or with a number behind where that is something else.

    Args:
        release: The objects among which it is looked for.
        near: The object that a new Secret is put behind, in its namespace.
        base: What its name begins with.
        entries: What it shall hold.
        beside: The uses of a ConfigMap in whose place one may be that takes all keys of the Secret, too.
    """
    stem = f"{base.rstrip('-.')}-credentials"
    for name in [stem, *(f"{stem}-{number}" for number in range(2, _MOST + 1))]:
        move = Move(ObjectName("Secret", name, near.namespace), _REVEALS)
        if not release.exists("Secret", name, near) and not is_named(release, "Secret", name, near):
            is_name = len(name) <= _LONGEST
            return Home(name, (_written(near, name, entries),), move, is_new=True) if is_name else None
        found = release.find("Secret", name, near)
        if found and _has_room(release, found, near, entries, beside):
            held = {each.name for each in release.file_texts(found)}
            missing = {key: each for key, each in entries.items() if key not in held}
            return Home(name, _added(found, missing), move, is_new=False)
    return None


def next_to(use: Use) -> Path:
    """Where a Secret stands that takes the place of a use of all keys of a ConfigMap, right behind it."""
    *listed, index, _ = use.path
    return (*listed, int(index) + 1, "secretRef")


def _written(near: KubernetesObject, name: str, entries: Mapping[str, Carried]) -> Edit:
    parts: list[str | Span] = [f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {scalar(name)}\n"]
    parts += [f"  namespace: {scalar(near.namespace)}\n"] if near.namespace else []
    parts.append(f"type: Opaque\n{_DATA}:\n")
    for key, each in entries.items():
        parts += [f"  {scalar(key)}: ", *each.below("  "), "\n"]
    return document_behind(near, *parts)


def _has_room(
    release: Release,
    secret: KubernetesObject,
    near: KubernetesObject,
    entries: Mapping[str, Carried],
    beside: Sequence[Use],
) -> bool:
    """Whether a Secret can hold entries more without another effect: nobody takes all of its keys but for these."""
    held = {each.name: each.value for each in release.file_texts(secret)}
    return (
        (secret.file, secret.namespace) == (near.file, near.namespace)
        and secret.manifest.get("type", "Opaque") == "Opaque"
        and secret.manifest.get("immutable") is not True
        and all(held.get(key, each.value) == each.value for key, each in entries.items())
        and is_editable(secret)
        and _is_open(secret)
        and _are_the_same(uses(release, secret), beside)
    )


def _is_open(secret: KubernetesObject) -> bool:
    """Whether an entry can be written behind the last one."""
    held = mapping(secret.manifest.get(_DATA))
    if not held or is_flow(secret, (_DATA,)):
        return False
    last = secret.span((_DATA, list(held)[-1]))
    header = source(secret, Span(last.file, last.line, last.column, last.line, last.column + 3))
    return not (header.startswith(("|", ">")) and "+" in header)  # blank lines at its end belong to it


def _are_the_same(of_secret: list[Use] | None, of_config_map: Sequence[Use]) -> bool:
    wanted = {(id(use.pod), next_to(use), _prefix(use)) for use in of_config_map}
    return of_secret is not None and wanted == {
        (id(use.pod), use.path, _prefix(use)) for use in of_secret if use.way != "variable"
    }


def _prefix(use: Use) -> object:
    return mapping(use.pod.object.at(use.path[:-1])).get("prefix") if use.way == "variables" else None


def _added(secret: KubernetesObject, entries: Mapping[str, Carried]) -> tuple[Edit, ...]:
    *_, last = mapping(secret.manifest.get(_DATA))
    indentation = " " * (secret.span((_DATA, last), key=True).column - 1)
    parts: list[str | Span] = []
    for key, each in entries.items():
        parts += [f"\n{indentation}{scalar(key)}: ", *each.below(indentation)]
    return (behind(secret, last_line(secret, (_DATA, last)), *parts),) if entries else ()
