"""Any bytes are read or refused; what the fuzzers found once stays mended.

`python -m tests.fuzz TARGET` looks for more with atheris, for as long as it is left to.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS
from tests.yamlio.test_fast import PIECES

CORPUS = Path(__file__).with_name("corpus")
SAVED = sorted(path for path in CORPUS.rglob("*") if path.is_file())
WORDS = (
    *PIECES,
    *(
        "kind: ConfigMap\n",
        "data:\n",
        "metadata: {name: a}\n",
        "spec: ",
        "password",
        "=",
        "hunter2x",
        "\n---\n",
        "$(A)",
    ),
    *(
        "-----BEGIN CERTIFICATE-----\n",
        "-----END CERTIFICATE-----\n",
        "reason='x'",
        "ignore SEC001 ",
        "until=",
        "oci://",
    ),
    *("{{ .Values.a }}", "lint:", "findings", "1Gi", "@sha256:", "CREATE USER ", "<a b='c'>", "[section]", "<<EOF\n"),
)
INPUTS = st.binary(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=30).map(
    lambda parts: "".join(parts).encode()
)


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_is_read_or_refused(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
@given(data=INPUTS)
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    TARGETS[name](data)


def test_every_saved_input_is_of_a_target() -> None:
    assert SAVED
    assert {path.parent.name for path in SAVED} <= TARGETS.keys()
