"""The built wheel in an empty environment, outside the checkout."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`hmco-charts` as installed from the wheel with its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    call([sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], cwd=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    call([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], cwd=folder)
    return python.with_name("hmco-charts")


def call(words: list[object], cwd: Path) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(list(map(str, words)), cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result


def test_the_wheel_renders_and_lints(program: Path, tmp_path: Path) -> None:
    call([program, "render"], cwd=tmp_path)
    rendered = {
        path.relative_to(tmp_path): path.read_bytes() for path in (tmp_path / "charts").rglob("*") if path.is_file()
    }
    committed = {path.relative_to(ROOT): path.read_bytes() for path in (ROOT / "charts").rglob("*") if path.is_file()}
    assert rendered == committed
    assert call([program, "explain", "VLT001"], cwd=tmp_path).stdout == (ROOT / "docs/rules/VLT001.md").read_text()
    assert " objects checked: nothing found." in call([program, "lint"], cwd=tmp_path).stdout


def test_heavy_packages_are_imported_only_by_the_commands_that_use_them() -> None:
    heavy = {"pydantic", "jinja2", "helm_python", "jsonschema", "ruamel", "yaml", "oras", "cryptography"}
    script = "import sys, hmco_charts.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = call([sys.executable, "-c", script], cwd=ROOT).stdout.split()
    assert heavy & set(loaded) == set()


@pytest.mark.parametrize("before", ["", "import hmco_charts.lint, hmco_charts.publish, hmco_charts.generate; "])
def test_the_public_names_are_functions_whatever_was_imported_before(before: str) -> None:
    script = before + "from hmco_charts import lint, publish, render; print(lint([]).findings, callable(publish), "
    script += "render('vault', profile='dev').name)"
    assert call([sys.executable, "-c", script], cwd=ROOT).stdout == "() True vault\n"
