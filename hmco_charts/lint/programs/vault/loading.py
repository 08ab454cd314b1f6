"""Which files a server loads, and where their texts are in the input.

A `-config` may name a file or a folder; of a folder only `*.hcl` and `*.json` directly in it are read.
Sources: hashicorp/vault `command/server/config.go` (LoadConfig, LoadConfigDir).
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from hmco_charts.formats import hcl
from hmco_charts.lint.programs.command import Written, assigned, base, commands, scripts, writes
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.programs.vault.configuration import LOCAL_CONFIG, storages
from hmco_charts.lint.programs.vault.invocation import FOLDERS, Invocation, product
from hmco_charts.lint.programs.vault.recognition import is_server_configuration
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.kubernetes import text

SUFFIXES = (".hcl", ".json")
_LOCAL_FILE = "local.json"
_OPTION = re.compile(r"-config[= ]\S*")
_REFERENCE = re.compile(r"\$[({]?(?P<name>\w+)[)}]?")


@dataclass(frozen=True)
class File:
    """A configuration file as the server sees it.

    Attributes:
        path: Its path in the container.
        text: What it holds; `None` where that is not in the input.
    """

    path: str
    text: Text | None


@dataclass(frozen=True)
class Load:
    """What the server reads for one `-config`.

    Attributes:
        path: What the option names.
        files: The files that it reads there, as far as they are in the input.
        is_complete: Whether these are all, and all are known.
    """

    path: str
    files: tuple[File, ...]
    is_complete: bool


def loads(release: Release, container: Container, invocation: Invocation) -> Iterator[Load]:
    """What a server reads, in its order; the same file may come several times."""
    for path in _paths(release, container, invocation):
        found = _load(release, container, path)
        if path == invocation.entrypoint_folder:
            yield _with_local(release, container, found)
        else:
            yield found


def _paths(release: Release, container: Container, invocation: Invocation) -> Iterator[str]:
    """What the `-config` options name; OpenBao leaves out a file whose folder it reads anyway."""
    paths = [_resolved(release, container, path).rstrip("/") for path in invocation.options("config")]
    for path in paths:
        if invocation.product != "openbao" or str(PurePosixPath(path).parent) not in paths:
            yield path


def _resolved(release: Release, container: Container, path: str) -> str:
    """A path with what the environment gives for its variables, seen from the folder in which the server starts."""
    told = environment(release, container).variables

    def value(reference: re.Match[str]) -> str:
        found = told.get(reference["name"])
        return found.value if found else reference[0]

    full = posixpath.join(_working_folder(release, container), _REFERENCE.sub(value, path))
    return posixpath.normpath(full) if full.startswith("/") else full


def _working_folder(release: Release, container: Container) -> str:
    """The folder in which the container's last command runs; empty where only the image tells it."""
    entered = [words[1] for words in commands(release, container) if words[:1] == ["cd"] and len(words) > 1]
    return posixpath.join(text(container.spec.get("workingDir")), *entered)


def _load(release: Release, container: Container, path: str) -> Load:
    target = PurePosixPath(path)
    seen = [(PurePosixPath(each.path), each.text) for each in release.files(container)]
    mounted = [File(str(place), text) for place, text in seen if _is_at(place, target)]
    if mounted:
        return Load(path, tuple(mounted), is_complete=True)
    written = [found for each in container.pod.containers for found in _written(release, each, container, path)]
    copied = [] if any(not each.appends for each in written) else _copied(release, container, target)
    texts = dict.fromkeys([*copied, *(each.text for each in written)])
    files = tuple(File(_path(target, text), text) for text in texts)
    is_told = bool(files) and not any(_whole_reference(text) for text in texts)
    return Load(path, files, is_complete=is_told or (not files and _is_empty_folder(container, target)))


def _with_local(release: Release, container: Container, load: Load) -> Load:
    """With the configuration that the entry point takes from the environment and writes to its own folder."""
    told = [each.text for each in release.environment(container) if each.name in LOCAL_CONFIG]
    told += [text for script in scripts(release, container) for text in assigned(script, LOCAL_CONFIG)]
    local = tuple(File(f"{load.path}/{_LOCAL_FILE}", text) for text in told[-1:])
    return Load(load.path, load.files + local, load.is_complete and None not in told[-1:])


def _is_at(file: PurePosixPath, target: PurePosixPath) -> bool:
    return file == target or (file.parent == target and file.suffix in SUFFIXES)


def _path(target: PurePosixPath, text: Text) -> str:
    return str(target if target.suffix in SUFFIXES else target / text.name)


def _is_empty_folder(container: Container, target: PurePosixPath) -> bool:
    """Whether it is a folder that comes empty with the image and that no mount fills."""
    mounts = [PurePosixPath(text(mount.get("mountPath"))) for mount in container.mounts]
    is_mounted = any(target.is_relative_to(mount) or mount.is_relative_to(target) for mount in mounts)
    return bool(product(container)) and str(target) in FOLDERS.values() and not is_mounted


def _whole_reference(text: Text) -> str:
    """The variable whose value is all that a script writes, as `echo "$CONFIG"` does; empty where it is none."""
    found = _REFERENCE.fullmatch(text.value.strip())
    return found["name"] if found else ""


def _filled(release: Release, writer: Container, written: Written) -> Written:
    """What a script writes; the variable's value where it writes one, as far as that is in the input."""
    name = _whole_reference(written.text)
    value = environment(release, writer).variables.get(name) if name else None
    return replace(written, text=value) if value else written


def _written(release: Release, writer: Container, server: Container, path: str) -> Iterator[Written]:
    """What the scripts of `writer` write to the place that `server` knows as `path`."""
    volume, target = server.in_volume(path)
    for script in scripts(release, writer):
        for each in writes(script):
            if "$" in each.path or not each.path.startswith("/"):
                if base(each.path) == target.name:
                    yield _filled(release, writer, each)
                continue
            where, file = writer.in_volume(each.path)
            if where == volume and (volume or writer is server) and _is_at(file, target):
                yield _filled(release, writer, each)


def _copied(release: Release, container: Container, target: PurePosixPath) -> list[Text]:
    """Server configurations that a container of the pod finds in a folder that its commands name.

    One of them is what a script copies or fills in, if a script reaches the place at all.
    """
    if not any(_reaches(release, other, container, target) for other in container.pod.containers):
        return []
    seen: Iterable[Text] = (found for other in container.pod.containers for found in _named(release, other))
    return [found for found in dict.fromkeys(seen) if is_server_configuration(found.value) or _is_fragment(found)]


def _reaches(release: Release, writer: Container, server: Container, target: PurePosixPath) -> bool:
    """Whether the commands of `writer` name the place that `server` knows as `target`."""
    said = _OPTION.sub("", _said(release, writer))
    volume, _ = server.in_volume(str(target))
    if not volume:
        return writer is server and (str(target) in said or str(target.parent) in said)
    return any(text(mount.get("mountPath")) in said for mount in writer.mounts if mount.get("name") == volume)


def _named(release: Release, container: Container) -> Iterator[Text]:
    said = _said(release, container)
    return (each.text for each in release.files(container) if each.path.rpartition("/")[0] in said)


def _said(release: Release, container: Container) -> str:
    return " ".join([*container.command, *container.args, *(each.value for each in scripts(release, container))])


def _is_fragment(text: Text) -> bool:
    return text.name.endswith(SUFFIXES) and any(storages(hcl.parse(text.value)))
