"""The order of releases, for programs that know it as waves or by what they wait for."""

from collections.abc import Mapping

from hmco_charts.errors import ConfigurationError
from hmco_charts.wiring import Plan


def awaited(plan: Plan) -> frozenset[str]:
    """The releases that others need.

    For no other is it waited that it is ready, as some get ready only by people's hands: a Vault must be unsealed.
    """
    return frozenset(name for each in plan.releases for name in each.needs)


def waves(plan: Plan) -> Mapping[str, int]:
    """The wave of each release: behind those that it needs, and last of all where nobody needs it."""
    depths: dict[str, int] = {}
    for each in plan.releases:
        depths[each.place.name] = 1 + max((depths[name] for name in each.needs), default=-1)
    last = max(depths.values(), default=0)
    needed = awaited(plan)
    return {name: depth if name in needed else last for name, depth in depths.items()}


def registry(plan: Plan) -> str:
    """Where the charts are published, such as `registry.example.com/charts`.

    Raises:
        ConfigurationError: The platform does not tell it.
    """
    if not plan.platform.registry:
        remedy = "Set `registry`, such as oci://registry.example.com/charts, and publish the charts there."
        raise ConfigurationError("the platform does not tell where its charts are published", remedy=remedy)
    return plan.platform.registry.removeprefix("oci://")
