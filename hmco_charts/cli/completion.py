"""`hmco-charts completion`."""

import click


@click.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    Examples:
      eval "$(hmco-charts completion bash)"
      hmco-charts completion fish > ~/.config/fish/completions/hmco-charts.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "hmco-charts", "_HMCO_CHARTS_COMPLETE").source())
