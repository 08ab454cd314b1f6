"""The compiled reader gives what the exact one gives, or leaves the text to it."""

import random
from pathlib import Path
from typing import Any

import pytest

from hmco_charts.errors import DocumentError, Location
from hmco_charts.yamlio import fast, reader

GOLDEN = Path(__file__).parents[1] / "golden"
PIECES = [
    *" \n:-#'\"{}[],|>&*!%@`?~\\.0123456789abyYnNxeE_+=/",
    *("yes", "no", "On", "null", "NULL", "true", "---", "...", "- ", ": ", " #", "''", '""', "|-", "|+", ">-", "<<"),
    *(
        "2>&1",
        "8080/TCP",
        "[ a ]",
        "{ a: b }",
        "{a: {b: c}}",
        "[[a]]",
        "[a,b]",
        "1h",
        "0g",
        "1e5m",
        "0x1g",
        "5%",
        "1=2",
    ),
    *(" 0 ", " * ", "0 2 * * *", "1:30h", "127.0.0.1:5432", "12:30:00 g", "0b1z", "10.0.0.0/8", "_a: |\n    b\n"),
    *("1e3", "1e999", "0x1", "0o7", "1_0", ".5_", "12:30:00", "2001-01-01", ".inf", "1.", "+1", "-0", "|2", "\t", "\r"),
    *(
        "mode: 0644",
        "defaultMode: 0440\n",
        "mode: 420",
        "&a",
        "*a",
        "!!str",
        "? ",
        "\n  ",
        "\n\n",
        "\\x41",
        "\\u00e9",
        "\u00a0",
        "\u2028",
        "\ufeff",
        "é",
        "c?d",
        "[" * 30,
        "]" * 30,
        "—",
        "\x00",
    ),
]
FRAMES = [
    *("a: X", "- X", "a: [X]", "a: {b: X}", "X: a", "{X: 1}", "a: X # c", "a:\n  X", 'a: "X"', "a: 'X'", "X", "X X"),
    *("a: |\n  X\n", "a: |-\n X\nb: X", "a: X\n  X\nb: 1", "a:\n- X\n- b: X", "a: b\nX", "---\nX"),
    *("mode: 0644\n  X", "a:\n  mode: 0644\n    X", "mode: 0644\n  - $\n"),
]
CASES = 4000


def same(one: Any, other: Any) -> bool:
    """Equal values of equal types, with keys in one order."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def agrees(text: str) -> bool:
    """Whether both readers give the same for the whole and for every document, or the fast one leaves it."""
    chunks = [chunk for chunk, _ in reader.chunks(text)]
    return all(map(agrees_on, chunks)) and (not fast.parts(text) or agrees_on_parts(text, chunks))


def agrees_on_parts(text: str, chunks: list[str]) -> bool:
    parts = fast.parts(text)
    try:
        exact = [reader.exact(chunk, Location("x", 1)) for chunk in chunks]
    except DocumentError:
        return False
    found = [(part, value) for part, value in parts if part in chunks]
    return "".join(part for part, _ in parts) == text and all(
        same(value, other) and part == chunk for (part, value), chunk, other in zip(found, chunks, exact, strict=True)
    )


def agrees_on(chunk: str) -> bool:
    found = fast.value(chunk)
    if found is fast.LEFT:
        return True
    try:
        return same(found, reader.exact(chunk, Location("x", 1)))
    except DocumentError:
        return False


def mutated(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    if dice.random() < 0.5:
        return text[:at] + dice.choice(PIECES) + text[at:]
    return text[:at] + text[at + dice.randint(1, 4) :]


def framed(dice: random.Random) -> str:
    text = dice.choice(FRAMES)
    while "X" in text:
        text = text.replace("X", "".join(dice.choices(PIECES, k=dice.randint(0, 4))), 1)
    return text


@pytest.mark.parametrize("seed", range(4))
def test_made_up_documents(seed: int) -> None:
    dice = random.Random(seed)
    assert [text for text in (framed(dice) for _ in range(CASES)) if not agrees(text)] == []


@pytest.mark.parametrize("seed", range(4))
def test_mutated_manifests(seed: int) -> None:
    dice = random.Random(seed)
    texts = [path.read_text()[:1500] for path in sorted(GOLDEN.rglob("*.yaml"))]
    chunks = [chunk for text in texts for chunk in text.split("\n---\n")]
    assert [text for text in (mutated(dice.choice(chunks), dice) for _ in range(CASES)) if not agrees(text)] == []


@pytest.mark.parametrize("word", ["yes", "off", "0644", "0x10", "1_000", "~x", "2001-01-01", "12:30:00", "1e3", "08"])
def test_scalars_on_which_versions_of_yaml_differ(word: str) -> None:
    assert agrees(f"a: {word}\n")
    assert agrees(f"- {word}\n")
    assert agrees(f"{word}: a\n")


def test_an_ordinary_manifest_is_read_fast() -> None:
    text = "kind: ConfigMap\nmetadata:\n  name: app\ndata:\n  port: '8080'\n  app.ini: |\n    [main]\n    a = 1\n"
    assert fast.value(text) == reader.exact(text, Location("x", 1))
    assert fast.value(text) is not fast.LEFT


@pytest.mark.parametrize(
    "line",
    [
        *(
            'args: [ "-conf", "/etc/coredns/Corefile" ]',
            "selector: { matchLabels: { app: web } }",
            "- {a: [b, c]}",
        ),
        *("schedule: 0 2 * * *", "- 2>&1", "value: 127.0.0.1:5432/app", "cidr: 10.0.0.0/8", "_example: |\n  text"),
    ],
)
def test_an_ordinary_line_is_read_fast(line: str) -> None:
    assert fast.value(f"{line}\n") is not fast.LEFT
    assert agrees(f"{line}\n")
