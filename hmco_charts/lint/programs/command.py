"""What a container executes: its words, whether written out or inside a shell script."""

import re
from collections.abc import Iterator

from hmco_charts.formats import shell
from hmco_charts.objects import Container, Release, Text
from hmco_charts.yamlio import Path

_SHELLS = ("sh", "bash", "ash", "dash")
_INLINE = re.compile(r"-[a-z]*c[a-z]*")


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


def heredocs(script: Text) -> Iterator[tuple[str, Text]]:
    """The here-documents of a script, each with the file that it is written to."""
    if "<<" not in script.value:
        return
    for command in shell.commands(script.value):
        for heredoc in command.heredocs:
            name = base(heredoc.target)
            text = Text(script.object, script.path, name, heredoc.text, encoded=script.encoded, offset=heredoc.start)
            yield heredoc.target, text
