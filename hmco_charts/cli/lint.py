"""`hmco-charts lint`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hmco_charts.cli import reports
from hmco_charts.report import FORMATS

if TYPE_CHECKING:
    from hmco_charts.configuration import Configuration

_SEVERITIES = ("info", "warning", "error")
_CONFIDENCES = ("low", "medium", "high")
_PROFILES = ("min", "basic", "production", "pedantic")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Check charts and manifests against the policies.")
@click.argument("paths", nargs=-1)
@click.option(
    "-f",
    "--values",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Render charts with this file alone; repeatable.",
)
@click.option("--against", metavar="PATH", help="What is installed before: a chart, an archive, oci:// or manifests.")
@click.option("--no-scenarios", is_flag=True, help="Render charts with their defaults only.")
@click.option("--max-switches", type=click.IntRange(0), help="Switches of a chart to turn; 32 if not given.")
@click.option(
    "--profile", type=click.Choice(_PROFILES), help="Set of rules to apply, not of values; basic if not given."
)
@click.option("--select", multiple=True, metavar="RULE", help="Only this rule, name or family (VLT); repeatable.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not this rule, name or family; repeatable.")
@click.option("--severity", type=click.Choice(_SEVERITIES), help="Least severity; warning if not given.")
@click.option("--confidence", type=click.Choice(_CONFIDENCES), help="Least confidence; medium if not given.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Search folders without these files; repeatable.")
@click.option("--no-ignores", is_flag=True, help="Give suppressed findings too.")
@click.option("--baseline", type=_FILE, help="Do not give the findings that this file holds.")
@click.option("--baseline-update", is_flag=True, help="Remove from the baseline what is gone; write it if it is new.")
@click.option("--baseline-grow", is_flag=True, help="Likewise, and add the findings that are new.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then check.")
@click.option("--unsafe-fixes", is_flag=True, help="Likewise, also where the fix changes more than the fault.")
@click.option("--diff", is_flag=True, help="Show what these would change, and write nothing.")
@click.option("--config", type=_FILE, help="Settings; hmco-charts.yaml or pyproject.toml, here or above, if not given.")
@click.option("--no-config", is_flag=True, help="Read no settings.")
@click.option(
    "--format",
    "wanted",
    multiple=True,
    metavar="FORMAT[=FILE]",
    default=["text"],
    callback=reports.read,
    shell_complete=reports.complete,
    help=f"Form of the report, and the file that it goes to: {', '.join(FORMATS)}; repeatable, text if not given.",
)
@click.option("--plain-http", is_flag=True, help="The registry of an oci:// reference speaks HTTP without TLS.")
@click.option("--ca-file", type=_FILE, help="Certificates to trust, PEM.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
def lint(
    paths: tuple[str, ...],
    values: tuple[Path, ...],
    against: str | None,
    no_scenarios: bool,
    max_switches: int | None,
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: str | None,
    confidence: str | None,
    exclude: tuple[str, ...],
    no_ignores: bool,
    baseline: Path | None,
    baseline_update: bool,
    baseline_grow: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    config: Path | None,
    no_config: bool,
    wanted: tuple[reports.Report, ...],
    plain_http: bool,
    ca_file: Path | None,
    exit_zero: bool,
) -> None:
    """Check PATHS against the policies; without PATHS, the folder charts/.

    A path is a manifest (YAML or JSON, any number of documents), a folder, a chart's folder or archive,
    an oci:// reference, or - for standard input. A file of a chart stands for its whole chart.
    A chart is rendered with its defaults, with each of its ci/*-values.yaml, and with each switch
    `enabled` turned. Options win over the settings of hmco-charts.yaml.

    \b
    Exit codes:
      0  nothing at or above the threshold
      1  findings
      2  wrong usage or configuration
      3  some input could not be analysed (reported as HMC001; the rest is still analysed)

    \b
    Examples:
      hmco-charts lint manifests/ charts/vault
      kubectl get configmap,deployment -o yaml | hmco-charts lint -
      hmco-charts lint --select VLT,SEC001 --format text --format sarif=findings.sarif .
    """
    from hmco_charts.cli.baseline import known, updated
    from hmco_charts.cli.mending import mend
    from hmco_charts.cli.progress import bar
    from hmco_charts.configuration import anchored
    from hmco_charts.lint import MOST_SWITCHES, Confidence, Severity
    from hmco_charts.lint import lint as check

    told = _configuration(config, no_config=no_config)
    settings = told.lint
    is_written = baseline_update or baseline_grow
    before = known(baseline or settings.baseline, is_written=is_written)
    given = paths or ("charts",)
    options: dict[str, Any] = {
        "values": values,
        "against": against,
        "scenarios": None if no_scenarios else settings.scenarios,
        "max_switches": MOST_SWITCHES if max_switches is None else max_switches,
        "profile": profile or settings.profile or "basic",
        "select": select or settings.select,
        "ignore": ignore or settings.ignore,
        "severity": Severity(severity or settings.severity or "warning"),
        "confidence": Confidence(confidence or settings.confidence or "medium"),
        "severities": {rule: Severity(each) for rule, each in settings.severities.items()},
        "suppressions": settings.suppressions,
        "no_ignores": no_ignores,
        "baseline": before,
        "exclude": [anchored(each, Path()) for each in exclude] or settings.exclude,
        "cluster": told.cluster,
        "plain_http": plain_http,
        "ca_file": ca_file,
    }
    with bar("lint") as progress:
        if fix or unsafe_fixes or diff:
            mend(given, options | {"progress": progress}, unsafe=unsafe_fixes, is_shown=diff)
        result = check(given, **options, progress=progress)
    if before and is_written:
        result = updated(before, result, grows=baseline_grow)
    reports.write(result, wanted)
    sys.exit(0 if exit_zero and result.exit_code == 1 else result.exit_code)


def _configuration(file: Path | None, *, no_config: bool) -> "Configuration":
    from hmco_charts import configuration

    return configuration.read(None if no_config else file or configuration.find(Path()))
