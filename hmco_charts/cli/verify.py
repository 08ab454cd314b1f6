"""`hmco-charts verify`."""

import sys

import click

_FORMATS = ("text", "json")


@click.command(short_help="Check a running cluster, or what was saved of one.")
@click.argument("files", nargs=-1)
@click.option("--context", default="", help="Context of kubectl; its current one if left out.")
@click.option("--format", "fmt", type=click.Choice(_FORMATS), default="text", show_default=True, help="Form.")
def verify(files: tuple[str, ...], context: str, fmt: str) -> None:
    """Check the cluster that kubectl talks to, or FILES with what it said (- for standard input). Nothing is changed.

    Crash loops, pods that no node takes, Services without endpoints, sealed Vaults, absent tables, failed Jobs,
    claims without a volume. Secrets are not asked for.

    \b
    Exit codes:
      0  nothing is wrong
      1  problems
      2  wrong usage
      3  the cluster gives no answer, or a file cannot be read

    \b
    Examples:
      hmco-charts verify --context kind-hmco
      kubectl get pods,services,endpointslices,deployments,statefulsets -A -o json | hmco-charts verify -
    """
    from hmco_charts.errors import DocumentError
    from hmco_charts.verify import State, live, saved
    from hmco_charts.verify import verify as check
    from hmco_charts.verify.reading import read

    if files and context:
        raise click.UsageError("--context is of a live cluster: name no file beside it.")
    try:
        texts = [("<stdin>", sys.stdin.read()) if file == "-" else (file, read(file)) for file in files]
        parts = [saved(text, name) for name, text in texts] or [live(context)]
    except DocumentError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(3)
    found = check(State(tuple(each for part in parts for each in part.resources)))
    click.echo(found.json() if fmt == "json" else found.text(), nl=False)
    sys.exit(found.exit_code)
