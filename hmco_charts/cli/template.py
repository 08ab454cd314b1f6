"""`hmco-charts template`."""

from pathlib import Path

import click


@click.command(short_help="Print the manifests of a chart.")
@click.argument("chart")
@click.option(
    "-f",
    "--values",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Values file; repeatable, later ones win.",
)
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="A value, as of Helm's --set; repeatable.")
@click.option("--profile", help="Profile of a chart of ours, such as dev.")
@click.option("--release-name", default="release-name", show_default=True, help="Name of the release.")
@click.option("--namespace", default="default", show_default=True, help="Namespace of the release.")
@click.option("--kube-version", help="Kubernetes version to render for, such as 1.31.2.")
@click.option("--plain-http", is_flag=True, help="The registry of an oci:// reference speaks HTTP without TLS.")
@click.option("--ca-file", type=click.Path(path_type=Path, dir_okay=False), help="Certificates to trust, PEM.")
def template(
    chart: str,
    files: tuple[Path, ...],
    sets: tuple[str, ...],
    profile: str | None,
    release_name: str,
    namespace: str,
    kube_version: str | None,
    plain_http: bool,
    ca_file: Path | None,
) -> None:
    """Print the manifests that Helm makes of CHART, without a helm binary.

    CHART is the name of a chart of ours, a folder, an archive or an oci:// reference.

    \b
    Examples:
      hmco-charts template vault --profile dev --namespace vault
      hmco-charts template ./charts/vault -f values.yaml --kube-version 1.29.0
    """
    from hmco_charts.cli.chart import is_ours, located, refused
    from hmco_charts.helm import SchemaViolationError, engine

    values = _values(files, sets) if (files or sets) and not is_ours(chart) else {}
    with located(chart, files, sets, profile, plain_http=plain_http, ca_file=ca_file, is_complete=False) as folder:
        try:
            manifests = engine().render(
                folder, values, name=release_name, namespace=namespace, kube_version=kube_version
            )
        except SchemaViolationError as error:
            raise refused(error, folder, files, sets) from None
    for name, text in sorted(manifests.items()):
        if text.strip() and not name.endswith("NOTES.txt"):
            click.echo(f"---\n# Source: {name}\n{text.strip().removeprefix('---').strip()}")


def _values(files: tuple[Path, ...], sets: tuple[str, ...]) -> dict[str, object]:
    from hmco_charts import yamlio
    from hmco_charts.helm import engine
    from hmco_charts.objects.scenarios import merged

    values = merged(files)
    for expression in sets:
        values = yamlio.merge(values, engine().parse_set(expression))
    return values
