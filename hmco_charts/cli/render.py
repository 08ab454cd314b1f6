"""`hmco-charts render`."""

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hmco_charts import resources
from hmco_charts.cli.cache import Answer, answered

if TYPE_CHECKING:
    from hmco_charts.configuration import Maintainer
    from hmco_charts.generate import ChartTree, Drift

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
    gc.disable()  # what is rendered lives until the end
    wanted = _Wanted(charts, files, sets, profile, platform, output)
    if check or diff:
        words = ["render", asdict(wanted), check, diff, prune]
        answer = answered(words, wanted.read(), lambda: _compared(wanted, check=check, diff=diff, prune=prune))
        click.echo("".join(text for _, text in answer.reports), nl=False)
        if answer.code:
            click.echo("Run `hmco-charts render` to write what is missing or changed.", err=True)
        sys.exit(answer.code)
    _write(wanted, prune=prune)


@dataclass(frozen=True)
class _Wanted:
    """What the command line asks for."""

    charts: tuple[str, ...]
    files: tuple[Path, ...]
    sets: tuple[str, ...]
    profile: str | None
    platform: Path | None
    output: Path | None

    @property
    def folder(self) -> Path:
        return self.output or Path("platform" if self.platform else "charts")

    def read(self) -> list[str]:
        """What the answer depends on, beside the package and the settings of the folder."""
        vendored = Path("charts") if self.platform else None
        named = (resources.directory("chart_templates"), self.folder, *self.files, self.platform, vendored)
        return [str(path) for path in dict.fromkeys(named) if path]

    def trees(self) -> Iterator[tuple["ChartTree", Path]]:
        """What is rendered, and where it belongs."""
        from hmco_charts import helm

        helm.engine().start()  # it loads while this process does

        from hmco_charts import configuration, generate

        people = configuration.read(configuration.find(Path())).maintainers
        if self.platform:
            yield self._platform(self.platform, people), self.folder
            return
        told: dict[str, Any] = {"files": self.files, "sets": self.sets, "profile": self.profile}
        for tree in generate.render_each(self.charts, **told, maintainers=people):
            yield tree, self.folder / tree.name

    def _platform(self, file: Path, people: Sequence["Maintainer"]) -> "ChartTree":
        from hmco_charts.wiring import prepare

        if self.charts or self.files or self.sets or self.profile:
            raise click.UsageError("--platform takes everything from its file: no charts, values or profile beside it.")
        return prepare(file, people).tree


def _write(wanted: _Wanted, *, prune: bool) -> None:
    from hmco_charts import generate

    for tree, target in wanted.trees():
        others = _others(tree, target, prune=prune)
        generate.write(tree, target, prune=prune)
        click.echo(f"wrote {target} ({len(tree.files)} files{others})")
        for note in tree.notes:
            click.echo(note, err=True)


def _compared(wanted: _Wanted, *, check: bool, diff: bool, prune: bool) -> Answer:
    """How the folders differ from what is rendered."""
    from hmco_charts import generate

    texts, is_stale = [], False
    for tree, target in wanted.trees():
        drifts = generate.drift(tree, target)
        is_stale |= bool(drifts)
        if diff:
            texts.append(generate.diff(tree, target))
        if check:
            texts.append(f"{_checked(tree, target, drifts, prune=prune)}\n")
    return Answer([(None, "".join(texts))], int(check and is_stale))


def _checked(tree: "ChartTree", target: Path, drifts: Iterable["Drift"], *, prune: bool) -> str:
    """What a check says of a folder."""
    if not target.exists():
        return f"{target} is missing"
    told = [f"{drift.kind}: {target / drift.path}" for drift in drifts]
    return "\n".join(told) or f"{target} is as rendered{_others(tree, target, prune=prune)}"


def _others(tree: "ChartTree", target: Path, *, prune: bool) -> str:
    """The files of a folder that are not ours and stay, for a message."""
    from hmco_charts import generate

    paths = [] if prune else generate.foreign(tree, target)
    more = f" and {len(paths) - _MOST} more" if len(paths) > _MOST else ""
    return f"; not the chart's: {', '.join(paths[:_MOST])}{more}" if paths else ""
