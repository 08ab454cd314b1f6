"""SCH006: a probe that cannot succeed, or cannot fail."""

from collections.abc import Iterator, Mapping
from typing import Any

from hmco_charts.lint.finding import Confidence, Finding, Group, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_NOT_HTTP: Mapping[str, tuple[str, ...]] = {
    "kafka": ("9092", "9093"),
    "cp-kafka": ("9092", "9093"),
    "zookeeper": ("2181", "2888", "3888"),
    "cp-zookeeper": ("2181", "2888", "3888"),
    "postgres": ("5432",),
    "postgresql": ("5432",),
    "mysql": ("3306",),
    "mariadb": ("3306",),
    "redis": ("6379",),
    "valkey": ("6379",),
    "elasticsearch": ("9300",),
    "opensearch": ("9300",),
    "neo4j": ("7687",),
    "doris": ("9010", "9020", "9030", "9050", "9060", "8060"),
    "vault": ("8201",),
}
"""Ports of images that speak a protocol of their own; DSC001 has those of DolphinScheduler, which variables move."""
_DOLPHINSCHEDULER = "dolphinscheduler-"
"""Images of whose probes by curl DSC004 tells."""


class ProbeContradiction(Rule):
    """Reports probes at ports that are not there or speak no HTTP, and commands whose result says nothing."""

    id = "SCH006"
    name = "probe-contradiction"
    title = "A probe that cannot succeed, or cannot fail"
    why = (
        "A failing liveness probe restarts the container for ever; HTTP sent to a port with another protocol fills its"
        " log besides ('illegal packet [magic]'). `curl` without -f succeeds on every answer, even 500."
    )
    remedy = "Probe a port that the container has, in its protocol (tcpSocket, httpGet, grpc); give curl the option -f."
    source = "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The probes of every container."""
        for container in release.containers:
            for field in _PROBES:
                probe = mapping(container.spec.get(field))
                for action in ("httpGet", "tcpSocket"):
                    yield from self._port(container, (field, action, "port"), mapping(probe.get(action)).get("port"))
            if not container.image.base.startswith(_DOLPHINSCHEDULER):
                yield from self._commands(container)

    def _port(self, container: Container, path: Path, port: Any) -> Iterator[Finding]:
        if port is None:
            return
        names = {text(each.get("name")): text(each.get("containerPort")) for each in container.ports}
        number = names.get(text(port), text(port))
        if isinstance(port, str) and not port.isdigit() and port not in names:
            yield self._at(container, path, f"asks for the port `{port}`, which the container does not name")
        elif path[1] == "httpGet" and number in _NOT_HTTP.get(container.image.base, ()):
            yield self._at(container, path, f"speaks HTTP to port {number}, which has a protocol of its own")

    def _commands(self, container: Container) -> Iterator[Finding]:
        """The probes by curl; those of one container are one fault."""
        fault = "runs curl without -f: it succeeds whatever the answer is"
        group = Group.within(container.pod.object, "so does this one", container.locator)
        for field in _PROBES:
            if _asks_in_vain(container, field):
                path = (field, "exec", "command")
                yield self._at(container, path, fault, Severity.WARNING, Confidence.MEDIUM, group)

    def _at(
        self,
        container: Container,
        path: Path,
        fault: str,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        group: Group | None = None,
    ) -> Finding:
        return self.finding(
            f"{path[0]} of {container.locator} {fault}.",
            on=container.pod.object,
            span=container.pod.object.span((*container.path, *path)),
            locator=f"{container.locator}/{path[0]}",
            subject=f"{container.locator}#{path[0]}",
            severity=severity,
            confidence=confidence,
            group=group,
        )


def _asks_in_vain(container: Container, field: str) -> bool:
    words = items(mapping(mapping(container.spec.get(field)).get("exec")).get("command"))
    command = " ".join(map(text, words))
    return "curl" in command.split() and not _fails(command)


def _fails(command: str) -> bool:
    """Whether the command looks at the answer: curl's own option, its output compared, or the status asked for."""
    words = command.split()
    short = any(word.startswith("-") and not word.startswith("--") and "f" in word for word in words)
    return short or any(sign in command for sign in ("--fail", "|", "http_code", "grep", "telnet", "[["))
