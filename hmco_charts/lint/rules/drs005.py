"""DRS005: Doris' operator changes the node."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import doris
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class DorisChangesNode(Rule):
    """Reports backends of the operator without `skipDefaultSystemInit: true`."""

    id = "DRS005"
    name = "doris-changes-node"
    severity = Severity.WARNING
    title = "Doris' operator changes the node"
    why = (
        "The operator then adds a privileged init container, which sets vm.max_map_count and turns off the swap of the"
        " whole node. A namespace with Pod Security `baseline` or `restricted` refuses the pods."
    )
    remedy = "Set `skipDefaultSystemInit: true`, and vm.max_map_count=2000000 on the nodes, without swap."
    source = "https://github.com/apache/doris-operator/blob/master/pkg/common/utils/resource/pod.go"

    def check(self, release: Release) -> Iterator[Finding]:
        """The backends of every resource."""
        for part in doris.parts(release, "be"):
            if part.spec.get("skipDefaultSystemInit") is not True:
                is_told = "skipDefaultSystemInit" in part.spec
                yield self.finding(
                    "The operator adds a privileged container that changes the node's kernel settings and swap.",
                    on=part.cluster,
                    span=part.cluster.span((*part.path, "skipDefaultSystemInit") if is_told else part.path),
                    locator="/".join(map(str, part.path)),
                    subject="skipDefaultSystemInit",
                )
