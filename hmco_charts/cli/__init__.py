"""The command line: arguments in, exit codes out; one file a command, imported when it is used."""

import gc
import sys
from importlib import import_module

import click

from hmco_charts import __version__

_COMMANDS = (
    "completion",
    "deps",
    "explain",
    "export",
    "lint",
    "plan",
    "publish",
    "render",
    "rules",
    "template",
    "validate",
    "values",
    "verify",
)


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
    """Render, lint and publish Helm charts.

    \b
    Examples:
      hmco-charts render vault --profile ha -o charts
      hmco-charts lint manifests/
      hmco-charts publish charts/vault --to oci://registry.example.com/charts
    """


def main() -> None:
    """Run the command line.

    An expected error becomes a message and exit code 2, or 4 where publishing failed; a fault of our own becomes
    exit code 70 and a report in a file, so that no input ever ends in a traceback on the terminal.
    """
    from hmco_charts.errors import HmcoChartsError, PublishError

    try:
        hmco_charts(prog_name="hmco-charts")
    except HmcoChartsError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(4 if isinstance(error, PublishError) else 2)
    except BrokenPipeError:
        sys.exit(141)
    except Exception:  # noqa: BLE001 - the one place that catches what nobody expected
        click.echo(f"error: a fault of hmco-charts; please report it with the file {_report()}", err=True)
        sys.exit(70)
    finally:
        gc.freeze()  # what is left ends with the process: Python would look for garbage in it once more


def _report() -> str:
    """The file that holds the traceback of the current exception."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="hmco-charts-", suffix=".log", delete=False) as file:
        file.write(f"hmco-charts {__version__}, Python {sys.version}\n{traceback.format_exc()}")
    return file.name
