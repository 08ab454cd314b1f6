"""Label selectors, as Kubernetes matches them.

Source: kubernetes/apimachinery `pkg/apis/meta/v1/helpers.go` (LabelSelectorAsSelector).
"""

from collections.abc import Mapping
from typing import Any

from hmco_charts.objects.kubernetes import items, mapping, text


def labels_of(metadata: Any) -> dict[str, str]:
    """The labels in an object's or a pod template's metadata."""
    return {str(key): text(value) for key, value in mapping(mapping(metadata).get("labels")).items()}


def matches(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector chooses an object with these labels; an absent one chooses none, an empty one all."""
    if not isinstance(selector, dict):
        return False
    wanted = mapping(selector.get("matchLabels"))
    return matches_map(wanted, labels) and all(
        _expression(mapping(each), labels) for each in items(selector.get("matchExpressions"))
    )


def matches_map(wanted: Any, labels: Mapping[str, str]) -> bool:
    """Whether every wanted label is there: the selector of a Service."""
    return all(labels.get(str(key)) == text(value) for key, value in mapping(wanted).items())


def _expression(expression: dict[str, Any], labels: Mapping[str, str]) -> bool:
    value = labels.get(text(expression.get("key")))
    among = value in [text(each) for each in items(expression.get("values"))]
    return {
        "In": value is not None and among,
        "NotIn": not among,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }.get(text(expression.get("operator")), False)
