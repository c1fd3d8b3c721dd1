"""A whole list as a file: on the form's page, in the web chat, and on the console, with who was found before anything goes on."""

from __future__ import annotations

import pytest

from bot.sheets import write_sheets
from tests.bad_inputs.place import Place, Said
from tests.bot.pages.console_desk import number_of
from tests.bot.pages.student_desk import key, leave, upload


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


def table(*rows: tuple[str, str]) -> bytes:
    return write_sheets([("名单", ["序号", "姓名", "学号"], [["1", *row] for row in rows])])


def send(place: Place, name: str, data: bytes) -> Said:
    """A file in the web chat, as its script sends it."""
    return upload(place, "/chat/say", "owner", {"text": "", "key": key()}, [("file", name, data)], "application/json")


def group(place: Place, **more: str) -> dict[str, str]:
    span = {name: value for name, value in leave(place).items() if name.startswith("f-span")}
    return {
        "key": key(),
        "do": "check",
        "f-kind": "contest",
        "f-reason": "参加比赛",
        "f-off_campus": "no",
        **span,
        **more,
    }


def test_it_takes_a_list_on_the_form_and_shows_who_was_not_found_im_11(place: Place) -> None:
    place.clear("owner")
    mine, mate = number_of(place, "owner"), number_of(place, "classmate")
    path, sent = "/services/group-leave/fill", group(place)
    partly = upload(
        place,
        path,
        "owner",
        sent,
        [("f-people-list", "a.xlsx", table(("李雷", mine), ("无名氏", "2099999"), ("韩梅梅", "")))],
    )
    assert partly.status == 422
    for told in ("名单里认出 2 人", "没找到 1 个：2099999", f"{mine} {mate}</textarea>"):
        assert told in partly.text
    bad = upload(
        place,
        path,
        "owner",
        sent,
        [("f-people-list", "b.csv", b"\x00\x01"), ("f-people-list", "c.xls", b"\xd0\xcf\x11\xe0")],
    )
    assert "「b.csv」没有收下：这不是能读的名单" in bad.text
    assert "旧格式（xls）" in bad.text
    # What was typed before stays, and the file adds to it.
    whole = upload(
        place,
        path,
        "owner",
        sent | {"f-people": mine},
        [("f-people-list", "c.csv", f"姓名\n韩梅梅\n{''}".encode("gb18030"))],
    )
    assert whole.status == 303
    page = place.call("GET", whole.headers["location"], "owner").text
    assert f"李雷（{mine}）" in page
    assert f"韩梅梅（{mate}）" in page


def test_it_takes_a_list_in_the_web_chat_at_the_question_for_people(place: Place) -> None:
    place.clear("owner")
    mine, mate = number_of(place, "owner"), number_of(place, "classmate")
    loose = send(place, "名单.csv", "学号\n1".encode())
    assert "暂时不能接收这种文件" in loose.text
    place.hear("owner", "集体公假")
    place.hear("owner", "比赛")
    partly = send(place, "名单.csv", f"学号\n{mine}\n{mate}\n2099999".encode())
    assert "名单里认出 2 人" in partly.text
    assert "没找到 1 个：2099999" in partly.text
    damaged = send(place, "名单.txt", b"a\x00b")
    assert "这不是能读的名单" in damaged.text
    place.hear("owner", "返回")
    place.hear("owner", "比赛")
    sheet = table(("李雷", mine), ("韩梅梅", mate))
    whole = send(place, "名单.xlsx", sheet)
    assert "名单里认出 2 人" in whole.text
    assert "从什么时候到什么时候" in whole.text
    assert not place.quarantined()


def test_it_takes_who_was_found_without_the_others_at_a_click(place: Place) -> None:
    place.clear("owner")
    place.hear("owner", "集体公假")
    place.hear("owner", "比赛")
    rows = f"学号\n{number_of(place, 'owner')}\n2099999".encode()
    answer = send(place, "名单.csv", rows)
    assert "就用这 1 人" in answer.text
    assert "从什么时候到什么时候" in str(place.hear("owner", "就用这 1 人"))


def test_it_takes_a_list_on_the_console(place: Place) -> None:
    base = f"/console/students/{number_of(place, 'owner')}/open/group-leave"
    assert 'name="f-people-list"' in place.call("GET", base, "counselor").text
    sent = group(place) | {"source": "phone", "key": "q" * 12}
    rows = [("李雷", number_of(place, "owner")), ("韩梅梅", "")]
    partly = upload(
        place, f"{base}/fill", "counselor", sent, [("f-people-list", "a.xlsx", table(*rows, ("无名氏", "")))]
    )
    assert "没找到 1 个：无名氏" in partly.text
    whole = upload(place, f"{base}/fill", "counselor", sent, [("f-people-list", "a.xlsx", table(*rows))])
    assert whole.status == 200
    assert f'value="{number_of(place, "owner")} {number_of(place, "classmate")}"' in whole.text
