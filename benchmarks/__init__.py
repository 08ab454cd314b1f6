"""Benchmarks: whole processes, ours and a peer's on the same work, in turn."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
CHARTS = HERE / "charts"
OURS = str(Path(sys.executable).with_name("hmco-charts"))
