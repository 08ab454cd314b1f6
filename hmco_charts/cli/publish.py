"""`hmco-charts publish`."""

from pathlib import Path

import click


@click.command(short_help="Publish charts to an OCI registry.")
@click.argument("charts", nargs=-1, required=True)
@click.option("--to", required=True, metavar="oci://HOST/PATH", help="The registry and the path of the charts.")
@click.option("--plain-http", is_flag=True, help="The registry speaks HTTP without TLS.")
@click.option("--ca-file", type=click.Path(path_type=Path, dir_okay=False), help="Certificates to trust, PEM.")
@click.option("--dry-run", is_flag=True, help="Do everything but the upload.")
@click.option("--force", is_flag=True, help="Replace a version that was published with other content.")
def publish(
    charts: tuple[str, ...], to: str, plain_http: bool, ca_file: Path | None, dry_run: bool, force: bool
) -> None:
    """Package CHARTS (folders, or names of charts that this package renders) and push them to a registry.

    Publishing the same content again does nothing; other content under a version that is there is refused.
    Credentials come from Docker's configuration and its helpers, or from the file that
    HELM_REGISTRY_CONFIG names.

    \b
    Exit codes:
      0  published, or there already
      2  wrong usage, or a chart that cannot be packaged
      4  a chart could not be published

    \b
    Examples:
      hmco-charts publish charts/vault --to oci://registry.example.com/charts
      hmco-charts publish vault --to oci://localhost:5000/charts --plain-http
    """
    from hmco_charts.cli.chart import located
    from hmco_charts.publish import publish as push

    for chart in charts:
        with located(chart) as folder:
            published = push(folder, to, plain_http=plain_http, ca_file=ca_file, dry_run=dry_run, force=force)
        if published.replaced:
            click.echo(f"warning: {published.reference} replaced {published.replaced}", err=True)
        click.echo(f"{published.status}: {published.reference}")
