"""What waits for a member of staff: in which order, how many, and whose not."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import desk, lists, staff, tickets
from handlers.talks import Talk
from models.message import Incoming, Refused
from models.ticket import Ticket
from tests.builders import RICH, START, at, leave_answers, own_catalogue, turn_of

ITEMS = own_catalogue().items


def leave(session: Session, when: str = "2026-06-10 09:00", by: str = "李雷") -> Ticket:
    return tickets.open_ticket(turn_of(session, by, at(when)), ITEMS["leave"], leave_answers())


def numbers(session: Session, name: str, verb: str = "") -> list[str]:
    turn = turn_of(session, name)
    reply = lists.fitting(turn, verb) if verb else lists.waiting(turn)
    return [choice.label.split()[1] for choice in reply.choices if choice.send.startswith("t:")]


def test_it_leaves_out_what_waits_for_the_student(session: Session) -> None:
    ticket, other = leave(session), leave(session, by="韩梅梅")
    tickets.ask(turn_of(session, "韩老师"), ticket, "补病历")
    assert numbers(session, "韩老师") == [other.number]
    assert numbers(session, "方老师") == []


@pytest.mark.parametrize(("lang", "said"), [("zh", "要「同意」哪一件"), ("en", "Approve")])
def test_it_lists_and_does_nothing_on_a_verb_without_a_number(session: Session, lang: str, said: str) -> None:
    ticket = leave(session)
    turn = turn_of(session, "韩老师", lang=lang)
    replies = staff.hear(turn, Talk(), Incoming(RICH, "T001", "k", START, "同意"))
    assert replies is not None
    assert said in replies[0].text
    assert replies[0].choices[0].send == f"t:{ticket.id}:sign:{ticket.rev}"
    assert ticket.rev == 1


def test_it_refuses_words_that_are_too_long_and_keeps_the_order(session: Session) -> None:
    ticket, talk = leave(session), Talk()
    staff.act(turn_of(session, "韩老师"), talk, ticket, "reply")
    assert not talk.is_empty
    with pytest.raises(Refused) as caught:
        staff.act(turn_of(session, "韩老师"), talk, ticket, "reply", "长" * (staff.MOST_WORDS + 1))
    assert caught.value.key == "form.too_long"
    assert not talk.is_empty
    staff.act(turn_of(session, "韩老师"), talk, ticket, "reply", "长" * staff.MOST_WORDS)
    assert (talk.is_empty, ticket.rev) == (True, 2)


def test_it_says_who_is_on_duty_and_whose_counselor_is_who(session: Session) -> None:
    said = desk.duty(turn_of(session, "李雷")).text
    assert "你的辅导员：韩老师" in said
    assert "值班老师甲" in said


def test_it_shows_staff_their_own_matters_beside_what_waits(session: Session) -> None:
    own = tickets.open_ticket(
        turn_of(session, "韩老师"), ITEMS["dorm-repair"], {"what": "power", "where": "203", "detail": "灯"}
    )
    replies = desk.command(turn_of(session, "韩老师"), Talk(), "mine", Incoming(RICH, "T001", "k", START, "我的"))
    assert replies is not None
    assert own.number in "".join(reply.text for reply in replies)


def test_it_names_no_counselor_of_a_counselor_on_duty(session: Session) -> None:
    said = desk.duty(turn_of(session, "韩老师")).text
    assert "辅导员" not in said
    assert "值班老师甲" in said


@pytest.mark.parametrize(("word", "head"), [("mine", "我的："), ("queue", "待接单："), ("待办", "待办：")])
def test_it_names_the_empty_list_that_was_asked_for(session: Session, word: str, head: str) -> None:
    replies = staff.hear(turn_of(session, "韩老师"), Talk(), Incoming(RICH, "T001", "k", START, word))
    assert replies is not None
    assert replies[0].text.startswith(head)


def test_it_lists_what_is_in_hand_apart_from_what_is_to_be_taken(session: Session) -> None:
    new, taken = leave(session), leave(session, by="韩梅梅")
    tickets.take(turn_of(session, "韩老师"), taken)
    for word, ticket, other in (("/queue", new, taken), ("待接单", new, taken), ("/mine", taken, new)):
        replies = staff.hear(turn_of(session, "韩老师"), Talk(), Incoming(RICH, "T001", "k", START, word))
        assert replies is not None
        assert ticket.number in replies[0].text
        assert other.number not in replies[0].text
        (more,) = desk.page(turn_of(session, "韩老师"), replies[0].choices[-1].send) or ()
        assert other.number in more.text
