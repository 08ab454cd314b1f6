"""The command line: arguments in, exit codes out; one file a command, imported when it is used."""

import sys
from importlib import import_module

import click

from hmco_charts import __version__

_COMMANDS = ("completion", "lint", "publish", "render", "rules", "template", "values")


class _Commands(click.Group):
    """A group that imports a command when it is called, so that `--version` and `--help` stay instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"hmco_charts.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="hmco-charts")
def hmco_charts() -> None:
    r"""Render, lint and publish Helm charts.

    \b
    Examples:
      hmco-charts render vault --profile ha -o charts
      hmco-charts lint manifests/
      hmco-charts publish charts/vault --to oci://registry.example.com/charts
    """


def main() -> None:
    """Run the command line; expected errors become a message and exit code 2, 3 or 4."""
    from hmco_charts.errors import HmcoChartsError, PublishError

    try:
        hmco_charts(prog_name="hmco-charts")
    except HmcoChartsError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(4 if isinstance(error, PublishError) else 2)
    except BrokenPipeError:
        sys.exit(141)
