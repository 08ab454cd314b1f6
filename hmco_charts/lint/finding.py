"""What a rule found, where, and how sure it is."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, total_ordering

from hmco_charts.lint.fix import Fix
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.objects import KubernetesObject
from hmco_charts.yamlio import Span


@total_ordering
class _Grade(Enum):
    """Grades from the least to the most."""

    def __lt__(self, other: object) -> bool:
        order = list(type(self))
        return isinstance(other, type(self)) and order.index(self) < order.index(other)


class Severity(_Grade):
    """How bad a finding is; `error` is the worst."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Confidence(_Grade):
    """How sure a finding is; `high` is the surest."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding.

    Attributes:
        role: What it is to the finding. `duplicate`: the same once more; `workload`: what uses it; `missing`: what
            asks for something that is not there; `value`: the value of the chart that the text comes from;
            `rendered`: the manifest of the chart, under the name that Helm gives it.
        span: Where it is.
        message: What a reader should know of it.
    """

    role: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that are told as one: one fault at several places, each of which is accepted by itself.

    Attributes:
        key: Equal for those that belong together.
        message: What is said of the places behind the first.
    """

    key: tuple[Hashable, ...]
    message: str

    @classmethod
    def within(cls, each: KubernetesObject, message: str, *key: Hashable) -> "Group":
        """The group of that key among the findings on one object."""
        return cls((each.file, each.base, ObjectName.of(each), *key), message)


@dataclass(frozen=True)
class Finding:
    """One fault; it never holds a character of a secret.

    Attributes:
        rule: The rule's id.
        name: The rule's name.
        severity: How bad it is.
        confidence: How sure it is.
        message: What is wrong, in one or two sentences.
        place: Where the user can mend it, or what looks that up: nobody asks where a finding is that is not shown.
        object: The object that it belongs to.
        locator: Where in the object it is, such as `data/vault.hcl:3` or `container/vault`.
        subject: What in the object it is about, without line numbers; part of the fingerprint.
        help: What to do.
        related: Other places that belong to it.
        fixes: What would mend it, the best first.
        scenarios: The names of the chart's scenarios in which it is found; none for plain manifests.
        group: The findings that it is told with; `None` for one that is told alone.
        parts: The findings, one a place, that this one tells; none where it tells only itself.
    """

    rule: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    place: Span | Callable[[], Span]
    object: ObjectName
    locator: str
    subject: str
    help: str
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    scenarios: tuple[str, ...] = ()
    group: Group | None = None
    parts: tuple["Finding", ...] = ()

    @cached_property
    def span(self) -> Span:
        """Where the user can mend it; on a chart, in the template, and only the likeliest place if not proven."""
        return self.place if isinstance(self.place, Span) else self.place()

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same fault after lines moved; made of names only, never of a value."""
        parts = (self.rule, self.object.kind, self.object.namespace, self.object.name, self.subject)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
