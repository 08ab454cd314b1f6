"""The data that travels with the package: chart templates, schemas, rendered charts and the pages of rules."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def directory(name: str) -> Path:
    """The folder `chart_templates`, `schemas`, `charts` or `docs/rules`, in a wheel and in a checkout alike."""
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
