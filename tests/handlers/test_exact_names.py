"""The very title of an item opens this item, whatever the words are near to otherwise."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import catalogue, intake, talks
from handlers.catalogue import Catalogue
from models.message import Incoming
from tests.builders import RICH, START, make_school, own_catalogue, turn_of

OWN = [
    catalogue.made(slug, {"title": title, "prefix": prefix, "aliases": aliases, "fields": [{"key": "what", "ask": "什么？", "type": "text"}]})
    for slug, title, prefix, aliases in (
        ("seal", "用印申请", "YY", ["盖公章"]), ("party", "入党申请", "RD", []), ("grant", "困难补助", "BZ", []),
    )
]  # fmt: skip
SCHOOL = make_school(Catalogue([*own_catalogue().items.values(), *OWN]))


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("用印申请", "seal"), ("我要用印申请", "seal"), ("我要办用印申请", "seal"), ("办理 用印申请。", "seal"), ("盖公章", "seal"),
        ("入党申请", "party"), ("我想提交入党申请", "party"), ("申请困难补助", "grant"), ("请假", "leave"), ("我想请假", "leave"),
    ],
)  # fmt: skip
def test_it_opens_the_item_that_is_named(session: Session, words: str, slug: str) -> None:
    SCHOOL.catalogue.record(session, START)
    turn = turn_of(session, "李雷", school=SCHOOL)
    intake.answer(turn, Incoming(RICH, "2023001", "k", START, words))
    draft = talks.load(turn).draft
    assert draft is not None
    assert draft.service == slug
