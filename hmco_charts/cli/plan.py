"""`hmco-charts plan`."""

from pathlib import Path

import click

_FORMATS = ("text", "mermaid", "dot", "json")


@click.command(short_help="Show what a platform installs, in order.")
@click.argument("platform", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "fmt", type=click.Choice(_FORMATS), default="text", show_default=True, help="Form.")
def plan(platform: Path, fmt: str) -> None:
    """Show the releases of PLATFORM in order of installation, who needs whom, and what they ask of the nodes.

    Paths in JSON are relative to the folder that `hmco-charts render --platform` writes.

    \b
    Exit codes:
      0  the platform can be installed
      2  wrong usage, or a platform that cannot be: every reason is told with its place

    \b
    Examples:
      hmco-charts plan platform.yaml
      hmco-charts plan platform.yaml --format mermaid
    """
    from hmco_charts.wiring import FORMATS, prepare

    click.echo(FORMATS[fmt](prepare(platform)), nl=False)
