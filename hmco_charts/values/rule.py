"""Rules between values that no single type can hold, enforced by Python and the schema alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic_core import PydanticCustomError

Scalar = str | int | bool


class AnyRule(Protocol):
    """A rule between values."""

    def enforce(self, document: Mapping[str, Any]) -> None:
        """Refuse a document that breaks the rule, with a `PydanticCustomError`."""

    def schema(self) -> dict[str, Any]:
        """The rule as JSON Schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where `when` holds, so must `then` and `needed`.

    Attributes:
        when: Values by dotted path, as in YAML; of a list the whole.
        then: Values that are allowed, by dotted path.
        needed: Dotted paths of texts and lists that must not be empty.
        because: The reason, for people; ends the message.
    """

    when: Mapping[str, Scalar | list[str]]
    then: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    because: str

    def enforce(self, document: Mapping[str, Any]) -> None:
        """Refuse a document that breaks the rule.

        Raises:
            PydanticCustomError: It does.
        """
        if any(_at(document, path) != value for path, value in self.when.items()):
            return
        for path, allowed in self.then.items():
            if _at(document, path) not in allowed:
                self._refuse(path, "must be " + " or ".join(map(_told, allowed)))
        for path in self.needed:
            if not _at(document, path):
                self._refuse(path, "must be set")

    def schema(self) -> dict[str, Any]:
        """The rule as JSON Schema; what Helm's `null` took away counts as the empty text."""
        when = [_under(path, {"const": value}, required=value != "") for path, value in self.when.items()]
        then = [
            _under(path, {"enum": list(allowed)}, required="" not in allowed) for path, allowed in self.then.items()
        ]
        some = {"type": ["string", "array"], "minLength": 1, "minItems": 1}
        needed = [_under(path, some) for path in self.needed]
        return {"if": {"allOf": when}, "then": {"allOf": then + needed}}

    def _refuse(self, path: str, what: str) -> None:
        told = " and ".join(f"{key} is {_told(value)}" for key, value in self.when.items())
        raise PydanticCustomError(
            "rule",
            "{path} {what} where {told}: {because}",
            {"path": path, "what": what, "told": told, "because": self.because},
        )


def _told(value: Scalar | list[str]) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value) or "empty"


def _under(path: str, node: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    for key in reversed(path.split(".")):
        node = {"properties": {key: node}} | ({"required": [key]} if required else {})
    return node


def _at(document: Any, path: str) -> Any:
    for key in path.split("."):
        document = document.get(key) if isinstance(document, Mapping) else None
    return document
