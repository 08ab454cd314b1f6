"""What the readers' tests share: short forms of a reading, and what holds for every reading."""

from hmco_charts.formats.entry import Reading, Scalar


def entries(reading: Reading) -> list[tuple[tuple[str, ...], str, Scalar]]:
    return [(entry.path, entry.key, entry.value) for entry in reading.entries]


def values(reading: Reading) -> dict[str, Scalar]:
    return {entry.key: entry.value for entry in reading.entries}


def slices(text: str, reading: Reading) -> list[tuple[str, str]]:
    return [(text[e.key_start : e.key_end], text[e.start : e.end]) for e in reading.entries]


def assert_sound(text: str, reading: Reading) -> None:
    """Offsets lie within the text and the entries stand in the text's order."""
    size = len(text)
    for entry in reading.entries:
        assert 0 <= entry.start <= entry.end <= size
        assert 0 <= entry.key_start <= entry.key_end <= size
    starts = [entry.start for entry in reading.entries]
    assert starts == sorted(starts)
    assert all(0 <= fault.offset <= size for fault in reading.faults)
