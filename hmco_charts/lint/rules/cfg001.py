"""CFG001: a variable in a file that nothing expands."""

import re
from collections.abc import Iterator, Mapping

from hmco_charts import formats
from hmco_charts.formats import Entry
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release, Text

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-=?+][^}]*)?\}|\$\([A-Z_][A-Z0-9_]*\)")
_COMMAND = re.compile(r".*_(?:command|program)$")
_FILES: Mapping[str, re.Pattern[str]] = {
    "redis": re.compile(r".*/(?:redis|sentinel)\.conf"),
    "valkey": re.compile(r".*/(?:redis|valkey|sentinel)\.conf"),
    "postgres": re.compile(r".*/(?:postgresql|pg_hba|pg_ident)\.conf"),
    "mysql": re.compile(r"/etc/(?:my\.cnf|my\.cnf\.d/.*\.cnf|mysql/.*\.cnf)"),
    "mariadb": re.compile(r"/etc/(?:my\.cnf|my\.cnf\.d/.*\.cnf|mysql/.*\.cnf)"),
    "lakefs": re.compile(r"(?:/etc/lakefs|/home/lakefs|/root/\.lakefs)/config\.ya?ml"),
}
_EXPANDERS = re.compile(r"\b(?:envsubst|gomplate|sed|awk|perl|python3?|eval|confd|consul-template)\b")


class UnexpandedVariable(Rule):
    """Reports `${VAR}` in configuration files of programs that take it for plain text."""

    id = "CFG001"
    name = "unexpanded-variable"
    title = "A variable in a file that nothing expands"
    why = (
        "Kubernetes expands nothing in a ConfigMap, and neither do Redis, PostgreSQL, MySQL and lakeFS in their files:"
        " `requirepass ${REDIS_PASSWORD}` makes that very text the password, known to all who read the manifest."
        " Numbers keep the program from starting."
    )
    remedy = "Give the setting by the environment where the program reads it there, or write the file at the start."
    source = "https://kubernetes.io/docs/concepts/configuration/configmap/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The files that such programs read where they are mounted, and that no command of the pod rewrites."""
        seen = set()
        for container in release.containers:
            named = _FILES.get(container.image.base)
            for file in release.files(container) if named and not _rewrites(container) else ():
                for entry in _left(file.text) if named and named.fullmatch(file.path) else ():
                    place = (id(file.text.object), file.text.path, entry.start)
                    if place not in seen:
                        seen.add(place)
                        yield self._finding(container, file.text, entry)

    def _finding(self, container: Container, text: Text, entry: Entry) -> Finding:
        return self.finding(
            f"`{entry.key}` holds a variable, which {container.image.base} takes for plain text.",
            on=text.object,
            span=text.span(entry.start, entry.end),
            locator=text.locator(entry.start),
            subject=f"{text.name}#{'.'.join((*entry.path, entry.key))}",
        )


def _left(text: Text) -> Iterator[Entry]:
    """The settings with a variable; what a shell executes is expanded by it."""
    for entry in formats.read(text.value, text.name).entries:
        if isinstance(entry.value, str) and _VARIABLE.search(entry.value) and not _COMMAND.fullmatch(entry.key):
            yield entry


def _rewrites(container: Container) -> bool:
    """Whether the container itself may put another text in the place of the file."""
    return bool(_EXPANDERS.search("\n".join([*container.command, *container.args])))
