"""A hostile chart is an error; the caller, and the engine's next chart, go on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hmco_charts.errors import ChartError, LimitExceededError, Location
from hmco_charts.helm import Engine
from tests.helm.conftest import WriteChart

SMALL = 256 << 20


@pytest.fixture(scope="module")
def small() -> Iterator[Engine]:
    with Engine(memory=SMALL) as engine:
        yield engine


@pytest.mark.parametrize(
    "template",
    [
        "{{ range until 100000000 }}{{ end }}",
        '{{ repeat 2000000000 "x" }}',
        '{{ $x := "aaaaaaaaaaaaaaaa" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}{{ $x }}',
        "{{ tpl .Values.again . }}",
    ],
    ids=["range", "repeat", "doubling", "tpl"],
)
def test_a_chart_that_eats_memory_is_stopped(small: Engine, write_chart: WriteChart, template: str) -> None:
    bomb = write_chart({"values.yaml": "again: '{{ tpl .Values.again . }}'\n", "templates/a.yaml": template}, "bomb")
    with pytest.raises(LimitExceededError) as caught:
        small.render(bomb)
    assert str(caught.value) == (
        f"{bomb}: chart 'bomb' exceeded the engine's memory limit of 256 MiB\n"
        "  Look for a loop over a huge range, a repeated string or a template that calls itself."
    )
    assert small.render(write_chart({"templates/a.yaml": "a: 1"})) == {"demo/templates/a.yaml": "a: 1"}


@pytest.mark.parametrize("call", ["include", "template"])
def test_a_template_that_includes_itself_is_an_error(helm: Engine, write_chart: WriteChart, call: str) -> None:
    text = f'{{{{ define "b" }}}}{{{{ {call} "b" . }}}}{{{{ end }}}}{{{{ {call} "b" . }}}}'
    chart = write_chart({"templates/a.yaml": text})
    with pytest.raises(ChartError) as caught:
        helm.render(chart)
    assert (caught.value.at and caught.value.at.file) == f"{chart}/templates/a.yaml"


def test_a_chart_that_takes_too_long_is_stopped(write_chart: WriteChart) -> None:
    slow = write_chart({"templates/a.yaml": '{{ range until 100000 }}{{ genPrivateKey "rsa" }}{{ end }}'}, "slow")
    with Engine(seconds=0.5) as engine:
        with pytest.raises(LimitExceededError) as caught:
            engine.render(slow)
        assert caught.value.what == "chart 'slow' exceeded the engine's time limit of 0.5 s"
        assert caught.value.at == Location(str(slow))


def test_a_worker_that_died_between_calls_is_replaced(write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1"})
    with Engine() as engine:
        engine.render(chart)
        process = engine._worker._process
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert engine.render(chart) == {"demo/templates/a.yaml": "a: 1"}


def test_the_worker_is_reused_and_ends_with_the_engine(write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1"})
    with Engine() as engine:
        engine.render(chart)
        process = engine._worker._process
        engine.render(chart)
        assert engine._worker._process is process
    assert process.poll() == -signal.SIGKILL


def test_nothing_of_helm_reaches_the_terminal_and_no_file_of_the_folder_is_run(
    write_chart: WriteChart, tmp_path: Path
) -> None:
    bomb = write_chart({"templates/a.yaml": '{{ repeat 2000000000 "x" }}'}, "bomb")
    tmp_path.joinpath("json.py").write_text("raise SystemExit('run')")
    code = (
        "import sys; sys.path.remove('')\n"
        "from pathlib import Path\n"
        "from hmco_charts.helm import engine\n"
        "from hmco_charts.errors import LimitExceededError\n"
        "try: engine().render(Path(sys.argv[1]))\n"
        "except LimitExceededError: print('stopped')\n"
        "print('helm_python' in sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, bomb], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("stopped\nFalse\n", "", 0)
