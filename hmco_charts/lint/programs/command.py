"""What a container executes: its words, whether written out or inside a shell script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.formats import shell
from hmco_charts.objects import Container, Release, Text
from hmco_charts.yamlio import Path

_SHELLS = ("sh", "bash", "ash", "dash")
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


def commands(release: Release, container: Container) -> Iterator[list[str]]:
    """The words of every command that the container's `command` and `args` execute."""
    words = [*container.command, *container.args]
    found = scripts(release, container)
    if words and not found:
        yield words
    for script in found:
        yield from ([word.text for word in command.words] for command in shell.commands(script.value))


def scripts(release: Release, container: Container) -> list[Text]:
    """The shell scripts that a container executes: given behind `sh -c`, or mounted from a ConfigMap."""
    places = [*_places(container, "command"), *_places(container, "args")]
    if not places:
        return []
    words = [word for _, word in places]
    is_shell = base(words[0]) in _SHELLS
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


def writes(script: Text) -> Iterator[Written]:
    """The texts that a script writes to files: here-documents, and the words of `echo` and `printf`."""
    for command in shell.commands(script.value):
        yield from _heredocs(script, command)
        if command.target and command.words and command.words[0].text in _SPEAKERS:
            spoken = "\n".join(word.text.replace("\\n", "\n") for word in command.words[1:])
            text = Text(script.object, script.path, base(command.target), spoken, encoded=True)
            yield Written(command.target, text, command.appends)


def _heredocs(script: Text, command: shell.Command) -> Iterator[Written]:
    for heredoc in command.heredocs:
        name = base(heredoc.target)
        text = Text(script.object, script.path, name, heredoc.text, encoded=script.encoded, offset=heredoc.start)
        yield Written(heredoc.target, text, command.appends)
