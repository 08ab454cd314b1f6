"""No frame shows a character of a secret, however it is written."""

import pytest

from tests.report.leaks import frames, parts, rows, writings

TEXTS = [*rows("hits_texts.yaml"), *rows("hits_charts.yaml")]


@pytest.mark.parametrize("row", TEXTS, ids=lambda row: row["name"])
def test_no_frame_shows_a_secret_of_a_text(row) -> None:
    for writing, text in writings(row["name"], row["text"]):
        shown = frames(text)
        secrets = [secret for secret in row.get("secrets", ()) if secret not in row["name"]]
        leaked = [part for secret in secrets for part in parts(secret) if part in shown]
        assert leaked == [], (writing, shown)
