"""Releases of our charts on a control plane, from their installation to what they leave behind."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from hmco_charts import yamlio
from hmco_charts.values import charts
from hmco_charts.values.provision import CERTIFICATE, INGRESS, Reconciler
from hmco_charts.verify import CHECKS, saved
from hmco_charts.verify.state import Resource
from tests.charts import release as rendered
from tests.cluster.control_plane import ROOT, ControlPlane, Manifest, wait
from tests.values.stub import stub

_KINDS = "pods,services,endpointslices,deployments,statefulsets,daemonsets,jobs,persistentvolumeclaims"
_LEVEL = re.compile(r"Pod Security\s+`(\w+)`|pod-security\.kubernetes\.io/enforce=(\w+)")
_OF_KUBERNETES = re.compile(r"(Event|Lease)/|ServiceAccount/.+/default$|ConfigMap/.+/kube-root-ca\.crt$")
_INSTANCE = "app.kubernetes.io/instance"
_WAIT = ("--wait", "--wait-for-jobs", "--timeout=180s")
_BY_VAULT = ("-active", "-standby")  # their pods are those that Vault labels so, once it runs


@dataclass(frozen=True)
class Release:
    """A release of a chart.

    Attributes:
        plane: Where it is.
        name: Its name.
        namespace: Its namespace.
        chart: The chart's folder.
        values: Its values files.
    """

    plane: ControlPlane
    name: str
    namespace: str
    chart: Path
    values: tuple[Path, ...] = ()

    def upgrade(self, chart: Path | None = None, *further: Path) -> None:
        """Install or upgrade it and wait until its objects are ready.

        Args:
            chart: To this version of the chart, its own if not given.
            further: Values files beside its own.
        """
        files = [f"--values={file}" for file in (*self.values, *further)]
        self._helm("upgrade", "--install", self.name, chart or self.chart, *files, *_WAIT)

    def roll_back(self) -> None:
        self._helm("rollback", self.name, 1, *_WAIT)

    def uninstall(self) -> None:
        self._helm("uninstall", self.name, "--wait", "--timeout=180s")

    def objects(self) -> list[Manifest]:
        """What Helm installs, hooks and tests too."""
        files = [f"--values={file}" for file in self.values]
        text = self._helm("template", self.name, self.chart, *files)
        return [each.value for each in yamlio.read(text) if each.value]

    def admit_tests(self) -> None:
        """What `helm test` would run is taken; nodes that are played cannot run it."""
        hooks = self._helm("get", "hooks", self.name)
        tests = [each.value for each in yamlio.read(hooks) if "test" in _hook(each.value)]
        if tests:
            self.plane.say("kubectl", "create", "--dry-run=server", "--filename=-", given=yaml.safe_dump_all(tests))

    def _helm(self, *words: object) -> str:
        return self.plane.say(self.plane.helm, *words, f"--namespace={self.namespace}")


def _hook(manifest: Manifest) -> str:
    return str(manifest["metadata"].get("annotations", {}).get("helm.sh/hook", ""))


def written(name: str, profile: str, folder: Path) -> Path:
    """The chart of ours as it is published; a stand-in is there for a chart of others."""
    chart = rendered.chart(folder, name, profile)
    stub(charts()[name], chart / "charts")
    return chart


def earlier(chart: Path) -> Path:
    """The version before: the same chart under older numbers, which stand in labels and in images' tags."""
    target = chart.with_name(f"{chart.name}-before")
    shutil.copytree(chart, target)
    told = yaml.safe_load((target / "Chart.yaml").read_text())
    told |= {key: _lower(told[key]) for key in ("version", "appVersion")}
    (target / "Chart.yaml").write_text(yaml.safe_dump(told))
    return target


def _lower(version: str) -> str:
    """A version with the last of its numbers that is not 0 one lower."""
    return re.sub(r"([1-9]\d*)(?=[^1-9]*$)", lambda found: str(int(found[1]) - 1), version)


def level(name: str) -> str:
    """The level of Pod Security that the README of a chart states."""
    text = (ROOT / "charts" / name / "README.md").read_text("utf-8")
    found = _LEVEL.search(text)
    assert found, f"the README of {name} states no level of Pod Security"
    return found[1] or found[2]


def settle(plane: ControlPlane, namespaces: set[str]) -> None:
    """Until all pods run and `hmco-charts verify` has nothing to say of these namespaces."""
    told: list[str] = []

    def is_settled() -> bool:
        told[:] = problems(plane, namespaces)
        return not told

    wait(is_settled, lambda: "\n".join(told))


def problems(plane: ControlPlane, namespaces: set[str]) -> list[str]:
    """What is wrong there, a line each."""
    state = saved(plane.say("kubectl", "get", _KINDS, "--all-namespaces", "--output=json"), "kubectl")
    waiting = [(pod, f"is {pod.status.get('phase')}") for pod in state.pods if pod.status.get("phase") != "Running"]
    found = [
        (resource, message)
        for check in CHECKS
        for resource, message, _ in check.find(state)
        if check.severity == "error" and not (check.name == "no-endpoints" and _is_unplayed(plane, resource))
    ]
    return [f"{one.name} {message}" for one, message in (*waiting, *found) if one.namespace in namespaces]


def _is_unplayed(plane: ControlPlane, service: Resource) -> bool:
    """Whether what it leads to takes a running program, an operator, or a chart of others, which has a stand-in."""
    chart = charts().get(str(service.labels.get("app.kubernetes.io/name")))
    by_vault = chart and chart.name == "vault" and service.short.endswith(_BY_VAULT)
    return bool(chart and (chart.upstream or by_vault)) or _is_operated(plane, service)


def _is_operated(plane: ControlPlane, service: Resource) -> bool:
    """Whether an operator makes its release's pods of a custom resource."""
    kinds = {kind for chart in charts().values() for kind in (chart.wiring.reconciler or Reconciler(kinds=())).kinds}
    return any(
        manifest["kind"] in kinds - {CERTIFICATE, INGRESS}
        and manifest["metadata"]["namespace"] == service.namespace
        and manifest["metadata"]["labels"][_INSTANCE] == service.labels.get(_INSTANCE)
        for manifest in plane.inventory().values()
    )


def drain(plane: ControlPlane, node: str, namespaces: set[str], *, is_served: bool) -> None:
    """Take every pod from a node, as its budgets allow, and let it back."""
    done = plane.run("kubectl", "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=180s")
    assert done.returncode == 0, done.stderr
    if is_served:
        told: list[str] = []

        def no_service_is_without() -> bool:
            told[:] = [each for each in problems(plane, namespaces) if "no ready endpoint" in each]
            return not told

        wait(no_service_is_without, lambda: f"{node} is drained: {told}")
    plane.say("kubectl", "uncordon", node)
    settle(plane, namespaces)


def vanish(plane: ControlPlane, before: set[str], seconds: float = 20) -> None:
    """Until only that is there which was before or is meant to stay: claims, kept Secrets, definitions."""
    told: list[str] = []

    def is_gone() -> bool:
        found = plane.inventory()
        new = sorted(found.keys() - before)
        told[:] = [name for name in new if not _OF_KUBERNETES.search(name) and not _stays(found[name])]
        return not told

    wait(is_gone, lambda: f"it leaves behind {told}", seconds)


def _stays(manifest: Manifest) -> bool:
    kept = manifest["metadata"].get("annotations", {}).get("helm.sh/resource-policy") == "keep"
    return kept or manifest["kind"] in ("PersistentVolumeClaim", "PersistentVolume", "CustomResourceDefinition")
