"""Long words and quotations in the web chat: what the door hears of them, and what a page without script gets back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from models.dialogue import Received
from models.message import MOST_TEXT, Card, Reply
from models.outbox import Attachment
from tests.bot.test_webchat_files import picture
from tests.bot.website import LILEI, Site, enter, say, token_in

LONG = "写了很久的话。" * 600
CRY = "我今天过得很平常。" * 500 + "我不想活了" + "。" * 200


def rows(site: Site, table: Any) -> int:
    return site.database.read(lambda session: session.execute(select(func.count()).select_from(table)).scalar_one())


def test_it_lets_the_door_hear_a_cry_at_the_end_of_too_long_a_text(site: Site) -> None:
    assert len(CRY) > MOST_TEXT
    client = site.client()
    assert say(client, enter(client, LILEI), CRY).status_code == 200
    assert [heard.text for heard in site.door.heard] == [CRY]


def test_it_refuses_too_long_a_text_with_a_sentence_and_keeps_no_file_of_it(site: Site) -> None:
    client = site.client()
    answer = client.post(
        "/chat/say",
        data={"token": enter(client, LILEI), "text": LONG, "key": "k" * 20},
        files={"file": ("照片.png", picture())},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.json()["problem"] == "一条消息最多 4000 个字，这条有 4200 个字，请分成几条发。"
    assert (rows(site, Received), rows(site, Attachment)) == (0, 0)


def test_it_gives_the_words_back_to_change_where_there_is_no_script(site: Site) -> None:
    client = site.client()
    words = f"<b>{LONG}"
    answer = client.post("/chat/say", data={"token": enter(client, LILEI), "text": words, "key": "k" * 20})
    assert answer.status_code == 422
    assert "最多 4000 个字" in answer.text
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", answer.text, re.DOTALL)
    assert found is not None
    assert unescape(found[1]) == words
    key = re.search(r'name="key" value="([^"]+)"', answer.text)
    assert key is not None
    sent = client.post(
        "/chat/say", data={"token": token_in(answer.text), "text": words[:100], "key": key[1], "quote": ""}
    )
    assert sent.status_code == 200
    assert [heard.text for heard in site.door.heard] == [words[:100]]


def test_it_hands_a_quotation_to_the_door(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    say(client, token, "材料明天交", key="quoting-1", quote="QJ-2606-0001")
    say(client, token, "材料明天交", key="quoting-1", quote="QJ-2606-0002")
    say(client, token, "材料明天交", key="quoting-1", quote="QJ-2606-0001")
    heard = [(incoming.quote, incoming.key) for incoming in site.door.heard]
    assert [quote for quote, _ in heard] == ["QJ-2606-0001", "QJ-2606-0002", "QJ-2606-0001"]
    assert heard[0][1] == heard[2][1] != heard[1][1]


@pytest.mark.parametrize("quote", ["请假", "a b", "Q" * 65])
def test_it_refuses_a_quotation_that_no_card_can_have(site: Site, quote: str) -> None:
    client = site.client()
    answer = say(client, enter(client, LILEI), "同意", quote=quote)
    assert answer.status_code == 422
    assert "引用" in answer.json()["problem"]
    assert site.door.heard == []


def test_it_shows_over_the_input_what_a_link_quotes(site: Site) -> None:
    card = Card(key="tQJ-2606-0001", title="请假 QJ-2606-0001", lines=("李雷 · 计科2302",), ticket="QJ-2606-0001")
    site.notify(LILEI, Reply(text="请补充", card=card))
    client = site.client()
    enter(client, LILEI)
    quoting = client.get("/chat?quote=QJ-2606-0001").text
    assert re.search('<p id="quoting"><span>请假 .*QJ-2606-0001.* · 李雷 · 计科2302</span>', quoting)
    assert 'name="quote" value="QJ-2606-0001"' in quoting
    foreign = client.get("/chat?quote=QJ-2606-0009").text
    assert '<p id="quoting" hidden>' in foreign
    assert "QJ-2606-0009" not in foreign
