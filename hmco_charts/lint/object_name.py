"""What a finding calls an object."""

from dataclasses import dataclass

from hmco_charts.objects import KubernetesObject


@dataclass(frozen=True, slots=True)
class ObjectName:
    """The object that a finding belongs to; fields are empty where it has none."""

    kind: str = ""
    name: str = ""
    namespace: str = ""

    @classmethod
    def of(cls, found: KubernetesObject) -> "ObjectName":
        """The name of an object."""
        return cls(found.kind, found.name, found.namespace)

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}" if self.kind else ""
