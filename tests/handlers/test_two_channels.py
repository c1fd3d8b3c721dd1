"""One person on two channels: what goes along with a code, and who is warned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from handlers import binding, directory
from handlers.turn import Turn
from models.dialogue import Dialogue
from models.outbox import Attachment
from models.ticket import Ticket
from tests import builders
from tests.builders import RICH, START, make_school, person_of
from tests.handlers import two_channels
from tests.handlers.two_channels import PUSH, Chat


@pytest.fixture
def chat(database_url: str) -> Iterator[Chat]:
    with two_channels.opened(database_url) as made:
        yield made


def test_it_goes_on_from_telegram_with_a_form_begun_in_the_web_chat(chat: Chat) -> None:
    chat.say("李雷", "我想请假")
    assert "看病" not in chat.text("李雷", "病假")
    assert "说「继续」" in chat.bind("100", "李雷")
    assert "病假" in chat.text("100", "继续") or "什么时候" in chat.text("100", "继续")
    for words in ("明天下午两点到后天晚上十点", "回家看病", "是"):
        chat.say("100", words)
    chat.say("100", "继续")
    assert "已提交" in chat.text("100", "提交") or chat.one(select(func.count()).select_from(Ticket)) == 1
    assert chat.one(select(Ticket.requester_id)) == chat.person_on("100")


def test_it_joins_a_file_sent_on_the_other_channel(chat: Chat) -> None:
    chat.bind("100", "李雷")

    def unit(session: Any) -> tuple[str, str]:
        there = builders.turn_of(session, "李雷", channel=RICH)
        assert there.account is not None
        file = Attachment(id="f" * 22, account_id=there.account.id, name="证明.jpg", kind="image/jpeg", size=9,
                          digest="0" * 64, at=START)  # fmt: skip
        session.add(file)
        session.flush()
        account = directory.account(session, PUSH, "100", START)
        here = Turn(session, chat.school, START, START, account, there.person)
        from handlers import tickets

        answers = builders.leave_answers()
        ticket = tickets.open_ticket(here, chat.school.catalogue.items["leave"], answers)
        tickets.attach(here, ticket, file.id)
        session.expire_all()
        return str(file.ticket_id), ticket.id

    joined, ticket = chat.database.run(unit)
    assert joined == ticket


def test_it_gives_what_the_account_had_half_said_to_the_person(chat: Chat) -> None:
    chat.say("100", "找老师")  # and now words are waited for
    chat.bind("100", "李雷")
    assert "已转给韩老师" in chat.text("100", "我想问问补考的事")
    assert chat.one(select(Ticket.requester_id)) == chat.person_on("100")
    assert chat.one(select(func.count()).select_from(Dialogue).where(Dialogue.holder.startswith("a"))) == 0


def test_it_keeps_the_persons_own_form_where_both_have_one(session: Any) -> None:
    from handlers import talks

    account = directory.account(session, PUSH, "100", START)
    visitor = Turn(session, make_school(), START, START, account)
    person = person_of(session, "李雷")
    bound = Turn(session, make_school(), START, START, account, person)
    for turn, drafts in ((visitor, [("leave", "theirs"), ("dorm-repair", "")]), (bound, [("leave", "own")])):
        talk = talks.load(turn)
        talk.drafts = [talks.Draft(service=service, value=value) for service, value in drafts]
        talks.save(turn, talk)
    rev = talks.load(bound).rev
    assert binding.hand_over(visitor, person)
    found = talks.load(bound)
    assert [(draft.service, draft.value) for draft in found.drafts] == [("leave", "own"), ("dorm-repair", "")]
    assert found.rev > rev, "the buttons of both forms are old now"


def test_it_warns_on_the_accounts_that_were_bound_before(chat: Chat) -> None:
    chat.bind("100", "李雷")
    assert "Telegram" in chat.told("李雷")
    chat.bind("200", "李雷")
    assert "解绑全部" in chat.told("李雷")
    assert "解绑全部" in chat.told("100")
    assert chat.told("200") == ""
