"""KFK008: a probe whose JVM takes the port of Kafka's own agent."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.kubernetes import items, mapping, text

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_TOOL = re.compile(r"\bkafka-[a-z-]+(\.sh)?\b")
_AGENT = re.compile(r"-javaagent:\S+=(\S*:)?\d+:")
_PORTS = ("JMX_PORT", "KAFKA_JMX_PORT")
_OPTIONS = "KAFKA_OPTS"


class KafkaProbeWithAgent(Rule):
    """Reports probes that run one of Kafka's tools with the broker's own agent or JMX port."""

    id = "KFK008"
    name = "kafka-probe-with-agent"
    profile = "min"
    title = "A probe whose JVM wants the port of the broker's agent"
    why = (
        "Kafka's tools start a JVM with KAFKA_OPTS and JMX_PORT of the container, as the broker did. The agent's port"
        " is taken by then: the tool ends with 'Address already in use', the probe fails and the broker is restarted."
    )
    remedy = "Probe the port (tcpSocket), or begin the command with `unset KAFKA_OPTS JMX_PORT;`."
    source = "https://github.com/apache/kafka/blob/4.1/bin/kafka-run-class.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The commands of probes in containers whose environment gives every JVM a port."""
        for container in release.containers:
            taken = _taken(release, container)
            for field in _PROBES if taken else ():
                words = [
                    text(word) for word in items(mapping(mapping(container.spec.get(field)).get("exec")).get("command"))
                ]
                command = " ".join(words)
                if _TOOL.search(command) and not any(_is_unset(name, command) for name in taken):
                    yield self._finding(container, field, next(iter(taken)))

    def _finding(self, container: Container, field: str, variable: str) -> Finding:
        return self.finding(
            f"{field} of {container.locator} runs a tool of Kafka with {variable}, whose port the broker has.",
            on=container.pod.object,
            span=container.span(field, "exec", "command"),
            locator=f"{container.locator}/{field}",
            subject=f"{container.locator}#{field}",
        )


def _taken(release: Release, container: Container) -> dict[str, Text]:
    """The variables that give a JVM a port."""
    told = environment(release, container).variables
    ports = {name: found for name in _PORTS if (found := told.get(name)) and found.value.strip().isdigit()}
    options = told.get(_OPTIONS)
    return ports | ({_OPTIONS: options} if options and _AGENT.search(options.value) else {})


def _is_unset(name: str, command: str) -> bool:
    return bool(re.search(rf"\bunset\b[^;&|]*\b{name}\b|\b{name}=|env [^;&|]*-u *{name}\b|\b{name}=''", command))
