"""Judges objects by the schemas of one or several versions of Kubernetes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hmco_charts.conformance.apis import Api, api_of
from hmco_charts.conformance.definitions import NEWEST
from hmco_charts.conformance.fault import WARNINGS, Fault, Kind, Path
from hmco_charts.conformance.locations import DEFAULT, Location
from hmco_charts.conformance.schemas import Schemas, SchemaUnavailableError, UnusableSchemaError
from hmco_charts.conformance.verdict import Status, Told, Verdict
from hmco_charts.yamlio import Span
from hmco_charts.yamlio.shape import mapping, text

Place = Callable[[Path, bool], Span]
"""The place of a path in an object, or of its key."""


@dataclass(frozen=True, slots=True)
class Options:
    """How objects are judged.

    Attributes:
        versions: The minor versions of Kubernetes.
        is_strict: Whether unknown fields and keys that stand twice are faults.
        ignores_missing: Whether a kind without a schema is skipped.
        locations: Where schemas are looked for, in that order.
        definitions: Custom resource definitions that are known beforehand.
        skip: Kinds that are not judged: `Kind` or `group/version/Kind`.
        reject: Kinds that must not be there.
        pod_security: The Pod Security level that pods must keep to; empty for none.
    """

    versions: Sequence[int] = (NEWEST,)
    is_strict: bool = True
    ignores_missing: bool = False
    locations: Sequence[Location] = (DEFAULT,)
    definitions: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    skip: Collection[str] = ()
    reject: Collection[str] = ()
    pod_security: str = ""


class Judge:
    """Judges objects; what it learns of schemas it keeps.

    Args:
        options: How.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._schemas = [
            Schemas(minor, is_strict=options.is_strict, locations=options.locations) for minor in options.versions
        ]
        self.add(options.definitions)

    def add(self, definitions: Iterable[Mapping[str, Any]]) -> None:
        """Take custom resource definitions."""
        given = list(definitions)
        for schemas in self._schemas:
            schemas.add(given)

    def is_plainly_valid(self, manifest: dict[str, Any]) -> bool:
        """Whether nothing at all is to be said of an object; the fast way to know."""
        api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
        if not isinstance(api_version, str) or not isinstance(kind, str) or self._is_named(api_version, kind):
            return False
        if self.options.pod_security:
            return False
        try:
            found = [schemas.validator(api_version, kind) for schemas in self._schemas]
        except (SchemaUnavailableError, UnusableSchemaError):
            return False
        return all(each is not None and each.is_valid(manifest) for each in found) and not api_of(api_version, kind)

    def _is_named(self, api_version: str, kind: str) -> bool:
        options = self.options
        return bool(options.skip or options.reject) and bool(
            {kind, f"{api_version}/{kind}"} & {*options.skip, *options.reject}
        )

    def verdict(
        self, manifest: dict[str, Any], file: str, place: Place, minors: Collection[int] | None = None
    ) -> Verdict:
        """What is said of an object.

        Args:
            manifest: The object.
            file: The file that holds it.
            place: Leads from paths in it to places.
            minors: The versions of Kubernetes that it is for; all of the options if not given.
        """
        metadata = mapping(manifest.get("metadata"))
        name = text(metadata.get("name")) or text(metadata.get("generateName"))
        api_version, kind = text(manifest.get("apiVersion")), text(manifest.get("kind"))
        schemas = [each for each in self._schemas if minors is None or each.minor in minors]
        status, reason, faults = self._outcome(manifest, api_version, kind, place, schemas)
        line = place((), False).line if status is not Status.VALID else 0
        return Verdict(file, line, status, kind, api_version, name, text(metadata.get("namespace")), reason, faults)

    def _outcome(
        self, manifest: dict[str, Any], api_version: str, kind: str, place: Place, versions: Iterable[Schemas]
    ) -> tuple[Status, str, tuple[Told, ...]]:
        names = {kind, f"{api_version}/{kind}"}
        if not names.isdisjoint(self.options.reject):
            return Status.ERROR, f"prohibited resource kind {kind}", ()
        if not names.isdisjoint(self.options.skip):
            return Status.SKIPPED, "", ()
        if not api_version:
            return Status.ERROR, "apiVersion is missing", ()
        found: dict[Fault, list[int]] = {}
        try:
            for schemas in versions:
                for fault in (*faults(schemas, manifest), *self._refused(manifest, schemas.minor)):
                    found.setdefault(fault, []).append(schemas.minor)
        except (SchemaUnavailableError, UnusableSchemaError) as error:
            return Status.ERROR, f"the schema of {kind} cannot be used: {error}", ()
        told = tuple(Told(fault, place(fault.path, fault.is_key), tuple(minors)) for fault, minors in found.items())
        return self._status(told), self._reason(told), told

    def _refused(self, manifest: dict[str, Any], minor: int) -> Iterator[Fault]:
        if self.options.pod_security:
            from hmco_charts.conformance.admission import refused

            yield from refused(manifest, self.options.pod_security, minor)

    def _status(self, told: tuple[Told, ...]) -> Status:
        kinds = {each.fault.kind for each in told} - WARNINGS
        if not kinds:
            return Status.VALID
        if kinds == {Kind.NO_SCHEMA}:
            return Status.SKIPPED if self.options.ignores_missing else Status.ERROR
        return Status.INVALID

    @staticmethod
    def _reason(told: tuple[Told, ...]) -> str:
        return next((each.fault.message for each in told if each.fault.kind is Kind.NO_SCHEMA), "")


def faults(schemas: Schemas, manifest: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with an object for one version of Kubernetes.

    Raises:
        SchemaUnavailableError: A schema cannot be had.
        UnusableSchemaError: What stands there is no schema.
    """
    api_version, kind = text(manifest.get("apiVersion")), text(manifest.get("kind"))
    validator, api = schemas.validator(api_version, kind), api_of(api_version, kind)
    if validator is None:
        yield _without_schema(schemas, api_version, kind, api)
        return
    if api and api.deprecated <= schemas.minor and api.removed:
        yield Fault(Kind.DEPRECATED, ("apiVersion",), f"{api_version} {kind} is deprecated: use {api.instead}")
    if not validator.is_valid(manifest):
        yield from validator.faults(manifest, is_secret=kind == "Secret")


def _without_schema(schemas: Schemas, api_version: str, kind: str, api: Api | None) -> Fault:
    if api and api.removed <= schemas.minor:
        return Fault(Kind.REMOVED, ("apiVersion",), f"{api_version} {kind} {api.removal}: use {api.instead}")
    known = schemas.alternatives(kind)
    hint = f"; known is {' and '.join(known)}" if known else ""
    return Fault(Kind.NO_SCHEMA, ("apiVersion",), f"could not find schema for {kind} of {api_version}{hint}")
