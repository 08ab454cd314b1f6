"""Systems joined into a platform: by the types of what they offer and need, never by their names."""

from hmco_charts.wiring.drawing import FORMATS
from hmco_charts.wiring.plan import Plan, PlannedRelease
from hmco_charts.wiring.platform import Prepared, prepare, prepared
from hmco_charts.wiring.refusal import Refusal

__all__ = ["FORMATS", "Plan", "PlannedRelease", "Prepared", "Refusal", "prepare", "prepared"]
