"""One-time codes: right once, for ten minutes, not to be guessed, and no word more about wrong ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from handlers import binding, directory
from handlers.texts import text
from handlers.turn import Turn
from models.message import Refused
from models.person import Account, Code
from models.ticket import Counter
from tests.builders import START, make_school, person_of

ALMOST = binding.VALID - timedelta(microseconds=1)


def visitor(session: Session, key: str = "w1", after: timedelta = timedelta()) -> Turn:
    account = directory.account(session, "wechat", key, START)
    return Turn(session, make_school(), START + after, START + after, account)


def refusal(turn: Turn, code: str) -> str:
    """What somebody reads who got it wrong; the account stays nobody's."""
    (reply,) = binding.bind(turn, code)
    assert turn.account is not None
    assert turn.account.person_id is None
    return reply.text


WRONG = text("zh", "bind.failed")


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
    assert refusal(visitor(session), first) == WRONG
    assert refusal(visitor(session), "AAAA2222") == WRONG
    assert refusal(visitor(session, after=binding.VALID), code) == WRONG
    binding.bind(visitor(session), code)
    assert refusal(visitor(session, "w2"), code) == WRONG


def test_it_binds_nobody_who_left_and_nobody_twice(session: Session) -> None:
    person = person_of(session, "韩梅梅")
    code = binding.issue(session, person, START)
    person.active = False
    session.flush()
    assert refusal(visitor(session), code) == WRONG
    bound = visitor(session)
    bound.person = person_of(session, "李雷")
    with pytest.raises(Refused) as caught:
        binding.bind(bound, code)
    assert caught.value.key == "bind.already"


def test_it_keeps_no_code_that_can_be_read(session: Session) -> None:
    code = binding.issue(session, person_of(session, "韩梅梅"), START)
    (row,) = session.execute(select(Code)).scalars()
    assert code not in row.id
    assert len(code) == 8
    assert not set(code) & set("01OIL")


# -- guessing


def test_it_binds_nobody_after_five_wrong_codes_in_an_hour_not_even_by_a_right_one(session: Session) -> None:
    code = binding.issue(session, person_of(session, "韩梅梅"), START)
    for _ in range(binding.MOST_WRONG):
        assert refusal(visitor(session), "AAAA2222") == WRONG
    assert refusal(visitor(session), code) == WRONG
    assert "韩梅梅" in binding.bind(visitor(session, "w2"), code)[0].text, "another account is free to try"


def test_it_lets_somebody_try_again_in_the_next_hour_and_forgets_the_last(session: Session) -> None:
    for _ in range(binding.MOST_WRONG + 3):
        binding.bind(visitor(session), "AAAA2222")
    hour = timedelta(hours=1)
    code = binding.issue(session, person_of(session, "韩梅梅"), START + hour)
    assert "韩梅梅" in binding.bind(visitor(session, after=hour), code)[0].text
    binding.bind(visitor(session, "w2", after=2 * hour), "AAAA2222")
    kept = session.execute(select(Counter.series).where(Counter.series.startswith("bind:"))).scalars().all()
    assert len(kept) == 2, "the count of everybody and of one account, of this hour"


def test_it_binds_nobody_when_everybody_together_guessed_too_often(session: Session) -> None:
    code = binding.issue(session, person_of(session, "韩梅梅"), START)
    for number in range(binding.MOST_WRONG_OF_ALL):
        binding.bind(visitor(session, f"g{number}"), "AAAA2222")
    assert refusal(visitor(session, "w1"), code) == WRONG
    hour = timedelta(hours=1)
    later = binding.issue(session, person_of(session, "韩梅梅"), START + hour)
    assert "韩梅梅" in binding.bind(visitor(session, "w1", after=hour), later)[0].text


def test_it_does_the_same_work_for_every_code_that_does_not_bind(session: Session) -> None:
    person = person_of(session, "韩梅梅")
    used = binding.issue(session, person, START)
    binding.bind(visitor(session, "w0"), used)
    spent = visitor(session, "w9")
    for _ in range(binding.MOST_WRONG):
        binding.bind(spent, "AAAA2222")
    code = binding.issue(session, person, START)
    left = binding.issue(session, person_of(session, "林涛"), START)
    person_of(session, "林涛").active = False
    session.flush()
    said: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *parts: said.append(parts[2]))
    done = {}
    for name, turn, words in (
        ("wrong", visitor(session, "w1"), "AAAA2222"),
        ("used", visitor(session, "w2"), used),
        ("expired", visitor(session, "w3", after=binding.VALID), code),
        ("of somebody who left", visitor(session, "w4"), left),
        ("after too many", spent, code),
    ):
        session.flush()
        said.clear()
        assert refusal(turn, words) == WRONG
        session.flush()
        done[name] = list(said)
    assert all(each == done["wrong"] for each in done.values()), done
    assert len(done["wrong"]) == 4


# -- what goes along


def test_it_tells_the_person_on_the_other_accounts(session: Session) -> None:
    person = person_of(session, "韩梅梅")
    before = session.execute(select(Account).where(Account.person_id == person.id)).scalar_one()
    binding.bind(visitor(session), binding.issue(session, person, START))
    (row,) = session.info["posted"]
    assert row["account_id"] == before.id


@pytest.mark.parametrize(("bot", "linked"), [("", False), ("YizhanBot", True)])
def test_it_hands_out_the_link_where_telegram_is_open(bot: str, linked: bool) -> None:
    class Named:
        telegram = bot

    said = binding.hand_out(Named(), "zh", "韩梅梅", "ABCD2345")  # type: ignore[arg-type]
    assert "绑定 ABCD2345" in said
    assert ("https://t.me/YizhanBot?start=ABCD2345" in said) == linked


@pytest.mark.parametrize(("channel", "coded"), [("telegram", True), ("wechat", True), ("webchat", False)])
def test_it_says_in_the_demonstration_how_a_phone_is_bound(session: Session, channel: str, coded: bool) -> None:
    account = directory.account(session, channel, "nobody", START)
    turn = Turn(session, replace(make_school(), demo=True), START, START, account)
    first = binding.first_in_demo(turn)
    for said in (binding.explain(turn).text, text("zh", first.key, **first.values)):
        assert ("绑定码 2023010101" in said) == coded
        assert ("回首页" in said) != coded
