"""The charts that a command line names: ours by name, folders, archives and `oci://` references."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def located(
    chart: str,
    files: Sequence[Path] = (),
    sets: Sequence[str] = (),
    profile: str | None = None,
    *,
    plain_http: bool = False,
    ca_file: Path | None = None,
) -> Iterator[Path]:
    """The folder or archive of a chart, there as long as the context lasts.

    Args:
        chart: A folder or archive, an `oci://` reference, or the name of a chart of ours.
        files: Values files for a chart of ours; they become its defaults.
        sets: `--set` expressions for a chart of ours.
        profile: Profile of a chart of ours.
        plain_http: Whether the registry of a reference speaks HTTP without TLS.
        ca_file: Certificates (PEM) to trust in place of the system's.

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

            target = Path(folder, chart)
            generate.write(generate.render(chart, files=files, sets=sets, profile=profile), target)
            yield target


def is_ours(chart: str) -> bool:
    """Whether a command line means a chart of ours, not a folder, an archive or a reference."""
    return not Path(chart).exists() and not chart.startswith("oci://")
