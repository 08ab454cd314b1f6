"""`hmco-charts values`."""

import click


@click.group(short_help="Show what a chart's values may be.")
def values() -> None:
    """Show what a chart's values may be: their schema, an example, their documentation."""


@values.command(short_help="Print values.schema.json.")
@click.argument("chart")
def schema(chart: str) -> None:
    """Print the JSON Schema (draft-07) of CHART's values."""
    _print(chart, None, "values.schema.json")


@values.command(short_help="Print the commented values.yaml.")
@click.argument("chart")
@click.option("--profile", help="Profile to show, such as dev; the chart's default one if left out.")
def example(chart: str, profile: str | None) -> None:
    """Print the commented values.yaml of CHART with a profile's values."""
    _print(chart, profile, "values.yaml")


@values.command(short_help="Print the chart's README with the table of its values.")
@click.argument("chart")
def docs(chart: str) -> None:
    """Print the README of CHART with the table of its values."""
    _print(chart, None, "README.md")


def _print(chart: str, profile: str | None, file: str) -> None:
    from hmco_charts.cli.chart import named
    from hmco_charts.generate import render

    click.echo(render(named(chart), profile=profile, is_complete=False).files[file].decode(), nl=False)
