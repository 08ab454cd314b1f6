"""Each check with the status that a cluster gives: once wrong, and the nearest that is right."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from hmco_charts.verify import CHECKS, saved, verify

Manifest = dict[str, Any]


def pod(name: str, *, phase: str = "Running", labels: dict[str, str] | None = None, **status: Any) -> Manifest:
    metadata = {"name": name, "namespace": "vault-prod", "labels": labels or {}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": {"phase": phase, **status}}


def container(state: Manifest, *, restarts: int = 0, last: Manifest | None = None, name: str = "server") -> Manifest:
    return {"name": name, "restartCount": restarts, "state": state, "lastState": last or {}}


def waiting(reason: str) -> Manifest:
    return {"waiting": {"reason": reason, "message": "password=hunter2-hunter2"}}


def ended(code: int, **more: str) -> Manifest:
    return {"terminated": {"exitCode": code, "reason": "Error", "finishedAt": "2025-10-19T10:00:00Z", **more}}


RUNNING = {"running": {"startedAt": "2025-10-19T10:01:00Z"}}
LONG_AFTER = {"running": {"startedAt": "2025-10-19T23:00:00Z"}}


def workload(kind: str, wanted: int, ready: int) -> Manifest:
    metadata = {"name": "vault", "namespace": "vault-prod"}
    return {"kind": kind, "metadata": metadata, "spec": {"replicas": wanted}, "status": {"readyReplicas": ready}}


def daemon_set(wanted: int, ready: int) -> Manifest:
    status = {"desiredNumberScheduled": wanted, "numberReady": ready}
    return {"kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "logs"}, "status": status}


def with_condition(kind: str, type_: str, status: str, namespace: str = "vault-prod", **more: str) -> Manifest:
    metadata = {"name": "one", "namespace": namespace} if namespace else {"name": "one"}
    return {"kind": kind, "metadata": metadata, "status": {"conditions": [{"type": type_, "status": status, **more}]}}


def claim(phase: str) -> Manifest:
    return {"kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": "x"}, "status": {"phase": phase}}


SERVICE = {
    "kind": "Service",
    "metadata": {"name": "vault", "namespace": "vault-prod"},
    "spec": {"selector": {"app": "vault"}},
}


def endpoints(*, ready: bool | None, namespace: str = "vault-prod") -> Manifest:
    metadata = {"name": "s", "namespace": namespace, "labels": {"kubernetes.io/service-name": "vault"}}
    conditions = {} if ready is None else {"ready": ready}
    return {"kind": "EndpointSlice", "metadata": metadata, "endpoints": [{"conditions": conditions}]}


def without_selector() -> Manifest:
    service = copy.deepcopy(SERVICE)
    service["spec"] = {"type": "ExternalName"}
    return service


UNSCHEDULED = {"type": "PodScheduled", "status": "False", "message": "0/1 nodes: didn't have free ports"}
WRONG: dict[str, tuple[str, list[Manifest], str]] = {
    "in a loop": (
        "crash-loop",
        [pod("vault-0", containerStatuses=[container(waiting("CrashLoopBackOff"), restarts=12, last=ended(1))])],
        "Pod/vault-prod/vault-0: container server is in CrashLoopBackOff after 12 restarts",
    ),
    "ended with an error": (
        "crash-loop",
        [pod("vault-0", containerStatuses=[container(ended(137, reason="OOMKilled"))])],
        "Pod/vault-prod/vault-0: container server is in OOMKilled after 0 restarts",
    ),
    "an image that is not there": (
        "container-not-started",
        [pod("a", phase="Pending", containerStatuses=[container(waiting("ImagePullBackOff"))])],
        "Pod/vault-prod/a: container server cannot start: ImagePullBackOff",
    ),
    "a Secret that is not there": (
        "container-not-started",
        [pod("a", phase="Pending", initContainerStatuses=[container(waiting("CreateContainerConfigError"))])],
        "Pod/vault-prod/a: container server cannot start: CreateContainerConfigError",
    ),
    "a sysctl": (
        "refused-by-the-node",
        [pod("lakefs", phase="Failed", reason="SysctlForbidden")],
        "Pod/vault-prod/lakefs: the node refuses it: SysctlForbidden",
    ),
    "a port that is taken": (
        "not-scheduled",
        [pod("vault-1", phase="Pending", conditions=[UNSCHEDULED])],
        "Pod/vault-prod/vault-1: no node takes it: 0/1 nodes: didn't have free ports",
    ),
    "started again and again": (
        "restarts",
        [pod("api", containerStatuses=[container(RUNNING, restarts=3, last=ended(1))])],
        "Pod/vault-prod/api: container server was started again 3 times, last after Error",
    ),
    "too few ready": (
        "not-ready",
        [workload("StatefulSet", 3, 1)],
        "StatefulSet/vault-prod/vault: 1 of 3 pods are ready",
    ),
    "none ready": ("not-ready", [workload("Deployment", 1, 0)], "Deployment/vault-prod/vault: 0 of 1 pods are ready"),
    "an agent missing": ("not-ready", [daemon_set(3, 2)], "DaemonSet/logs/agent: 2 of 3 pods are ready"),
    "nobody behind": (
        "no-endpoints",
        [SERVICE, endpoints(ready=False), endpoints(ready=True, namespace="other")],
        "Service/vault-prod/vault: has no ready endpoint: whoever connects is refused",
    ),
    "sealed": (
        "vault-sealed",
        [pod("vault-0", labels={"vault-sealed": "true", "vault-initialized": "true"})],
        "Pod/vault-prod/vault-0: this Vault is sealed",
    ),
    "not initialised": (
        "vault-sealed",
        [pod("vault-0", labels={"vault-sealed": "true", "vault-initialized": "false"})],
        "Pod/vault-prod/vault-0: this Vault is not initialised",
    ),
    "a table that is not there": (
        "tables-absent",
        [
            pod(
                "v",
                containerStatuses=[
                    container(RUNNING, last=ended(1, message='pq: relation "vault_kv_store" does not exist'))
                ],
            )
        ],
        "Pod/vault-prod/v: container server misses the table vault_kv_store",
    ),
    "waiting for tables": (
        "tables-absent",
        [pod("v", phase="Pending", initContainerStatuses=[container(RUNNING, name="wait-for-database")])],
        "Pod/vault-prod/v: waits for its database or for tables in it",
    ),
    "a Job that failed": (
        "job-failed",
        [with_condition("Job", "Failed", "True", reason="BackoffLimitExceeded")],
        "Job/vault-prod/one: failed: BackoffLimitExceeded",
    ),
    "a claim without a volume": (
        "claim-not-bound",
        [claim("Pending")],
        "PersistentVolumeClaim/x/data: is Pending: its pod cannot start",
    ),
    "a node": (
        "condition-not-ready",
        [with_condition("Node", "Ready", "Unknown", namespace="", reason="NodeStatusUnknown")],
        "Node/one: is not ready: NodeStatusUnknown",
    ),
    "a certificate": (
        "condition-not-ready",
        [with_condition("Certificate", "Ready", "False", reason="IssuerNotFound")],
        "Certificate/vault-prod/one: is not ready: IssuerNotFound",
    ),
}
RIGHT: dict[str, list[Manifest]] = {
    "running": [pod("vault-0", containerStatuses=[container(RUNNING)])],
    "an init container that is done": [pod("a", initContainerStatuses=[container(ended(0, reason="Completed"))])],
    "being made": [pod("a", phase="Pending", containerStatuses=[container(waiting("ContainerCreating"))])],
    "a Job's pod that is done": [pod("a", phase="Succeeded", containerStatuses=[container(ended(0))])],
    "restarts of yesterday": [pod("api", containerStatuses=[container(LONG_AFTER, restarts=3, last=ended(1))])],
    "as many as wanted": [workload("StatefulSet", 3, 3), workload("Deployment", 1, 1), daemon_set(2, 2)],
    "endpoints": [SERVICE, endpoints(ready=True)],
    "endpoints that say nothing": [SERVICE, endpoints(ready=None)],
    "a Service for elsewhere": [without_selector()],
    "unsealed": [pod("vault-0", labels={"vault-sealed": "false", "vault-initialized": "true"})],
    "a Job that is done": [with_condition("Job", "Complete", "True")],
    "a claim with a volume": [claim("Bound")],
    "ready": [with_condition("Node", "Ready", "True", namespace=""), with_condition("Certificate", "Ready", "True")],
}


def dump(objects: list[Manifest]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})


@pytest.mark.parametrize(("check", "objects", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(check: str, objects: list[Manifest], told: str) -> None:
    found = verify(saved(dump(objects), "dump.json"))
    assert [f"{each.object}: {each.message}" for each in found.problems if each.check == check] == [told]
    assert found.exit_code == 1
    assert "hunter2" not in found.text() + found.json()


@pytest.mark.parametrize("objects", RIGHT.values(), ids=RIGHT)
def test_what_is_right_is_not_told(objects: list[Manifest]) -> None:
    found = verify(saved(dump(objects), "dump.json"))
    assert [(each.check, each.object) for each in found.problems] == []
    assert found.exit_code == 0


def test_every_check_is_tried() -> None:
    assert {check for check, _, _ in WRONG.values()} == {check.name for check in CHECKS} - {"scaled-to-nothing"}


def test_what_is_scaled_to_nothing_is_told_and_no_fault() -> None:
    found = verify(saved(dump([workload("StatefulSet", 0, 0)]), "dump.json"))
    assert [(each.severity, each.check, each.object) for each in found.problems] == [
        ("info", "scaled-to-nothing", "StatefulSet/vault-prod/vault")
    ]
    assert found.exit_code == 0


@pytest.mark.parametrize(
    "breaks", [lambda x: x.pop("status"), lambda x: x.update(status=3), lambda x: x.pop("metadata")]
)
def test_an_odd_object_is_no_reason_to_stop(breaks: Callable[[Manifest], Any]) -> None:
    for _, objects, _ in WRONG.values():
        odd = copy.deepcopy(objects)
        breaks(odd[0]) if set(odd[0]) >= {"status", "metadata"} else None
        verify(saved(dump(odd), "dump.json"))
