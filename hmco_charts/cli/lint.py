"""`hmco-charts lint`."""

import gc
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hmco_charts.cli import reports
from hmco_charts.cli.cache import PACKAGE, Answer, answered
from hmco_charts.cli.explain import explain
from hmco_charts.report import FORMATS

if TYPE_CHECKING:
    from hmco_charts.configuration import Configuration
    from hmco_charts.lint import Result

_SEVERITIES = ("info", "warning", "error")
_CONFIDENCES = ("low", "medium", "high")
_PROFILES = ("min", "basic", "production", "pedantic")
_ANEW = ("no_cache", "profile_rules", "fix", "unsafe_fixes", "diff", "baseline_update", "baseline_grow")
_NAMED = ("against", "baseline", "config", "ca_file")
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
    callback=reports.reader(FORMATS),
    shell_complete=reports.completer(FORMATS),
    help=f"Form of the report, and the file that it goes to: {', '.join(FORMATS)}; repeatable, text if not given.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Processes that share the work on many manifests; one a processor if not given.",
)
@click.option("--no-cache", is_flag=True, help="Neither use nor keep the answer of an equal run.")
@click.option("--output", type=_FILE, help="The file of the report that names none.")
@click.option("--plain-http", is_flag=True, help="The registry of an oci:// reference speaks HTTP without TLS.")
@click.option("--ca-file", type=_FILE, help="Certificates to trust, PEM.")
@click.option("--profile-rules", is_flag=True, help="Tell on standard error how long each rule took.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--explain", metavar="RULE", help="Tell what a rule is about, and stop.")
def lint(paths: tuple[str, ...], **told: Any) -> None:
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
    if told["explain"]:
        click.get_current_context().invoke(explain, rule=told["explain"])
        return
    told["wanted"] = reports.directed(told["wanted"], told["output"])
    given = paths or ("charts",)
    if any(told[option] for option in _ANEW):
        answer = _answer(given, told)
    else:
        named = [*given, *map(str, (*told["values"], *filter(None, (told[option] for option in _NAMED))))]
        words = {**told, "paths": given, "terminal": reports.terminal()}
        answer = answered(words, named, lambda: _answer(given, told))
    reports.write(answer.reports)
    sys.exit(0 if told["exit_zero"] and answer.code == 1 else answer.code)


def _answer(paths: Sequence[str], told: Mapping[str, Any]) -> Answer:
    from hmco_charts.cli.baseline import known, updated
    from hmco_charts.cli.mending import mend
    from hmco_charts.cli.progress import bar
    from hmco_charts.cli.project import project
    from hmco_charts.lint import lint as check
    from hmco_charts.lint.engine import CAP_REACHED, NOT_ANALYSED

    own = project(told["config"], no_config=told["no_config"])
    settings = _settings(told, own)
    is_written = told["baseline_update"] or told["baseline_grow"]
    before = known(told["baseline"] or own.lint.baseline, is_written=is_written)
    gc.disable()  # what is read lives until the end: looking for garbage in it takes a third of the time
    with bar("lint") as progress:
        settings |= {"baseline": before, "progress": progress}
        if told["fix"] or told["unsafe_fixes"] or told["diff"]:
            mend(paths, settings, unsafe=told["unsafe_fixes"], is_shown=told["diff"])
        result = check(paths, **settings)
    if told["profile_rules"]:
        click.echo(_seconds(result), err=True)
    if before and is_written:
        result = updated(before, result, grows=told["baseline_grow"])
    is_lasting = {CAP_REACHED.id, NOT_ANALYSED.id}.isdisjoint(each.rule for each in result.findings)
    return Answer(reports.made(result, told["wanted"]), result.exit_code, _elsewhere(own), is_lasting)


def _settings(told: Mapping[str, Any], project: "Configuration") -> dict[str, Any]:
    """The keyword arguments of a run: the options, and where they say nothing the project's settings."""
    from hmco_charts.configuration import anchored
    from hmco_charts.lint import MOST_SWITCHES, Confidence, Severity

    own = project.lint
    given = {key: told[key] for key in ("values", "against", "no_ignores", "plain_http", "ca_file", "jobs")}
    return given | {
        "scenarios": None if told["no_scenarios"] else own.scenarios,
        "max_switches": MOST_SWITCHES if told["max_switches"] is None else told["max_switches"],
        "profile": told["profile"] or own.profile or "basic",
        "select": told["select"] or own.select,
        "ignore": told["ignore"] or own.ignore,
        "severity": Severity(told["severity"] or own.severity or "warning"),
        "confidence": Confidence(told["confidence"] or own.confidence or "medium"),
        "severities": {rule: Severity(each) for rule, each in own.severities.items()},
        "suppressions": own.suppressions,
        "exclude": [anchored(each, Path()) for each in told["exclude"]] or own.exclude,
        "cluster": project.cluster,
    }


def _seconds(result: "Result") -> str:
    """The rules by the time that they took, with their share of all."""
    total = sum(result.seconds.values())
    rows = sorted(result.seconds.items(), key=lambda row: -row[1])
    return "\n".join(f"{rule}  {seconds:8.3f} s  {seconds / (total or 1):6.1%}" for rule, seconds in rows)


def _elsewhere(project: "Configuration") -> tuple[str, ...]:
    """The files that the answer depends on and that no option names."""
    from hmco_charts.lint import all_rules

    declared = [file for named in project.lint.scenarios.values() for files in named.values() for file in files]
    modules = {sys.modules[type(rule).__module__].__file__ or "" for rule in all_rules()}
    plugins = [file for file in modules if not Path(file).is_relative_to(PACKAGE)]
    return tuple(map(str, (*filter(None, [project.lint.baseline]), *declared, *plugins)))
