"""RDS003: a readiness probe that passes whatever Redis answers."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping, text

_PING = re.compile(r"(?:redis|valkey)-cli\b.*\bping\b", re.IGNORECASE | re.DOTALL)
_JUDGED = re.compile(r"PONG|grep|\||\$\(|`|(?:redis|valkey)-cli\b.*\s-e\b", re.DOTALL)
_PATH = ("readinessProbe", "exec", "command")


class RedisProbe(Rule):
    """Reports readiness probes that ask `redis-cli ping` and do not look at the answer."""

    id = "RDS003"
    name = "redis-probe"
    severity = Severity.WARNING
    title = "A readiness probe that passes whatever Redis answers"
    why = (
        "`redis-cli ping` exits with 0 on every answer: also on NOAUTH, on a wrong password and while the data are"
        " loaded. The pod is then ready and serves nobody. As a liveness probe that is right: the server lives."
    )
    remedy = "Compare: `sh -c '[ \"$(redis-cli ping)\" = PONG ]'`, with the password in REDISCLI_AUTH."
    source = "https://redis.io/docs/latest/develop/tools/cli/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The containers whose readiness is `redis-cli ping`."""
        for container in release.containers:
            action = mapping(mapping(container.spec.get("readinessProbe")).get("exec"))
            asked = " ".join(text(word) for word in items(action.get("command")))
            if _PING.search(asked) and not _JUDGED.search(asked):
                yield self.finding(
                    "The readinessProbe passes whatever Redis answers: `redis-cli ping` exits with 0 on NOAUTH too.",
                    on=container.pod.object,
                    span=container.span(*_PATH),
                    locator=container.locator,
                    subject=f"{container.locator}#readinessProbe",
                )
