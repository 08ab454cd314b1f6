"""`hmco-charts validate`."""

import gc
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hmco_charts.cli import reports
from hmco_charts.cli.cache import Answer, answered
from hmco_charts.report.verdicts import FORMATS

if TYPE_CHECKING:
    from hmco_charts.configuration import Configuration
    from hmco_charts.conformance.judge import Judge, Options
    from hmco_charts.conformance.run import Report
    from hmco_charts.inputs.paths import Paths

_FILE = click.Path(path_type=Path, dir_okay=False)
_NAMED = ("config", "ca_file")
_EACH_OBJECT = ("junit", "tap")  # formats that tell every object


@click.command(short_help="Check objects against the schemas of Kubernetes.")
@click.argument("paths", nargs=-1)
@click.option(
    "--kubernetes-version",
    "versions",
    multiple=True,
    metavar="VERSION",
    help="Judge by this version, such as 1.31, or all; repeatable. The cluster's, or the newest, if not given.",
)
@click.option("--strict/--no-strict", default=True, help="Refuse unknown fields, and keys twice. On by default.")
@click.option("--ignore-missing-schemas", is_flag=True, help="Skip the kinds that have no schema.")
@click.option("--crds", multiple=True, metavar="PATH", help="Definitions of custom resources; repeatable.")
@click.option(
    "--schema-location",
    "locations",
    multiple=True,
    metavar="TEMPLATE",
    help="Where schemas lie, as for kubeconform: a folder, a template, http(s), or default; repeatable, in this order.",
)
@click.option("--skip", multiple=True, metavar="KINDS", help="Not these: Kind or group/version/Kind, by commas.")
@click.option("--reject", multiple=True, metavar="KINDS", help="Refuse these, likewise.")
@click.option("--pod-security", type=click.Choice(("baseline", "restricted")), help="The level that pods must keep to.")
@click.option("-f", "--values", multiple=True, type=click.Path(path_type=Path), help="Render charts with it alone.")
@click.option("--no-scenarios", is_flag=True, help="Render charts with their defaults only.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Search folders without these files; repeatable.")
@click.option("--verbose", is_flag=True, help="Tell valid and skipped objects too.")
@click.option("--summary/--no-summary", default=True, help="Tell how many objects there are. On by default.")
@click.option(
    "--output",
    "--format",
    "wanted",
    multiple=True,
    metavar="FORMAT[=FILE]",
    default=["text"],
    callback=reports.reader(FORMATS),
    shell_complete=reports.completer(FORMATS),
    help=f"Form of the report, and the file that it goes to: {', '.join(FORMATS)}; repeatable, text if not given.",
)
@click.option("--config", type=_FILE, help="Settings; hmco-charts.yaml or pyproject.toml, here or above, if not given.")
@click.option("--no-config", is_flag=True, help="Read no settings.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep the answer of an equal run.")
@click.option("--plain-http", is_flag=True, help="The registry of an oci:// reference speaks HTTP without TLS.")
@click.option("--ca-file", type=_FILE, help="Certificates to trust, PEM.")
def validate(paths: tuple[str, ...], **told: Any) -> None:
    """Check the objects in PATHS as the API server would; without PATHS, the folder charts/.

    A path is what `lint` takes: a manifest, a folder, a chart's folder or archive, an oci:// reference, or - for
    standard input. Nothing is asked over the network unless --schema-location names http(s).

    \b
    Exit codes:
      0  every object is valid, or skipped
      1  an object is invalid, rejected or of a kind without a schema
      2  wrong usage or configuration
      3  some input could not be read (the rest is still judged)

    \b
    Examples:
      hmco-charts validate manifests/ charts/vault
      hmco-charts validate --kubernetes-version 1.29 --kubernetes-version 1.34 manifests/
      kubectl get deployments -o yaml | hmco-charts validate --output kubeconform-json --verbose -
    """
    given = paths or ("charts",)
    if told["no_cache"] or any(each.startswith(("http://", "https://")) for each in told["locations"]):
        answer = _answer(given, told)
    else:
        folders = (each.partition("{{")[0] for each in told["locations"] if each != "default")
        options = map(str, (*told["values"], *filter(None, (told[option] for option in _NAMED))))
        words = {**told, "paths": given, "command": "validate"}
        answer = answered(words, [*given, *told["crds"], *folders, *options], lambda: _answer(given, told))
    reports.write(answer.reports)
    sys.exit(answer.code)


