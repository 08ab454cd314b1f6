"""One file of manifests."""

from dataclasses import dataclass, field

from hmco_charts.errors import DocumentError, Location
from hmco_charts.inputs import content
from hmco_charts.inputs.content import STANDARD_INPUT
from hmco_charts.objects import sketch
from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.objects.manifests import Found, Unread
from hmco_charts.yamlio import documents

NAME_MANIFESTS = "Name what holds manifests, or a chart."
_WORTH_READING = ("kind", "server", "lakefsConfig")  # words of objects, and of values that rules look at


@dataclass(slots=True)
class ManifestFile:
    """What a file holds.

    Attributes:
        found: Its objects and values, and what could not be read.
        fragments: ConfigMaps and Secrets of a template that is no YAML.
        is_foreign: Whether it has nothing to do with Kubernetes; it was not read then.
        text: What standard input held; `None` for a file, which can be read again.
    """

    found: Found = field(default_factory=Found)
    fragments: list[KubernetesObject] = field(default_factory=list)
    is_foreign: bool = False
    text: str | None = None

    @property
    def is_fruitful(self) -> bool:
        """Whether there is something in it, if only a fault."""
        return bool(self.found.objects or self.found.values or self.found.unread)


def read_file(file: str, *, is_given: bool) -> ManifestFile:
    """Read a file of manifests, or standard input.

    Args:
        file: The file, or `-`.
        is_given: Whether the user named it: then it is a fault that it holds no object.
    """
    name = "<stdin>" if file == STANDARD_INPUT else file
    try:
        text = content.read(file, name)
    except DocumentError as error:
        return ManifestFile(Found(unread=[Unread.of(error, name)]))
    kept = text if file == STANDARD_INPUT else None
    if not is_given and not any(word in text for word in _WORTH_READING):
        return ManifestFile(is_foreign=True, text=kept)
    read = _read(text, name, kept)
    if is_given and not read.is_fruitful:
        what = "standard input holds no object" if file == STANDARD_INPUT else "this file holds no object"
        read.found.unread.append(Unread(Location(name), what, NAME_MANIFESTS))
    return read


def _read(text: str, name: str, kept: str | None) -> ManifestFile:
    found = Found()
    found.take(documents(text, name))
    known = {each.document.line for each in found.objects}
    template = sketch.of_text(text, name) if found.unread and "{{" in text else ()
    return ManifestFile(found, [each for each in template if each.document.line not in known], text=kept)
