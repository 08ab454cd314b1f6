"""`hmco-charts rules`."""

import click


@click.command(short_help="List the rules.")
def rules() -> None:
    """List the rules with their severity, the smallest profile that contains them, and what they are about."""
    from hmco_charts.lint import all_rules

    for rule in all_rules():
        click.echo(f"{rule.id}  {rule.severity.value:<8} {rule.profile:<10} {rule.title}")
