"""Nothing that an item keeps at home is in any message of a channel whose messages leave the country."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from pydantic import ValidationError

from handlers import abroad
from handlers.texts import LANGUAGES, sentences
from models.item import Item
from models.ticket import SealedAnswer, Ticket
from tests.builders import RICH
from tests.faraway import FAR, Abroad
from tests.talking import as_rich

REASON: Final = "割阑尾的复查"
WORDS: Final = "请把割阑尾的病历补上"
LETTER: Final = "食堂三楼的蟑螂实在太多了"
ANSWER: Final = "已经请人去灭蟑螂了"
CRY: Final = "我不想活了，药都买好了"


@pytest.fixture
def stage(database_url: str) -> Iterator[Abroad]:
    """Everybody on both channels."""
    with Abroad(database_url, poor=False) as made:
        made.furnish()
        yield made


def everything(stage: Abroad) -> str:
    return "\n".join(as_rich((reply,)) for _, reply in stage.written())


def test_it_carries_a_leave_without_its_words(stage: Abroad) -> None:
    assert "「事由」不能在这里填，要到网页上填" in stage.on(FAR, "李雷", "请假")
    stage.on(FAR, "李雷", "病假")
    stage.on(FAR, "李雷", "6月11日14点到6月12日22点")
    asked = stage.on(FAR, "李雷", "会离校")
    assert "「事由」不能在这里填：这里的消息会离开境内" in asked
    typed = stage.on(FAR, "李雷", REASON)
    assert "没有记入「事由」" in typed
    assert REASON not in typed
    assert stage.amount(Ticket) == 0
    assert "因为什么请假" in stage.on(RICH, "李雷", "继续")
    assert REASON in stage.on(RICH, "李雷", REASON)
    assert stage.amount(SealedAnswer) == 0
    summary = stage.on(FAR, "李雷", "继续")
    assert "事由：已填，这里不显示" in summary
    assert "6月11日" in summary
    assert "QJ-2606-0001" in stage.on(FAR, "李雷", "提交")
    stage.on(FAR, "韩老师", "退回 QJ-2606-0001 " + WORDS)
    assert "韩老师请你补充（QJ-2606-0001）。要补充什么请到网页上看" in stage.heard("李雷")
    assert "请到网页上发「补充 QJ-2606-0001」" in stage.on(FAR, "李雷", "补充 QJ-2606-0001")
    stage.on(FAR, "李雷", "查看 QJ-2606-0001")
    stage.on(FAR, "李雷", "我的")
    stage.on(FAR, "韩老师", "待办")
    stage.on(FAR, "韩老师", "查看 QJ-2606-0001")
    stage.on(FAR, "韩老师", "同意")
    stage.on(FAR, "韩老师", "同意 QJ-2606-0001")
    said = everything(stage)
    for secret in (REASON, WORDS):
        assert secret not in said
    teacher = stage.heard("韩老师")
    for secret in ("李雷", "病假", "计科2301", "6月11日（周四）14:00"):
        assert secret not in teacher
    assert "请假 QJ-2606-0001" in teacher
    assert "[打开网页看]" in teacher
    assert "[打开网页看]" in stage.heard("李雷")
    page = stage.on(RICH, "韩老师", "查看 QJ-2606-0001")
    for shown in (REASON, WORDS, "李雷", "病假"):
        assert shown in page


def test_it_keeps_what_a_first_sentence_says_and_does_not_say_it_again(stage: Abroad) -> None:
    asked = stage.on(FAR, "李雷", "明天下午2点到4点请病假，" + REASON)
    assert "不能在这里填" not in asked  # It is answered already.
    stage.on(FAR, "李雷", "不离校")
    stage.on(FAR, "李雷", "提交")
    assert stage.amount(SealedAnswer) == 1
    assert REASON not in everything(stage)


def test_it_changes_no_sensitive_answer_from_abroad(stage: Abroad) -> None:
    stage.on(FAR, "李雷", "明天下午2点到4点请病假，" + REASON)
    stage.on(FAR, "李雷", "不离校")
    assert "[事由]" not in stage.on(FAR, "李雷", "修改")
    assert "没有记入「事由」" in stage.on(FAR, "李雷", "事由改成去看牙医")
    assert REASON in stage.on(RICH, "李雷", "返回")


def test_it_pages_without_the_words_of_a_cry(stage: Abroad) -> None:
    answer = stage.on(FAR, "李雷", CRY)
    assert "12356" in answer
    stage.on(FAR, "李雷", "我在宿舍顶楼")
    teacher = stage.heard("心理老师")
    assert "【紧急】有人急需帮助 · JJ-2606-0001" in teacher
    assert "[打开网页看]" in teacher
    assert "[接单]" in teacher
    stage.on(FAR, "心理老师", "待办")
    stage.on(FAR, "心理老师", "查看 JJ-2606-0001")
    stage.on(FAR, "心理老师", "接单 JJ-2606-0001")
    stage.now += timedelta(minutes=30)
    stage.later(stage.now)
    said = everything(stage)
    for secret in (CRY, "药都买好", "宿舍顶楼"):
        assert secret not in said
    for reader in ("心理老师", "心理主任"):
        assert "李雷" not in stage.heard(reader)
    page = stage.on(RICH, "心理老师", "查看 JJ-2606-0001")
    assert CRY in page
    assert "李雷" in page


def test_it_lets_the_words_of_whoever_answers_reach_somebody_in_distress(stage: Abroad) -> None:
    stage.on(FAR, "李雷", CRY)
    stage.on(FAR, "心理老师", "回复 JJ-2606-0001 我五分钟后给你打电话")
    assert "我五分钟后给你打电话" in stage.heard("李雷")


def test_it_carries_a_letter_by_a_link(stage: Abroad) -> None:
    assert "「信」不能在这里填" in stage.on(FAR, "李雷", "青年信箱")
    stage.on(FAR, "李雷", "生活")
    assert "没有记入「信」" in stage.on(FAR, "李雷", LETTER)
    stage.on(RICH, "李雷", "继续")
    stage.on(RICH, "李雷", LETTER)
    assert "QN-2606-0001" in stage.on(RICH, "李雷", "提交")
    stage.on(FAR, "李雷", "我的")
    stage.on(FAR, "团委老师", "待办")
    stage.on(FAR, "团委老师", "回复 QN-2606-0001 " + ANSWER)
    assert "团委老师答复了 QN-2606-0001，请到网页上看" in stage.heard("李雷")
    said = everything(stage)
    assert LETTER not in said
    assert ANSWER not in said
    page = stage.on(RICH, "李雷", "查看 QN-2606-0001")
    assert LETTER in page
    assert ANSWER in page


def test_it_does_not_say_again_what_is_passed_on_to_a_person(stage: Abroad) -> None:
    asked = stage.on(FAR, "李雷", "找老师")
    assert "写在这里的话会离开境内" in asked
    assert "ZX-2606-0001" in stage.on(FAR, "李雷", "我想转专业，" + REASON)
    stage.on(FAR, "韩老师", "待办")
    assert REASON not in everything(stage)


def test_it_tells_an_unbound_person_how_to_read_it(stage: Abroad) -> None:
    stage.on(FAR, "stranger", "找老师")
    stage.on(FAR, "stranger", "想问一下" + REASON)
    (reply,) = [reply for key, reply in stage.written() if key == "stranger" and reply.card is not None]
    assert "网页要先绑定身份才看得到" in reply.text
    assert reply.link is not None


def test_it_says_everything_of_a_plain_item(stage: Abroad) -> None:
    stage.on(FAR, "李雷", "报修")
    stage.on(FAR, "李雷", "空调")
    stage.on(FAR, "李雷", "梅园3栋402")
    stage.on(FAR, "李雷", "开机就跳闸")
    stage.on(FAR, "李雷", "跳过")
    stage.on(FAR, "李雷", "提交")
    assert "开机就跳闸" in stage.heard("后勤老师")
    assert "李雷" in stage.heard("后勤老师")


def test_it_shows_all_of_it_where_nothing_leaves_the_country(stage: Abroad) -> None:
    object.__setattr__(stage.school, "abroad", frozenset())
    stage.on(FAR, "李雷", "明天下午2点到4点请病假，" + REASON)
    stage.on(FAR, "李雷", "不离校")
    stage.on(FAR, "李雷", "提交")
    assert REASON in stage.heard("韩老师")
    assert "李雷" in stage.heard("韩老师")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_has_a_sentence_without_words_for_every_notice_that_quotes_them(lang: str) -> None:
    said = sentences(lang)
    quoting = {
        key.removeprefix("notice.") for key, words in said.items() if key.startswith("notice.") and "{words}" in words
    }
    assert quoting <= abroad.WITHOUT_WORDS  # Some say the words only where there are any.
    assert not [key for key in abroad.WITHOUT_WORDS if "{words}" in said[f"abroad.{key}"]]


def item(**more: object) -> Item:
    field = {"key": "why", "type": "text", "ask": "为什么？", "sensitive": bool(more.pop("secret", False))}
    return Item.model_validate({"title": "证明", "prefix": "ZM", "fields": [field], **more})


def test_it_takes_the_rule_from_the_item() -> None:
    assert item(secret=True).stays_home
    assert item(sensitive=True).stays_home
    assert item(abroad="link").stays_home
    assert not item().stays_home
    assert not item(secret=True, abroad="send").stays_home
    whole = item(abroad="link")
    assert whole.keeps_home(whole.fields[0])


def test_it_sends_nothing_abroad_of_an_item_that_is_sealed_whole() -> None:
    with pytest.raises(ValidationError, match="not sent abroad"):
        item(sensitive=True, abroad="send")
    with pytest.raises(ValidationError):
        item(abroad="sometimes")


def test_it_leads_from_a_card_to_the_web_page_by_a_link_made_when_it_is_asked_for(stage: Abroad) -> None:
    stage.on(FAR, "李雷", "明天下午2点到4点请病假，" + REASON)
    stage.on(FAR, "李雷", "不离校")
    stage.on(FAR, "李雷", "提交")
    stage.on(FAR, "韩老师", "退回 QJ-2606-0001 " + WORDS)
    assert "/enter?c=" not in stage.heard("李雷")
    stage.on(FAR, "李雷", "我的")
    for words in ("[打开网页看]", "网页登录 QJ-2606-0001"):
        stage.on(FAR, "李雷", words)
        link = stage.last["李雷"][0].link
        assert link is not None
        assert link.url.startswith("https://bot.example.edu/enter?c=")
        assert link.url.endswith("&to=/me/QJ-2606-0001")
    for words in ("登录网页", "网页登录", "怎么在网页上看"):
        stage.on(FAR, "李雷", words)
        link = stage.last["李雷"][0].link
        assert link is not None
        assert link.url.endswith("&to=/me")
    stage.on(FAR, "韩老师", "查看 QJ-2606-0001")
    stage.on(FAR, "韩老师", "[打开网页看]")
    link = stage.last["韩老师"][0].link
    assert link is not None
    assert link.url.startswith("https://bot.example.edu/console/enter?c=")
    assert link.url.endswith("&to=/console/ticket/QJ-2606-0001")
    assert "已经在网页上" in stage.on(RICH, "李雷", "网页登录")
    assert "没有找到" in stage.on(FAR, "韩梅梅", "网页登录 QJ-2606-0001")


def test_it_asks_staff_for_no_words_of_what_stays_at_home(stage: Abroad) -> None:
    stage.on(FAR, "李雷", "明天下午2点到4点请病假，" + REASON)
    stage.on(FAR, "李雷", "不离校")
    stage.on(FAR, "李雷", "提交")
    for verb in ("退回", "回复", "不同意", "备注"):
        stage.on(FAR, "韩老师", "查看 QJ-2606-0001")
        said = stage.on(FAR, "韩老师", f"{verb} QJ-2606-0001")
        assert "不在这里写" in said, verb
        assert "[打开网页看]" in said
        assert ANSWER not in stage.on(FAR, "韩老师", ANSWER)  # Nothing waits for words here.
    assert ANSWER not in stage.heard("李雷")
