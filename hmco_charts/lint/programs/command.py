"""What a container executes: its words, whether written out or inside a shell script."""

from collections.abc import Iterator

from hmco_charts.formats import shell
from hmco_charts.objects import Container, Text

_SHELLS = ("sh", "bash", "ash", "dash")


def base(word: str) -> str:
    """The last part of a path: `vault` of `/bin/vault`."""
    return word.rpartition("/")[2]


def commands(container: Container) -> Iterator[list[str]]:
    """The words of every command that the container's `command` and `args` execute."""
    words = [*container.command, *container.args]
    if not words:
        return
    if not scripts(container):
        yield words
    for script in scripts(container):
        yield from ([word.value for word in command.words] for command in shell.commands(script.value))


def scripts(container: Container) -> list[Text]:
    """The shell scripts among `command` and `args`; their places are those of the words."""
    fields = [("command", word) for word in container.command] + [("args", word) for word in container.args]
    words = [word for _, word in fields]
    if not words or base(words[0]) not in _SHELLS:
        return []
    behind = next((at for at, word in enumerate(words[1:], 1) if word.startswith("-") and "c" in word), None)
    if behind is None or behind + 1 >= len(words):
        return []
    field, script = fields[behind + 1]
    index = behind + 1 - (len(container.command) if field == "args" else 0)
    return [Text(container.pod.object, (*container.path, field, index), field, script)]
