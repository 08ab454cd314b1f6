"""Flink of Maven Central: its processes on this machine, started as its scripts do."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.services.java import jars, java

JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
_CLIENT = "org.apache.flink.client.cli.CliFrontend"
_SCRIPT_TOOLS = "org.apache.flink.runtime.util.bash.BashJavaUtils"
_ASKED = {JOB_MANAGER: "GET_JM_RESOURCE_PARAMS", TASK_MANAGER: "GET_TM_RESOURCE_PARAMS"}
_ANSWER = "BASH_JAVA_UTILS_EXEC_RESULT:"
_LOGGING = """rootLogger.level = INFO
rootLogger.appenderRef.console.ref = C
appender.console.name = C
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1} - %m%n
"""


@cache
def _classpath() -> str:
    return ":".join(map(str, sorted(jars("flink").glob("*.jar"))))


def _java(folder: Path, *options: str) -> list[str]:
    logging = folder / "log4j-console.properties"
    logging.write_text(_LOGGING)
    return [java(), "-cp", _classpath(), f"-Dlog4j.configurationFile={logging.as_uri()}", *options]


def memory(process: str, folder: Path) -> tuple[list[str], list[str]]:
    """Options of the JVM, and of the process, that Flink makes of the memory in a folder's config.yaml."""
    words = _java(folder, _SCRIPT_TOOLS, _ASKED[process], "--configDir", str(folder))
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    jvm, own = (line.removeprefix(_ANSWER) for line in done.stdout.splitlines() if line.startswith(_ANSWER))
    return jvm.split(), own.split()


@contextmanager
def running(process: str, folder: Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of Flink with a folder's config.yaml."""
    jvm, own = memory(process, folder)
    words = [*_java(folder, *jvm), process, "--configDir", str(folder), *own]
    with log.open("wb") as output:
        started = subprocess.Popen(words, stdout=output, stderr=output, cwd=folder)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(20)
        finally:
            started.kill()


def client(folder: Path, *words: str) -> str:
    """What Flink's client says."""
    done = subprocess.run(
        [*_java(folder), _CLIENT, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"FLINK_CONF_DIR": str(folder), "HOME": str(folder)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
