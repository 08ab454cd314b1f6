"""Kubernetes' control plane on loopback: etcd, API server, controllers and scheduler; kwok plays the nodes.

A pod that is scheduled becomes Running, that of a Job completes, a claim is bound. What a kubelet or a container does
is not played: mounts, kernel parameters, probes, the program itself.
"""

import functools
import itertools
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from hmco_charts.conformance import custom
from tests.services import go
from tests.services.certificate import certificate
from tests.services.install import missing, need
from tests.services.ports import free_port

Manifest = dict[str, Any]
ROOT = Path(__file__).parents[2]
_SECONDS = 30  # for an answer
_SECONDS_TO_SETTLE = 180  # the scheduler comes back to a pod later and later, on a busy machine
_TOKEN = "token-of-the-tests"
_NODE = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_END_OF_WATCH = re.compile(r"^[EI]\d{4} .*\bcontext canceled\b.*\n", re.MULTILINE)
"""What Helm says when it has seen what it waited for."""
_NUMBERS = itertools.count()
"""Of nodes: none has the name of one that was there before, and with it pods that are not yet gone."""
_STORAGE = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {
        "name": "kwok-volume",
        "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
    },
    "provisioner": "kwok.x-k8s.io/volume",
}


@dataclass(frozen=True)
class ControlPlane:
    """A running control plane.

    Attributes:
        folder: Where its files are, and `kubeconfig` for kubectl and Helm.
        port: The API server's.
        path: Folders of its programs, as in PATH.
        helm: A program of Helm.
    """

    folder: Path
    port: int
    path: str
    helm: Path
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str) -> Manifest:
        """The API server's answer."""
        answer = self._asked("GET", path)
        answer.raise_for_status()
        return dict(answer.json())

    def refusal(self, manifest: Manifest) -> str:
        """Why the API server refuses to create or apply an object, of which it keeps nothing; empty if it does not."""
        asked: dict[str, Any] = {"params": {"dryRun": "All", "fieldValidation": "Strict"}, "data": json.dumps(manifest)}
        path, name = self._collection(manifest), manifest.get("metadata", {}).get("name")
        answer = self._asked("POST", path, "application/json", **asked)
        if answer.ok and name:
            asked["params"]["fieldManager"] = "tests"
            answer = self._asked("PATCH", f"{path}/{name}", "application/apply-patch+yaml", **asked)
        return "" if answer.ok else str(answer.json()["message"])

    def _collection(self, manifest: Manifest) -> str:
        api_version, kind = manifest["apiVersion"], manifest["kind"]
        api = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        plural, is_namespaced = self._resources(api)[kind]
        return f"{api}/namespaces/default/{plural}" if is_namespaced else f"{api}/{plural}"

    @functools.cache  # noqa: B019 - a control plane lives as long as the tests
    def _resources(self, api: str) -> dict[str, tuple[str, bool]]:
        """The resources of a version of an API, by kind: their plural, and whether they are in namespaces."""
        found = self.get(api)["resources"]
        return {each["kind"]: (each["name"], each["namespaced"]) for each in found if "/" not in each["name"]}

    def _asked(self, method: str, path: str, kind: str | None = None, **told: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {_TOKEN}", **({"Content-Type": kind} if kind else {})}
        url, authority = f"https://127.0.0.1:{self.port}{path}", str(self.folder / "certificate.pem")
        return self.session.request(method, url, headers=headers, verify=authority, timeout=_SECONDS, **told)

    def inventory(self) -> dict[str, Manifest]:
        """All objects, by kind, namespace and name."""
        groups = [each["preferredVersion"]["groupVersion"] for each in self.get("/apis")["groups"]]
        found = (
            {**one, "kind": kind["kind"]}
            for api in ("/api/v1", *(f"/apis/{group}" for group in groups))
            for kind in self.get(api)["resources"]
            if "list" in kind["verbs"]
            for one in self.get(f"{api}/{kind['name']}")["items"]
        )
        return {f"{one['kind']}/{one['metadata'].get('namespace', '')}/{one['metadata']['name']}": one for one in found}

    def run(self, *words: object, given: str | None = None) -> "subprocess.CompletedProcess[str]":
        """kubectl or Helm, as its administrator."""
        environment = {**os.environ, "KUBECONFIG": str(self.folder / "kubeconfig"), "PATH": self.path}
        told = {"input": given, "env": environment, "timeout": 300, "capture_output": True, "text": True}
        return subprocess.run(list(map(str, words)), **told, check=False)

    def say(self, *words: object, given: str | None = None) -> str:
        """What kubectl or Helm prints; it and the API server must have nothing to complain of."""
        done = self.run(*words, given=given)
        complaints = _END_OF_WATCH.sub("", done.stderr)
        assert (done.returncode, complaints) == (0, ""), f"{' '.join(map(str, words))}: {complaints}"
        return done.stdout

    def create(self, *manifests: Manifest) -> None:
        self.say("kubectl", "create", "--filename=-", given=yaml.safe_dump_all(manifests))

    @contextmanager
    def nodes(self, count: int, cpu: object = 16, memory: str = "64Gi") -> Iterator[list[str]]:
        """Names of nodes, each in a zone of its own; they go at the end."""
        names = [f"node-{next(_NUMBERS)}" for _ in range(count)]
        room = {"cpu": str(cpu), "memory": memory, "pods": "110", "ephemeral-storage": "500Gi"}
        for zone, name in enumerate(names):
            labels = {**_NODE, "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": f"zone-{zone}"}
            node = {"metadata": {"name": name, "labels": labels}, "status": {"capacity": room, "allocatable": room}}
            self.create({"apiVersion": "v1", "kind": "Node", **node})
        try:
            yield names
        finally:
            self.say("kubectl", "delete", "node", *names)

    @contextmanager
    def namespaces(self, levels: Mapping[str, str]) -> Iterator[set[str]]:
        """Namespaces that enforce a level of Pod Security, and warn of what it does not admit; Kubernetes' own stays.

        One without a level, as for the pods of others, admits all.
        """
        made = {name: level for name, level in levels.items() if name != "kube-system"}
        gone = (f"namespace/{name}" for name in made)
        self.say("kubectl", "wait", "--for=delete", "--timeout=180s", *gone)  # of a test before
        for name, level in made.items():
            labels = {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "warn") if level}
            self.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
        try:
            yield set(levels)
        finally:
            self.say("kubectl", "delete", "namespace", "--wait=false", *made)

    def _is_established(self, name: str) -> bool:
        conditions = self.get(f"{_DEFINITIONS}/{name}").get("status", {}).get("conditions") or []
        return any((one["type"], one["status"]) == ("Established", "True") for one in conditions)

    def define(self, manifests: list[Manifest]) -> None:
        """Make the custom resources known that are among the manifests, by the schemas that the lint has."""
        wanted = sorted({(one["apiVersion"], one["kind"]) for one in manifests})
        known = {one["metadata"]["name"] for one in self.get(_DEFINITIONS)["items"]}
        made = {one["metadata"]["name"]: one for each in wanted if (one := _definition(*each))}
        if new := sorted(made.keys() - known):
            self.create(*map(made.__getitem__, new))
            wait(lambda: all(map(self._is_established, new)), lambda: f"not all are established: {new}")


