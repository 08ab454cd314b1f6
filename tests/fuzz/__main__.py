"""Fuzzes one target with atheris (`pip install atheris`): `python -m tests.fuzz yaml -max_total_time=300`.

Arguments behind the target go to libFuzzer. What it finds is written beside as `crash-…`: mend it, and keep the input
in `tests/fuzz/corpus/TARGET/`. It starts with the inputs there, and with the fixtures of the rules.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["hmco_charts"]):
    from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[1]


def main() -> None:
    name, *options = sys.argv[1:]
    with TemporaryDirectory() as found:
        saved = ROOT / "fuzz" / "corpus" / name
        seeds = [*ROOT.glob("lint/rules/*/*/*.yaml"), *(saved.iterdir() if saved.is_dir() else ())]
        for number, seed in enumerate(seeds):
            Path(found, str(number)).write_bytes(seed.read_bytes())
        atheris.Setup([sys.argv[0], *options, "-timeout=10", "-rss_limit_mb=2048", found], TARGETS[name])
        atheris.Fuzz()


main()
