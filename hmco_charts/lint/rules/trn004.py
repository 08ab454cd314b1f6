"""TRN004: a variable that Trino takes for a text."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import trino
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_NAME = r"([A-Za-z_][A-Za-z0-9_]*)"
_VARIABLE = re.compile(rf"\$\{{{_NAME}\}}|\$\({_NAME}\)|(?<![\w$])\$([A-Z][A-Z0-9_]{{2,}})\b")
_TEMPLATES = ("USER",)


class TrinoVariable(Rule):
    """Reports `${NAME}` in files that Trino reads, which it does not expand."""

    id = "TRN004"
    name = "trino-variable"
    title = "A variable that Trino takes for a text"
    why = (
        "Trino expands `${ENV:NAME}`. `${NAME}`, `$(NAME)` and `$NAME` are taken as they stand: the server starts, and"
        " the source refuses a password that reads `${NAME}`."
    )
    remedy = "Write `${ENV:NAME}`."
    source = "https://trino.io/docs/current/security/secrets.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The properties of every node; `${USER}` in the patterns of a login is Trino's own."""
        for node in trino.nodes(release):
            for path, settings in node.files.items():
                for setting in settings:
                    found = _VARIABLE.search(setting.value)
                    name = next(filter(None, found.groups()), "") if found else ""
                    if name and name not in _TEMPLATES:
                        yield self.finding(
                            f"`{setting.name}` in {path} is {found[0] if found else ''} itself, not its value.",
                            on=setting.text.object,
                            span=setting.span,
                            locator=setting.text.locator(setting.start),
                            subject=f"{node.container.locator}#{path}#{setting.name}",
                            remedy=f"Write `${{ENV:{name}}}`.",
                        )
