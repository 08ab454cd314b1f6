"""Paths into values documents."""

from typing import Any

Path = tuple[str | int, ...]


def holds(value: Any, path: Path) -> bool:
    """Whether there is something at `path`, be it null."""
    if not path:
        return True
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        return step in value and holds(value[step], rest)
    return isinstance(value, list) and isinstance(step, int) and step < len(value) and holds(value[step], rest)


def get(value: Any, path: Path) -> Any:
    """What is at `path`; `None` where nothing is."""
    if not holds(value, path):
        return None
    for step in path:
        value = value[step]
    return value


def dotted(path: Path) -> str:
    """A path as people write it: `server.extraEnvVars[0].value`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
