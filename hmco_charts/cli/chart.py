"""The charts that a command line names: ours by name, folders, archives and `oci://` references."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hmco_charts.errors import HmcoChartsError
    from hmco_charts.helm import SchemaViolationError
    from hmco_charts.values import ChartType, Fault


@contextmanager
def located(
    chart: str,
    files: Sequence[Path] = (),
    sets: Sequence[str] = (),
    profile: str | None = None,
    *,
    plain_http: bool = False,
    ca_file: Path | None = None,
    is_complete: bool = True,
) -> Iterator[Path]:
    """The folder or archive of a chart, there as long as the context lasts.

    Args:
        chart: A folder or archive, an `oci://` reference, or the name of a chart of ours.
        files: Values files for a chart of ours; they become its defaults.
        sets: `--set` expressions for a chart of ours.
        profile: Profile of a chart of ours.
        plain_http: Whether the registry of a reference speaks HTTP without TLS.
        ca_file: Certificates (PEM) to trust in place of the system's.
        is_complete: Whether Chart.yaml of a chart of ours names the images.

    Raises:
        HmcoChartsError: There is no such chart, or it does not accept the values.
    """
    if Path(chart).exists():
        yield Path(chart)
        return
    with tempfile.TemporaryDirectory(prefix="hmco-charts-") as folder:
        if chart.startswith("oci://"):
            from hmco_charts.publish.registry import pull

            yield pull(chart, Path(folder), plain_http=plain_http, ca_file=ca_file)
        else:
            from hmco_charts import generate
            from hmco_charts.errors import ChartError

            tree = generate.render(named(chart), files=files, sets=sets, profile=profile, is_complete=is_complete)
            target = Path(folder, tree.name)
            generate.write(tree, target)
            try:
                yield target
            except ChartError as error:
                raise generate.at_source(error, target, tree.sources) from None


def is_ours(chart: str) -> bool:
    """Whether a command line means a chart of ours, not a folder, an archive or a reference."""
    return not Path(chart).exists() and not chart.startswith("oci://")


def named(chart: str) -> "ChartType":
    """The chart of ours that a command line names, by its name or by the folder that it was rendered to.

    Raises:
        ConfigurationError: There is none.
    """
    from hmco_charts.errors import ConfigurationError
    from hmco_charts.values import chart as chart_named
    from hmco_charts.values.proposal import nearest

    path = Path(chart)
    if rendered := _rendered(path):
        return rendered
    if path.exists():
        what = f"{chart} is no chart of ours, or another version of hmco-charts rendered it"
        raise ConfigurationError(what, remedy="Name a chart of ours, or its folder.")
    if "/" in chart:
        beside = [str(other) for other in sorted(path.parent.glob("*"))]
        remedy = nearest(str(path), beside) or "Check the path."
        raise ConfigurationError(f"no such folder or archive: {chart}", remedy=remedy)
    return chart_named(chart)


def refused(
    error: "SchemaViolationError", chart: Path, files: Sequence[Path], sets: Sequence[str]
) -> "HmcoChartsError":
    """What a chart's schema says of a user's values, one fault a line, in the words of our types where it is theirs."""
    from hmco_charts.errors import ValuesError
    from hmco_charts.values import placed, read

    if not files and not sets:
        return error
    try:
        if kind := _rendered(chart):
            read(kind, [chart / "values.yaml", *files], sets)
        return placed(_faults(error), files, sets)
    except ValuesError as told:
        return told


def _faults(error: "SchemaViolationError") -> "Iterator[Fault]":
    from hmco_charts.values import Fault
    from hmco_charts.values.path import dotted

    for violation in error.violations:
        for key in violation.unknown:
            path = (*violation.steps, key)
            yield Fault(path, f"unknown value {dotted(path)}", "", is_about_key=True)
        if not violation.unknown:
            yield Fault(violation.steps, f"{dotted(violation.steps) or 'the values'}: {violation.text}", "")


def _rendered(folder: Path) -> "ChartType | None":
    """The chart of ours that a folder was rendered from, where its contract is still the same."""
    import json

    from hmco_charts import yamlio
    from hmco_charts.values import charts, schema

    files = [folder / name for name in ("Chart.yaml", "values.schema.json")]
    if not all(file.is_file() for file in files):
        return None
    names = [told.value["name"] for told in yamlio.read(files[0].read_text("utf-8")) if "name" in (told.value or ())]
    known = [charts()[name] for name in names if name in charts()]
    with suppress(ValueError):
        contract = json.loads(files[1].read_bytes())
        return next((kind for kind in known if schema(kind.model) == contract), None)
    return None
