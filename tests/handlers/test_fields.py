"""What each kind of field takes, at its bounds, and in which words it refuses."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from sqlalchemy.orm import Session

from handlers import field_times, fields
from handlers.field_times import MORE, WHY
from handlers.talks import Draft, Talk
from handlers.texts import sentences
from handlers.turn import Turn
from handlers.understand.times import read_time
from handlers.understand.times.days import SERIOUS
from models.item import FormField
from models.message import Incoming, Place, Refused, Upload
from tests.builders import START, make_school

FILE = Upload("f" * 26, "图.jpg", "image/jpeg", 10)
CHOICE: dict[str, Any] = {
    "type": "choice",
    "options": [
        {"key": "yes", "label": {"zh": "会离校", "en": "Yes"}},
        {"key": "no", "label": {"zh": "不离校", "en": "No"}},
    ],
}


def field(kind: str, **other: Any) -> FormField:
    return FormField.model_validate({"key": "x", "ask": {"zh": "问？", "en": "Ask?"}, "type": kind, **other})


def turn(said: str | None = None) -> Turn:
    """A turn without a database: reading an answer needs none."""
    from tests.builders import at

    return Turn(None, make_school(), START, at(said) if said else START)  # type: ignore[arg-type]


def read(asked: FormField, words: str = "", draft: Draft | None = None, said: str | None = None, **other: Any) -> Any:
    incoming = Incoming("webchat", "1", "k", START, words, **other)
    return fields.read(turn(said), draft if draft is not None else Draft(service="x", asking="x"), asked, incoming)


def refusal(asked: FormField, words: str = "", **other: Any) -> str:
    with pytest.raises(Refused) as caught:
        read(asked, words, **other)
    return caught.value.key


@pytest.mark.parametrize(
    ("words", "said"),
    [("三", "form.too_short"), ("三四", None), ("三四五六", None), ("三四五六七", "form.too_long"), ("", "form.empty"),
     ("。。。", "form.empty"), ("？", "form.empty"), ("😀😀", None)],
)  # fmt: skip
def test_it_takes_text_from_its_least_to_its_most(words: str, said: str | None) -> None:
    asked = field("text", least=2, most=4)
    assert (read(asked, words) if said is None else refusal(asked, words)) == (said or words)


@pytest.mark.parametrize(("words", "value"), [("3", 3), ("３", 3), ("约3.5天", 3.5), ("-2", -2), ("共 12 件", 12)])
def test_it_reads_one_number(words: str, value: float) -> None:
    assert read(field("number"), words) == value


@pytest.mark.parametrize(
    "words", ["①", "²", "Ⅷ", "三个或 4 个或 5 个", "很多", "1e99999", "1" * 40, "３和４", "NaN", "٣"]
)
def test_it_refuses_what_is_no_number(words: str) -> None:
    assert refusal(field("number"), words) == "form.no_number"


@pytest.mark.parametrize(("words", "value"), [("13800138000", "13800138000"), ("０10-62751234 办公室", "010-62751234"),
                                              ("我的是 138 0013 8000", "13800138000")])  # fmt: skip
def test_it_finds_a_telephone_number(words: str, value: str) -> None:
    assert read(field("phone"), words) == value


@pytest.mark.parametrize("words", ["1380013800", "138001380001", "没有", "23800138000"])
def test_it_refuses_what_is_no_telephone_number(words: str) -> None:
    assert refusal(field("phone"), words) == "form.no_phone"


@pytest.mark.parametrize(("words", "value"), [("会离校", "yes"), ("不离校", "no"), ("no", "no"), ("YES", "yes"),
                                              ("我不离校的", "no"), ("不", "no"), ("是的", "yes")])  # fmt: skip
def test_it_takes_an_option_by_its_name(words: str, value: str) -> None:
    assert read(field(**CHOICE, kind="choice"), words) == value


@pytest.mark.parametrize("words", ["离校", "会离校还是不离校", "随便", "3"])
def test_it_refuses_what_names_no_option_or_two(words: str) -> None:
    asked = FormField.model_validate({"key": "x", "ask": "问", **CHOICE})
    assert refusal(asked, words) == "form.no_choice"


def test_it_wants_words_where_words_are_asked_and_a_file_where_a_file_is() -> None:
    assert refusal(field("text"), file=FILE) == "form.words_please"
    assert refusal(field("text"), place=Place(36.1, 117.1)) == "form.words_please"
    assert refusal(field("file"), "没有照片") == "form.file_please"
    assert read(field("file"), file=FILE)[0]["name"] == "图.jpg"
    assert [each["name"] for each in read(field("file"), file=FILE, more=(FILE, FILE))] == ["图.jpg"] * 3


def test_it_has_a_plain_question_for_every_doubt_of_the_time_grammar() -> None:
    assert set(WHY) >= {*SERIOUS, "reversed", "no_start", "no_end", "no_time", "recurring", "several"}
    assert all(key in sentences(lang) for key in WHY.values() for lang in ("zh", "en"))


@pytest.mark.parametrize(
    ("words", "key"),
    [("2月30日到3月1日", "form.no_such_day"), ("6月15日25点到26点", "form.no_such_time"),
     ("周五第20节", "form.no_such_lesson"), ("周五第4-3节", "form.lessons_turned"), ("明天下午3点到3点", "form.same"), ("星期八", "form.no_such_day"),
     ("过几天", "form.fuzzy_time"),
     ("每天下午", "form.recurring"), ("三天", "form.no_start"), ("呜啦啦", "form.no_time")],
)  # fmt: skip
def test_it_says_what_is_wrong_with_a_time(words: str, key: str) -> None:
    assert refusal(field("span"), words) == key


@pytest.mark.parametrize(
    ("words", "because", "many"),
    [("星期三下午", "two_readings", 2), ("6月15日到6月12日", "reversed", 1), ("明天或后天", "two_readings", 2),
     ("明天第三节到第四节", "lesson", 1), ("每周三下午", "recurring", 1), ("周一下午和周三上午", "several", 0)],
)  # fmt: skip
def test_it_offers_the_readings_of_a_doubtful_time(words: str, because: str, many: int) -> None:
    draft = Draft(service="x", asking="x")
    time = read_time(words, START)
    assert time.ask == because
    if many == 0:
        assert refusal(field("span"), words) == WHY[because]
        return
    assert read(field("span"), words, draft) is MORE
    assert (len(draft.offer), draft.because) == (many, because)
    reply = field_times.offer(turn(), Talk(drafts=[draft]), draft)
    assert len([choice for choice in reply.choices if choice.send.split(":")[2] == "o"]) == many


def test_it_shows_a_time_that_was_said_on_another_day() -> None:
    draft = Draft(service="x", asking="x")
    assert read(field("span"), "明天下午", draft, said="2026-06-09 22:00") is MORE
    assert draft.because == "yesterday"
    assert draft.offer[0]["start"].startswith("2026-06-10T14:00")
    assert read(field("span"), "6月12日下午", said="2026-06-09 22:00")["start"].startswith("2026-06-12")


@pytest.mark.parametrize(
    ("words", "end", "timed"),
    [("到周五晚上", "2026-06-12T22:00", True), ("周五", "2026-06-13T00:00", False), ("后天18点", "2026-06-12T18:00", True),
     ("三天", "2026-06-14T14:00", True), ("两个小时", "2026-06-11T16:00", True)],
)  # fmt: skip
def test_it_takes_the_end_of_a_span_whose_start_is_known(words: str, end: str, timed: bool) -> None:
    draft = Draft(service="x", asking="x", partial="2026-06-11T14:00:00+08:00")
    value = read(field("span"), words, draft)
    assert (value["end"][:16], value["timed"]) == (end, [True, timed])


def test_it_refuses_an_end_that_is_not_after_the_start() -> None:
    draft = Draft(service="x", asking="x", partial="2026-06-12T14:00:00+08:00")
    assert refusal(field("span"), "周四", draft=draft) == "form.end_before_start"


def test_it_asks_for_the_end_of_a_span_that_has_none() -> None:
    draft = Draft(service="x", asking="x")
    assert read(field("span"), "从周五开始", draft) is MORE
    assert (draft.partial[:10], draft.timed, draft.offer) == ("2026-06-12", False, [])


def test_it_reads_a_day_for_a_date_and_offers_its_readings() -> None:
    assert read(field("date"), "后天") == "2026-06-12"
    draft = Draft(service="x", asking="x")
    assert read(field("date"), "明天", draft, said="2026-06-09 22:00") is MORE
    assert "6月10日" in field_times.offer(turn(), Talk(drafts=[draft]), draft).choices[0].label


def test_it_reads_every_kind_of_field(session: Session) -> None:
    kinds = set(get_args(FormField.model_fields["kind"].annotation))
    assert kinds == {"text", "long", "choice", "span", "date", "phone", "number", "file", "people"}
