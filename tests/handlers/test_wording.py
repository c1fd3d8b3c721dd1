"""Instants, spans and answers as people read them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from handlers import wording
from handlers.texts import sentences, together
from handlers.understand.intents import command
from tests.builders import START, ZONE, at, own_catalogue


def span(start: str, end: str, *timed: bool) -> dict[str, Any]:
    read = [datetime.fromisoformat(words).replace(tzinfo=ZONE).isoformat() for words in (start, end)]
    return {"start": read[0], "end": read[1], "timed": list(timed) or [True, True]}


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [(span("2026-06-11 14:00", "2026-06-12 22:00"), "6月11日（周四）14:00 → 6月12日（周五）22:00",
      "Thu 11 June 14:00 → Fri 12 June 22:00"),
     (span("2026-06-11 14:00", "2026-06-11 18:00"), "6月11日（周四）14:00–18:00", "Thu 11 June 14:00–18:00"),
     (span("2026-06-12 00:00", "2026-06-13 00:00", False, False), "6月12日（周五）全天", "Fri 12 June, all day"),
     (span("2026-06-12 00:00", "2026-06-16 00:00", False, False), "6月12日（周五） → 6月15日（周一）",
      "Fri 12 June → Mon 15 June"),
     (span("2026-06-11 14:00", "2026-06-13 00:00", True, False), "6月11日（周四）14:00 → 6月12日（周五）",
      "Thu 11 June 14:00 → Fri 12 June"),
     (span("2026-06-11 14:00", "2026-06-13 00:00"), "6月11日（周四）14:00 → 6月12日（周五）24:00",
      "Thu 11 June 14:00 → Fri 12 June 24:00"),
     (span("2026-06-11 22:00", "2026-06-12 00:00"), "6月11日（周四）22:00–24:00", "Thu 11 June 22:00–24:00")],
)  # fmt: skip
def test_it_shows_a_span_with_weekdays(value: dict[str, Any], zh: str, en: str) -> None:
    assert wording.span(value, "zh", ZONE) == zh
    assert wording.span(value, "en", ZONE) == en


@pytest.mark.parametrize(
    ("instant", "said"),
    [("2026-06-10 15:00", "今天 15:00"), ("2026-06-10 23:59", "今天 23:59"), ("2026-06-11 00:00", "明天 00:00"),
     ("2026-06-12 08:00", "6月12日（周五）08:00"), ("2026-06-09 08:00", "6月9日（周二）08:00"),
     ("2027-01-02 08:00", "2027年1月2日（周六）08:00")],
)  # fmt: skip
def test_it_says_when_as_one_says_it_today(instant: str, said: str) -> None:
    assert wording.soon(at(instant), START, "zh", ZONE) == said


def test_it_reckons_days_in_the_schools_zone() -> None:
    late = at("2026-06-10 23:30")
    assert late.date() == date(2026, 6, 10)
    assert wording.soon(late + timedelta(hours=1), late, "zh", ZONE) == "明天 00:30"


def test_it_leaves_out_needless_zeros() -> None:
    assert [wording.number(value) for value in (1.0, 1.5, 12, 0.5)] == ["1", "1.5", "12", "0.5"]


def test_it_sums_up_only_what_was_given() -> None:
    item = own_catalogue().items["dorm-repair"]
    lines = wording.summary(item, {"what": "air", "where": "梅园3栋402", "photo": None}, "zh", ZONE)
    assert lines == ("报修：空调", "地点：梅园3栋402")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_hears_every_word_that_a_button_shows(lang: str) -> None:
    from handlers.texts import text

    for word in ("back", "cancel", "skip", "mine", "human", "menu"):
        assert command(text(lang, f"way.{word}")) == word
    assert command(text(lang, "way.go_on_words")) == "go_on"


@pytest.mark.parametrize(
    ("area", "lang", "said"),
    [
        ("东园社区", "zh", "负责人"),
        ("计科2301", "zh", "社区负责人"),
        ("社区负责人", "zh", "社区负责人"),
        ("East Garden community", "en", ""),
    ],
)
def test_it_says_no_kind_of_area_twice(area: str, lang: str, said: str) -> None:
    assert wording.role("community-head", lang, area) == (said or wording.role("community-head", lang))


def test_it_names_a_house_once() -> None:
    assert wording.places(["东园社区", "东园1号楼", "东园1号楼1层"]) == "东园社区 东园1号楼1层"
    assert wording.places(["计算机学院", "", "计科2301"]) == "计算机学院 计科2301"


def test_it_says_the_end_of_a_day_as_that_day() -> None:
    now = at("2026-06-10 09:00")
    assert wording.owed(at("2026-06-12 00:00"), now, "zh", ZONE) == "明天 23:59"
    assert wording.owed(at("2026-06-12 00:01"), now, "zh", ZONE) == "6月12日（周五）00:01"
    assert wording.owed(None, now, "zh", ZONE) == ""


def test_it_puts_sentences_one_after_another() -> None:
    assert together("按周一至周五计算。", "等国务院公布。") == "按周一至周五计算。等国务院公布。"
    assert together("It counts weekdays.", "", "Enter the holidays.") == "It counts weekdays. Enter the holidays."
    assert together("到 08:00", "请尽快") == "到 08:00 请尽快"


def test_it_parts_the_digits_of_an_instant_from_the_word_before_which_it_is() -> None:
    close = [key for key, said in sentences("zh").items() if re.search(r"\{(?:at|due|back|until)\}前", said)]
    assert close == []
