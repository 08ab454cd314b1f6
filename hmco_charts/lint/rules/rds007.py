"""RDS007: several Redis servers that know nothing of each other."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related
from hmco_charts.lint.programs import redis
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release

_TOGETHER = re.compile(r"replicaof|slaveof|cluster|sentinel", re.IGNORECASE)


class RedisReplicas(Rule):
    """Reports replicas of a Redis server that do not replicate, behind one Service."""

    id = "RDS007"
    name = "redis-replicas"
    confidence = Confidence.MEDIUM
    title = "Several Redis servers that know nothing of each other"
    why = (
        "Replicas of a workload are no replicas of Redis: each pod has data of its own, and behind one Service a key"
        " that was written is found by some of the reads."
    )
    remedy = "Run one pod, or let the others start with `replicaof` and a Sentinel choose the master."
    source = "https://redis.io/docs/latest/operate/oss_and_stack/management/replication/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers of which one workload runs several, and that are told of no other."""
        for server in redis.servers(release):
            pod = server.container.pod
            service = _shared(release, server)
            if service and release.replicas(pod).least > 1 and server.is_complete and not _is_told(server):
                yield self.finding(
                    f"{pod.object.kind} {pod.object.name} runs several servers with data of their own behind Service"
                    f" {service.name}.",
                    on=pod.object,
                    span=pod.object.span(("spec", "replicas")),
                    locator="spec/replicas",
                    related=(Related("object", service.span(("metadata", "name")), f"Service {service.name}"),),
                )


def _shared(release: Release, server: redis.Server) -> KubernetesObject | None:
    """A Service that spreads over the pods."""
    there = release.services(server.container.pod)
    return next((each for each in there if each.at(("spec", "clusterIP")) != "None"), None)


def _is_told(server: redis.Server) -> bool:
    """Whether the server may be told of others: by a directive, an option, a script, or an operator beside it."""
    names = " ".join([*(each.name for each in server.directives), *server.options])
    pod = server.container.pod
    beside = " ".join(f"{each.name} {each.image.base}" for each in pod.containers if each is not server.container)
    return server.is_sentinel or bool(_TOGETHER.search(f"{names} {beside} {server.said}"))
