"""RDS002: a directive that keeps Redis from starting."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import redis
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release

_MEMORY = frozenset(
    (
        *("maxmemory", "repl-backlog-size", "auto-aof-rewrite-min-size", "client-query-buffer-limit"),
        *("proto-max-bulk-len", "active-defrag-ignore-bytes"),
    )
)
_SWITCHES = frozenset(
    (
        *("appendonly", "protected-mode", "daemonize", "no-appendfsync-on-rewrite", "aof-load-truncated"),
        *("aof-use-rdb-preamble", "stop-writes-on-bgsave-error", "rdbcompression", "rdbchecksum", "replica-read-only"),
        *("replica-serve-stale-data", "repl-diskless-sync", "lazyfree-lazy-eviction", "lazyfree-lazy-expire"),
        *("lazyfree-lazy-server-del", "replica-lazy-flush", "activerehashing", "activedefrag", "dynamic-hz"),
        *("cluster-enabled", "tls-replication", "tls-cluster"),
    )
)
_CHOICES = {
    "maxmemory-policy": (
        *("noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-lrm", "allkeys-random"),
        *("volatile-lru", "volatile-lfu", "volatile-lrm", "volatile-random", "volatile-ttl"),
    ),
    "appendfsync": ("everysec", "always", "no"),
}
_AMOUNT = re.compile(r"(?i)\d+(?:b|k|kb|m|mb|g|gb)?")
_OPEN = re.compile(r"[${}<>%]{2}|\$")


class RedisDirective(Rule):
    """Reports arguments of directives that Redis refuses."""

    id = "RDS002"
    name = "redis-directive"
    profile = "min"
    title = "A directive that keeps Redis from starting"
    why = (
        "Redis ends with 'FATAL CONFIG FILE ERROR' at an argument that it does not know: it has units of its own"
        ' (`mb`, not `Mi`), says `yes` and `no`, turns snapshots off by `save ""`, and has no comments behind a'
        " directive."
    )
    remedy = "Write it as redis.conf of the source shows it."
    source = "https://github.com/redis/redis/blob/7.2/src/config.c"

    def check(self, release: Release) -> Iterator[Finding]:
        """The directives of each server's file, once a file."""
        seen = set()
        for server in redis.servers(release):
            for each in server.directives:
                told = _refused(each.name, each.value)
                place = (id(each.text.object), each.text.path, each.start)
                if told and place not in seen:
                    seen.add(place)
                    yield self.finding(
                        f"Redis does not start: {told}.",
                        on=each.text.object,
                        span=each.span,
                        locator=each.text.locator(each.start),
                        subject=f"{each.text.name}#{each.name}",
                    )
            for name, value in server.options.items():
                if told := _refused(name, value):
                    yield self._option(server.container, name, told)

    def _option(self, container: Container, name: str, told: str) -> Finding:
        return self.finding(
            f"Redis does not start: {told}.",
            on=container.pod.object,
            span=container.span("args" if container.args else "command"),
            locator=container.locator,
            subject=f"{container.locator}#{name}",
        )


def _refused(name: str, written: str) -> str:
    """Why Redis refuses a directive; empty where it does not, or that is not known."""
    value = written.strip("\"'")
    if _OPEN.search(value):
        return ""
    if name in (_MEMORY | _SWITCHES | _CHOICES.keys()) and re.search(r"\s#", written):
        return f"`{name}` has a comment behind it, which counts as further arguments"
    if name in _MEMORY and not _AMOUNT.fullmatch(value):
        return f"`{name}` wants an amount such as `512mb`"
    if name in _SWITCHES and value.lower() not in ("yes", "no"):
        return f"`{name}` is `yes` or `no`"
    if name in _CHOICES and value.lower() not in _CHOICES[name]:
        return f"`{name}` is one of {', '.join(_CHOICES[name])}"
    if name == "save" and value and not re.fullmatch(r"\d+\s+\d+(\s+\d+\s+\d+)*", value):
        return '`save` wants seconds and changes, or `""` for no snapshots'
    return ""
