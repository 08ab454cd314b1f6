"""`hmco-charts rules`."""

import json

import click

_PROFILES = ("min", "basic", "production", "pedantic")


@click.command(short_help="List the rules.")
@click.option("--profile", type=click.Choice(_PROFILES), help="Only the rules of this profile.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="Form of the list.")
def rules(profile: str | None, form: str) -> None:
    """List the rules with their severity, the smallest profile that contains them, and what they are about.

    \b
    Examples:
      hmco-charts rules --profile min
      hmco-charts rules --format json
    """
    from hmco_charts.lint import catalogue

    within = _PROFILES[: _PROFILES.index(profile) + 1] if profile else _PROFILES
    listed = [rule for rule in catalogue() if rule.profile in within]
    if form == "text":
        for rule in listed:
            click.echo(f"{rule.id}  {rule.severity.value:<8} {rule.profile:<10} {rule.title.rstrip('.')}")
        return
    data = [
        {
            "id": rule.id,
            "name": rule.name,
            "severity": rule.severity.value,
            "confidence": rule.confidence.value,
            "profile": rule.profile,
            "title": rule.title,
            "why": rule.why,
            "remedy": rule.remedy,
            "source": rule.source,
        }
        for rule in listed
    ]
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
