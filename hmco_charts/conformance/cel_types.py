"""The types of expressions, as the API server checks them where a definition or a policy is made.

What has fields is a message of Protocol Buffers to the library. What these cannot say, such as a list of lists, may be
anything here: of a type that is not sure nothing is told.

Source: k8s.io/apiserver `pkg/cel/environment/base.go`, `pkg/cel/common/schemas.go`.
"""

import itertools
import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_optional, ext_strings
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

from hmco_charts.conformance.cel_functions import typed
from hmco_charts.conformance.cel_macros import expanded, uses_bind
from hmco_charts.yamlio.shape import mapping, text

Schema = dict[str, Any]

_PACKAGE = "of"
_EMBEDDED = "x-kubernetes-embedded-resource"
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_FIELD = FieldDescriptorProto
_PLAIN = {
    "boolean": (_FIELD.TYPE_BOOL, "bool"),
    "integer": (_FIELD.TYPE_INT64, "int"),
    "number": (_FIELD.TYPE_DOUBLE, "double"),
    "string": (_FIELD.TYPE_STRING, "string"),
}
_OF_FORMAT = {
    "byte": (_FIELD.TYPE_BYTES, "bytes"),
    "date": (_FIELD.TYPE_MESSAGE, "google.protobuf.Timestamp"),
    "date-time": (_FIELD.TYPE_MESSAGE, "google.protobuf.Timestamp"),
    "duration": (_FIELD.TYPE_MESSAGE, "google.protobuf.Duration"),
}
_ANYTHING = (_FIELD.TYPE_MESSAGE, "google.protobuf.Value")
_KNOWN = ("google/protobuf/duration.proto", "google/protobuf/struct.proto", "google/protobuf/timestamp.proto")
_IDENTITY: Schema = {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {"type": "object", "properties": {"name": {"type": "string"}, "generateName": {"type": "string"}}},
}
_UNTYPED = ("object", "oldObject", "params")
_ADMITTED = ("namespaceObject", "request", "variables")
"""What an expression of a policy may use whose types the API server knows, and we do not."""
_COMPARED = re.compile(r"no matching overload for '_[<>]=?_' applied to '\((?:int|uint|double), (?:int|uint|double)\)'")
"""Which the API server knows, and the library does where it does not check."""
_ERROR = re.compile(r"^(?:INVALID_ARGUMENT: )?ERROR: <input>:\d+:\d+: (.*)$", re.MULTILINE)
_OURS = re.compile(rf" not found in struct '{_PACKAGE}\.T\d+'$| \(in container ''\)$")
"""What the library says of names that stand in no schema."""
_OLD = re.compile(r"\boldSelf\b")
_TOO_DEEP = "recursion limit exceeded"  # of the library, which is below the API server's
_UNSURE = "DYN"
_WITH_OPTIONAL, _WITH_SETS, _WITH_LISTS = 28, 29, 34  # minor versions that brought libraries


