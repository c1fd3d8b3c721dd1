"""The intent reader: universal words, contexts, a labelled second set, and what it must never do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understand.intents import command, read_intent
from handlers.understand.intents_exemplars import EXEMPLARS
from handlers.understand.intents_exemplars_more import MORE_EXEMPLARS
from handlers.understand.intents_rules import RULES, WHOLE
from handlers.understand.intents_rules_more import MORE_RULES
from tests.handlers.understand.universal_words import COMMANDS
from tests.handlers.understand.utterances import UTTERANCES
from tests.handlers.understand.utterances_fifth import FIFTH
from tests.handlers.understand.utterances_fourth import FOURTH
from tests.handlers.understand.utterances_fourth_campus import FOURTH_CAMPUS
from tests.handlers.understand.utterances_third import THIRD

_LABELS = frozenset(
    [
        "leave.request",
        "leave.return",
        "leave.extend",
        "leave.status",
        "leave.withdraw",
        "leave.howto",
        "departure.progress",
        "departure.howto",
        "mailbox.complaint",
        "mailbox.consult",
        "mailbox.anonymous",
        "mailbox.status",
        "psych.crisis",
        "psych.counsel",
        "safety.emergency",
        "safety.fraud",
        "repair",
        "aid",
        "certificate",
        "card.lost",
        "course",
        "dorm",
        "service.find",
        "contact",
        "human",
        "bind",
        "privacy",
        "broadcast.confirm",
        "broadcast.question",
        "greeting",
        "thanks",
        "help",
        "confirm",
        "deny",
        "cancel",
        "rate",
        "chitchat",
        "abuse",
        "oos",
        "unclear",
    ]
)
_SAID = [
    (name, word.strip())
    for name, block in COMMANDS.items()
    for row in block.strip().splitlines()
    for word in row.split("|")
]
_ROWS = [tuple((row + "|||").split("|")[:4]) for row in UTTERANCES.strip().splitlines()]
_THIRD = [tuple((row + "|||").split("|")[:4]) for row in THIRD.strip().splitlines()]


@pytest.mark.parametrize(("name", "word"), _SAID)
def test_it_knows_universal_words(name: str, word: str) -> None:
    assert (command(word) or "") == name


def test_it_reads_nearly_all_of_the_second_set() -> None:
    wrong = [
        (words, got)
        for words, accepted, context, _ in _ROWS
        if (got := read_intent(words, context or "none").label) not in accepted.split(",")
    ]
    assert len(wrong) <= len(_ROWS) * 0.03, wrong


def test_it_reads_nearly_all_of_the_third_set() -> None:
    wrong = [
        (words, got)
        for words, accepted, context, _ in _THIRD
        if (got := read_intent(words, context or "none").label) not in accepted.split(",")
    ]
    assert len(wrong) <= len(_THIRD) * 0.05, wrong


def test_it_reads_what_blind_rounds_taught() -> None:
    rows = [row.split("|") for row in (FOURTH + FOURTH_CAMPUS.lstrip() + FIFTH.lstrip()).strip().splitlines()]
    assert {
        words: read_intent(words).label
        for words, accepted in rows
        if read_intent(words).label not in accepted.split(",")
    } == {}


@pytest.mark.parametrize(("words", "context", "never"), [(w, c, n) for w, _, c, n in _ROWS + _THIRD if n])
def test_it_never_does_the_wrong_thing(words: str, context: str, never: str) -> None:
    assert read_intent(words, context or "none").label not in never.split(",")


@pytest.mark.parametrize("context", ["none", "form:leave", "broadcast", "ticket_open", "ticket_closed"])
@pytest.mark.parametrize("words", ["我不想活了", "请假 我想死", "5 我撑不下去了", "取消 不想活了", "收到 想跳楼"])
def test_it_hears_a_crisis_in_every_context(context: str, words: str) -> None:
    assert read_intent(words, context).label == "psych.crisis"


@pytest.mark.parametrize(
    ("words", "context", "label"),
    [
        ("好的", "form:leave", "confirm"),
        ("不对", "form:leave", "deny"),
        ("算了", "form:leave", "cancel"),
        ("好的", "broadcast", "broadcast.confirm"),
        ("1", "broadcast", "broadcast.confirm"),
        ("1", "none", "unclear"),
        ("5", "ticket_closed", "rate"),
        ("收到", "none", "broadcast.confirm"),
        ("收到了吗", "broadcast", "broadcast.question"),
        ("我要请假", "broadcast", "leave.request"),
        ("我没有想自杀 就是难受", "none", "psych.counsel"),
    ],
)
def test_it_lets_the_context_decide(words: str, context: str, label: str) -> None:
    assert read_intent(words, context).label == label


def test_it_offers_guesses_when_unsure() -> None:
    intent = read_intent("热水那个时间的事")
    assert intent.label == "unclear"
    assert 1 <= len(intent.alternatives) <= 3
    assert "unclear" not in intent.alternatives


def test_it_has_only_labels_of_the_list() -> None:
    used = {label for label, _ in WHOLE + RULES + MORE_RULES} | set(EXEMPLARS) | set(MORE_EXEMPLARS)
    assert used <= _LABELS


@given(st.text(max_size=200), st.sampled_from(["none", "form:leave", "broadcast", "ticket_closed", "odd"]))
def test_it_never_raises(words: str, context: str) -> None:
    intent = read_intent(words, context)
    assert intent.label in _LABELS
    assert len(intent.alternatives) <= 3
    assert 0.0 <= intent.score <= 1.0


@pytest.mark.parametrize(
    "words", ["嗯" * 5000, "好的" * 400, "谢谢好的" * 300, "是的好的对的不" * 50, "", "😀", "\ud800"]
)
def test_it_bears_odd_texts(words: str) -> None:
    assert read_intent(words, "form:leave").label in _LABELS


@pytest.mark.parametrize("words", ["阿巴阿巴", "叽里呱啦", "blah blah blah", "香蕉你个芭乐", "zzz qqq", "的的的的"])
def test_it_names_nothing_where_no_word_is_known(words: str) -> None:
    assert read_intent(words).label == "unclear"


@pytest.mark.parametrize(
    "words",
    [
        "明天下午",
        "周五到周日",
        "下周三上午八点到十点",
        "6月12日到6月15日",
        "from Monday to Friday",
        "tomorrow afternoon to Friday",
    ],
)
def test_it_makes_no_wish_of_a_time_alone(words: str) -> None:
    assert read_intent(words).label == "unclear"


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("我要离校 明天到后天回家", "leave.request"), ("请离校假 6月12日到13日 去青岛玩", "leave.request"),
        ("离校申请 6月12日到14日", "leave.request"), ("办离市报备 周六到周日", "leave.request"), ("我要离校两天", "leave.request"),
        ("申请实习 7月1日到8月31日", "leave.request"), ("去日本玩一周 7月6日开始", "leave.request"),
        ("毕业离校 6月20日", "departure.howto"), ("离校手续明天办", "departure.howto"), ("离校日期", "departure.howto"),
        ("6月30号离校前要还书吗", "departure.howto"), ("离校", "departure.howto"), ("申请实习证明 7月1日前要", "certificate"),
    ],
)  # fmt: skip
def test_it_tells_leaving_for_some_days_from_leaving_for_good(words: str, label: str) -> None:
    assert read_intent(words).label == label
