"""The web chat as a channel: messages, the stream's numbers, what was sent and seen, and who speaks for whom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.cookies import new_cookie
from handlers import signins
from models.dialogue import Received
from models.message import Card, Choice, Link, Reply
from models.person import Account, SignIn
from tests.bot.website import HAN, HANMEI, LILEI, NOW, Site, enter, make_site, say, token_in


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Any:
    site = make_site(database_url, tmp_path)
    yield site
    site.database.close()


def count(site: Site, table: Any) -> int:
    return site.database.read(lambda session: session.execute(select(func.count()).select_from(table)).scalar_one())


def test_it_answers_without_script_by_a_page(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    answer = client.post(
        "/chat/say", data={"token": token, "text": "我想请假", "key": "k" * 20}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/chat#end")
    page = client.get("/chat").text
    assert "我想请假" in page
    assert "收到：我想请假" in page


def test_it_answers_the_script_with_the_entry(site: Site) -> None:
    client = site.client()
    answer = say(client, enter(client, LILEI), "我想请假", key="mine-12345").json()
    entry = answer["entries"][0]
    assert (entry["seq"], entry["key"]) == (1, "mine-12345")
    assert "收到：我想请假" in entry["html"]
    assert answer["lang"] == "zh"  # A page in another language loads itself anew.


def test_it_answers_a_message_sent_again_with_the_same_words(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    first = say(client, token, "你好", key="again-1234").json()
    again = say(client, token, "你好", key="again-1234").json()
    assert first == again
    assert count(site, Received) == 1


def test_it_keeps_other_words_sent_with_an_old_pages_key(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    say(client, token, "你好", key="again-1234")
    assert "收到：再见" in say(client, token, "再见", key="again-1234").text
    assert count(site, Received) == 2


def test_it_gives_nobody_the_answer_to_anothers_key(site: Site) -> None:
    first, second = site.client(), site.client()
    site.door.answers["查"] = (Reply(text="只给李雷看"),)
    say(first, enter(first, LILEI), "查", key="same-12345")
    site.door.answers["查"] = (Reply(text="给韩梅梅看"),)
    assert "给韩梅梅看" in say(second, enter(second, HANMEI), "查", key="same-12345").text


def test_it_gives_a_visitor_an_account_with_the_first_message(site: Site) -> None:
    client = site.client()
    token = token_in(client.get("/chat").text)
    assert count(site, Account) == 0
    assert say(client, token, "你好").status_code == 200
    assert count(site, Account) == 1
    assert "收到：你好" in client.get("/chat").text
    assert "收到：你好" not in site.client().get("/chat").text


def test_it_shows_one_person_the_same_log_in_two_browsers(site: Site) -> None:
    first, second = site.client(), site.client()
    say(first, enter(first, LILEI), "第一句")
    enter(second, LILEI)
    assert "收到：第一句" in second.get("/chat").text
    assert count(site, Account) == 1


def test_it_polls_what_is_new_in_order(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    say(client, token, "一")
    site.notify(LILEI, Reply(text="通知二"))
    say(client, token, "三")
    entries = client.get("/chat/poll?after=1").json()["entries"]
    assert [entry["seq"] for entry in entries] == [2, 3]
    assert "通知二" in entries[0]["html"]


def test_it_shows_the_last_sixty_entries(site: Site) -> None:
    for number in range(1, 71):
        site.notify(LILEI, Reply(text=f"第{number}条。"))
    client = site.client()
    enter(client, LILEI)
    page = client.get("/chat").text
    assert "第11条。" in page
    assert "第70条。" in page
    assert "第10条。" not in page
    assert len(client.get("/chat/poll?after=1").json()["entries"]) == 60


def test_it_counts_a_notice_as_sent_when_shown_and_seen_when_the_page_says_so(site: Site) -> None:
    site.notify(LILEI, Reply(text="韩老师同意了"))
    assert site.statuses() == ["ready"]
    client = site.client()
    token = enter(client, LILEI)
    assert site.statuses() == ["sent"]
    assert client.post("/chat/seen", data={"token": token, "seq": "1"}).status_code == 204
    assert site.statuses() == ["seen"]
    assert site.account_of(LILEI).seen == 1


def test_it_counts_nothing_as_seen_that_was_never_there(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    assert client.post("/chat/seen", data={"token": token, "seq": "999"}).status_code == 204
    site.notify(LILEI, Reply(text="后来的"))
    assert site.statuses() == ["ready"]
    assert site.account_of(LILEI).seen == 0


def test_it_takes_a_later_message_as_word_that_the_page_was_seen(site: Site) -> None:
    site.notify(LILEI, Reply(text="韩老师同意了"))
    client = site.client()
    token = enter(client, LILEI)
    say(client, token, "谢谢", seen="1")
    assert site.statuses() == ["seen"]


def test_it_signs_out_for_good(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    old = client.cookies["yizhan"]
    client.post("/chat/leave", data={"token": token})
    assert "李雷" not in client.get("/chat").text
    client.cookies.clear()
    client.cookies.set("yizhan", old)
    assert client.get("/chat", follow_redirects=False).headers["location"] == "/"
    client.cookies.set("yizhan", old)
    answer = say(client, token, "写给韩老师的话")
    assert answer.status_code == 403
    assert answer.json()["stale"] is True
    assert site.door.heard == []


def test_it_gives_a_new_cookie_on_every_entry(site: Site) -> None:
    client = site.client()
    client.get("/")
    before = client.cookies["yizhan"]
    enter(client, LILEI)
    first = client.cookies["yizhan"]
    enter(client, HANMEI)
    assert len({before, first, client.cookies["yizhan"]}) == 3
    assert count(site, SignIn) == 1


def test_it_keeps_no_cookie_that_opens_anything(site: Site) -> None:
    client = site.client()
    enter(client, LILEI)
    ids = site.database.read(lambda session: session.execute(select(SignIn.id)).scalars().all())
    assert client.cookies["yizhan"] not in ids


def test_it_forgets_a_browser_that_stays_away(site: Site) -> None:
    client = site.client()
    enter(client, LILEI)
    site.database.run(lambda session: session.execute(update(SignIn).values(until_at=NOW - timedelta(days=300))))
    answer = client.get("/chat", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_it_keeps_a_browser_that_is_used(site: Site) -> None:
    cookie, idle = new_cookie("p"), timedelta(days=30)
    site.database.run(lambda session: signins.enter(session, cookie, LILEI, NOW, idle))
    later = NOW + timedelta(days=20)
    site.database.run(lambda session: signins.renew(session, cookie, later, idle))
    found = site.database.read(lambda session: signins.recognise(session, cookie, NOW + timedelta(days=45)))
    assert found is not None
    assert found.person_id == LILEI


@pytest.mark.parametrize("person", ["gone", "nobody", "'; drop table person", "", "x" * 500])
def test_it_lets_nobody_in_as_who_is_not_there(site: Site, person: str) -> None:
    client = site.client()
    token = token_in(client.get("/").text)
    answer = client.post("/chat/enter", data={"token": token, "person": person})
    assert answer.status_code == 422
    assert count(site, SignIn) == 0


def test_it_keeps_the_script_sending_while_the_database_is_away(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    site.door.away = True
    answer = say(client, token, "我想请假")
    assert answer.status_code == 503
    assert answer.json()["retry"] is True
    assert answer.headers["retry-after"] == "5"
    assert client.post("/chat/say", data={"token": token, "text": "我想请假", "key": "k" * 20}).status_code == 503


def test_it_helps_in_a_crisis_while_the_database_is_away(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    site.door.away = True
    assert "12356" in say(client, token, "我不想活了").json()["html"]
    page = client.post("/chat/say", data={"token": token, "text": "我不想活了", "key": "k" * 20})
    assert page.status_code == 503
    assert "请打 12356。" in page.text


def test_it_escapes_everything_tx_12(site: Site) -> None:
    evil = "<img src=x onerror=alert(1)> <svg/onload=alert(1)> javascript:alert(1) [x](javascript:alert(1))"
    client = site.client()
    token = enter(client, LILEI)
    site.door.answers[evil] = (
        Reply(
            text=evil,
            card=Card(key='"><b', title=evil, lines=(evil,)),
            choices=(Choice(label=evil, send='"><script>'),),
            link=Link(label=evil, url="javascript:alert(1)"),
        ),
    )
    say(client, token, evil)
    page = client.get("/chat").text
    for markup in ("<img", "<svg", '"><script>', 'data-card=""><b', 'href="javascript', 'href="data'):
        assert markup not in page


def test_it_shows_what_would_turn_the_writing_tx_03(site: Site) -> None:
    client = site.client()
    say(client, enter(client, LILEI), "张三\u202etxt.exe")
    page = client.get("/chat").text
    assert "\u202e" not in page
    assert "U+202E" in page
    assert "<bdi>李雷</bdi>" in page


def test_it_tells_staff_and_students_apart(site: Site) -> None:
    client = site.client()
    enter(client, HAN)
    assert "韩老师" in client.get("/chat").text


def test_it_lets_too_fast_a_speaker_send_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.bot.website import Given

    async def limited(_incoming: Any) -> Given:
        return Given((Reply(text="太快了"),), 0, taken=False)

    client = site.client()
    token = enter(client, LILEI)
    monkeypatch.setattr(site.door, "receive", limited)
    answer = say(client, token, "你好")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "5"
