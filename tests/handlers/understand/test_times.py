"""Words of time, one row of a table each, and what holds for every text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understand import DEFAULT, Span, is_relative, read_time, rest
from handlers.understand.sentence import understood
from handlers.understand.times import ZONE
from handlers.understand.times.values import count_days
from tests.handlers.understand.times_notation import SAID_AT, misread, read_table

FIRST = read_table("times_table.toml")
SECOND = read_table("times_second.toml")
THIRD = read_table("times_third.toml")
MENDED = read_table("times_mended.toml")


def test_it_reads_times() -> None:
    assert misread(FIRST) == []


def test_it_reads_times_of_the_second_set() -> None:
    assert misread(SECOND) == []


def test_it_reads_times_of_the_third_set() -> None:
    assert misread(THIRD) == []


def test_it_reads_what_it_once_got_wrong() -> None:
    assert misread(MENDED) == []


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def test_it_ends_a_whole_day_at_the_next_midnight() -> None:
    span = read_time("明天请假", SAID_AT)

    assert (span.start, span.end) == (at(6, 11), at(6, 12))
    assert (span.start_has_time, span.end_has_time) == (False, False)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("明天下午到后天晚上", 1.5),
        ("明天上午", 0.5),
        ("明天中午", 0.5),
        ("明天8点到12点", 0.5),
        ("明天上午到下午", 1),
        ("明天到后天中午", 1.5),
        ("周五下午到周日晚上", 2.5),
        ("周五晚上到周六凌晨", 1),
        ("6.12到6.15", 4),
        ("周四和周六", 2),
    ],
)
def test_it_counts_half_days(words: str, days: float) -> None:
    assert read_time(words, SAID_AT).days == days


def test_it_gives_hours_where_both_ends_have_a_clock() -> None:
    assert read_time("明天下午2点到4点半", SAID_AT).hours == 2.5
    assert read_time("明天到后天", SAID_AT).hours is None


def test_it_shows_both_readings_of_todays_weekday() -> None:
    span = read_time("星期三下午有事请假", SAID_AT)

    assert span.ask == "two_readings"
    assert [reading.start for reading in span.readings] == [at(6, 10, 14), at(6, 17, 14)]
    assert span.weekday == 3


def test_it_never_swaps_silently() -> None:
    span = read_time("从后天到明天请假", SAID_AT)

    assert (span.kind, span.start, span.end, span.ask) == ("invalid", None, None, "reversed")
    assert [(offer.start, offer.end) for offer in span.readings] == [(at(6, 11), at(6, 13))]


def test_it_offers_the_next_month_for_an_end_of_smaller_number() -> None:
    span = read_time("6月28号到3号", SAID_AT)

    assert span.ask == "reversed"
    assert (span.readings[0].start, span.readings[0].end) == (at(6, 28), at(7, 4))


def test_it_looks_back_when_the_form_does() -> None:
    assert read_time("周一", SAID_AT).start == at(6, 15)
    assert read_time("周一", SAID_AT, looks_back=True).start == at(6, 8)
    assert read_time("8号到9号", SAID_AT, looks_back=True).start == at(6, 8)
    assert read_time("今天下午三点", SAID_AT, looks_back=True).ask == "ahead"


def test_it_reads_the_day_in_shanghai() -> None:
    # 17:30 in UTC is already the next day there.
    assert read_time("明天", datetime(2026, 6, 10, 17, 30, tzinfo=UTC)).start == at(6, 12)


def test_it_takes_the_schools_timetable() -> None:
    own = {1: (time(8, 30), time(9, 15)), 2: (time(9, 20), time(10, 5))}
    span = read_time("明天一二节课请假", SAID_AT, lessons=own)

    assert (span.start, span.end, span.ask) == (at(6, 11, 8, 30), at(6, 11, 10, 5), None)
    assert read_time("明天第三节", SAID_AT, lessons=own).ask == "no_such_lesson"
    assert len(DEFAULT) == 12


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("我想从明天下午到后天晚上请假回家看病", "我想请假回家看病"),
        ("明天 下午 请假，发烧", "请假，发烧"),
        ("学号20260610，明天请假", "学号20260610，请假"),
        ("请假三天，6月11日到6月13日 体测", "请假 体测"),
        ("从明天开始请三天 参加比赛", "请 参加比赛"),
        ("６月１２日－１５日 家里有事", "家里有事"),
        ("leave on Friday for a wedding", "leave for a wedding"),
        ("请假流程", "请假流程"),
    ],
)
def test_it_leaves_the_rest_as_the_reason(words: str, left: str) -> None:
    assert rest(words, read_time(words, SAID_AT)) == left


@pytest.mark.parametrize(
    "words", ["明天请假", "下周三", "三天后", "tomorrow", "晚上8点", "周末", "下个月5号", "6.12到周五"]
)
def test_it_knows_words_that_depend_on_the_day(words: str) -> None:
    assert is_relative(words)


@pytest.mark.parametrize("words", ["6月12日", "6.12-6.15", "2026-06-12 08:00", "请假三天", "你好", "端午", ""])
def test_it_knows_words_that_do_not_depend_on_the_day(words: str) -> None:
    assert not is_relative(words)


def test_it_tells_programs_plain_values() -> None:
    assert understood("明天下午请假", SAID_AT) == {
        "start": "2026-06-11T14:00:00+08:00",
        "start_has_time": True,
        "end": "2026-06-11T18:00:00+08:00",
        "end_has_time": True,
        "duration_days": 0.5,
        "duration_hours": 4.0,
    }
    assert understood("你好", SAID_AT) == {}


def test_it_asks_for_the_year_of_a_day_that_was_over_lately() -> None:
    shown = understood("5月1号到5月5号请假", SAID_AT)

    assert (shown["start"], shown["ask"]) == ("2027-05-01T00:00:00+08:00", "two_readings")
    assert "ask" not in understood("1月5号请假", SAID_AT)
    assert understood("下周一、三请假", SAID_AT)["dates"] == ["2026-06-15", "2026-06-17"]
    assert understood("请假3小时", SAID_AT) == {"duration_hours": 3.0, "ask": "no_start"}
    assert understood("从后天到明天", SAID_AT)["ask"] == "reversed"


@given(
    said_on=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    hour=st.integers(0, 23),
    words=st.sampled_from([words for words, _ in [*FIRST, *SECOND, *THIRD, *MENDED]]),
)
def test_it_is_whole_on_any_day(said_on: date, hour: int, words: str) -> None:
    said_at = datetime(said_on.year, said_on.month, said_on.day, hour, tzinfo=ZONE)

    check_whole(read_time(words, said_at), words)


PIECES = [
    "今天",
    "明天",
    "后天",
    "昨天",
    "周三",
    "下周五",
    "周末",
    "6.12",
    "6月12日",
    "12号",
    "2026-06-18",
    "上午",
    "下午",
    "晚上",
    "凌晨",
    "3点",
    "八点半",
    "15:30",
    "从",
    "到",
    "-",
    "至",
    "和",
    "、",
    "前",
    "开始",
    "起",
    "三天",
    "两天半",
    "3个小时",
    "一周",
    "半天",
    "端午",
    "国庆",
    "第三四节",
    "请假",
    "补",
    "不是",
    "回来",
    "嗯",
    "那个",
    "三号楼",
    "一点",
    "tomorrow",
    "to",
    "Friday",
    "3pm",
    ",",
    "。",
    "12",
    "15",
    "2.30",
    "每天",
    "过两天",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_it_is_whole_for_any_words_of_time(words: str) -> None:
    check_whole(read_time(words, SAID_AT), words)


@given(st.text(max_size=200))
def test_it_reads_any_text(words: str) -> None:
    span = read_time(words, SAID_AT)

    check_whole(span, words)
    assert isinstance(is_relative(words), bool)


def check_whole(span: Span, words: str) -> None:
    """What holds for every span: it can be used, or it asks; its days follow; its pieces lie in the words."""
    if span.kind in ("invalid", "duration"):
        assert span.ask
    if span.ask is None:
        assert span.kind != "range" or (span.start and span.end and span.start < span.end)
        assert span.kind != "point" or span.start
        assert span.kind != "list" or span.dates
    if span.kind == "range" and span.start and span.end and span.ask is None:
        assert span.days == count_days(span.start, span.end)
        assert span.days % 0.5 == 0
    for offer in (span, *span.readings):
        assert offer.start is None or offer.end is None or offer.start < offer.end
    for moment in (span.start, span.end):
        assert moment is None or moment.utcoffset() == timedelta(hours=8)
    last = 0
    for start, end in span.covered:
        assert last <= start < end <= len(words)
        last = end
    assert len(rest(words, span)) <= len(words)


@pytest.mark.parametrize(
    "words",
    [
        "明天" * 5000,
        "一" * 10000,
        "6.12-" * 2000,
        "\x00" * 10000,
        "😀明天" * 3000,
        "从明天到" * 2500,
        "12号," * 2500,
        " " * 10000,
    ],
    ids=["days", "numerals", "dashes", "nul", "emoji", "from-to", "list", "blanks"],
)
def test_it_stays_whole_on_very_long_texts(words: str) -> None:
    check_whole(read_time(words, SAID_AT), words)
