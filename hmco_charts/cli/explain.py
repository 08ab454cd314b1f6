"""`hmco-charts explain`."""

import click


@click.command(short_help="Teach a rule.")
@click.argument("rule")
def explain(rule: str) -> None:
    """Teach RULE, an id or a name: why it is there, what to do, a fault and how it looks without.

    \b
    Examples:
      hmco-charts explain VLT001
      hmco-charts explain vault-storage-connection-string
    """
    from hmco_charts.lint import find
    from hmco_charts.report.page import page
    from hmco_charts.resources import directory

    found = find(rule)
    ours = directory("docs/rules") / f"{found.id}.md"
    click.echo(ours.read_text("utf-8") if ours.is_file() else page(found), nl=False)
