"""What a hit tells, and what it never tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmco_charts.credentials import find, find_in_bytes, in_command, judge

SECRET = "tr0ub4dor-and-3"


def test_equal_secrets_share_a_group_and_others_do_not() -> None:
    first, second, other = (judge("password", value) for value in (SECRET, SECRET, "another-0ne"))

    assert first
    assert second
    assert other
    assert first.secret_group == second.secret_group
    assert first.secret_group != other.secret_group


def test_a_hit_never_shows_the_secret() -> None:
    hit = judge("password", SECRET)

    assert SECRET not in repr(hit)
    assert SECRET not in str(hit)


def test_overlapping_detectors_give_one_hit() -> None:
    text = "password: postgres://u:tr0ub4dor@h/db\n"

    assert [(hit.kind, text[hit.start : hit.end]) for hit in find(text, "a.yaml")] == [("url-password", "tr0ub4dor")]


@given(
    st.text(),
    st.sampled_from(
        ["", "a.yaml", "a.json", "a.properties", "a.conf", "a.xml", "a.sql", "a.sh", "a.hcl", "a.py", ".pgpass"]
    ),
)
def test_random_text_never_raises(text: str, name: str) -> None:
    for hit in find(text, name):
        assert 0 <= hit.start < hit.end <= len(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "${",
                "}",
                "$(",
                ")",
                "{{",
                "}}",
                "://",
                "@",
                ":",
                "password=",
                "-----BEGIN PRIVATE KEY-----",
                "eyJ",
                '"',
                "'",
                "\n",
                " ",
                "<",
                ">",
                "\\",
                "#",
                "x",
            ]
        ),
        max_size=60,
    ).map("".join)
)
def test_random_syntax_never_raises(text: str) -> None:
    for hit in [*find(text), *find(text, "a.yaml"), *find(text, "a.sh")]:
        assert 0 <= hit.start < hit.end <= len(text)


@pytest.mark.parametrize("name", ["a.conf", "a.yaml", "a.py", "a.sql", "crontab"])
@pytest.mark.parametrize(
    "text", ["X-Api-Key" + " " * 50_000, "Authorization" + " " * 50_000, "${" + "A-" * 50_000, "k=v " * 30_000]
)
def test_hostile_texts_end(text: str, name: str) -> None:
    whole = f"{text}\nurl = redis://:{SECRET}@h\n"

    assert SECRET in [whole[hit.start : hit.end] for hit in find(whole, name)]


@given(st.lists(st.text()))
def test_random_commands_never_raise(words: list[str]) -> None:
    for index, hit in in_command(words):
        assert 0 <= hit.start < hit.end <= len(words[index])


@given(st.binary())
def test_random_bytes_never_raise(data: bytes) -> None:
    find_in_bytes(data, "a.bin")


@given(
    st.text(alphabet="abcdefghkmnpqrstuvwxyz0123456789", min_size=12, max_size=30).filter(
        lambda text: not text.isdigit()
    )
)
def test_no_representation_holds_the_secret(secret: str) -> None:
    for hit in find(f"db:\n  password: '{secret}'\n  url: redis://:{secret}@h\n", "a.yaml"):
        assert secret not in repr(hit)