def _definition(api_version: str, kind: str) -> Manifest | None:
    """The definition of a custom resource, whose schema comes from its operator's package."""
    schema = custom.schema(api_version, kind)
    if schema is None:
        return None
    group, _, version = api_version.partition("/")
    plural = f"{kind.lower()}s"
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
        },
        "spec": {
            "group": group,
            "names": {"kind": kind, "plural": plural},
            "scope": "Cluster" if kind.startswith("Cluster") else "Namespaced",
            "versions": [served],
        },
    }


@contextmanager
def control_plane(folder: Path) -> Iterator[ControlPlane]:
    """A control plane without nodes, its data below `folder`; all that was started is stopped."""
    path = f"{_programs()}:{os.environ['PATH']}"
    need(lambda: shutil.which("etcd", path=path), "etcd-server")
    plane = ControlPlane(folder, free_port(), path, go.built(*go.HELM[4]))
    certificate(folder)
    _configure(plane)
    with ExitStack() as stack:
        for words in (*_servers(plane), *_clients(plane)):
            stack.enter_context(_running(words, plane))
            if words[0] == "kube-apiserver":
                _wait_for("/api/v1/namespaces/default", plane, words[0])
        plane.create(_STORAGE)
        _wait_for("/api/v1/namespaces/default/serviceaccounts/default", plane, "kube-controller-manager")
        yield plane


