"""One-time codes: right once, for ten minutes, and no word more about wrong ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import binding, directory
from handlers.turn import Turn
from models.message import Refused
from models.person import Code
from tests.builders import START, make_school, person_of

ALMOST = binding.VALID - timedelta(microseconds=1)


def visitor(session: Session, key: str = "w1", after: timedelta = timedelta()) -> Turn:
    account = directory.account(session, "wechat", key, START)
    return Turn(session, make_school(), START + after, START + after, account)


def refusal(turn: Turn, code: str) -> str:
    with pytest.raises(Refused) as caught:
        binding.bind(turn, code)
    return caught.value.key


@pytest.mark.parametrize("shape", ["{}", " {} ", "{}".lower(), "lower", "dashed"])
def test_it_binds_with_a_code_as_people_type_it(session: Session, shape: str) -> None:
    code = binding.issue(session, person_of(session, "韩梅梅"), START)
    typed = {"lower": code.lower(), "dashed": f"{code[:4]}-{code[4:]}"}.get(shape, shape.format(code))
    turn = visitor(session, after=ALMOST)
    assert "韩梅梅" in binding.bind(turn, typed)[0].text
    assert turn.account is not None
    assert turn.account.person_id == person_of(session, "韩梅梅").id


def test_it_says_the_same_of_wrong_used_expired_and_replaced_codes(session: Session) -> None:
    first = binding.issue(session, person_of(session, "韩梅梅"), START)
    code = binding.issue(session, person_of(session, "韩梅梅"), START)
    assert refusal(visitor(session), first) == "bind.failed"
    assert refusal(visitor(session), "AAAA2222") == "bind.failed"
    assert refusal(visitor(session, after=binding.VALID), code) == "bind.failed"
    binding.bind(visitor(session), code)
    assert refusal(visitor(session, "w2"), code) == "bind.failed"


def test_it_binds_nobody_who_left_and_nobody_twice(session: Session) -> None:
    person = person_of(session, "韩梅梅")
    code = binding.issue(session, person, START)
    person.active = False
    session.flush()
    assert refusal(visitor(session), code) == "bind.failed"
    bound = visitor(session)
    bound.person = person_of(session, "李雷")
    assert refusal(bound, code) == "bind.already"


def test_it_keeps_no_code_that_can_be_read(session: Session) -> None:
    code = binding.issue(session, person_of(session, "韩梅梅"), START)
    (row,) = session.execute(select(Code)).scalars()
    assert code not in row.id
    assert len(code) == 8
    assert not set(code) & set("01OIL")
