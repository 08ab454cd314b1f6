"""Charts as objects see them: rendered by Helm, each line led back to its template."""

from pathlib import Path

_CHART_FILES = ("Chart.yaml", "Chart.lock", "values.schema.json", ".helmignore")
_CHART_FOLDERS = ("templates", "charts", "crds", "ci", "files")


def chart_of(path: Path) -> Path | None:
    """The chart that a path belongs to: itself if it is one, or the folder that a file is part of."""
    if (path / "Chart.yaml").is_file():
        return path
    for folder in path.parents:
        if (folder / "Chart.yaml").is_file():
            return folder if _is_part(path.relative_to(folder)) else None
    return None


def _is_part(path: Path) -> bool:
    is_values = path.name.startswith("values") and path.suffix in (".yaml", ".yml")
    return path.name in _CHART_FILES or path.parts[0] in _CHART_FOLDERS or (len(path.parts) == 1 and is_values)
