"""SEC002: a literal credential in a container's environment."""

from collections.abc import Iterator

from hmco_charts import credentials
from hmco_charts.credentials import Hit
from hmco_charts.formats import shell
from hmco_charts.lint import exposure, moving
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import vault
from hmco_charts.lint.programs.vault import operator
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, EnvironmentVariable, Release, Text


class CredentialInEnvironment(Rule):
    """Reports `env[].value` that is usable as a credential."""

    id = "SEC002"
    name = "credential-in-env"
    severity = Severity.ERROR
    title = "A literal credential in a container's environment"
    why = "Anyone who may read the pod can read the value; it stands in `kubectl describe` and in etcd's history."
    remedy = "Move it to a Secret and refer to it with valueFrom.secretKeyRef."
    source = "https://kubernetes.io/docs/concepts/configuration/secret/"

    def check(self, release: Release) -> Iterator[Finding]:
        """One finding for each variable whose literal value is a credential."""
        for container in release.containers:
            for variable in container.environment:
                for hit in _hits(variable.name, variable.value or ""):
                    yield self._finding(release, container, variable, hit)
        for resource in operator.resources(release):
            for told in operator.variables(resource):
                yield from self._given(told, str(told.path[1]))
        for values in release.values:
            if not values.owner and not release.chart:  # SEC005 tells those of a HelmRelease or of a chart itself
                for told in vault.variables_in_values(values):
                    yield from self._given(told, ".".join(map(str, told.path[:-1])))

    def _finding(self, release: Release, container: Container, variable: EnvironmentVariable, hit: Hit) -> Finding:
        holder, path = container.pod.object, (*variable.path, "value")
        return self.finding(
            f"The environment variable {variable.name} of {container.locator} holds a usable credential in plain text.",
            on=holder,
            span=holder.text_span(path, hit.start, hit.end),
            locator=f"{container.locator}/env/{variable.name}",
            subject=f"{container.locator}/env/{variable.name}#{hit.key}",
            severity=exposure.severity([hit]),
            confidence=Confidence(hit.confidence),
            fixes=moving.variable(release, container, variable),
        )

    def _given(self, variable: Text, field: str) -> Iterator[Finding]:
        """What a variable holds that a chart or an operator gives to its containers."""
        for hit in _hits(variable.name, variable.value):
            yield self.finding(
                f"The environment variable {variable.name} in {field} holds a usable credential in plain text.",
                on=variable.object,
                span=variable.span(hit.start, hit.end),
                locator=f"{field}/{variable.name}",
                subject=f"{field}/{variable.name}#{hit.key}",
                severity=exposure.severity([hit]),
                confidence=Confidence(hit.confidence),
            )


def _hits(name: str, value: str) -> Iterator[Hit]:
    """The credentials of a value; one that begins like an option, such as JAVA_OPTS, is read as a command line."""
    found = _in_options(value) if value.startswith("-") else credentials.find(value, name)
    return (hit for hit in found if not hit.is_private_key)  # SEC004's


def _in_options(value: str) -> Iterator[Hit]:
    words = [word for command in shell.commands(value) for word in command.words]
    for index, hit in credentials.in_command([word.text for word in words]):
        yield hit.moved(words[index].start)
