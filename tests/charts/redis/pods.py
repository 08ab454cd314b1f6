"""Pods of the redis chart on this machine: rendered scripts start real servers and Sentinels on loopback addresses."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.charts.release import Manifest, environment
from tests.services.certificate import certificate
from tests.services.install import need
from tests.services.ports import free_port

_SECONDS = 90
T = TypeVar("T")


def wait_for(wanted: T, ask: Callable[[], T]) -> None:
    """Until a question has the wanted answer.

    Raises:
        AssertionError: It had none in time; it holds the last answer.
    """
    deadline = time.monotonic() + _SECONDS
    while (found := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found == wanted, found


@dataclass
class Pod:
    """A pod: its folders, and what runs in it."""

    number: int
    cluster: "Cluster"
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.cluster.folder / str(self.number)

    @property
    def host(self) -> str:
        return f"127.0.{self.number + 2}.9"

    def here(self, text: str) -> str:
        """A text of the release, with the addresses and folders of this machine."""
        told = self.cluster.here(text).replace("bind * -::*", f"bind {self.host}").replace("127.0.0.1", self.host)
        for mount, folder in (("/etc/redis", "config"), ("/run/redis", "run"), ("/data", "data")):
            told = told.replace(mount, str(self.folder / folder))
        return told

    def start(self, *names: str) -> None:
        """Start containers with the files of the release."""
        for name in ("config", "run", "data"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for name, content in self.cluster.objects["ConfigMap/release-redis-config"]["data"].items():
            (self.folder / "config" / name).write_text(self.here(content))
        for name in names or self.cluster.containers:
            container = self.cluster.containers[name]
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [self.here(word) for word in container["command"]], env=self._env(name), stdout=log, stderr=log
                )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop what runs in the pod; a server that writes its first AOF refuses, and is asked again."""
        for process in self.processes.values():
            while process.poll() is None:
                process.send_signal(how)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(1)
        self.processes.clear()

    def probe(self, name: str, container: str = "server", **instead: str) -> bool:
        """Whether a probe of a container passes."""
        words = [self.here(word) for word in self.cluster.containers[container][name]["exec"]["command"]]
        return (
            subprocess.run(words, env=self._env(container, **instead), capture_output=True, check=False).returncode == 0
        )

    def ask(self, *words: str, user: str = "_admin", password: str | None = None, port: int = 0) -> str:
        """What the server, or another at this address, answers to a user; without a name where `user` is empty."""
        secret = self.cluster.secrets["redis-admin", "password"] if password is None else password
        told = ["--no-auth-warning", "-h", self.host, "-p", str(port or self.cluster.port), *self.cluster.tls]
        named = ["--user", user] if user else []
        env = {"PATH": os.environ["PATH"], **({"REDISCLI_AUTH": secret} if secret else {})}
        done = subprocess.run(
            ["redis-cli", *told, *named, *words], env=env, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        return (done.stdout + done.stderr).strip()

    def role(self) -> str:
        return self.ask("role").partition("\n")[0]

    def _env(self, container: str, **instead: str) -> dict[str, str]:
        told = {"POD_NAME": self.host.rpartition(".")[0], "PATH": os.environ["PATH"]}
        return environment(self.cluster.containers[container], self.cluster.secrets, told | instead)


@dataclass
class Cluster:
    """The pods of a release named `release`, whose names are loopback addresses."""

    objects: Mapping[str, Manifest]
    secrets: Mapping[tuple[str, str], str]
    folder: Path
    port: int = field(default_factory=free_port)
    sentinel_port: int = field(default_factory=free_port)
    pods: list[Pod] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pods = [Pod(number, self) for number in range(self.workload["spec"]["replicas"])]

    @property
    def workload(self) -> Manifest:
        return self.objects["StatefulSet/release-redis"]

    @property
    def containers(self) -> dict[str, Manifest]:
        """The containers with Redis' own programs."""
        return {one["name"]: one for one in self.workload["spec"]["template"]["spec"]["containers"] if "command" in one}

    @property
    def tls(self) -> list[str]:
        has_tls = "tls-port" in self.objects["ConfigMap/release-redis-config"]["data"]["redis.conf"]
        return ["--tls", "--cacert", str(self.folder / "tls/ca.crt")] if has_tls else []

    def here(self, text: str) -> str:
        """A text of the release, with the addresses and certificates of this machine."""
        told = text.replace(".release-redis-headless.apps.svc.cluster.local", ".9")
        for pod in self.pods:
            told = told.replace(f"release-redis-{pod.number}.", pod.host.removesuffix("9"))
        told = told.replace("26379", str(self.sentinel_port)).replace("6379", str(self.port))
        return told.replace("/etc/redis-tls", str(self.folder / "tls"))

    def masters(self, user: str = "_admin", password: str | None = None) -> set[str]:
        """Whom the Sentinels name."""
        words = ("sentinel", "get-master-addr-by-name", "main")
        told = (
            pod.ask(*words, user=user, password=password, port=self.sentinel_port) for pod in self.pods if pod.processes
        )
        return {answer.partition("\n")[0] for answer in told}


@contextmanager
def cluster(objects: Mapping[str, Manifest], secrets: Mapping[tuple[str, str], str], folder: Path) -> Iterator[Cluster]:
    """The release's pods, all started; they are stopped in the end."""
    need(lambda: shutil.which("redis-server"), "redis-server")
    need(lambda: shutil.which("redis-sentinel"), "redis-sentinel")
    (folder / "tls").mkdir()
    issued = certificate(folder)
    for name, file in (("tls.crt", issued.certificate), ("ca.crt", issued.certificate), ("tls.key", issued.key)):
        shutil.copy(file, folder / "tls" / name)
    running = Cluster(objects, secrets, folder)
    with ExitStack() as stack:
        for pod in running.pods:
            stack.callback(pod.stop)
            pod.start()
        for pod in running.pods:
            wait_for(True, lambda pod=pod: pod.probe("readinessProbe"))
        yield running
