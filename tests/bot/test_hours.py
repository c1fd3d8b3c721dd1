"""The clocks of a school from its settings: seasons, terms, other hours of areas, quiet hours, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import hours
from bot.settings import Mistakes, Settings, load
from models.limits import parse_limit
from models.rounds import after
from models.worktime import elapsed, windows
from tests.bot.test_settings import SECTION, write
from tests.builders import at

TOML = """
[calendar]
terms = [
  { name = "2026 秋", begins = 2026-09-07, ends = 2027-01-17, exams_begin = 2027-01-04, exams_end = 2027-01-15 },
  { name = "2026 春", begins = 2026-03-02, ends = 2026-07-12 },
]
seasons = [
  { name = "vacation", tue = ["09:00-11:00"] },
  { name = "freshmen", begins = 2026-09-01, ends = 2026-09-06, sat = ["08:00-18:00"] },
  { name = "open-day", begins = 2026-10-24, ends = 2026-10-25 },
]

[[calendar.areas]]
codes = ["logistics"]
holidays = false
mon = ["22:00-06:00"]
tue = ["22:00-06:00"]
wed = ["22:00-06:00"]
thu = ["22:00-06:00"]
fri = ["22:00-06:00"]
sat = ["22:00-06:00"]
sun = ["22:00-06:00"]

[[calendar.areas]]
codes = ["youth-league"]
mon = ["13:00-15:00"]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(write(tmp_path, SECTION + TOML), {}, "en")


def test_it_gives_a_vacation_and_a_season_hours_of_their_own(settings: Settings) -> None:
    calendar = hours.calendar_of(settings)
    assert elapsed(calendar, at("2026-07-14 00:00"), at("2026-07-15 00:00")) == 2 * 3600  # a Tuesday between the terms
    assert windows(calendar, date(2026, 7, 15)) == ()
    assert elapsed(calendar, at("2026-09-05 00:00"), at("2026-09-06 00:00")) == 10 * 3600  # freshmen come on a Saturday
    assert windows(calendar, date(2026, 9, 1)) == ()  # A dated season beats the vacation around it.
    assert elapsed(calendar, at("2026-07-10 00:00"), at("2026-07-11 00:00")) == 8 * 3600
    assert windows(calendar, date(2026, 10, 24)) == ()  # A season that only has a name: a Saturday like any other.


def test_it_knows_terms_and_seasons_by_name(settings: Settings) -> None:
    terms = hours.terms_of(settings)
    assert [(term.name, term.start_on) for term in terms] == [
        ("2026 春", date(2026, 3, 2)),
        ("2026 秋", date(2026, 9, 7)),
    ]
    assert terms[1].exams == ((date(2027, 1, 4), date(2027, 1, 15)),)
    assert dict(hours.named_of(settings))["open-day"] == ((date(2026, 10, 24), date(2026, 10, 25)),)


def test_it_keeps_the_hours_of_the_nearest_area(settings: Settings) -> None:
    clock = hours.clock_of(settings)
    evening, two = at("2026-10-01 23:00"), parse_limit("2h")  # on National Day, when nobody else works
    assert after(evening, two, clock.at("/sl/logistics/")) == at("2026-10-02 01:00")
    assert after(evening, two, clock.at("/sl/logistics/plumbing/")) == at("2026-10-02 01:00")
    assert after(evening, two, clock.at("/sl/cs/cs2301/")) == at("2026-10-08 10:00")
    assert after(at("2026-06-10 09:00"), two, clock.at("/sl/youth-league/")) == at("2026-06-15 15:00")
    assert clock.at("/sl/cs/") is clock


def test_it_lets_people_sleep_from_ten_to_seven_unless_told_otherwise(settings: Settings, tmp_path: Path) -> None:
    assert hours.quiet_of(settings) == (22 * 3600, 7 * 3600)
    never = load(write(tmp_path, SECTION + '[limits]\nquiet = ""\n'), {}, "en")
    assert hours.quiet_of(never) is None
    nap = load(write(tmp_path, SECTION + '[limits]\nquiet = "12:00-14:00"\n'), {}, "en")
    assert hours.quiet_of(nap) == (12 * 3600, 14 * 3600)
    assert hours.clock_of(nap).awake(at("2026-06-10 13:00")) == at("2026-06-10 14:00")
    assert hours.clock_of(nap).awake(datetime(2026, 6, 10, tzinfo=UTC)) == datetime(2026, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('[limits]\nquiet = "00:00-24:00"\n', "Quiet all day"),
        ('[limits]\nquiet = "late"\n', "no window of time"),
        ('[calendar]\nterms = [{ name = "x", begins = 2026-09-07, ends = 2026-09-01 }]\n', "this term"),
        (
            '[calendar]\nterms = [{ name = "x", begins = 2026-09-07, ends = 2027-01-17, exams_begin = 2027-01-04 }]\n',
            "this term",
        ),
        ('[calendar]\nseasons = [{ name = "sports", begins = 2026-09-07 }]\n', "from which day"),
        ('[calendar]\nareas = [{ codes = ["cs"] }]\n', "no hours at all"),
        ('[calendar]\nareas = [{ codes = ["cs"], mon = ["9-17"] }]\n', "no window of time"),
        ('[calendar]\nareas = [{ codes = ["cs"], mon = ["08:00-12:00", "11:00-13:00"] }]\n', "overlap"),
        ('[calendar]\nareas = [{ codes = ["cs"], mon = ["08:00-12:00"], day = 1 }]\n', "no such setting"),
    ],
)
def test_it_says_what_is_wrong_with_hours(tmp_path: Path, content: str, what: str) -> None:
    with pytest.raises(Mistakes) as refused:
        load(write(tmp_path, SECTION + content), {}, "en")
    said = [mistake.what for mistake in refused.value.mistakes if mistake.fatal]
    assert len(said) == 1
    assert what in said[0], said
