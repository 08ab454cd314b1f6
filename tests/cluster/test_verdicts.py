"""The verdicts that `hmco-charts validate` is held to are those of a real API server."""

from tests.cluster.control_plane import ControlPlane
from tests.conformance.verdicts import cases


def test_the_api_server_says_so(plane: ControlPlane) -> None:
    told = {case.name: (case.is_taken, plane.refusal(case.object)) for case in cases()}
    assert len(told) > 250
    assert {name: refusal for name, (is_taken, refusal) in told.items() if is_taken == bool(refusal)} == {}
