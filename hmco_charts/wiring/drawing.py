"""A planned platform for people and programs: a table, a drawing, or JSON."""

import json
from collections.abc import Callable, Mapping

from hmco_charts.wiring.capacity import aligned, demand_rows
from hmco_charts.wiring.output import index
from hmco_charts.wiring.platform import Prepared


def text(prepared: Prepared) -> str:
    """A table: the releases in order, whom each needs, what it asks of the nodes; then what some do without."""
    plan = prepared.plan
    names = [each.place.name for each in plan.releases]
    head, *rows, everything, nodes = demand_rows(plan.platform.cluster, prepared.survey, names)
    told = [(head[0], "chart", "namespace", "needs", *head[1:])]
    for release, row in zip(plan.releases, rows, strict=True):
        place, needs = release.place, ", ".join(release.needs) or "-"
        told.append((place.name, place.chart, place.namespace, needs, *row[1:]))
    told += [(row[0], "", "", "", *row[1:]) for row in (everything, nodes)]
    return "\n".join([aligned(told), *plan.notes]) + "\n"


def mermaid(prepared: Prepared) -> str:
    """A Mermaid flowchart: an arrow from each release to those that it needs."""
    places = [each.place for each in prepared.plan.releases]
    nodes = [f'  {_id(each.name)}["{each.name}<br/>{each.namespace}"]' for each in places]
    edges = [f"  {_id(one)} --> {_id(other)}" for one, other in _edges(prepared)]
    return "\n".join(["flowchart LR", *nodes, *edges]) + "\n"


def dot(prepared: Prepared) -> str:
    """A graph in Graphviz' language."""
    places = [each.place for each in prepared.plan.releases]
    nodes = [f'  "{each.name}" [label="{each.name}\\n{each.namespace}"];' for each in places]
    edges = [f'  "{one}" -> "{other}";' for one, other in _edges(prepared)]
    head = ["digraph platform {", "  rankdir=LR;", "  node [shape=box];"]
    return "\n".join([*head, *nodes, *edges, "}"]) + "\n"


def as_json(prepared: Prepared) -> str:
    """The releases in order of installation, with paths in the platform's folder."""
    return json.dumps(index(prepared.plan), indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Prepared], str]] = {"text": text, "mermaid": mermaid, "dot": dot, "json": as_json}


def _edges(prepared: Prepared) -> list[tuple[str, str]]:
    return [(each.place.name, other) for each in prepared.plan.releases for other in each.needs]


def _id(name: str) -> str:
    """A word that Mermaid takes for a node, also where the name is one of its own words."""
    return "r_" + name.replace("-", "_")
