"""Limits as they are read from words, and those that are refused."""

from __future__ import annotations

import pytest

from models.limits import Limit, Limits, parse_limit


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("4h", Limit(14400)),
        ("30m", Limit(1800)),
        ("1d", Limit(28800)),
        ("1d4h", Limit(43200)),
        ("90s", Limit(90)),
        ("2d wall", Limit(172800, "wall")),
        ("1d calendar", Limit(86400, "calendar")),
        ("+0h", Limit(0)),
        ("-1h", Limit(-3600)),
        ("1d 4h 30m 5s work", Limit(45005)),
        ("-1d2h wall", Limit(-93600, "wall")),
    ],
)
def test_it_reads_limits(words: str, limit: Limit) -> None:
    assert parse_limit(words) == limit


def test_it_counts_a_day_by_the_clock_that_it_is_read_for() -> None:
    assert parse_limit("1d", default_clock="wall") == Limit(86400, "wall")
    assert parse_limit("1d", workday_seconds=7 * 3600) == Limit(25200)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("", "''"),
        ("soon", "'soon'"),
        ("4", "'4'"),
        ("4h5", "'5'"),
        ("1h2d", "'2d'"),
        ("1h1h", "'1h'"),
        ("2d walls", "'walls'"),
        ("1.5h", "'1.5h'"),
        ("--1h", "'-1h'"),
        ("wall", "''"),
        ("-", "''"),
        ("٣h", "'٣h'"),
        ("9999999d", "'9999999d'"),
    ],
)
def test_it_names_the_part_that_it_does_not_understand(words: str, part: str) -> None:
    with pytest.raises(ValueError, match="is no limit") as refused:
        parse_limit(words)
    assert f"{part} is not understood" in str(refused.value)


def test_it_refuses_promises_that_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="respond needs"):
        Limits(respond=Limit(0))
    with pytest.raises(ValueError, match="escalate cannot"):
        Limits(escalate=(Limit(-1),))
    with pytest.raises(ValueError, match="unknown clock"):
        Limit(1, "moon")
