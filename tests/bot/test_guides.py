"""What `check` says of guides, and that the demo's are good."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import bot.demo
from bot import guides, items
from bot.settings import Settings, demo_settings
from handlers import catalogue
from handlers.guides import files, load

TODAY = date(2026, 6, 10)
GOOD = """title = { zh = "图书馆", en = "Library" }
[[guides]]
key = "hours"
questions = ["图书馆几点关门", "when does the library close"]
answer = { zh = "22:30。", en = "At 22:30." }
"""


def school(tmp_path: Path, **words: str) -> Settings:
    folder = tmp_path / "guides"
    folder.mkdir()
    for name, text in words.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    found = demo_settings(tmp_path / "var")
    return found.model_copy(update={"services": found.services.model_copy(update={"guides": (folder,)})})


def test_it_finds_nothing_wrong_with_the_demo(tmp_path: Path) -> None:
    settings = school(tmp_path)
    ours = settings.services.model_copy(update={"guides": (bot.demo.GUIDES,)})
    assert list(guides.mistakes(settings.model_copy(update={"services": ours}), "zh", TODAY)) == []
    loaded = load([bot.demo.GUIDES])
    assert len(loaded) == len(files([bot.demo.GUIDES]))
    assert sum(len(file.guides) for _, file in loaded) >= 15


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "fatal"),
    [
        (', en = "At 22:30."', "", 5, "缺英文", False),
        (', "when does the library close"', "", 4, "没有英文的问法", False),
        ('key = "hours"', 'key = "hours"\nuntil = 2026-06-09', 4, "到 2026-06-09 为止", False),
        ('key = "hours"', 'key = "hours"\nuntil = 2026-06-09\nsince = 2026-07-01', 2, "until 在 since 之前", True),
        ('key = "hours"', 'key = "hours"\nlink = "www.example.edu"', 4, "不是网址", True),
        ('key = "hours"', 'key = "hours"\nsourse = "x"', 4, "source", True),
        ('questions = ["图书馆几点关门", "when does the library close"]', "questions = []", 4, "1 到 30 句", True),
    ],
)
def test_it_names_what_is_wrong(tmp_path: Path, old: str, new: str, line: int, said: str, fatal: bool) -> None:
    assert old in GOOD
    (found,) = guides.mistakes(school(tmp_path, library=GOOD.replace(old, new)), "zh", TODAY)
    assert (found.line, found.fatal, found.file and found.file.name) == (line, fatal, "library.toml")
    assert said in found.what + found.remedy


def test_it_names_what_two_guides_answer(tmp_path: Path) -> None:
    twice = GOOD + GOOD.split("\n", 1)[1]
    (found,) = guides.mistakes(school(tmp_path, library=twice), "zh", TODAY)
    assert "key 相同" in found.what
    tmp_path.joinpath("two").mkdir()
    again = guides.mistakes(school(tmp_path / "two", library=GOOD, reading=GOOD), "zh", TODAY)
    assert {"library/hours" in each.what for each in again} == {True}


def test_it_looks_at_the_guides_of_items(tmp_path: Path) -> None:
    folder = tmp_path / "items"
    folder.mkdir()
    words = (
        'title = { zh = "礼堂", en = "Hall" }\nprefix = "LT"\nlimits = { respond = "1d", resolve = "3d" }\n'
        + GOOD.split("\n", 1)[1].replace(', en = "At 22:30."', "")
    )
    (folder / "hall.toml").write_text(words, "utf-8")
    settings = school(tmp_path)
    settings = settings.model_copy(update={"services": settings.services.model_copy(update={"folders": (folder,)})})
    assert list(items.mistakes(settings, "zh", rostered=True)) == []
    (found,) = guides.mistakes(settings, "zh", TODAY)
    assert (found.line, found.fatal) == (7, False)
    assert catalogue.load([folder]).guides.find("图书馆几点关门", TODAY)[0][0].id == "hall/hours"


def test_it_keeps_the_version_of_an_item_when_its_guides_change(tmp_path: Path) -> None:
    versions = set()
    for number, end in enumerate(("", GOOD.split("\n", 1)[1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "hall.toml").write_text('title = "礼堂"\nprefix = "LT"\n' + end, "utf-8")
        loaded = catalogue.load([folder])
        versions.add(loaded.versions["hall"])
        assert "guides" not in loaded.items["hall"].body()
    assert len(versions) == 1


def test_it_holds_from_the_first_to_the_last_day(tmp_path: Path) -> None:
    dated = GOOD.replace('key = "hours"', 'key = "hours"\nsince = 2026-06-10\nuntil = 2026-06-12')
    settings = school(tmp_path, library=dated)
    found = catalogue.load((), (), settings.services.guides).guides
    days = [day for day in range(8, 15) if found.find("图书馆几点关门", date(2026, 6, day))]
    assert days == [10, 11, 12]
