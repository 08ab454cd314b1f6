"""DRS001: a fe.conf that the entry point of Doris has to change, and cannot."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import doris
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_KEY = "enable_fqdn_mode"


class DorisFqdnMode(Rule):
    """Reports a fe.conf in a ConfigMap without `enable_fqdn_mode = true`."""

    id = "DRS001"
    name = "doris-fqdn-mode"
    profile = "min"
    title = "A fe.conf that Doris' entry point cannot change"
    why = (
        "The entry point appends `enable_fqdn_mode = true` to fe.conf where it is missing. The file is a link into a"
        " ConfigMap, which cannot be written; and without the mode frontends know each other by addresses, which"
        " change."
    )
    remedy = "Write `enable_fqdn_mode = true` into fe.conf."
    source = "https://github.com/apache/doris/blob/master/docker/runtime/fe/resource/fe_entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The files of every frontend."""
        for conf in doris.frontend_files(release):
            if dict(doris.entries(conf)).get(_KEY) != "true":
                yield self.finding(
                    f"fe.conf lacks `{_KEY} = true`: the entry point fails to add it.",
                    on=conf.object,
                    span=conf.object.span(conf.path),
                    locator=conf.locator(0),
                    subject=f"{conf.name}#{_KEY}",
                )
