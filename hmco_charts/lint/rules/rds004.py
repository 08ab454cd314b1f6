"""RDS004: a Redis that lets everybody in."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import redis
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_ACCESS = re.compile(r"requirepass|aclfile|\bACL\b|ACL SETUSER", re.IGNORECASE)


class RedisOpen(Rule):
    """Reports servers without protected mode that ask for no password."""

    id = "RDS004"
    name = "redis-open"
    title = "A Redis that lets everybody in"
    why = (
        "`protected-mode no` takes away what refuses other pods as long as there is no password: whoever reaches the"
        " port may read, delete, and by CONFIG SET write files. What other pods need is a password, and with one"
        " protected mode does not stand in their way."
    )
    remedy = "Set a password or an ACL from a Secret, and leave protected mode on."
    source = "https://redis.io/docs/latest/operate/oss_and_stack/management/security/#protected-mode"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers whose whole configuration is known and asks for nothing."""
        for server in redis.servers(release):
            is_open = server.value("protected-mode") == "no" and not server.value("requirepass", "aclfile", "user")
            if is_open and server.is_complete and not server.is_sentinel and not _ACCESS.search(server.said):
                found = server.last("protected-mode")
                yield self.finding(
                    f"{server.container.locator} has protected mode off and neither a password nor an ACL.",
                    on=found.text.object if found else server.container.pod.object,
                    span=found.span if found else server.container.span(),
                    locator=found.text.locator(found.start) if found else server.container.locator,
                    subject=f"{server.container.locator}#protected-mode",
                )
