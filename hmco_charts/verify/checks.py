"""The checks: those that the stabilization report does by hand, and the faults that it tells of.

Sources: Kubernetes' references of the status of pods, workloads and endpoint slices; for the labels of Vault's pods its
documentation, "Kubernetes service registration".
"""

import re
from collections.abc import Iterator

from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.verify.problem import Check
from hmco_charts.verify.state import Container, Resource, State, containers, number

Found = Iterator[tuple[Resource, str, str]]

_CRASHING = ("CrashLoopBackOff", "Error", "RunContainerError")
_MANY_RESTARTS = 3
_ABSENT_TABLE = re.compile(r'relation "(?P<name>\w{1,63})" does not exist')
_WAITS = "wait-for-database"


def _crash_loops(state: State) -> Found:
    for pod in state.pods:
        for each in containers(pod):
            reason = text(each.state("waiting").get("reason"))
            ended = each.state("terminated")
            failed = ended if number(ended.get("exitCode")) else {}
            if reason in _CRASHING or failed:
                told = reason or text(failed.get("reason")) or "Error"
                yield pod, f"container {each.name} is in {told} after {each.restarts} restarts", _logs(pod, each)


def _not_started(state: State) -> Found:
    for pod in state.pods:
        for each in containers(pod):
            reason = text(each.state("waiting").get("reason"))
            if reason and reason not in (*_CRASHING, "PodInitializing", "ContainerCreating"):
                yield pod, f"container {each.name} cannot start: {reason}", _describe(pod)


def _refused(state: State) -> Found:
    for pod in state.pods:
        if pod.status.get("phase") == "Failed" and not containers(pod):
            reason = text(pod.status.get("reason")) or "Failed"
            is_sysctl = reason == "SysctlForbidden"
            remedy = (
                "Take the sysctl out of the pod; set it on the node (docs/rules/SYS001.md)."
                if is_sysctl
                else _describe(pod)
            )
            yield pod, f"the node refuses it: {reason}", remedy


def _pending(state: State) -> Found:
    for pod in state.pods:
        told = pod.condition("PodScheduled")
        if told.get("status") == "False":
            message = text(told.get("message")) or text(told.get("reason"))
            yield pod, f"no node takes it: {message}", "Free what it asks for, or add a node."


def _restarts(state: State) -> Found:
    for pod in state.pods:
        for each in containers(pod):
            ended = each.state("terminated", last=True)
            if each.restarts >= _MANY_RESTARTS and state.is_recent(ended.get("finishedAt")) and each.state("running"):
                reason = text(ended.get("reason")) or "Error"
                yield (
                    pod,
                    f"container {each.name} was started again {each.restarts} times, last after {reason}",
                    _logs(pod, each),
                )


def _not_ready(state: State) -> Found:
    for each in state.of_kind("Deployment", "StatefulSet"):
        wanted, ready = number(each.spec.get("replicas"), 1), number(each.status.get("readyReplicas"))
        if ready < wanted:
            yield each, f"{ready} of {wanted} pods are ready", _describe(each)
    for each in state.of_kind("DaemonSet"):
        wanted, ready = number(each.status.get("desiredNumberScheduled")), number(each.status.get("numberReady"))
        if ready < wanted:
            yield each, f"{ready} of {wanted} pods are ready", _describe(each)


def _scaled_to_nothing(state: State) -> Found:
    for each in state.of_kind("Deployment", "StatefulSet"):
        if number(each.spec.get("replicas"), 1) == 0:
            command = f"kubectl -n {each.namespace} scale {each.kind.lower()} {each.short} --replicas=1"
            yield each, "runs no pod: it is scaled to 0", f"If it shall run: `{command}`."


def _no_endpoints(state: State) -> Found:
    ready = {(each.namespace, text(each.labels.get("kubernetes.io/service-name"))) for each in _ready_slices(state)}
    for service in state.of_kind("Service"):
        if service.spec.get("selector") and (service.namespace, service.short) not in ready:
            remedy = "Compare its selector with the pods' labels, and see whether they are ready."
            yield service, "has no ready endpoint: whoever connects is refused", remedy


def _ready_slices(state: State) -> Iterator[Resource]:
    for each in state.of_kind("EndpointSlice"):
        endpoints = [mapping(told) for told in items(each.manifest.get("endpoints"))]
        # A condition that is not told means ready.
        if any(mapping(told.get("conditions")).get("ready") is not False for told in endpoints):
            yield each


def _sealed(state: State) -> Found:
    for pod in state.pods:
        if pod.labels.get("vault-initialized") == "false":
            yield (
                pod,
                "this Vault is not initialised",
                f"`kubectl -n {pod.namespace} exec -it {pod.short} -- vault operator init`.",
            )
        elif pod.labels.get("vault-sealed") == "true":
            yield (
                pod,
                "this Vault is sealed",
                f"`kubectl -n {pod.namespace} exec -it {pod.short} -- vault operator unseal`.",
            )


def _absent_tables(state: State) -> Found:
    for pod in state.pods:
        for each in containers(pod):
            ended = (each.state("terminated"), each.state("terminated", last=True))
            names = [found["name"] for told in ended if (found := _ABSENT_TABLE.search(text(told.get("message"))))]
            if names:
                yield (
                    pod,
                    f"container {each.name} misses the table {names[0]}",
                    "Run the Job that makes it: upgrade the release.",
                )
            elif each.is_init and each.name == _WAITS and each.state("running"):
                remedy = f"See the Job that makes them: `kubectl -n {pod.namespace} get jobs`."
                yield pod, "waits for its database or for tables in it", remedy


def _failed_jobs(state: State) -> Found:
    for job in state.of_kind("Job"):
        if (told := job.condition("Failed")).get("status") == "True":
            remedy = f"`kubectl -n {job.namespace} logs job/{job.short}`."
            yield job, f"failed: {text(told.get('reason')) or 'Failed'}", remedy


def _unbound(state: State) -> Found:
    for claim in state.of_kind("PersistentVolumeClaim"):
        if (phase := text(claim.status.get("phase"))) != "Bound":
            yield claim, f"is {phase or 'Pending'}: its pod cannot start", _describe(claim)


def _conditions(state: State) -> Found:
    for each in state.of_kind("Node", "Certificate", "ExternalSecret"):
        if (told := each.condition("Ready")).get("status") != "True":
            yield each, f"is not ready: {text(told.get('reason')) or 'it does not say why'}", _describe(each)


def _logs(pod: Resource, container: Container) -> str:
    return f"`kubectl -n {pod.namespace} logs {pod.short} -c {container.name} --previous`."


def _describe(each: Resource) -> str:
    place = f"-n {each.namespace} " if each.namespace else ""
    return f"`kubectl {place}describe {each.kind.lower()} {each.short}`."


CHECKS = (
    Check("crash-loop", _crash_loops),
    Check("container-not-started", _not_started),
    Check("refused-by-the-node", _refused),
    Check("not-scheduled", _pending),
    Check("restarts", _restarts),
    Check("not-ready", _not_ready),
    Check("no-endpoints", _no_endpoints),
    Check("vault-sealed", _sealed),
    Check("tables-absent", _absent_tables),
    Check("job-failed", _failed_jobs),
    Check("claim-not-bound", _unbound),
    Check("condition-not-ready", _conditions),
    Check("scaled-to-nothing", _scaled_to_nothing, "info"),
)
"""The checks in the order in which their problems are told."""
