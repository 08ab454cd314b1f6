"""DBB005: a bootstrap that fails when it runs a second time, or hides that it failed."""

import re
from collections.abc import Iterator

from hmco_charts.formats.ddl import Statement
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs.command import scripts
from hmco_charts.lint.programs.databases import Setup, setups
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release, Text

_VERBS = ("CREATE USER", "CREATE DATABASE", "CREATE SCHEMA", "CREATE TABLE")
_BEFORE = re.compile(
    r"(?i)not\s+exists|pg_roles|pg_user|pg_authid|pg_database|information_schema|mysql\.user|\|\|\s*\S*$"
)
_AFTER = re.compile(r"(?i)\\gexec|\|\|\s*(?:true|:|echo|exit\s+0)|duplicate_\w+|exception\s+when|2>\s*/dev/null")
_NEAR = 400
_DO = re.compile(r"(?is)\bDO\s+\$\w*\$(?P<body>.*?)\$\w*\$")


class BootstrapNotIdempotent(Rule):
    """Reports Jobs and init containers whose SQL cannot run twice."""

    id = "DBB005"
    name = "bootstrap-not-idempotent"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    title = "A bootstrap that cannot run twice"
    why = (
        "A Job is retried (backoffLimit is 6 by default), a hook runs again on every upgrade, an init container at"
        " every start of its pod. CREATE USER fails when the user is there, and the upgrade fails with it."
    )
    remedy = (
        "Guard it: `SELECT 'CREATE DATABASE x' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'x')\\gexec`,"
        " or IF NOT EXISTS where the database has it."
    )
    source = "https://www.postgresql.org/docs/current/app-psql.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The statements without a guard in what Jobs and init containers execute."""
        texts = (text for container in release.containers for text in _repeated(release, container))
        repeated = {(text.object, text.path) for text in texts}
        for setup in setups(release):
            if (setup.text.object, setup.text.path) in repeated:
                for statement in setup.statements:
                    yield from self._statement(setup, statement)

    def _statement(self, setup: Setup, statement: Statement) -> Iterator[Finding]:
        if statement.verb == "CREATE DATABASE" and _is_in_block(setup, statement):
            yield self._at(setup, statement, "cannot run inside a DO block: it must stand outside a transaction")
        elif statement.verb in _VERBS and not statement.is_guarded and not _is_guarded(setup, statement):
            yield self._at(setup, statement, "fails when it runs a second time")

    def _at(self, setup: Setup, statement: Statement, fault: str) -> Finding:
        return self.finding(
            f"{statement.verb} {statement.name} {fault}.",
            on=setup.text.object,
            span=setup.text.span(statement.start, statement.end),
            locator=setup.text.locator(statement.start),
            subject=f"{setup.text.name}#{statement.verb}#{statement.name}",
        )


def _repeated(release: Release, container: Container) -> Iterator[Text]:
    """What a container executes that may be executed again."""
    if container.role == "initContainer" or container.pod.object.kind in ("Job", "CronJob"):
        yield from scripts(release, container)
        said = " ".join([*container.command, *container.args, *(text.value for text in scripts(release, container))])
        yield from (file.text for file in release.files(container) if file.path in said)
        for field, words in (("command", container.command), ("args", container.args)):
            for index, word in enumerate(words):
                yield Text(container.pod.object, (*container.path, field, index), "script.sh", word)


def _is_guarded(setup: Setup, statement: Statement) -> bool:
    """Whether the script asks first, or goes on when the thing is there."""
    text = setup.text.value
    before = text[max(0, statement.start - _NEAR) : statement.start]
    after = text[statement.start : statement.end + _NEAR]
    return bool(_BEFORE.search(before) or _AFTER.search(after))


def _is_in_block(setup: Setup, statement: Statement) -> bool:
    blocks = (match.span("body") for match in _DO.finditer(setup.text.value))
    return any(start <= statement.start < end and "dblink" not in setup.text.value[start:end] for start, end in blocks)
