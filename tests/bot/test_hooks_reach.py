"""To whom word of events may go: no private address that was not allowed, in whatever dress, and no settings that are not right."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from bot.hooks import is_public
from bot.settings.hooks import Webhook
from models.db import Database
from models.outbox import Outbox
from tests.bot.hooking import Hand, carried, opened, school_with
from tests.bot.hooks_child import SECRET, settings_for
from tests.bot.hooks_server import Receiver


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{port}/", "https://localhost:{port}/", "https://[::1]:{port}/", "https://2130706433:{port}/",
        "https://127。0。0。1:{port}/", "https://①27.0.0.1:{port}/", "https://[::ffff:127.0.0.1]:{port}/",
    ],
)  # fmt: skip
def test_it_reaches_no_private_address_that_was_not_allowed(sqlite_school: Database, url: str) -> None:
    clock, school = Hand(), school_with()
    opened(sqlite_school, school)

    async def run() -> list[Any]:
        async with Receiver() as receiver:
            await carried(
                sqlite_school, clock, receiver.port, url=url.format(port=receiver.port), private_address=False
            )
            return receiver.got

    assert asyncio.run(run()) == []
    reason = select(Outbox.reason).where(Outbox.bot == "hook:portal")
    assert sqlite_school.read(lambda session: session.execute(reason).scalar_one()) == "NotAllowed"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("10.1.2.3", False), ("127.0.0.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:0a00:0001::", False), ("no address", False),
        ("::10.0.0.1", False), ("::ffff:0:10.0.0.1", False), ("64:ff9b:1::a00:1", False), ("fec0::1", False),
    ],
)  # fmt: skip
def test_it_knows_a_private_address_in_every_dress(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://portal.example.edu.cn/", "private_address": False}, {"url": "ftp://x/"}, {"url": "https://a:b@x/"},
        {"url": "https://x/#f"}, {"url": "https://x:y/"}, {"name": "Portal"}, {"name": "x" * 12}, {"secret": "short"},
        {"events": ["noted"]}, {"more": 1},
    ],
)  # fmt: skip
def test_it_takes_no_settings_that_are_not_right(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        settings_for(8000, **changes)
    assert "a:b" not in str(error.value)
    assert SECRET.hex() not in repr(settings_for(8000))
    assert isinstance(settings_for(8000), Webhook)
