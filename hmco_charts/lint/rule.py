"""What a rule is: data that documents it, and one check."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import ClassVar

from hmco_charts.lint.finding import Confidence, Finding, Group, Related, Severity
from hmco_charts.lint.fix import Fix
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.yamlio import Span

PROFILES = ("min", "basic", "production", "pedantic")


class Rule(ABC):
    """A policy; subclasses stand in `hmco_charts/lint/rules/`, one a file.

    Attributes:
        id: Family and number, such as `VLT001`.
        name: The rule's name in words joined by hyphens.
        severity: How bad a finding is unless the check says otherwise.
        confidence: How sure a finding is unless the check says otherwise.
        profile: The smallest profile that contains the rule; `min` holds what fails at run time.
        title: The rule in a few words.
        why: What happens when it is broken.
        remedy: What to do.
        source: Where the facts come from.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    confidence: ClassVar[Confidence] = Confidence.HIGH
    profile: ClassVar[str] = "basic"
    title: ClassVar[str]
    why: ClassVar[str]
    remedy: ClassVar[str]
    source: ClassVar[str] = ""

    @abstractmethod
    def check(self, release: Release) -> Iterator[Finding]:
        """The findings on the objects of a release."""

    def finding(
        self,
        message: str,
        *,
        on: KubernetesObject,
        span: Span | Callable[[], Span] | None = None,
        locator: str = "",
        subject: str | None = None,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        remedy: str | None = None,
        related: tuple[Related, ...] = (),
        fixes: tuple[Fix, ...] = (),
        group: Group | None = None,
    ) -> Finding:
        """A finding of this rule on an object.

        Args:
            message: What is wrong, without a character of a secret.
            on: The object that it belongs to.
            span: Where the user can mend it, or what looks that up; the object if not given.
            locator: Where in the object it is.
            subject: What in the object it is about, without line numbers; the locator if not given.
            severity: Where it differs from the rule's.
            confidence: Where it differs from the rule's.
            remedy: Where it differs from the rule's.
            related: Other places that belong to it.
            fixes: What would mend it, the best first; of a group, all findings have as many.
            group: The findings that it is told with, where the same fault has several places.
        """
        return Finding(
            rule=self.id,
            name=self.name,
            severity=severity or self.severity,
            confidence=confidence or self.confidence,
            message=message,
            place=span or on.span,
            object=ObjectName.of(on),
            locator=locator,
            subject=locator if subject is None else subject,
            help=remedy or self.remedy,
            related=related,
            fixes=fixes,
            group=group,
        )
