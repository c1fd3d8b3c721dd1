"""What conversations do not reach in a form: bounds of held words, what cannot be skipped, what went out of service."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import form, intake, talks, tickets
from handlers.catalogue import Catalogue
from handlers.talks import Draft, Talk
from models.message import Incoming, Refused
from tests.builders import RICH, START, leave_answers, make_school, own_catalogue, turn_of

REPAIR = {"what": "air", "detail": "不制冷"}


def talk(**other: object) -> Talk:
    return Talk(drafts=[Draft.model_validate({"service": "dorm-repair", "asking": "where", **other})], rev=2)


def refusal(session: Session, open_: Talk, verb: str, argument: str = "") -> str:
    with pytest.raises(Refused) as caught:
        form.press(turn_of(session, "李雷"), open_, verb, argument)
    return caught.value.key


def test_it_keeps_held_words_to_the_fields_bounds(session: Session) -> None:
    assert refusal(session, talk(held="长" * 61), "keep") == "form.too_long"
    open_ = talk(held="长" * 60, answers=REPAIR)
    form.press(turn_of(session, "李雷"), open_, "keep", "")
    assert open_.drafts[0].answers["where"] == "长" * 60


@pytest.mark.parametrize(
    ("verb", "argument"), [("o", "0"), ("o", ""), ("keep", ""), ("field", "nope"), ("nope", ""), ("o", "²")]
)
def test_it_refuses_a_button_that_the_question_never_had(session: Session, verb: str, argument: str) -> None:
    open_ = talk()
    before = open_.model_copy(deep=True)
    assert refusal(session, open_, verb, argument) == "form.stale"
    assert open_ == before


def test_it_skips_only_what_may_be_left_out(session: Session) -> None:
    assert refusal(session, talk(), "skip") == "form.cannot_skip"
    open_ = talk(asking="photo", answers={**REPAIR, "where": "梅园"})
    (reply,) = form.press(turn_of(session, "李雷"), open_, "skip", "")
    assert "请核对" in reply.text
    assert "照片" not in reply.text


def test_it_hands_nothing_in_before_everything_is_there(session: Session) -> None:
    open_ = talk(answers=REPAIR)
    (reply,) = form.submit(turn_of(session, "李雷"), open_)
    assert "在哪里" in reply.text
    assert open_.draft is not None


def test_it_says_that_a_service_was_taken_away(session: Session) -> None:
    school = make_school(Catalogue([item for slug, item in own_catalogue().items.items() if slug != "dorm-repair"]))
    turn = turn_of(session, "李雷", school=school)
    with pytest.raises(Refused) as caught:
        form.again(turn, talk())
    assert caught.value.key == "form.gone"
    assert "dorm-repair" in form.cancel(turn, talk())[0].text


def test_it_goes_on_with_the_same_wish_and_starts_it_anew_when_it_is_said_anew(session: Session) -> None:
    open_ = talk(answers=REPAIR)
    form.start(turn_of(session, "李雷"), open_, own_catalogue().items["dorm-repair"])
    assert [draft.answers for draft in open_.drafts] == [REPAIR]
    form.start(turn_of(session, "李雷"), open_, own_catalogue().items["dorm-repair"], "报修")
    assert [draft.answers for draft in open_.drafts] == [{}]


def test_it_keeps_what_is_half_said_for_the_person_on_every_channel(session: Session) -> None:
    turn = turn_of(session, "李雷")
    talks.save(turn, talk(answers={"where": "梅园3栋402"}))
    session.flush()
    elsewhere = turn_of(session, "李雷", channel="wechat")
    assert talks.load(elsewhere).drafts[0].answers == {"where": "梅园3栋402"}
    assert talks.load(turn_of(session, "韩梅梅")).is_empty


def test_it_changes_nothing_when_no_words_come(session: Session) -> None:
    open_ = talk()
    with pytest.raises(Refused):
        form.hear(turn_of(session, "李雷"), open_, Incoming(RICH, "1", "k", START, ""))
    assert open_ == talk()


def test_it_drops_a_form_whose_service_is_gone_and_goes_on_with_what_was_pressed(session: Session) -> None:
    turn = turn_of(session, "李雷")
    ticket = tickets.open_ticket(turn, own_catalogue().items["leave"], leave_answers())
    talks.save(turn, talk())
    session.flush()
    school = make_school(Catalogue([item for slug, item in own_catalogue().items.items() if slug != "dorm-repair"]))
    press = Incoming(RICH, "2023001", "k", START, "", f"t:{ticket.id}:show:{ticket.rev}")
    replies = intake.answer(turn_of(session, "李雷", school=school), press)
    assert "「宿舍报修」这项服务刚刚下线" in replies[0].text
    assert ticket.number in replies[0].text
    assert talks.load(turn_of(session, "李雷", school=school)).drafts == []


def test_it_drops_only_what_is_gone(session: Session) -> None:
    turn = turn_of(session, "李雷")
    open_ = Talk(drafts=[Draft(service="gone"), Draft(service="leave")], rev=2)
    assert "「gone」" in form.drop_gone(turn, open_)
    assert [draft.service for draft in open_.drafts] == ["leave"]
    assert form.drop_gone(turn, open_) == ""


def test_it_tells_the_limit_of_open_matters_before_anything_is_filled_in(session: Session) -> None:
    turn = turn_of(session, "李雷", school=make_school(most_open=1))
    tickets.open_ticket(turn, own_catalogue().items["leave"], leave_answers())
    open_ = Talk(rev=2)
    (reply,) = form.start(turn, open_, own_catalogue().items["dorm-repair"], "空调坏了")
    assert "1 件还没办完" in reply.text
    assert [choice.send for choice in reply.choices] == ["w:mine", "w:human"]
    assert open_.drafts == []


def test_it_keeps_to_the_limit_when_it_is_reached_while_the_form_is_open(session: Session) -> None:
    turn = turn_of(session, "李雷", school=make_school(most_open=1))
    filled = {**REPAIR, "where": "梅园3栋402", "photo": None}
    tickets.open_ticket(turn, own_catalogue().items["leave"], leave_answers())
    with pytest.raises(Refused) as caught:
        form.submit(turn, talk(answers=filled, asking="confirm"))
    assert caught.value.key == "ticket.too_many_open"
    (reply,) = form.start(turn, talk(), own_catalogue().items["leave"], "请假")
    assert reply.choices[-1].send == "f:2:go_on:"
