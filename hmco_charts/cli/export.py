"""`hmco-charts export`."""

from pathlib import Path

import click

_PROGRAMS = ("helmfile", "flux", "argocd")


@click.command(short_help="Write a platform for Helmfile, Flux or Argo CD.")
@click.argument("program", type=click.Choice(_PROGRAMS))
@click.argument("platform", type=click.Path(path_type=Path, dir_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder to write.")
def export(program: str, platform: Path, output: Path) -> None:
    """Write the releases of PLATFORM in the form of PROGRAM, with their values, in order of installation.

    Helmfile gets the charts too; Flux and Argo CD take them from the platform's `registry`.

    \b
    Exit codes:
      0  written
      2  wrong usage, or a platform that cannot be

    \b
    Examples:
      hmco-charts export helmfile platform.yaml -o deploy
      hmco-charts export flux platform.yaml -o clusters/production
    """
    from hmco_charts import generate
    from hmco_charts.export import PROGRAMS
    from hmco_charts.wiring import prepare

    tree = PROGRAMS[program](prepare(platform))
    generate.write(tree, output)
    click.echo(f"wrote {output} ({len(tree.files)} files)")
