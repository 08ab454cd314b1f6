"""Finds the schema of a kind: in definitions that the user gave, in Kubernetes itself, among those that we bring."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hmco_charts.conformance import crds, custom
from hmco_charts.conformance.crds import Key, Schema
from hmco_charts.conformance.definitions import definitions
from hmco_charts.conformance.formats import FORMATS
from hmco_charts.conformance.locations import DEFAULT, Location
from hmco_charts.conformance.unavailable import SchemaUnavailableError
from hmco_charts.conformance.validator import UnusableSchemaError, Validator


class Schemas:
    """The schemas of one version of Kubernetes, compiled when they are asked for.

    Args:
        minor: The minor version of Kubernetes.
        is_strict: Whether a field that a schema does not know is a fault.
        locations: Where schemas are looked for, in that order.
    """

    def __init__(self, minor: int, *, is_strict: bool = True, locations: Sequence[Location] = (DEFAULT,)) -> None:
        self.minor = minor
        self._is_strict = is_strict
        self._locations = locations
        self._given: dict[Key, Schema] = {}
        self._compiled: dict[Key, Validator | Exception | None] = {}

    def add(self, given: Iterable[Mapping[str, Any]]) -> None:
        """Take custom resource definitions, which win over everything else."""
        for definition in given:
            for key, schema in crds.schemas(dict(definition)):
                self._given[key] = schema
                self._compiled.pop(key, None)

    def validator(self, api_version: str, kind: str) -> Validator | None:
        """What tells whether objects of a kind are right; `None` where there is no schema.

        Raises:
            SchemaUnavailableError: A location does not answer.
            UnusableSchemaError: What stands there is no schema.
        """
        key = (api_version, kind)
        if key not in self._compiled:
            try:
                self._compiled[key] = self._find(key)
            except (SchemaUnavailableError, UnusableSchemaError) as error:
                self._compiled[key] = error
        found = self._compiled[key]
        if isinstance(found, Exception):
            raise found
        return found

    def _find(self, key: Key) -> Validator | None:
        if key in self._given:
            return self._custom(self._given[key])
        for location in self._locations:
            found = self._own(key) if location == DEFAULT else self._located(location, key)
            if found:
                return found
        return None

    def _own(self, key: Key) -> Validator | None:
        schema = definitions(self.minor).schema(*key)
        if schema:
            return Validator(schema, is_strict=self._is_strict)
        structural = custom.schema(*key)
        return self._custom(structural) if structural else None

    def _custom(self, structural: Schema) -> Validator:
        metadata, needed = definitions(self.minor).metadata()
        schema = crds.resource(structural, metadata)
        return Validator({**schema, "$defs": needed}, is_strict=self._is_strict, formats=FORMATS)

    def _located(self, location: Location, key: Key) -> Validator | None:
        found = location.find(*key, minor=self.minor, is_strict=self._is_strict)
        return Validator(found.schema, base=found.base, retrieve=location.retrieve) if found else None

    def alternatives(self, kind: str) -> list[str]:
        """The API versions in which a kind is known."""
        given = [api for api, name in self._given if name == kind]
        return sorted({*given, *definitions(self.minor).api_versions(kind), *custom.api_versions(kind)})


__all__ = ["SchemaUnavailableError", "Schemas", "UnusableSchemaError"]
