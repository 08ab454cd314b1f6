"""`hmco-charts deps`."""

from pathlib import Path

import click


@click.command(short_help="Fetch the charts that charts depend on.")
@click.argument("charts", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--from", "source", default="", metavar="oci://HOST/PATH", help="A mirror that has all of them.")
@click.option("--plain-http", is_flag=True, help="The registry speaks HTTP without TLS.")
@click.option("--ca-file", type=click.Path(path_type=Path, dir_okay=False), help="Certificates to trust, PEM.")
def deps(charts: tuple[Path, ...], source: str, plain_http: bool, ca_file: Path | None) -> None:
    """Fetch into charts/ what the folders CHARTS declare to need.

    Each archive is held to its digest of the first time, which stands in dependencies.lock.yaml: commit it.

    \b
    Exit codes:
      0  all are there
      2  wrong usage, a chart without exact versions, or another archive than was locked
      4  a registry did not give one

    \b
    Examples:
      hmco-charts deps charts/flink-operator
      hmco-charts deps charts/flink-operator --from oci://registry.example.com/mirror
    """
    from hmco_charts.publish.dependencies import vendor

    for chart in charts:
        found = vendor(chart, source=source, plain_http=plain_http, ca_file=ca_file)
        for each in found:
            click.echo(f"{chart / 'charts'}: {each.name} {each.version} {each.digest}")
        if not found:
            click.echo(f"{chart} depends on no other chart")
