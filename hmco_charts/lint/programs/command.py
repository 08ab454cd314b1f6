"""What a container executes: its words, whether written out or inside a shell script."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hmco_charts.formats import shell
from hmco_charts.objects import Composed, Container, Piece, Release, Text
from hmco_charts.objects.remembering import remembered
from hmco_charts.yamlio import Path

SHELLS = ("sh", "bash", "ash", "dash")
_INLINE = re.compile(r"-[a-z]*c[a-z]*")
_SPEAKERS = ("echo", "printf")


@dataclass(frozen=True)
class Written:
    """A text that a script writes to a file.

    Attributes:
        path: The file, as the script names it; empty where the text goes to none.
        text: The text.
        appends: Whether it is added to what the file holds.
    """

    path: str
    text: Text
    appends: bool = False


def base(word: str) -> str:
    """The last part of a path: `vault` of `/bin/vault`."""
    return word.rpartition("/")[2]


@remembered
def commands(release: Release, container: Container) -> tuple[list[str], ...]:
    """The words of every command that the container's `command` and `args` execute."""
    words = [*container.command, *container.args]
    found = scripts(release, container)
    if not found:
        return (words,) if words else ()
    return tuple([word.text for word in each.words] for script in found for each in shell.commands(script.value))


@remembered
def scripts(release: Release, container: Container) -> list[Text]:
    """The shell scripts that a container executes: given behind `sh -c`, or mounted from a ConfigMap."""
    places = [*_places(container, "command"), *_places(container, "args")]
    if not places:
        return []
    words = [word for _, word in places]
    is_shell = base(words[0]) in SHELLS
    option = next((at for at, word in enumerate(words) if is_shell and _INLINE.fullmatch(word)), None)
    if option is not None:
        return [_text(container, path, script) for path, script in places[option + 1 : option + 2]]
    executed = [word for word in words[is_shell:] if not word.startswith("-")][:1]
    return [file.text for file in release.files(container) if file.path in executed]


def _places(container: Container, field: str) -> list[tuple[Path, str]]:
    words = container.command if field == "command" else container.args
    return [((*container.path, field, index), word) for index, word in enumerate(words)]


def _text(container: Container, path: Path, script: str) -> Text:
    return Text(container.pod.object, path, "script.sh", script)


def assigned(script: Text, names: Collection[str]) -> Iterator[Text]:
    """The texts that a script sets variables of these names to."""
    for entry in shell.read(script.value).entries:
        if entry.key in names and isinstance(entry.value, str):
            is_changed = entry.value != script.value[entry.start : entry.end]
            encoded, offset = script.encoded or is_changed, script.offset + entry.start
            yield Text(script.object, script.path, entry.key, entry.value, encoded=encoded, offset=offset)


def writes(script: Text) -> Iterator[Written]:
    """The texts that a script writes to files: here-documents, here-strings, and the words of `echo` and `printf`.

    What is added to a file that the script began is one text with its beginning.
    """
    files: list[list[_Said]] = []
    begun: dict[str, int] = {}
    for each in _said(script):
        if each.path and each.appends and each.path in begun:
            files[begun[each.path]].append(each)
        else:
            begun[each.path] = len(files)
            files.append([each])
    return (Written(parts[0].path, _composed(script, parts), parts[0].appends) for parts in files)


@dataclass(frozen=True)
class _Said:
    """Words that a script writes to a file, with the places in the script that they come from."""

    path: str
    words: tuple[tuple[str, int, int], ...]
    appends: bool


def _said(script: Text) -> Iterator[_Said]:
    for command in shell.commands(script.value):
        for heredoc in command.heredocs:
            yield _Said(heredoc.target, (_given(script, heredoc),), command.appends)
        if command.target and command.words and command.words[0].text in _SPEAKERS:
            words = ((word.text.replace("\\n", "\n"), word.start, word.end) for word in command.words[1:])
            yield _Said(command.target, tuple(words), command.appends)


def _given(script: Text, heredoc: shell.Heredoc) -> tuple[str, int, int]:
    """A here-document or here-string; the tabs that `<<-` takes away stay, so that its places are known."""
    raw = script.value[heredoc.start : heredoc.end]
    is_indented = raw.replace("\t", "") == heredoc.text.replace("\t", "")
    return raw if is_indented else heredoc.text, heredoc.start, heredoc.end


def _composed(script: Text, parts: list[_Said]) -> Text:
    said = [word for part in parts for word in part.words]
    pieces, start = [], 0
    for word, begin, end in said:
        is_verbatim = word == script.value[begin:end]
        origin = script.offset + begin
        pieces.append(Piece(start, script.path, origin, end - begin, is_verbatim=is_verbatim))
        start += len(word) + 1
    words = "\n".join(word for word, _, _ in said)
    name = base(parts[0].path)
    if script.encoded:
        return Text(script.object, script.path, name, words, encoded=True)
    if len(pieces) == 1 and pieces[0].is_verbatim:
        return Text(script.object, script.path, name, words, offset=pieces[0].origin)
    return Composed(script.object, script.path, name, words, encoded=True, pieces=tuple(pieces))
