from importlib import import_module
from pathlib import Path

import pytest

from hmco_charts.errors import ConfigurationError
from hmco_charts.values.chart import charts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import os\nnothing\n", ":2: cannot be imported: NameError: name 'nothing' is not defined"),
        ("(\n", ":1: cannot be imported: SyntaxError: '(' was never closed"),
        ("import nothing_here\n", ":1: cannot be imported: ModuleNotFoundError: No module named 'nothing_here'"),
    ],
)
def test_a_module_that_cannot_be_imported_is_told_with_its_line(
    text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = import_module("hmco_charts.values")
    (tmp_path / "toy.py").write_text(text)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    charts.cache_clear()
    with pytest.raises(ConfigurationError) as caught:
        charts()
    assert str(caught.value).startswith(f"{tmp_path / 'toy.py'}{told}")
    monkeypatch.undo()
    charts.cache_clear()
