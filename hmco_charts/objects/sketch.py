"""Templates that do not render, read as far as their text goes.

An action that stands alone on its line is left out; one inside a line becomes a reference to something
unknown, of the same length, so that places stay what they are.
"""

import re
from collections.abc import Iterator

from hmco_charts.helm.template import ACTION
from hmco_charts.objects.chart import ChartFiles
from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.objects.manifests import Found
from hmco_charts.yamlio import documents

_KINDS = ("ConfigMap", "Secret")
_TEMPLATE = re.compile(r"templates/.*\.(ya?ml|json)$")
_BLANK_LINE = re.compile(r"^[ \t]+$", re.MULTILINE)


def objects(files: ChartFiles) -> Iterator[KubernetesObject]:
    """The ConfigMaps and Secrets that a chart's templates and its subcharts' spell out."""
    for name, source in files.sources.items():
        if _TEMPLATE.match(name):
            yield from of_text(source, files.file(name))
    for subchart in files.subcharts:
        yield from objects(subchart)


def of_text(source: str, file: str) -> Iterator[KubernetesObject]:
    """The ConfigMaps and Secrets that a template spells out."""
    found = Found()
    found.take(documents(plain(source), file))
    return (each for each in found.objects if each.kind in _KINDS)


def plain(source: str) -> str:
    """The template without its actions, each character on its line and in its column."""
    pieces, seen = [], 0
    for match in ACTION.finditer(source):
        pieces.append(source[seen : match.start()])
        pieces.append(_blank(match[0]) if _is_alone(source, match) else _reference(match[0]))
        seen = match.end()
    return _BLANK_LINE.sub("", "".join((*pieces, source[seen:])))


def _is_alone(source: str, match: re.Match[str]) -> bool:
    """Whether only actions stand on the lines of an action."""
    begin = source.rfind("\n", 0, match.start()) + 1
    end = source.find("\n", match.end())
    rest = source[begin : match.start()] + source[match.end() : end if end >= 0 else None]
    return not ACTION.sub("", rest).strip()


def _blank(action: str) -> str:
    return "\n" * action.count("\n")


def _reference(action: str) -> str:
    return _blank(action) if "\n" in action else f"${action[1:]}"
