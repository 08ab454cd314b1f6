"""The help of every command, as it stands on a terminal."""

from collections.abc import Iterator

import click
import pytest

from hmco_charts.cli import hmco_charts


def commands(command: click.Command, *words: str) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(words), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, *words, name)


COMMANDS = dict(commands(hmco_charts, "hmco-charts"))
every_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


@every_command
def test_examples_and_exit_codes_stand_line_by_line_without_their_mark(command: click.Command) -> None:
    text = command.get_help(click.Context(command))
    assert r"\b" not in text
    assert "\b" not in text
    assert [line for line in text.splitlines() if "Examples: " in line or "Exit codes: " in line] == []


@every_command
def test_every_option_is_explained(command: click.Command) -> None:
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.opts[0] for option in options if not option.help] == []
