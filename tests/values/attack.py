"""Attacks on a chart's values contract, through Helm's own engine and nothing of ours.

`misspellings`, `wrong_types` and `leaks` take a chart folder with a `values.schema.json` and give what got through;
`unreached` gives the blind spots of the attack itself.
Positions come from the schema: every key, in lists and maps too, with the switches (`enabled`, `create`) on the way
turned on and the variant chosen that the key belongs to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import helm_python
import jsonschema_rs
import yaml

CREDENTIALS = {
    "url": "postgres://vault:S3cr3t-pa55@db.example.org:5432/vault",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq9\n-----END RSA PRIVATE KEY-----",
    "GitHub token": "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2,
    "Vault token": "hvs.CAESI" + "J0kLmN0pQr5tUvWxYz" * 5,
    "AWS pair": "AKIAQ7WERTYUIOPASDFG:wJalrXUtnFEMIK7MDENGbPxRfiCYq8ZtLrBsNvUo",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2YXVsdCIsImlhdCI6MX0.q1w2E3r4T5y6U7i8O9p0AsDfGhJkLzXc",
}
WRONG: dict[str, tuple[Any, ...]] = {
    "string": (True, ["x"], {"x": "y"}),
    "boolean": ("true", 1, ["x"]),
    "integer": ("x", True, ["x"]),
    "number": ("x", True, ["x"]),
    "array": ("x", 1, {"x": "y"}),
}
DEEPEST = 14

Step = str | int


@dataclass(frozen=True)
class Position:
    """A place that the schema knows, and a document that reaches it."""

    path: tuple[Step, ...]
    node: Mapping[str, Any]
    document: dict[str, Any]
    is_fixed: bool
    """Whether the last step is a key that the chart gives, not a user, nor a chart that it wraps."""

    def __str__(self) -> str:
        return ".".join(map(str, self.path))

    def holding(self, value: Any) -> dict[str, Any]:
        held: dict[str, Any] = _placed(self.document, self.path, value)
        return held

    def misspelt(self) -> dict[str, Any]:
        *parents, key = self.path
        wrong: dict[str, Any] = _placed(self.document, (*parents, f"{key}x"), "x")
        return wrong


class Contract:
    """The schema of a chart, walked."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    def positions(self) -> Iterator[Position]:
        yield from self._under(self.schema, (), {}, is_fixed=True)

    def _under(
        self, node: Mapping[str, Any], path: tuple[Step, ...], document: dict[str, Any], *, is_fixed: bool
    ) -> Iterator[Position]:
        node = self._resolved(node)
        if path:
            yield Position(path, node, document, is_fixed)
        if len(path) > DEEPEST:
            return
        if "properties" in node:
            is_closed = node.get("additionalProperties") is False
            for key, inner in node["properties"].items():
                yield from self._under(inner, (*path, key), self._ready(document, path, node, key), is_fixed=is_closed)
        if isinstance(node.get("additionalProperties"), dict):
            key = self._key(node)
            yield from self._under(
                node["additionalProperties"], (*path, key), _placed(document, path, {}), is_fixed=False
            )
        if "items" in node:
            yield from self._under(node["items"], (*path, 0), _placed(document, path, []), is_fixed=False)

    def _ready(
        self, document: dict[str, Any], path: tuple[Step, ...], node: Mapping[str, Any], key: str
    ) -> dict[str, Any]:
        """The document with what the object at `path` requires, its switches on, and the key's variant chosen."""
        ready = {name: self._example(node["properties"][name]) for name in node.get("required", ())}
        ready |= {name: True for name in ("enabled", "create") if name in node["properties"] and name != key}
        if key in self._resolved(node["properties"].get("type", {})).get("enum", ()):
            ready |= {"type": key, key: self._example(node["properties"][key], full=True)}
        return _placed(document, path, ready) if path else {**document, **ready}

    def _example(self, node: Mapping[str, Any], *, full: bool = False) -> Any:
        node = self._resolved(node)
        if "enum" in node:
            return next(word for word in node["enum"] if word)
        if "examples" in node:
            return node["examples"][0]
        kind = next(iter([node["type"]] if isinstance(node["type"], str) else node["type"]))
        if kind == "object":
            wanted = node.get("properties", {}) if full else node.get("required", ())
            texts = {key: self._resolved(node["properties"][key]) for key in wanted}
            return {
                key: self._example(inner, full=full)
                for key, inner in texts.items()
                if key in node.get("required", ()) or "examples" in inner or "properties" in inner
            }
        return {"array": [], "boolean": True, "integer": node.get("minimum", 1)}[kind]

    def _key(self, node: Mapping[str, Any]) -> str:
        examples = node.get("propertyNames", {}).get("examples", ["attack"])
        return str(examples[0])

    def _resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        for part in (node, *node.get("allOf", ())):
            if "$ref" in part:
                return self._resolved(self.schema["definitions"][part["$ref"].rsplit("/", 1)[1]])
        return node


