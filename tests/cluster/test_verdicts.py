"""The verdicts that `hmco-charts validate` is held to are those of a real API server."""

from collections.abc import Iterable

from tests.cluster.control_plane import ControlPlane
from tests.conformance import custom, verdicts
from tests.conformance.verdicts import Case


def test_the_api_server_says_so_of_its_own_objects(plane: ControlPlane) -> None:
    assert differences(plane, verdicts.cases()) == {}


def test_the_api_server_says_so_of_custom_resources(plane: ControlPlane) -> None:
    definition = custom.definition()
    plane.create(definition)
    plane.say("kubectl", "wait", "--for=condition=Established", f"crd/{definition['metadata']['name']}")
    assert differences(plane, custom.cases()) == {}


def differences(plane: ControlPlane, cases: Iterable[Case]) -> dict[str, str]:
    """The cases in which the API server says something else, and why it refuses an object."""
    told = [(case, plane.refusal(case.object)) for case in cases]
    assert len(told) > 250
    return {case.name: refusal or "is taken" for case, refusal in told if case.is_taken == bool(refusal)}
