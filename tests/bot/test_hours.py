"""The clocks of a school from its settings: seasons, terms, other hours of areas, quiet hours, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import hours
from bot.settings import Mistakes, Settings, find, load
from models.limits import parse_limit
from models.rounds import after
from models.worktime import elapsed, windows
from tests.bot.test_settings import KEYS_IN_ENVIRONMENT, SECTION, write
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


ONE = """
[calendar]
terms = [{ name = "2026 秋", begins = 2026-09-07, ends = 2027-01-17 }]
seasons = [{ name = "vacation", tue = ["09:00-11:00"] }]
"""


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-07-07", 8),  # nine weeks before the first term that is known
        ("2026-07-14", 2),
        ("2026-09-01", 2),
        ("2026-09-08", 8),
        ("2027-01-12", 8),
        ("2027-01-19", 2),
        ("2027-03-09", 2),
        ("2027-03-16", 8),  # More than eight weeks after it somebody forgot to enter the next.
    ],
)
def test_it_takes_eight_weeks_beside_a_lonely_term_for_vacation(tmp_path: Path, day: str, working: int) -> None:
    calendar = hours.calendar_of(load(write(tmp_path, SECTION + ONE), {}, "en"))
    assert elapsed(calendar, at(f"{day} 00:00"), at(f"{day} 23:59")) == working * 3600


def test_it_says_which_days_it_takes_for_vacation(settings: Settings, tmp_path: Path) -> None:
    between, beyond = hours.assumed(settings, lang="zh")
    assert "2026-07-13 – 2026-09-06" in between
    assert "2026-01-05" in beyond
    assert "2027-03-14" in beyond
    alone, _ = hours.assumed(load(write(tmp_path, SECTION + ONE), {}, "zh"), lang="zh")
    assert "只写了一个学期" in alone
    assert not list(hours.assumed(load(write(tmp_path, SECTION), {}, "zh"), lang="zh"))


TERM = "{{ name = '{}', begins = {}, ends = {} }}"
SPRING, AUTUMN = TERM.format("S", "2026-03-02", "2026-07-12"), TERM.format("A", "2026-09-07", "2027-01-17")
EXAMS = "{{ name = 'E', begins = 2026-03-02, ends = 2026-07-12, {} }}"
VACATION = "[[calendar.seasons]]\nname = 'vacation'\nmon = ['09:00-11:00']"
WEEKS = "[[calendar.seasons]]\nname = 'exam'\nmon = ['09:00-11:00']"


@pytest.mark.parametrize(
    ("terms", "more", "line", "said", "fatal"),
    [
        ([SPRING, AUTUMN], VACATION, 0, "", False),
        ([AUTUMN, TERM.format("L", "2026-01-01", "2026-09-07")], "", 3, '"L" ends on 2026-09-07', True),
        ([SPRING, TERM.format("T", "2026-07-12", "2026-08-01")], "", 4, '"T" begins on 2026-07-12', True),
        ([SPRING, SPRING], "", 4, "they overlap", True),
        ([SPRING, TERM.format("T", "2027-03-01", "2027-07-11")], "", 4, "231 days", False),
        ([TERM.format("T", "2026-09-07", "2026-03-02")], "", 3, "the wrong way round", True),
        ([EXAMS.format("exams_begin = 2026-07-06")], "", 3, "one end only", True),
        ([EXAMS.format("exams_begin = 2026-07-10, exams_end = 2026-07-06")], "", 3, "wrong way round", True),
        ([EXAMS.format("exams_begin = 2026-07-06, exams_end = 2026-07-13")], "", 3, "not within it", True),
        ([], VACATION, 4, "no terms", False),
        ([SPRING], WEEKS, 5, "no term has exam weeks", False),
        ([EXAMS.format("exams_begin = 2026-07-06, exams_end = 2026-07-10")], WEEKS, 0, "", False),
    ],
)
def test_it_names_terms_and_seasons_that_cannot_be(
    tmp_path: Path, terms: list[str], more: str, line: int, said: str, fatal: bool
) -> None:
    rows = "".join(f"  {each},\n" for each in terms)
    found = find(write(tmp_path, f"[calendar]\nterms = [\n{rows}]\n{more}"), KEYS_IN_ENVIRONMENT, "en")
    ours = [each for each in found if each.where.startswith("calendar.")]
    assert [(each.line, each.fatal) for each in ours] == ([(line, fatal)] if line else [])
    assert all(said in each.what and each.remedy for each in ours)


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
        ('[calendar]\nterms = [{ name = "x", begins = 2026-09-07, ends = 2026-09-01 }]\n', "wrong way round"),
        (
            '[calendar]\nterms = [{ name = "x", begins = 2026-09-07, ends = 2027-01-17, exams_begin = 2027-01-04 }]\n',
            "one end only",
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


PLAN = """
makeup = [{ on = 2026-10-10, follows = "wed" }, { on = 2026-09-20, follows = 2026-10-07 }]
courses = [{ area = "cs2301", day = "wed", lessons = "1-2", teacher = "T400", weeks = "1-3单" }]
"""


def test_it_reads_weeks_and_make_up_days_of_the_plan(tmp_path: Path) -> None:
    found = load(write(tmp_path, SECTION + TOML.replace("terms = [", f"{PLAN}terms = [", 1)), {}, "en")
    (course,) = hours.courses_of(found)
    assert course.weeks == frozenset({1, 3})
    assert dict(hours.follows_of(found)) == {date(2026, 10, 10): 2, date(2026, 9, 20): date(2026, 10, 7)}
    assert windows(hours.calendar_of(found), date(2026, 10, 10))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (PLAN.replace("1-3单", "每两周"), "courses"), (PLAN.replace("1-3单", "9-2"), "courses"), (PLAN, "no terms"),
        (PLAN.replace("2026-09-20, follows", "2026-10-10, follows").replace("1-3单", ""), "2026-10-10"),
        (f'holidays = [2026-10-10]{PLAN.replace("1-3单", "")}', "2026-10-10"),
    ],
)  # fmt: skip
def test_it_refuses_a_plan_that_cannot_be(tmp_path: Path, content: str, what: str) -> None:
    with pytest.raises(Mistakes) as caught:
        load(write(tmp_path, f"{SECTION}\n[calendar]\n{content}"), {}, "en")
    assert any(what in f"{each.where} {each.what}" for each in caught.value.mistakes)
