"""RDS008: a password that Redis' image does not read."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import redis
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_VARIABLES = ("REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "REQUIREPASS", "REDIS_REQUIREPASS", "VALKEY_PASSWORD")


class RedisPasswordVariable(Rule):
    """Reports variables with a password that nothing in the container uses."""

    id = "RDS008"
    name = "redis-password-variable"
    title = "A password that Redis' image does not read"
    why = (
        "The official images of Redis and Valkey take no password from the environment; REDIS_PASSWORD is Bitnami's."
        " The server starts without a password, and whoever set the variable believes otherwise."
    )
    remedy = "Write `requirepass` or an ACL into the configuration at the start, from the Secret."
    source = "https://github.com/docker-library/redis/blob/master/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers with such a variable that are given no password otherwise."""
        for server in redis.servers(release):
            has_access = server.value("requirepass", "aclfile", "user") is not None
            if server.is_official and server.is_complete and not has_access:
                for variable in server.container.environment:
                    if variable.name in _VARIABLES and variable.name not in server.said:
                        yield self.finding(
                            f"{server.container.locator} has {variable.name}, which the image does not read:"
                            " the server has no password.",
                            on=server.container.pod.object,
                            span=server.container.pod.object.span((*variable.path, "name")),
                            locator=server.container.locator,
                            subject=f"{server.container.locator}#{variable.name}",
                        )