class Types:
    """The types of what a schema describes.

    Args:
        schema: A structural schema.
        newest: The minor version of Kubernetes whose functions an expression may use.
        is_object: Whether it has the identity of an object.
    """

    def __init__(self, schema: Schema, newest: int, *, is_object: bool) -> None:
        from hmco_charts.conformance.cel import spelt

        self._spelt = spelt
        self._file = FileDescriptorProto(name="types.proto", package=_PACKAGE, dependency=_KNOWN, syntax="proto3")
        self._names = (f"T{number}" for number in itertools.count())
        own = self._type(
            {**schema, "properties": {**mapping(schema.get("properties")), **_IDENTITY}} if is_object else schema
        )
        pool = DescriptorPool()
        for each in _known_files():
            pool.Add(each)
        pool.Add(self._file)
        self._newest = newest
        self._own = own
        self._pool = pool

    def problem(self, expression: str, wanted: str, *, has_optional: bool = False) -> str:
        """Why the API server refuses an expression of the value; empty for one that it may take.

        Args:
            expression: The expression.
            wanted: The type of what it gives: `BOOL` or `STRING`.
            has_optional: Whether `oldSelf` may be missing.
        """
        own = cel.Type(self._own)
        told = _OLD.sub("optional.of(oldSelf)", expression) if has_optional else expression
        environment = _environment(self._newest, {"self": own, "oldSelf": own}, self._pool)
        return _problem(environment, told, (wanted, _UNSURE), knows_numbers=self._newest >= _WITH_OPTIONAL)

    def _type(self, schema: Schema) -> str:
        """The type of a value, as the library writes it."""
        kind = text(schema.get("type"))
        if schema.get("x-kubernetes-int-or-string") or schema.get("nullable") or not kind:
            return "dyn"
        if kind == "array":
            return f"list<{self._type(mapping(schema.get('items')))}>"
        if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
            return f"map<string, {self._type(schema['additionalProperties'])}>"
        if kind == "object" and not schema.get("additionalProperties"):
            return f"{_PACKAGE}.{self._message(schema)}"
        return (_OF_FORMAT.get(text(schema.get("format"))) or _PLAIN[kind])[1] if kind in _PLAIN else "dyn"

    def _message(self, schema: Schema) -> str:
        """The name of the message of a schema with fields."""
        message = DescriptorProto(name=next(self._names))
        message.options.deprecated_legacy_json_field_conflicts = True  # a_b beside aB, which nobody writes as JSON here
        fields = {**mapping(schema.get("properties")), **(_IDENTITY if schema.get(_EMBEDDED) else {})}
        known = {
            spelt: mapping(each) for name, each in fields.items() if _IDENTIFIER.fullmatch(spelt := self._spelt(name))
        }
        for number, (name, each) in enumerate(known.items(), 1):
            field = message.field.add(name=name, number=number, json_name=f"f{number}")
            self._describe(field, each, message)
        self._file.message_type.append(message)
        return str(message.name)

    def _describe(self, field: Any, schema: Schema, message: Any) -> None:
        """Give a field the type of its schema."""
        described = self._type(schema)
        field.label = _FIELD.LABEL_OPTIONAL
        if described.startswith("list<"):
            field.label, described = _FIELD.LABEL_REPEATED, described[len("list<") : -1]
        elif described.startswith("map<") and _has_own_name(field.name, message):
            field.label = _FIELD.LABEL_REPEATED
            described = self._entry(field, described[len("map<string, ") : -1], message)
        kind, name = _kind(described)
        field.type = kind
        if kind == _FIELD.TYPE_MESSAGE:
            field.type_name = f".{name}"

    @staticmethod
    def _entry(field: Any, value: str, message: Any) -> str:
        """The message of the entries of a mapping, whose name follows from the field's."""
        name = f"{''.join(part[:1].upper() + part[1:] for part in field.name.split('_'))}Entry"
        entry = message.nested_type.add(name=name)
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, type=_FIELD.TYPE_STRING, label=_FIELD.LABEL_OPTIONAL)
        kind, known = _kind(value)
        of_value = entry.field.add(name="value", number=2, type=kind, label=_FIELD.LABEL_OPTIONAL)
        if kind == _FIELD.TYPE_MESSAGE:
            of_value.type_name = f".{known}"
        return f"{_PACKAGE}.{message.name}.{name}"


def _has_own_name(field: str, message: Any) -> bool:
    """Whether no other field could have the entries of this one."""
    return not any(_squeezed(each.name) == _squeezed(field) for each in message.field if each.name != field)


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower().removesuffix("entry")


def _kind(described: str) -> tuple[Any, str]:
    """The type of a field for a type that is no list and no mapping, else for anything."""
    plain = {name: kind for kind, name in (*_PLAIN.values(), *_OF_FORMAT.values())}
    if described in plain:
        return plain[described], described
    return (_FIELD.TYPE_MESSAGE, described) if described.startswith(f"{_PACKAGE}.") else _ANYTHING


def policy_problem(expression: str, wanted: Collection[str]) -> str:
    """Why the API server refuses an expression of a policy of admission; empty for one that it may take.

    Args:
        expression: The expression.
        wanted: The types of what it may give, such as `BOOL`; any if there are none.
    """
    variables = dict.fromkeys((*_UNTYPED, *_ADMITTED), cel.Type.DYN) | {
        "authorizer": cel.Type("Authorizer"),
        "authorizer.requestResource": cel.Type("ResourceCheck"),
    }
    environment = _environment(_WITH_LISTS, variables)
    is_typed = any(name in expression for name in _ADMITTED)
    return _problem(environment, expression, (*wanted, *([_UNSURE] * is_typed)), knows_numbers=True)


def _problem(environment: cel.Env, expression: str, wanted: Collection[str], *, knows_numbers: bool) -> str:
    if uses_bind(expression):
        return "undeclared reference to 'cel'"
    try:
        given = environment.compile(expanded(expression)).return_type().name()
    except RuntimeError as error:
        told = _ERROR.findall(str(error))
        if not told and _TOO_DEEP not in str(error):
            raise
        found = [each for each in told if not (knows_numbers and _COMPARED.search(each))]
        return _OURS.sub("", found[0]) if found else ""
    if given in wanted or not {*wanted} - {_UNSURE}:
        return ""
    return f"gives {given.lower()}, and must give {' or '.join(each for each in wanted if each != _UNSURE).lower()}"


@cache
def _known_files() -> list[Any]:
    from google.protobuf import duration_pb2, struct_pb2, timestamp_pb2

    made = []
    for module in (duration_pb2, struct_pb2, timestamp_pb2):
        file = FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(file)
        made.append(file)
    return made


def _environment(newest: int, variables: Mapping[str, cel.Type], pool: Any = None) -> cel.Env:
    extensions: list[Any] = [ext_strings.ExtStrings(2 if newest >= _WITH_SETS else 0), ext_bindings.ExtBindings()]
    if newest >= _WITH_OPTIONAL:
        extensions.append(ext_optional.ExtOptional(2 if newest >= _WITH_LISTS else 1))
    return cel.NewEnv(descriptor_pool=pool, variables=variables, extensions=extensions, functions=typed(newest))