def _programs() -> str:
    """Folders of the control plane's programs, as in PATH."""
    told = subprocess.run([ROOT / "tools/control_plane", "--built"], capture_output=True, text=True, check=False)
    if told.returncode == 0:
        return told.stdout.strip()
    reason = told.stderr.strip()
    return missing(reason) if shutil.which("go") else pytest.skip(f"there is no Go, and {reason}")


def _configure(plane: ControlPlane) -> None:
    (plane.folder / "tokens.csv").write_text(f"{_TOKEN},tests,tests,system:masters\n")
    authority = str(plane.folder / "certificate.pem")
    cluster = {"server": f"https://127.0.0.1:{plane.port}", "certificate-authority": authority}
    told = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "tests", "cluster": cluster}],
        "users": [{"name": "tests", "user": {"token": _TOKEN}}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests"}}],
        "current-context": "tests",
    }
    (plane.folder / "kubeconfig").write_text(yaml.safe_dump(told))


def _servers(plane: ControlPlane) -> Iterator[list[str]]:
    client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    yield [
        *("etcd", f"--data-dir={plane.folder / 'etcd'}"),
        *(f"--listen-client-urls={client}", f"--advertise-client-urls={client}", f"--listen-peer-urls={peer}"),
        *(f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=default={peer}"),
    ]
    key = plane.folder / "key.pem"
    yield [
        *("kube-apiserver", f"--etcd-servers={client}", *_served(plane, plane.port)),
        *(f"--token-auth-file={plane.folder / 'tokens.csv'}", "--authorization-mode=RBAC"),
        *(f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"),
        *("--service-account-issuer=https://kubernetes.default.svc", "--allow-privileged=true"),
        "--service-cluster-ip-range=10.96.0.0/16",
        "--feature-gates=WatchList=false",  # Debian's etcd is too old for lists that are streamed
    ]


def _clients(plane: ControlPlane) -> Iterator[list[str]]:
    """The programs that talk to the API server as its administrators."""
    who = f"--kubeconfig={plane.folder / 'kubeconfig'}"
    often = [who, "--leader-elect=false", "--kube-api-qps=500", "--kube-api-burst=1000"]
    key = f"--service-account-private-key-file={plane.folder / 'key.pem'}"
    patient = "--node-monitor-grace-period=24h"  # a node that is played says once that it is there
    yield ["kube-controller-manager", *often, *_served(plane, free_port()), key, patient]
    yield ["kube-scheduler", *often, *_served(plane, free_port())]
    stages = Path(shutil.which("kwok", path=plane.path) or "").with_name("stages.yaml")
    yield ["kwok", who, f"--config={stages}", "--manage-all-nodes", f"--server-address=127.0.0.1:{free_port()}"]


def _served(plane: ControlPlane, port: int) -> list[str]:
    own, key = plane.folder / "certificate.pem", plane.folder / "key.pem"
    files = [f"--tls-cert-file={own}", f"--tls-private-key-file={key}"]
    return ["--bind-address=127.0.0.1", f"--secure-port={port}", *files]


@contextmanager
def _running(words: list[str], plane: ControlPlane) -> Iterator[None]:
    bound = ["setpriv", "--pdeathsig=KILL", *words]  # it ends with the tests, even where these are killed
    with (plane.folder / f"{words[0]}.log").open("wb") as log:
        process = subprocess.Popen(bound, env={**os.environ, "PATH": plane.path}, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _wait_for(path: str, plane: ControlPlane, program: str) -> None:
    """Until the API server has what `program` makes."""

    def is_there() -> bool:
        try:
            return bool(plane.get(path))
        except requests.RequestException:
            return False

    wait(is_there, lambda: f"{program} did not start: {(plane.folder / f'{program}.log').read_text()[-2000:]}")


def wait(until: Callable[[], bool], told: Callable[[], str], seconds: float = _SECONDS_TO_SETTLE) -> None:
    """Until something holds; where it never does, fail with what is told then."""
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            pytest.fail(told())
        time.sleep(0.3)
