"""A planned platform in the form of the programs that install it, on one cluster or on many: one file a program."""

from collections.abc import Callable, Mapping

from hmco_charts.export.argocd import argocd
from hmco_charts.export.flux import flux
from hmco_charts.export.helmfile import helmfile
from hmco_charts.generate import ChartTree
from hmco_charts.wiring import Prepared

PROGRAMS: Mapping[str, Callable[[Prepared], ChartTree]] = {"helmfile": helmfile, "flux": flux, "argocd": argocd}
"""What makes a folder for a program."""

__all__ = ["PROGRAMS", "argocd", "flux", "helmfile"]
