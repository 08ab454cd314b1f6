"""Render, lint and publish Helm charts for Vault, lakeFS and a data platform.

Examples:
    >>> from hmco_charts import lint, render, publish  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from hmco_charts.generate import render
    from hmco_charts.lint import lint
    from hmco_charts.publish import publish

__all__ = ["lint", "publish", "render"]

_HOMES = {"lint": "hmco_charts.lint", "publish": "hmco_charts.publish", "render": "hmco_charts.generate"}


def __getattr__(name: str) -> Any:
    """Import a public function when it is first used, so that importing the package stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
