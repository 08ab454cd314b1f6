"""What a Pod Security level refuses of an object."""

from collections.abc import Iterator
from typing import Any

from hmco_charts.conformance.fault import Fault, Kind
from hmco_charts.objects import KubernetesObject
from hmco_charts.objects.pod import pod
from hmco_charts.objects.pod_security import violations
from hmco_charts.yamlio import Document


def refused(manifest: dict[str, Any], level: str, minor: int) -> Iterator[Fault]:
    """What the level does not allow in the pods of an object."""
    found = pod(KubernetesObject(manifest, Document(manifest, "", "", 1)))
    for each in violations(found, level, minor) if found else ():
        yield Fault(Kind.POD_SECURITY, each.path, f"the Pod Security level {level} does not allow it: {each.message}")
