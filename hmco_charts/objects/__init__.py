"""Kubernetes objects as read: where they came from, what they hold, and what refers to what."""

from hmco_charts.objects.chart import Chart
from hmco_charts.objects.charts import ChartOptions
from hmco_charts.objects.embedded import LAST_APPLIED, Values, applied, parameters
from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.objects.manifests import Unread
from hmco_charts.objects.pod import Container, EnvironmentVariable, Pod
from hmco_charts.objects.release import Release
from hmco_charts.objects.scenarios import MOST_SWITCHES
from hmco_charts.objects.sources import Inputs, Progress, expect, read, unseen
from hmco_charts.objects.text import Composed, Piece, Text, composed_json, templates, texts

__all__ = [
    "LAST_APPLIED",
    "MOST_SWITCHES",
    "Chart",
    "ChartOptions",
    "Composed",
    "Container",
    "EnvironmentVariable",
    "Inputs",
    "KubernetesObject",
    "Piece",
    "Pod",
    "Progress",
    "Release",
    "Text",
    "Unread",
    "Values",
    "applied",
    "composed_json",
    "expect",
    "parameters",
    "read",
    "templates",
    "texts",
    "unseen",
]