class Judge:
    """Helm's verdict on values, asked of a faster validator first.

    What the fast one accepts, Helm is asked too; so is one refusal in a hundred and fifty, to see that both agree.
    """

    def __init__(self, folder: Path) -> None:
        self.chart = helm_python.Chart.load(str(folder))
        schema = self.chart.schema
        assert schema is not None, "the chart has no values.schema.json"
        self.contract = Contract(schema)
        self._fast = jsonschema_rs.validator_for(schema)
        self._refused = 0

    def accepts(self, values: dict[str, Any]) -> bool:
        if self.seems_to_accept(values):
            return self._helm_accepts(values)
        self._refused += 1
        if self._refused % 150 == 0:
            assert not self._helm_accepts(values), values
        return False

    def seems_to_accept(self, values: dict[str, Any]) -> bool:
        return self._fast.is_valid(_merged(self.chart.values, values))

    def _helm_accepts(self, values: dict[str, Any]) -> bool:
        try:
            self.chart.validate_schema(values)
        except helm_python.HelmValuesError:
            return False
        return True

    def shows(self, values: dict[str, Any], secret: str) -> bool:
        """Whether a text stands in a rendered object that is no Secret."""
        try:
            manifests = self.chart.render(values, name="release", namespace="default")
        except helm_python.HelmError:
            return False
        objects = [one for text in manifests.values() for one in yaml.safe_load_all(text) if isinstance(one, dict)]
        return any(secret.splitlines()[0] in str(one) for one in objects if one["kind"] != "Secret")


def misspellings(folder: Path) -> tuple[int, list[str]]:
    """How many keys were misspelt, and those of them that Helm accepted; names that users choose do not count."""
    judge = Judge(folder)
    tried = [one for one in judge.contract.positions() if one.is_fixed and one.path[0] != "global"]
    return len(tried), [str(one) for one in tried if judge.accepts(one.misspelt())]


def wrong_types(folder: Path) -> tuple[int, list[str]]:
    """How many values of a wrong type were given, and those of them that Helm accepted."""
    judge = Judge(folder)
    tried = [(one, wrong) for one in judge.contract.positions() for wrong in _wrong(one.node)]
    return len(tried), [f"{one}={wrong}" for one, wrong in tried if judge.accepts(one.holding(wrong))]


def leaks(folder: Path) -> tuple[int, list[str]]:
    """How many credentials were planted, and those of them that stand in an object other than a Secret."""
    judge = Judge(folder)
    tried = [(one, name) for one in _texts(judge) for name in CREDENTIALS]
    planted = ((one, name, one.holding(CREDENTIALS[name])) for one, name in tried)
    got_through = [
        f"{one}: {name}"
        for one, name, values in planted
        if judge.accepts(values) and judge.shows(values, CREDENTIALS[name])
    ]
    return len(tried), got_through


def unreached(folder: Path) -> tuple[int, list[str]]:
    """How many places take a text, and those that this attack does not reach: there even a right value is refused."""
    judge = Judge(folder)
    tried = [one for one in _texts(judge) if "examples" in one.node]
    return len(tried), [str(one) for one in tried if not judge.seems_to_accept(one.holding(one.node["examples"][0]))]


def _texts(judge: Judge) -> list[Position]:
    return [one for one in judge.contract.positions() if "string" in one.node.get("type", ())]


def _wrong(node: Mapping[str, Any]) -> list[Any]:
    types = [node["type"]] if isinstance(node.get("type"), str) else node.get("type", [])
    kinds = [kind for kind in types if kind not in ("null", "object")]
    return [wrong for wrong in WRONG.get(kinds[0], ()) if not (len(kinds) > 1 and wrong == 1)] if kinds else []


def _merged(below: Any, above: Any) -> Any:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: _merged(below.get(key), value) for key, value in above.items()}}


def _placed(document: Any, path: tuple[Step, ...], value: Any) -> Any:
    """A copy of the document with the value at the path."""
    if not path:
        return {**document, **value} if isinstance(document, dict) and isinstance(value, dict) else value
    step, *rest = path
    if isinstance(step, int):
        inner = document[step] if isinstance(document, list) and document else None
        return [_placed(inner, tuple(rest), value)]
    box = document if isinstance(document, dict) else {}
    return {**box, step: _placed(box.get(step), tuple(rest), value)}
