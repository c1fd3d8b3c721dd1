"""The items: every mistake with its file and place, the school's own files, finding by words, and versions for ever."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from handlers import cards, catalogue, tickets
from handlers.catalogue import OWN, Catalogue
from tests.builders import START, make_school, own_catalogue, turn_of

GOOD = """
title = { zh = "开证明", en = "Certificate" }
aliases = ["在读证明"]
prefix = "ZM"
[[fields]]
key = "what"
type = "text"
ask = { zh = "开什么证明？", en = "Which one?" }
"""


def write(folder: Path, words: str, name: str = "certificate.toml") -> Path:
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "change",
    [('type = "text"', 'type = "txt"'), ('prefix = "ZM"', 'prefix = "ZM"\ncode = "nowhere"'), ("[[fields]]", "[[")],
)
def test_it_leaves_out_what_cannot_be_read(tmp_path: Path, change: tuple[str, str]) -> None:
    path = write(tmp_path, GOOD.replace(*change))
    assert catalogue.read(path) is None
    assert "certificate" not in catalogue.load([tmp_path]).items


@pytest.mark.parametrize("name", ["Certificate.toml", "9x.toml", "a.toml", "证明.toml"])
def test_it_refuses_a_file_name_that_is_no_slug(tmp_path: Path, name: str) -> None:
    assert catalogue.read(write(tmp_path, GOOD, name)) is None


def test_it_survives_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_bytes(b"\xff\xfe\x00title")
    assert set(catalogue.load([tmp_path]).items) == set(own_catalogue().items)


def test_it_tells_what_lacks_english_without_refusing_it(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('{ zh = "开什么证明？", en = "Which one?" }', '"开什么证明？"'))
    item = catalogue.read(path)
    assert item is not None
    assert catalogue.untranslated(item) == ["fields.what.ask"]


def test_it_lets_a_schools_file_win_and_others_be_off(tmp_path: Path) -> None:
    write(
        tmp_path,
        (OWN / "dorm-repair.toml").read_text(encoding="utf-8").replace("宿舍报修", "公寓报修"),
        "dorm-repair.toml",
    )
    found = catalogue.load([tmp_path], off=["youth-mailbox"])
    assert found.items["dorm-repair"].title.zh == "公寓报修"
    assert "youth-mailbox" not in found.items


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("报修", "dorm-repair"),
        ("我想给书记写信", "youth-mailbox"),
        ("ＱＪ", "leave"),
        ("leave", "leave"),
        ("空调坏了", "dorm-repair"),
    ],
)
def test_it_finds_an_item_by_its_names(words: str, slug: str) -> None:
    (best, _), *_ = own_catalogue().find(words)
    assert best.slug == slug


@pytest.mark.parametrize("words", ["", "   ", "!!!", "🙂", "x" * 5000])
def test_it_finds_nothing_in_nothing(words: str) -> None:
    assert all(score < 100 for _, score in own_catalogue().find(words))


def test_it_never_offers_what_the_bot_opens_itself() -> None:
    offered = [item.slug for item in own_catalogue().offered()]
    assert offered == ["leave", "dorm-repair", "youth-mailbox", "group-leave"]


def test_it_keeps_the_version_that_a_ticket_was_opened_under(session: Session, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    before = catalogue.load([tmp_path])
    before.record(session, START)
    old = turn_of(session, "李雷", school=make_school(before))
    ticket = tickets.open_ticket(old, before.items["certificate"], {"what": "在读证明"})
    write(tmp_path, GOOD.replace("开证明", "办证明").replace("what", "which"))
    after = catalogue.load([tmp_path])
    after.record(session, START)
    session.flush()
    new = turn_of(session, "李雷", school=make_school(after))
    assert after.versions["certificate"] != before.versions["certificate"]
    assert cards.item_of(new, ticket).title.zh == "开证明"
    assert "在读证明" in "".join(cards.card(new, ticket, staff=False).lines)


def test_it_knows_no_version_that_was_never_in_service(session: Session) -> None:
    with pytest.raises(KeyError):
        own_catalogue().item(session, "leave", "0" * 12)
    assert Catalogue([]).offered() == []
