"""The rooms of the house and the one direction in which they know each other (docs/architecture.md)."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hmco_charts"

MAY_IMPORT = {
    "errors": set(),
    "resources": set(),
    "yamlio": {"errors"},
    "configuration": {"errors", "resources", "yamlio"},
    "inputs": {"errors", "processes", "configuration", "yamlio"},
    "quantity": set(),
    "nearest": set(),
    "processes": set(),
    "conformance": {"errors", "resources", "nearest", "quantity", "processes", "yamlio", "inputs", "objects"},
    "formats": {"errors", "yamlio"},
    "credentials": {"errors", "formats"},
    "helm": {"errors", "yamlio"},
    "values": {"errors", "resources", "yamlio", "formats", "credentials"},
    "generate": {"errors", "resources", "processes", "configuration", "yamlio", "credentials", "values", "helm"},
    "publish": {"errors", "yamlio", "helm"},
    "objects": {"errors", "resources", "configuration", "yamlio", "inputs", "formats", "helm", "publish"},
    "lint": {
        "errors",
        "resources",
        "nearest",
        "quantity",
        "processes",
        "configuration",
        "yamlio",
        "inputs",
        "formats",
        "credentials",
        "objects",
        "conformance",
    },
    "wiring": {"errors", "quantity", "configuration", "yamlio", "values", "generate", "objects"},
    "export": {"errors", "values", "generate", "wiring"},
    "verify": {"errors", "objects"},
    "report": {"errors", "yamlio", "inputs", "credentials", "helm", "objects", "conformance", "lint"},
    "cli": {
        "errors",
        "resources",
        "configuration",
        "yamlio",
        "values",
        "generate",
        "wiring",
        "export",
        "helm",
        "inputs",
        "objects",
        "conformance",
        "lint",
        "verify",
        "report",
        "publish",
    },
}

ROOMS = sorted(path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())


def imported_rooms(file: Path) -> set[str]:
    """The rooms that a file imports, early or late."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("hmco_charts.")}
    return found & set(ROOMS)


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "__init__"])
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    place = PACKAGE / room
    files = list(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    wrong = {str(file.relative_to(PACKAGE)): imported_rooms(file) - MAY_IMPORT[room] - {room} for file in files}
    assert {file: rooms for file, rooms in wrong.items() if rooms} == {}


def test_the_directions_have_no_circle() -> None:
    left = dict(MAY_IMPORT)
    while left:
        free = [room for room, below in left.items() if not below & left.keys()]
        assert free, f"a circle among {sorted(left)}"
        for room in free:
            del left[room]
