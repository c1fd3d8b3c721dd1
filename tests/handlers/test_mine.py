"""What a student sees of the own matters and of the services: who has it now, what comes next, page after page."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from handlers import notices, tickets
from handlers.catalogue import Catalogue
from handlers.views import mine, services
from models.item import Item
from models.ticket import Ticket
from tests.builders import START, leave_answers, make_school, own_catalogue, person_of, turn_of


def opened(session: Session, day: int = 0) -> Ticket:
    now = START + timedelta(minutes=day)
    start = START + timedelta(days=day + 1)
    answers = leave_answers(f"{start:%Y-%m-%d} 14:00", f"{start:%Y-%m-%d} 18:00", 0.5)
    return tickets.open_ticket(turn_of(session, "李雷", now), own_catalogue().items["leave"], answers)


def test_it_says_whose_turn_it_is_and_what_comes_next(session: Session) -> None:
    ticket = opened(session)
    reader = turn_of(session, "李雷")

    def next_(now: timedelta = timedelta(0)) -> tuple[str, str, list[str]]:
        (matter,) = mine.mine(turn_of(session, "李雷", START + now)).open
        return matter.next, matter.late, [verb for verb, _, _, _ in matter.verbs]

    assert next_()[0].startswith("韩老师会在")
    assert "withdraw" in next_()[2]
    said, late, _ = next_(timedelta(days=2))
    assert said.startswith("韩老师应在")
    assert late == "1天" or late.endswith("小时")
    tickets.ask(turn_of(session, "韩老师"), ticket, "补病历")
    assert next_()[0].startswith("轮到你了：韩老师请你补充")
    assert "fill" in next_()[2]
    tickets.answer(reader, ticket, "病历")
    tickets.sign(turn_of(session, "韩老师"), ticket)
    assert "请在" in next_()[0]
    tickets.come_back(turn_of(session, "李雷", START + timedelta(days=1, hours=8)), ticket)
    found = mine.mine(reader)
    assert (found.open, len(found.closed)) == ((), 1)
    assert found.closed[0].next == "这件事已经结束，记录一直留在这里。"
    shown = mine.receipt(reader, ticket.number)
    assert shown is not None
    assert [told.mine for told in shown.events] == [True, False, True, False, True]
    assert shown.events[1].words == "补病历"
    assert mine.receipt(turn_of(session, "韩梅梅"), ticket.number) is None


def test_it_keeps_what_staff_tell_each_other_from_the_student(session: Session) -> None:
    ticket = opened(session)
    tickets.transfer(turn_of(session, "韩老师"), ticket, person_of(session, "王书记"), "内部一")
    tickets.recuse(turn_of(session, "王书记"), ticket, person_of(session, "韩老师"), "内部二")
    tickets.call_up(turn_of(session, "学工部长"), ticket, "内部三")
    tickets.note(turn_of(session, "王书记"), ticket, "内部四")
    shown = mine.receipt(turn_of(session, "李雷"), ticket.number)
    assert shown is not None
    page = [f"{told.line}{told.words}" for told in shown.events]
    events = tickets.events_of(turn_of(session), ticket)
    chat = notices.timeline(turn_of(session, "李雷"), ticket, events, staff=False)
    assert not [line for line in (*page, chat) if "内部" in line]
    theirs = notices.timeline(turn_of(session, "王书记"), ticket, events, staff=True)
    assert [each for each in "一二三四" if f"内部{each}" in theirs] == ["一", "二", "三", "四"]


def test_it_goes_through_the_past_page_by_page(session: Session) -> None:
    many = []
    for day in range(25):
        many.append(opened(session, day))
        tickets.withdraw(turn_of(session, "李雷"), many[-1])
    reader = turn_of(session, "李雷")
    first = mine.mine(reader)
    assert (len(first.closed), first.count_closed) == (mine.PAGE, 25)
    rest = mine.mine(reader, first.after)
    assert [each.number for each in (*first.closed, *rest.closed)] == [ticket.number for ticket in reversed(many)]
    assert rest.after == ""
    # A number that is not one's own shows nothing of whoever's it is.
    assert mine.mine(turn_of(session, "韩梅梅"), first.after).closed == ()
    assert mine.mine(reader, "QJ-0001-0001").closed == first.closed


def test_it_lists_eight_hundred_services_a_page_at_a_time(session: Session) -> None:
    items = [
        Item.model_validate({
            "slug": f"s{n}", "title": f"事项{n}", "prefix": "SX", "tree": "office" if n % 4 else "academic",
            "office": f"office-{n % 4}" if n % 4 else "", "rank": n,
        })
        for n in range(800)
    ]  # fmt: skip
    turn = turn_of(session, "李雷")
    turn.school = make_school(Catalogue(items))
    whole = services.services(turn)
    assert (whole.count, len(whole.first), [group.count for group in whole.groups]) == (800, services.FIRST, [200] * 4)
    assert not any(group.rows for group in whole.groups)
    seen = [row.slug for page in range(1, 8) for row in services.services(turn, office="office-1", page=page).first]
    assert seen == [f"s{n}" for n in range(800) if n % 4 == 1]
    assert services.services(turn, office="office-1", page=99).page == 7
    assert services.services(turn, "事项77").first[0].slug == "s77"
    assert len(services.services(turn, "事项").first) <= services.PAGE
