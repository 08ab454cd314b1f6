"""RDS001: an ACL that leaves Redis open."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import redis
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release, Text

_DEFAULT = re.compile(r"(?m)^[ \t]*user[ \t]+default[ \t]")


class RedisAcl(Rule):
    """Reports ACL files without a default user, and users beside an ACL file."""

    id = "RDS001"
    name = "redis-acl"
    profile = "min"
    title = "An ACL that leaves Redis open, or keeps it from starting"
    why = (
        "With `aclfile` Redis ignores `requirepass`: where the file does not mention the user `default`, that user has"
        " no password and may do all, and everybody is that user until they log in. `user` lines in redis.conf beside"
        " an `aclfile` keep the server from starting."
    )
    remedy = "Begin the file with `user default off`, or give that user a password; write all users there."
    source = "https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers with an ACL file."""
        for server in redis.servers(release):
            path = server.value("aclfile")
            if path:
                yield from self._users(server)
                text = next((each.text for each in release.files(server.container) if each.path == path), None)
                if text and text.value.strip() and not _DEFAULT.search(text.value):
                    yield self._open(server, text)

    def _open(self, server: redis.Server, text: Text) -> Finding:
        ignored = " `requirepass` is ignored." if server.value("requirepass") else ""
        return self.finding(
            f"The ACL file {text.name} has no user `default`: it has no password and may do all.{ignored}",
            on=text.object,
            span=text.span(0, len(text.value.partition("\n")[0])),
            locator=text.locator(0),
            subject=f"{text.name}#default",
        )

    def _users(self, server: redis.Server) -> Iterator[Finding]:
        user = server.last("user")
        if user:
            yield self.finding(
                "Redis does not start: users stand in the configuration and in an `aclfile`.",
                on=user.text.object,
                span=user.span,
                locator=user.text.locator(user.start),
                subject=f"{user.text.name}#user",
            )
