"""Fixes that take a credential out of a manifest into a Secret; the program finds in its environment what it found."""

from collections.abc import Mapping, Sequence

from hmco_charts.lint.fix import Fix
from hmco_charts.lint.moving import config_map, vault_url
from hmco_charts.lint.moving.manifest import is_editable
from hmco_charts.lint.moving.variable import variable
from hmco_charts.objects import Release, Text

__all__ = ["setting", "variable"]


def setting(release: Release, places: Mapping[Text, Sequence[tuple[int, int]]]) -> tuple[Fix, ...]:
    """Move a credential of a ConfigMap to a Secret: out of Vault's configuration, or with the keys that hold it.

    Args:
        release: The objects among which the ConfigMap is used.
        places: The texts that hold the credential, all of one ConfigMap, and where in each.

    Returns:
        Nothing where a program would not find it again, or where the files are written in an unusual way.
    """
    holder = next(iter(places)).object
    is_given = any(each is holder for each in release.named("ConfigMap", holder.name))
    is_fixed = holder.manifest.get("immutable") is True or any(text.encoded for text in places)
    if not is_given or is_fixed or not is_editable(holder):
        return ()
    return vault_url.url(release, places) or config_map.keys(release, list(places))