def _answer(given: Sequence[str], told: Mapping[str, Any]) -> Answer:
    from hmco_charts.cli.project import project
    from hmco_charts.conformance.run import validate as judged
    from hmco_charts.report.verdicts import Summary, render

    own = project(told["config"], no_config=told["no_config"])
    keeps_valid = told["verbose"] or any(each.form in _EACH_OBJECT for each in told["wanted"])
    gc.disable()  # nothing that is read refers back to itself: looking for garbage in it takes a third of the time

    def charts(found: "Paths", judge: "Judge") -> "tuple[list[Report], set[Path]]":
        from hmco_charts.conformance import charts
        from hmco_charts.objects import ChartOptions

        scenarios = None if told["no_scenarios"] else own.lint.scenarios
        places = {key: told[key] for key in ("plain_http", "ca_file")}
        return charts.reports(found, judge, ChartOptions(told["values"], scenarios, **places))

    options = _options(told, own)
    found = judged(given, options, exclude=_excluded(told, own), keeps_valid=keeps_valid, read_charts=charts)
    summary = Summary.of(found, len(options.versions), is_verbose=told["verbose"], has_summary=told["summary"])
    texts = [
        (None if each.file is None else str(each.file), render(summary, each.form))
        for each in sorted(told["wanted"], key=lambda each: each.file is None)
    ]
    return Answer(texts, summary.exit_code)


def _options(told: Mapping[str, Any], own: "Configuration") -> "Options":
    from hmco_charts.conformance.judge import Options
    from hmco_charts.conformance.locations import Location
    from hmco_charts.conformance.run import definitions_in

    versions = told["versions"] or filter(None, [own.cluster.kubernetes])
    return Options(
        versions=minors(versions),
        is_strict=told["strict"],
        ignores_missing=told["ignore_missing_schemas"],
        locations=tuple(map(Location.of, told["locations"] or ("default",))),
        definitions=definitions_in(told["crds"]),
        skip=_words(told["skip"]),
        reject=_words(told["reject"]),
        pod_security=told["pod_security"] or "",
    )


def _words(given: Iterable[str]) -> frozenset[str]:
    return frozenset(word.strip() for each in given for word in each.split(",") if word.strip())


def _excluded(told: Mapping[str, Any], own: "Configuration") -> Sequence[str]:
    from hmco_charts.configuration import anchored

    return [anchored(each, Path()) for each in told["exclude"]] or own.lint.exclude


def minors(versions: Iterable[str]) -> tuple[int, ...]:
    """The minor versions that words such as `1.31`, `v1.31.4` and `all` mean; the newest for none.

    Raises:
        ConfigurationError: A word that means none that is known.
    """
    from hmco_charts.conformance.definitions import NEWEST, OLDEST
    from hmco_charts.errors import ConfigurationError

    found: dict[int, None] = {}
    for word in versions:
        parts = word.removeprefix("v").split(".")
        if word == "all":
            found |= dict.fromkeys(range(OLDEST, NEWEST + 1))
        elif word == "master":
            found[NEWEST] = None
        elif len(parts) > 1 and parts[0] == "1" and parts[1].isdecimal() and OLDEST <= int(parts[1]) <= NEWEST:
            found[int(parts[1])] = None
        else:
            what = f"no schemas for Kubernetes {word}"
            raise ConfigurationError(what, remedy=f"Name one of 1.{OLDEST} to 1.{NEWEST}, several, or all.")
    return tuple(sorted(found)) or (NEWEST,)
