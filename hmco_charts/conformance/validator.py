"""One kind's schema, compiled."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema_rs

from hmco_charts.conformance.fault import Fault
from hmco_charts.conformance.keywords import KEYWORDS

Schema = dict[str, Any]


class UnusableSchemaError(Exception):
    """A schema that cannot be compiled; its text tells why."""


class Validator:
    """Tells whether objects follow a schema, and what is wrong with those that do not.

    Args:
        schema: JSON Schema of draft 2020-12 if it names no other; all that it refers to stands in it.
        is_strict: Whether a field that the schema does not know is a fault.
        base: The URI of the schema, for references that are relative to it.
        retrieve: Gives what such a URI stands for.
        formats: What tells whether a text has a format, by its name; formats are not looked at if not given.

    Raises:
        UnusableSchemaError: It is no schema.
    """

    def __init__(
        self,
        schema: Schema,
        *,
        is_strict: bool = True,
        base: str | None = None,
        retrieve: Callable[[str], Any] | None = None,
        formats: Mapping[str, Callable[[str], bool]] | None = None,
    ) -> None:
        self._schema = schema if is_strict else _opened(schema)
        try:
            self._compiled = jsonschema_rs.validator_for(
                self._schema,
                keywords=KEYWORDS,
                base_uri=base,
                retriever=retrieve,
                formats=dict(formats or {}),
                validate_formats=bool(formats),
            )
        except (ValueError, TypeError) as error:
            raise UnusableSchemaError(str(error).partition("\n")[0]) from None
        self.is_valid = self._compiled.is_valid

    def faults(self, instance: Any, *, is_secret: bool = False) -> Iterator[Fault]:
        """What is wrong with an object, in the order of its fields.

        Args:
            instance: The object.
            is_secret: Whether no value of it may be told.
        """
        from hmco_charts.conformance.telling import told

        return told(self._compiled.iter_errors(instance), self._schema, is_secret=is_secret)


def _opened(schema: Any) -> Any:
    """The schema without its ban on fields that it does not know."""
    if isinstance(schema, list):
        return [_opened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _opened(value) for key, value in schema.items() if key != "additionalProperties" or value is not False}
