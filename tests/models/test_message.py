"""The border's values: replies survive being stored, nothing unknown gets in, and a refusal carries its key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.message import Card, Choice, File, Link, Mark, Refused, Reply, pack, unpack

WORDS = st.text(max_size=30)
CHOICES = st.builds(Choice, label=WORDS, send=WORDS, words=WORDS, style=st.sampled_from(["", "main", "danger"]))
CARDS = st.builds(
    Card, key=WORDS, title=WORDS, lines=st.lists(WORDS, max_size=3).map(tuple), ticket=WORDS,
    marks=st.lists(st.builds(Mark, label=WORDS, done=st.booleans()), max_size=3).map(tuple),
)  # fmt: skip
REPLIES = st.builds(
    Reply, text=WORDS, card=st.none() | CARDS, choices=st.lists(CHOICES, max_size=3).map(tuple),
    file=st.none() | st.builds(File, id=WORDS, name=WORDS, kind=WORDS, size=st.integers(0, 2**40)),
    link=st.none() | st.builds(Link, label=WORDS, url=WORDS),
)  # fmt: skip


@given(st.lists(REPLIES, max_size=3).map(tuple))
def test_it_gives_back_what_was_stored(replies: tuple[Reply, ...]) -> None:
    assert unpack(pack(replies)) == replies


def test_it_stores_no_more_than_was_said() -> None:
    assert pack((Reply(text="好"),)) == '[{"text":"好"}]'
    assert unpack("[]") == ()


@pytest.mark.parametrize("words", ["", "{}", "[1]", '[{"txt":"x"}]', '[{"text":1}]', '[{"choices":[{"label":"x"}]}]'])
def test_it_reads_nothing_else(words: str) -> None:
    with pytest.raises(ValidationError):
        unpack(words)


def test_it_cannot_be_changed_once_made() -> None:
    reply = Reply(text="好")
    with pytest.raises(ValidationError):
        reply.text = "不好"  # type: ignore[misc]
    assert reply.text == "好"


def test_it_refuses_by_the_key_of_a_text() -> None:
    refused = Refused("leave.overlap", number="QJ-2606-0001")
    assert (str(refused), refused.key, refused.values) == ("leave.overlap", "leave.overlap", {"number": "QJ-2606-0001"})
