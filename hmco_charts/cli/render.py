"""`hmco-charts render`."""

import sys
from pathlib import Path

import click

_MOST = 5


@click.command(short_help="Write charts from typed values.")
@click.argument("charts", nargs=-1)
@click.option(
    "-f",
    "--values",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Values file; repeatable, later ones win.",
)
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="A value, as of Helm's --set; repeatable.")
@click.option("--profile", help="Values to begin with, such as dev or ha; the chart's default profile if left out.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("charts"),
    show_default=True,
    help="Folder of the charts' folders.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a chart is not as rendered.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--prune", is_flag=True, help="Delete files of the chart's folder that the chart does not have.")
def render(
    charts: tuple[str, ...],
    files: tuple[Path, ...],
    sets: tuple[str, ...],
    profile: str | None,
    output: Path,
    check: bool,
    diff: bool,
    prune: bool,
) -> None:
    """Write CHARTS, or every chart, below the output folder.

    \b
    Exit codes:
      0  written, or as rendered
      1  with --check, a chart is not as rendered
      2  wrong usage, or values that a chart does not accept

    \b
    Examples:
      hmco-charts render
      hmco-charts render vault --profile ha-postgresql -f values.yaml -o charts
      hmco-charts render --check
    """
    from hmco_charts import configuration, generate
    from hmco_charts.values import charts as known

    people = configuration.read(configuration.find(Path())).maintainers
    is_stale = False
    for name in charts or known():
        tree = generate.render(name, files=files, sets=sets, profile=profile, maintainers=people)
        target = output / name
        drifts = generate.drift(tree, target)
        is_stale |= bool(drifts)
        if diff:
            click.echo(generate.diff(tree, target), nl=False)
        others = _others([] if prune else generate.foreign(tree, target))
        if check and not target.exists():
            click.echo(f"{target} is missing")
        elif check:
            told = [f"{drift.kind}: {target / drift.path}" for drift in drifts]
            click.echo("\n".join(told) or f"{target} is as rendered{others}")
        elif not diff:
            generate.write(tree, target, prune=prune)
            click.echo(f"wrote {target} ({len(tree.files)} files{others})")
    if check and is_stale:
        click.echo("Run `hmco-charts render` to write what is missing or changed.", err=True)
        sys.exit(1)


def _others(paths: list[str]) -> str:
    """The files of a folder that are not its chart's, for a message."""
    more = f" and {len(paths) - _MOST} more" if len(paths) > _MOST else ""
    return f"; not the chart's: {', '.join(paths[:_MOST])}{more}" if paths else ""
