"""The form of a service as one page: checked, kept, handed in once."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from handlers import half_filled, sheet
from handlers.texts import text
from handlers.turn import Turn
from models.db import Away
from models.outbox import Attachment
from models.person import Account, Person
from tests.bad_inputs.place import Place, Said, _ask
from tests.bot.pages.student_desk import count, fill, hand_in, key, leave, look, number_in, picture, upload


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


def test_it_opens_exactly_once_whatever_is_clicked_twice(place: Place) -> None:
    receipt = once(place)
    for told in ("回执", "已提交", "看牙", "0.5 天", "韩老师会在", "你提交"):
        assert told in receipt.text


def test_it_opens_exactly_once_where_many_write_at_once(postgresql_url: str, tmp_path: Path) -> None:
    many = Place(postgresql_url, tmp_path)
    try:
        assert "回执" in once(many).text
    finally:
        many.close()


def once(place: Place) -> Said:
    """Hand in a leave in every way that a page can be sent twice; answers with its receipt."""
    mark, before = key(), count(place, "leave")
    answer = fill(place, "owner", "leave", mark, **leave(place))
    assert (answer.status, answer.headers["location"]) == (303, f"/services/leave?step=check&key={mark}")
    page, seen = look(place, "owner", "leave", mark)
    for told in ("0.5 天", "韩老师会在", "看牙"):
        assert told in page.text
    path, form = "/services/leave/hand-in", {"token": place.token("owner"), "key": mark, "seen": seen}

    async def both() -> list[Said]:
        headers = {"host": "127.0.0.1:8000", "cookie": f"yizhan={place.cookies['owner']}",
                   "content-type": "application/x-www-form-urlencoded"}  # fmt: skip
        body = urlencode(form).encode()
        return list(await asyncio.gather(*(_ask(place.app, "POST", path, headers, body) for _ in range(3))))

    numbers = {number_in(each) for each in place.run(both())}
    # The page from before, the look from before, and both addresses by "back" lead to the same receipt.
    numbers.add(number_in(fill(place, "owner", "leave", mark, **leave(place))))
    numbers.add(number_in(place.call("GET", f"/services/leave?step=check&key={mark}", "owner")))
    numbers.add(number_in(place.call("GET", f"/services/leave?key={mark}", "owner")))
    assert len(numbers) == 1
    assert count(place, "leave") == before + 1
    return place.call("GET", f"/me/{numbers.pop()}?did=opened", "owner")


def test_it_keeps_what_was_typed_and_leads_to_what_is_wrong(place: Place) -> None:
    answer = fill(place, "owner", "leave", key(), **leave(place, reason="我" * 300, span__said="啦啦<b>", kind="sick"))
    assert answer.status == 422
    assert 'href="#f-reason"' in answer.text
    assert 'href="#f-span"' in answer.text
    assert "太长了（300 字），最多 200 字" in answer.text
    assert "我" * 300 in answer.text
    assert 'value="啦啦&lt;b&gt;"' in answer.text
    assert re.search(r'value="sick" checked', answer.text)
    # The first mistake in the form's order has the focus, and says what is wrong with it to those who hear the page.
    assert len(re.findall("autofocus", answer.text)) == 1
    assert re.search(
        r'name="f-span-from"[^>]*aria-invalid="true"[^>]*aria-describedby="f-span-wrong[^>]*autofocus', answer.text
    )


def test_it_says_what_was_put_aside_and_what_was_not_understood(place: Place) -> None:
    place.clear("stranger")
    answer = fill(place, "stranger", "leave", key(), "keep", **{"f-kind": "sick", "f-span-said": "啦啦啦"})
    assert "存好了，已填 1 项：类型。时间还没看懂，原样留着" in answer.text
    assert 'value="啦啦啦"' in place.call("GET", "/services/leave", "stranger").text
    place.post("/services/leave/drop", "stranger")
    assert "还没有填什么" in fill(place, "stranger", "leave", key(), "keep").text
    place.post("/services/leave/drop", "stranger")


def test_it_puts_a_form_aside_and_the_chat_goes_on_with_it_and_back(place: Place) -> None:
    place.clear("stranger")
    answer = fill(place, "stranger", "dorm-repair", key(), "keep", **{"f-what": "air", "f-where": "梅园3栋402"})
    assert (answer.status, "存好了，已填 2 项：报修、地点。" in answer.text) == (200, True)
    assert "还没有填" not in answer.text  # What is only missing is no mistake yet.
    assert "已填 2 项，共 4 项" in place.call("GET", "/me", "stranger").text
    heard = place.hear("stranger", "继续")
    assert "具体是什么情况" in heard.replies[0].text
    place.hear("stranger", "不制冷")
    page = place.call("GET", "/services/dorm-repair", "stranger")
    assert "不制冷" in page.text
    assert re.search(r'value="air" checked', page.text)
    place.post("/services/dorm-repair/drop", "stranger")
    assert "不制冷" not in place.call("GET", "/services/dorm-repair", "stranger").text


@pytest.mark.parametrize(("kind", "stray"), [("night", {}), ("abroad", {}), ("away", {"off_campus": "no"})])
def test_it_asks_only_what_the_answers_leave_open(place: Place, kind: str, stray: dict[str, str]) -> None:
    place.clear("owner")
    fields = leave(place, kind=kind, reason="回家看看", **stray)
    fields = {name: value for name, value in fields.items() if stray or name != "f-off_campus"}
    mark = key()
    filled = fill(place, "owner", "leave", mark, **fields)
    assert filled.status == 303
    page, seen = look(place, "owner", "leave", mark)
    assert seen, page.text[:400]
    assert "不离校" not in page.text
    place.post("/services/leave/drop", "owner")


def test_it_puts_aside_what_is_no_answer_yet_as_it_was_typed(place: Place) -> None:
    place.clear("owner")
    mark, other = key(), place.call("GET", "/services/leave", "owner").text
    kept = fill(place, "owner", "leave", mark, "keep", **leave(place, reason="我" * 300, span__said="改天再说"))
    assert kept.status == 200
    again = place.call("GET", "/services/leave", "owner").text
    assert 'value="改天再说"' in again
    assert "我" * 300 in again
    assert text("zh", "sheet.goes_on") in again
    # What is an answer by now is shown as one.
    fill(place, "owner", "leave", mark, "keep", **leave(place))
    again = place.call("GET", "/services/leave", "owner").text
    assert "改天再说" not in again
    assert "我我" not in again
    place.post("/services/leave/drop", "owner")
    assert "改天再说" not in other + place.call("GET", "/services/leave", "owner").text


def test_it_shows_the_whole_again_where_the_chat_changed_it_meanwhile(place: Place) -> None:
    place.clear("stranger")
    mark = key()
    fill(place, "stranger", "dorm-repair", mark, **{"f-what": "air", "f-where": "梅园3栋402", "f-detail": "不制冷"})
    _, seen = look(place, "stranger", "dorm-repair", mark)
    place.hear("stranger", "继续")
    place.hear("stranger", "地点改成梅园1栋101")
    answer = place.post("/services/dorm-repair/hand-in", "stranger", key=mark, seen=seen)
    assert answer.headers["location"].endswith("&changed=1")
    page = place.call("GET", answer.headers["location"], "stranger")
    assert "还没有提交，请再看一眼" in page.text
    assert "梅园1栋101" in page.text
    assert number_in(hand_in(place, "stranger", "dorm-repair", mark))


def test_it_takes_files_by_their_content_and_says_which_it_did_not_take_fl_01(place: Place) -> None:
    place.clear("stranger")
    mark, path = key(), "/services/dorm-repair/fill"
    given = {"key": mark, "do": "check", "f-what": "air", "f-where": "梅园3栋402", "f-detail": "不制冷"}
    sent = [("f-photo", "../../etc/photo.png", picture()), ("f-photo", "virus.png", b"MZ" + b"\0" * 200),
            ("f-photo", "two.png", picture("blue"))]  # fmt: skip
    answer = upload(place, path, "stranger", given, sent)
    assert answer.status == 422
    assert "「virus.png」没有收下" in answer.text
    assert "不制冷" in answer.text
    ids = re.findall(r'name="drop" value="(\w{22})"', answer.text)
    assert len(ids) == 2
    assert ">photo.png<" in answer.text
    # The same once more, by a double click, adds nothing; one is taken out, and one is handed in.
    assert upload(place, path, "stranger", given, sent[:1]).status == 303
    answer = upload(place, path, "stranger", {**given, "do": "", "drop": ids[0]}, [])
    assert re.findall(r'name="drop" value="(\w{22})"', answer.text) == ids[1:]
    upload(place, path, "stranger", given, [])
    ticket = place.ticket(number_in(hand_in(place, "stranger", "dorm-repair", mark)))
    rows = place.database.read(
        lambda session: session.execute(select(Attachment.id).where(Attachment.ticket_id == ticket.id)).scalars().all()
    )
    assert list(rows) == ids[1:]
    assert place.call("GET", f"/files/{ids[1]}", "officer").status == 200
    assert place.call("GET", f"/files/{ids[1]}", "owner").status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [("f-kind=sick&f-more=1", 422), ("f-kind=sick&f-kind=sick", 400), ("f-reason=a%00b", 400), ("f-reason=%ff", 400),
     ("&".join(f"f-x{n}=1" for n in range(60)), 400), ("f-reason=" + "x" * 10_000, 422), ("f-reason=" + "x" * 2_000_000, 413),
     ("days=0", 422), ("f-days=3", 422), ("f-span=2026-06-11", 422), ("f-span-from%5B%5D=x", 422), ("f-kind=holiday", 422),
     ("do=submit", 422), ("drop=..%2F", 422), ("f-reason=%E2%80%AE%01%07", 422)],
    ids=["unknown", "twice-wb-08", "nul", "encoding", "many-fields", "tx-01", "too-large-tx-01", "wb-09", "derived", "kind",
         "list", "option", "verb", "file", "control-tx-03"],
)  # fmt: skip
def test_it_refuses_what_no_page_of_ours_sends_wb_08_wb_09_tx_01(place: Place, body: str, status: int) -> None:
    given = f"token={place.token('owner')}&key={key()}&{body}{'' if 'do=' in body else '&do=check'}"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = place.call("POST", "/services/leave/fill", "owner", headers, given.encode())
    assert answer.status == status
    assert not place.quarantined()


@pytest.mark.parametrize(
    "path", ["/services/consult", "/services/crisis", "/services/nothing", "/services/../me", "/me/QJ-1", "/me/0"]
)
def test_it_has_no_page_for_what_is_not_offered(place: Place, path: str) -> None:
    assert place.call("GET", path, "owner").status == 404
    if path.startswith("/services"):
        assert place.post(f"{path}/fill", "owner", key=key(), do="check").status == 404


def test_it_hears_a_cry_for_help_in_a_form_before_anything_else(place: Place) -> None:
    place.clear("classmate")
    mark, before = key(), count(place, "crisis")
    answer = fill(place, "classmate", "leave", mark, **leave(place, reason="我不想活了"))
    assert (answer.status, answer.headers["location"]) == (303, "/chat#end")
    assert count(place, "crisis") == before + 1
    assert "12356" in place.call("GET", "/chat", "classmate").text
    # The form is kept, and the same words do not stand in its way a second time.
    again = fill(place, "classmate", "leave", mark, **leave(place, reason="我不想活了"))
    assert again.headers["location"].startswith("/services/leave?step=check")
    assert count(place, "crisis") == before + 1
    place.clear("classmate")


def test_it_says_what_stands_in_the_way_at_the_last_moment(place: Place) -> None:
    place.clear("owner")
    one, two, given = key(), key(), leave(place)
    fill(place, "owner", "leave", one, **given)
    seen = look(place, "owner", "leave", one)[1]
    number = number_in(place.post("/services/leave/hand-in", "owner", key=one, seen=seen))
    # The same leave once more in chat's draft, which the page would have refused.
    place.database.run(lambda session: keep_as(place, session, "owner", given))
    seen = look(place, "owner", "leave", two)[1]
    answer = place.post("/services/leave/hand-in", "owner", key=two, seen=seen)
    assert (answer.status, number in answer.text, 'href="#f-span"' in answer.text) == (422, True, True)
    most = place.school.most_open
    object.__setattr__(place.school, "most_open", 0)
    try:
        answer = place.post("/services/leave/hand-in", "owner", key=two, seen=seen)
        other = fill(place, "owner", "dorm-repair", two, **{"f-what": "air", "f-where": "梅园", "f-detail": "不制冷"})
        assert other.status == 303
        refused = hand_in(place, "owner", "dorm-repair", two)
        assert (refused.status, "还没办完" in refused.text) == (422, True)
    finally:
        object.__setattr__(place.school, "most_open", most)
        place.clear("owner")


def keep_as(place: Place, session: Any, who: str, given: dict[str, str]) -> None:
    account = session.execute(select(Account).where(Account.key == who)).scalar_one()
    turn = Turn(session, place.school, datetime.now(UTC), datetime.now(UTC), account, session.get(Person, who), "zh")
    item = place.school.catalogue.items["leave"]
    found = sheet.read(replace(turn, person=session.get(Person, "classmate")), item, given, {}, {})
    half_filled.keep(turn, item, found.answers)


def test_it_gives_the_numbers_while_the_database_is_away(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Any:
        raise Away

    monkeypatch.setattr(place.database, "submit", away)
    cry = fill(place, "classmate", "leave", key(), **leave(place, reason="我不想活了"))
    assert (cry.status, "12356" in cry.text) == (503, True)
    assert fill(place, "classmate", "leave", key(), **leave(place)).status == 503


def test_it_asks_before_it_is_handed_in_whether_a_letter_is_about_whom_it_names(place: Place) -> None:
    mark, before = key(), count(place, "youth-mailbox")
    place.clear("owner")
    fill(place, "owner", "youth-mailbox", mark, **{"f-topic": "other", "f-letter": "韩老师一直没回我的消息，怎么办"})
    page, seen = look(place, "owner", "youth-mailbox", mark)
    for told in ("这件事是关于韩老师的吗", 'name="about" value="yes" required', 'name="about" value="no" required'):
        assert told in page.text
    refused = place.post("/services/youth-mailbox/hand-in", "owner", key=mark, seen=seen)
    assert (refused.status, "还没有提交" in refused.text) == (422, True)
    assert count(place, "youth-mailbox") == before
    number = number_in(place.post("/services/youth-mailbox/hand-in", "owner", key=mark, seen=seen, about="yes"))
    assert "韩老师不经手这件事，也看不到" in place.call("GET", f"/me/{number}", "owner").text
    other = key()
    fill(place, "owner", "youth-mailbox", other, **{"f-topic": "other", "f-letter": "图书馆可以开到十一点吗"})
    assert "是关于" not in look(place, "owner", "youth-mailbox", other)[0].text
