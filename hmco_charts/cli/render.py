"""`hmco-charts render`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hmco_charts.configuration import Maintainer
    from hmco_charts.generate import ChartTree

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
    "--platform",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the releases of this platform instead, wired together.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder of the charts' folders, charts/ if not given; of a platform, platform/ if not given.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a chart is not as rendered.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--prune", is_flag=True, help="Delete files of the chart's folder that the chart does not have.")
def render(
    charts: tuple[str, ...],
    files: tuple[Path, ...],
    sets: tuple[str, ...],
    profile: str | None,
    platform: Path | None,
    output: Path | None,
    check: bool,
    diff: bool,
    prune: bool,
) -> None:
    """Write CHARTS, or every chart, below the output folder.

    With --platform: the charts of a platform's systems, and for each release a values file in which consumers and
    providers are joined.

    \b
    Exit codes:
      0  written, or as rendered
      1  with --check, a chart is not as rendered
      2  wrong usage, or values that a chart does not accept, or a platform that cannot be

    \b
    Examples:
      hmco-charts render
      hmco-charts render vault --profile ha-postgresql -f values.yaml -o charts
      hmco-charts render --check
      hmco-charts render --platform platform.yaml -o out
    """
    from hmco_charts import configuration, generate
    from hmco_charts.values import charts as known

    people = configuration.read(configuration.find(Path())).maintainers
    if platform:
        trees = iter([(_platform(platform, people, charts, files, sets, profile), output or Path("platform"))])
    else:
        rendered = _charts(charts or tuple(known()), files, sets, profile, people)
        trees = ((tree, (output or Path("charts")) / tree.name) for tree in rendered)
    is_stale = False
    for tree, target in trees:
        is_stale |= bool(generate.drift(tree, target))
        if diff:
            click.echo(generate.diff(tree, target), nl=False)
        if check:
            click.echo(_checked(tree, target, prune=prune))
        elif not diff:
            others = _others(tree, target, prune=prune)
            generate.write(tree, target, prune=prune)
            click.echo(f"wrote {target} ({len(tree.files)} files{others})")
    if check and is_stale:
        click.echo("Run `hmco-charts render` to write what is missing or changed.", err=True)
        sys.exit(1)


def _charts(
    names: Sequence[str],
    files: Sequence[Path],
    sets: Sequence[str],
    profile: str | None,
    people: Sequence["Maintainer"],
) -> Iterator["ChartTree"]:
    from hmco_charts import generate

    for name in names:
        yield generate.render(name, files=files, sets=sets, profile=profile, maintainers=people)


def _platform(platform: Path, people: Sequence["Maintainer"], *told: object) -> "ChartTree":
    from hmco_charts.wiring import prepare

    if any(told):
        raise click.UsageError("--platform takes everything from its file: no charts, values or profile beside it.")
    return prepare(platform, people).tree


def _checked(tree: "ChartTree", target: Path, *, prune: bool) -> str:
    """What a check says of a folder."""
    from hmco_charts import generate

    if not target.exists():
        return f"{target} is missing"
    told = [f"{drift.kind}: {target / drift.path}" for drift in generate.drift(tree, target)]
    return "\n".join(told) or f"{target} is as rendered{_others(tree, target, prune=prune)}"


def _others(tree: "ChartTree", target: Path, *, prune: bool) -> str:
    """The files of a folder that are not ours and stay, for a message."""
    from hmco_charts import generate

    paths = [] if prune else generate.foreign(tree, target)
    more = f" and {len(paths) - _MOST} more" if len(paths) > _MOST else ""
    return f"; not the chart's: {', '.join(paths[:_MOST])}{more}" if paths else ""
