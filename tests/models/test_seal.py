"""Sealed values: bound to their place, opened by old keys, proof against change, and unlike each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.seal import Seal, WrongKey, key_id

OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32
PLACE = "sealed_answer.value:01"


@given(st.text(), st.text(min_size=1, max_size=40))
def test_it_gives_back_any_text(words: str, place: str) -> None:
    seal = Seal(NEW)
    value = seal.close(place, words)
    assert seal.open(place, value) == words
    assert len(value) == 1 + 4 + 12 + len(words.encode()) + 16
    if len(words.encode()) > 3:
        assert words.encode() not in value


def test_it_replaces_what_utf8_cannot_say() -> None:
    assert Seal(NEW).open(PLACE, Seal(NEW).close(PLACE, "a\ud800b")) == "a?b"


@pytest.mark.parametrize(
    "place", ["sealed_answer.value:02", "event.sealed:01", "sealed_answer.value:", "", PLACE + " "]
)
def test_it_opens_nothing_in_another_row_or_column(place: str) -> None:
    value = Seal(NEW).close(PLACE, "因为抑郁")
    with pytest.raises(WrongKey) as error:
        Seal(NEW).open(place, value)
    assert "01" not in str(error.value)  # An error in a log names the column, never the row or the words.


def test_it_opens_with_previous_keys_and_seals_with_the_current_one() -> None:
    before, after = Seal(OLD), Seal(NEW, [OLD])
    value = before.close(PLACE, "回家")
    assert after.open(PLACE, value) == "回家"
    assert (value[1:5], after.close(PLACE, "回家")[1:5]) == (key_id(OLD), key_id(NEW))
    with pytest.raises(WrongKey):
        before.open(PLACE, after.close(PLACE, "回家"))
    with pytest.raises(WrongKey):
        Seal(OTHER, [NEW]).open(PLACE, value)
    assert key_id(OLD) != key_id(NEW)
    assert OLD.hex() not in repr(after)
    assert NEW.hex() not in repr(after)


def test_it_notices_every_changed_byte() -> None:
    seal = Seal(NEW)
    value = seal.close(PLACE, "心里话")
    for number in range(len(value)):
        changed = bytearray(value)
        changed[number] ^= 1
        with pytest.raises(WrongKey):
            seal.open(PLACE, bytes(changed))


def test_it_notices_every_cut_and_every_addition() -> None:
    seal = Seal(NEW)
    value = seal.close(PLACE, "心里话")
    for cut in (*(value[:length] for length in range(len(value))), value + b"\0", b"", b"plain text"):
        with pytest.raises(WrongKey):
            seal.open(PLACE, cut)


def test_it_never_seals_alike_twice() -> None:
    seal = Seal(NEW)
    assert len({seal.close(PLACE, "同样的话") for _ in range(50)}) == 50


@pytest.mark.parametrize("key", [b"", b"k" * 16, b"k" * 31, b"k" * 33])
def test_it_takes_keys_of_32_bytes_only(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(key)
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(NEW, [key])


def test_it_finds_equal_values_without_telling_them() -> None:
    seal = Seal(NEW, index=b"i" * 32)
    found = seal.index("person.phone", "10000000001")
    assert found == Seal(OTHER, index=b"i" * 32).index("person.phone", "10000000001")  # It outlives a change of keys.
    assert len({found, seal.index("person.phone", "10000000002"), seal.index("letter.phone", "10000000001"),
                Seal(NEW, index=b"j" * 32).index("person.phone", "10000000001")}) == 4  # fmt: skip
    assert (len(found), int(found, 16) > 0) == (32, True)
