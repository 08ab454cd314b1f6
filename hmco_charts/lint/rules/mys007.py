"""MYS007: a password that breaks MySQL's first start."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import mysql
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release, Text

_BREAKS = {"MYSQL_ROOT_PASSWORD": "'\"\\", "MYSQL_PASSWORD": "'\\"}


class MysqlPasswordCharacters(Rule):
    """Reports passwords with quotes or backslashes, which the image puts into SQL as they are."""

    id = "MYS007"
    name = "mysql-password-characters"
    title = "A password that breaks MySQL's first start"
    why = (
        "The entrypoint writes the password between quotes into SQL and into an option file, and escapes nothing. A"
        " quote or backslash ends the initialisation with an error or sets another password; the volume is then half"
        " made, and no restart repairs it."
    )
    remedy = "Choose a password of letters, digits and other signs."
    source = "https://github.com/docker-library/mysql/blob/master/8.4/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The passwords in the input that MySQL's servers get at their first start."""
        for container in mysql.servers(release):
            for name, text in _passwords(release, container) if not mysql.is_mariadb(container) else ():
                if any(character in text.value for character in _BREAKS[name]):
                    yield self.finding(
                        f"{name} holds a quote or a backslash, which the image does not escape.",
                        on=text.object,
                        span=text.object.span(text.path),
                        locator="/".join(map(str, text.path)),
                        subject=f"{container.locator}#{name}",
                    )


def _passwords(release: Release, container: Container) -> Iterator[tuple[str, Text]]:
    """The passwords by the name of their variable, whether given by it or as a file."""
    files = {file.path: file.text for file in release.files(container)}
    for variable in release.environment(container):
        name = variable.name.removesuffix("_FILE")
        if name in _BREAKS and variable.text:
            found = variable.text if name == variable.name else files.get(variable.text.value)
            if found:
                yield name, found
