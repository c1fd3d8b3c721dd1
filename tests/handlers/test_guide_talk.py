"""Questions and wishes in chat: what is answered, what opens its form, and what comes of an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import bot.demo
from handlers import catalogue, intake, talks
from handlers.first_look import first
from handlers.services.leave.telling import TOLD
from handlers.turn import Turn
from handlers.understand.questions import aspect_of, masked, puts_question
from models.asked import GuideCount, Unanswered
from models.db import seal_of
from models.message import Incoming, Reply
from models.ticket import Ticket
from tests.builders import RICH, START, make_school, turn_of, undone
from tests.handlers.guide_lines import ANSWERED, UNANSWERED, WISHES
from tests.handlers.guide_lines_blind import BLIND
from tests.handlers.guide_lines_blind_later import BLIND_LATER

SCHOOL = make_school(catalogue.load((), (), (bot.demo.GUIDES,)))


def say(turn: Turn, words: str = "", press: str = "") -> tuple[Reply, ...]:
    assert turn.account is not None
    return intake.answer(turn, Incoming(RICH, turn.account.key, "k", START, words, press))


def here(session: Session, words: str = "", name: str = "李雷", **other: Any) -> Turn:
    return turn_of(session, name, school=SCHOOL, lang="en" if words.isascii() and words else "zh", **other)


def heard(session: Session, words: str) -> tuple[str | None, str | None, str]:
    """By what a sentence was answered ("" by an honest word, None by nothing), the form that it opened, what was said."""
    turn = here(session, words)
    assert turn.account is not None
    turn.account.lang = turn.lang
    with undone(session):
        replies = say(turn, words)
        talk = talks.load(turn)
    return talk.asked.guide if talk.asked else None, talk.draft.service if talk.draft else None, replies[0].text


def test_it_takes_no_wish_for_a_question(session: Session) -> None:
    """0 of the wishes that were written down beforehand get an answer or an honest word in the place of their form."""
    taken = {words: found for words in WISHES if (found := heard(session, words))[0] is not None}
    assert taken == {}


def test_it_answers_at_least_nine_of_ten_questions(session: Session) -> None:
    """Of what has an answer; none of them opens a form unasked."""
    missed = {}
    for words, wanted in ANSWERED.items():
        guide, opened, _ = heard(session, words)
        right = (
            guide == wanted
            if "/" in wanted
            else (guide or "").startswith("rule:") and str(guide).endswith(f"/{wanted}")
        )
        if not right or opened:
            missed[words] = (guide, opened)
    assert len(missed) <= len(ANSWERED) // 10, missed
    assert not any(opened for _, opened in missed.values())


def test_it_makes_of_blind_sentences_what_they_are(session: Session) -> None:
    """No wish is answered in the place of its form, no question opens a form or is answered by something else."""
    wrong = {}
    for row in (BLIND.strip() + BLIND_LATER).splitlines():
        words, _, accepted = row.partition(" | ")
        guide, opened, said = heard(session, words)
        if not any(_is(each, guide, opened) for each in accepted.split(",")):
            wrong[words] = (accepted, guide, opened, said[:40])
    assert wrong == {}


def _is(wanted: str, guide: str | None, opened: str | None) -> bool:
    if wanted.startswith("form:"):
        return opened == wanted.removeprefix("form:")
    if wanted == "none":
        return guide == "" and opened is None
    if wanted == "other":
        return guide is None and opened is None
    return opened is None and (guide == wanted or (guide or "").endswith(f"/{wanted}"))


def test_it_says_so_where_it_has_no_answer(session: Session) -> None:
    for words in UNANSWERED:
        guide, opened, said = heard(session, words)
        assert (guide, opened) == ("", None), (words, said)


def test_it_counts_what_came_of_an_answer_and_not_who_asked(session: Session) -> None:
    turn, other = here(session), here(session, name="韩梅梅")
    for each in (turn, other):
        say(each, "校园卡丢了怎么补办")
    say(turn, "1")
    say(other, "问老师")
    say(other, "就这样发")
    say(turn, "报修多久有人来")
    say(turn, "2")
    counts = {(row.guide, row.kind): row.count for row in session.execute(select(GuideCount)).scalars()}
    assert counts == {
        ("card/lost", "told"): 2, ("card/lost", "helped"): 1, ("card/lost", "person"): 1,
        ("rule:dorm-repair/limits", "told"): 1, ("rule:dorm-repair/limits", "form"): 1,
    }  # fmt: skip
    assert set(GuideCount.__table__.columns.keys()) == {"on", "guide", "kind", "count"}


def test_it_sends_the_words_to_a_person_as_they_are(session: Session) -> None:
    turn = here(session)
    pressed = say(turn, "转专业要什么条件？")[0].choices[-1].send
    said = say(turn, "问老师")[0].text
    assert "ZX-" in said
    assert "转专业要什么条件？" in said
    assert "再问一次" in say(turn, press=pressed)[0].text  # It was sent once.
    assert len(session.execute(select(Ticket)).scalars().all()) == 1


def test_it_does_nothing_by_a_button_of_another_question(session: Session) -> None:
    turn = here(session)
    older = say(turn, "校园卡丢了怎么补办")[0].choices
    say(turn, "图书馆几点关门")
    for choice in older:
        assert "再问一次" in say(turn, press=choice.send)[0].text
    assert session.execute(select(Ticket)).first() is None
    assert session.execute(select(GuideCount).where(GuideCount.kind != "told")).first() is None


def test_it_writes_questions_down_masked(session: Session) -> None:
    say(here(session), "学号2023001的王老师选修课什么时候开始抢？")
    (row,) = session.execute(select(Unanswered)).scalars()
    words = seal_of(session).open(f"unanswered.words:{row.id}", row.words)
    assert "2023001" not in words
    assert "王" not in words
    assert "选修课" in words


@pytest.mark.parametrize(
    ("words", "shown"),
    [("宿舍没热水，报修", "先看看：热水每天"), ("宿舍的灯坏了，报修", ""), ("我想请假三天", "")],
)
def test_it_shows_one_guide_before_a_form_where_it_fits(session: Session, words: str, shown: str) -> None:
    turn = here(session)
    said = say(turn, words)[0].text
    assert said.startswith(shown)
    assert said.count("先看看") == bool(shown)
    assert talks.load(turn).draft is not None


def test_it_shows_none_before_a_letter_nor_in_distress(session: Session) -> None:
    turn = here(session)
    assert first(turn, SCHOOL.catalogue.items["youth-mailbox"], "食堂几点开门") is None
    assert first(turn, SCHOOL.catalogue.items["dorm-repair"], "食堂几点开门") is not None
    assert "先看看" not in say(turn, "我不想活了，校医院几点关门")[0].text
    assert session.execute(select(GuideCount)).first() is None


def test_it_answers_from_what_the_rules_say_today(session: Session) -> None:
    """The same question under another set of rules has another answer, with no guide changed."""
    other = make_school(catalogue.load([Path("docs/examples/leave-by-destination")]))
    said = [
        say(turn_of(session, "李雷", school=school), "请假要提前几天？")[0].text for school in (SCHOOL, other)
    ]  # fmt: skip
    assert "没有规定要提前几天" in said[0]
    assert said[0] != said[1]
    assert "提前" in said[1]


def test_it_answers_who_is_not_known_by_roles(session: Session) -> None:
    turn = Turn(session, SCHOOL, START, START, here(session).account, None, "zh")
    said = say(turn, "请假找谁批")[0].text
    assert "辅导员" in said
    assert "韩老师" not in said
    assert "绑定" in say(turn, "我这学期请了几天假")[0].text


def test_it_leaves_staff_their_words(session: Session) -> None:
    turn = here(session, name="韩老师")
    (reply,) = say(turn, "图书馆几点关门")
    assert "22:30" in reply.text
    assert not reply.choices


# What other sentences taught after the measure above: by what they are answered, None where another one hears them.
TAUGHT = {
    "夜不归宿要请假吗": "rule:leave/need", "我要请三天假，找谁批": "rule:leave/who", "报修要钱吗": "",
    "学生证丢了怎么补": "", "校医院在哪里": "", "考试周图书馆几点关门": "library/hours", "在读证明": "certificate/enrolment",
    "我发烧了校医院现在开门吗": "clinic/hours", "is the library open on Sunday": "library/hours", "信箱匿名吗": "youth-mailbox/signed",
    "门卫要看假条怎么办": "leave/slip", "宿舍门禁坏了": None, "报修进度": None, "我的辅导员是谁": None, "可以给操场装灯吗": None, "怎么入党": "",
    "图书一次可以借多少本": "library/borrow", "校园卡在什么地方补": "card/lost", "食堂晚上几点关": "around/canteen",
    "丧假能请几天": "rule:leave/most", "请假批下来要等几个小时": "rule:leave/limits", "报修一般几点有人上门": "rule:dorm-repair/limits",
    "晾衣杆掉了，什么时候能装回去": None, "周六去考教资 可以离校吗": None, "宿舍停电了什么时候来电": None,
}  # fmt: skip


@pytest.mark.parametrize("words", TAUGHT)
def test_it_hears_what_other_sentences_taught(session: Session, words: str) -> None:
    guide, opened, said = heard(session, words)
    assert guide == TAUGHT[words], said
    assert guide is None or opened is None


@pytest.mark.parametrize("rules", ["leave-by-days", "leave-by-destination", "leave-joint"])
def test_it_answers_every_aspect_from_every_set_of_rules(session: Session, rules: str) -> None:
    school = make_school(catalogue.load([Path("docs/examples") / rules]))
    for lang in ("zh", "en"):
        turn = turn_of(session, "李雷", school=school, lang=lang)
        service = school.catalogue.service("leave")
        for aspect in TOLD:
            for words in ("请假", "请五天病假"):
                said = service.told(turn, aspect, words)
                assert said or aspect == "need"
                assert "{" not in (said or "")


@pytest.mark.parametrize(
    ("words", "aspect"),
    [
        ("报修多久有人来", "limits"),
        ("网断了，什么时候能来修", ""),
        ("请假影响评奖学金吗", ""),
        ("我要请假去办证明", ""),
    ],
)
def test_it_reads_what_is_asked(words: str, aspect: str) -> None:
    assert aspect_of(words) == aspect


def test_it_masks_what_could_name_somebody() -> None:
    assert masked("203宿舍的韩老师  和辅导员老师几点下班") == "＊＊＊宿舍的某老师 和辅导员老师几点下班"
    assert not puts_question("帮我请假好吗")
