"""A counselor in a browser who decides everything that comes in while the server is killed, and a checker of that."""

from __future__ import annotations

import asyncio
import random
import re
import secrets
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

import aiohttp
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import directory, tickets
from handlers.turn import Turn
from models.outbox import Outbox
from models.person import Account, Person
from models.ticket import Event, Ticket
from tests.builders import leave_answers, make_school, own_catalogue
from tests.killing import Message, Page, Totals, words_of

# What the demo's first class has: the counselor who answers for all of its students.
NUMBER: Final = "T1001"
_ANSWER: Final = re.compile(r"t:([0-9a-z]{22}):reply:(\d+)")
_DONE: Final = {"sign": "已同意", "reply": "已回复"}


def ask_leaves(session: Session, person_ids: list[str], now: datetime) -> list[str]:
    """A leave of each of these students that waits for the counselor; the ids of the tickets."""
    own_catalogue().record(session, now)
    day = f"{now + timedelta(days=2):%Y-%m-%d}"
    made = []
    for person_id in person_ids:
        person = session.get_one(Person, person_id)
        account = directory.account(session, directory.PULL, person.id, now)
        turn = Turn(session, make_school(), now, now, account, person, "zh")
        answers = leave_answers(f"{day} 14:00", f"{day} 22:00", 0.5)
        made.append(tickets.open_ticket(turn, own_catalogue().items["leave"], answers).id)
    return made


class Counselor(Page):
    """Signs every leave by a press, and answers every question by a press and then in words, each decision once."""

    def __init__(self, address: str, cookie: str, chance: random.Random, leaves: list[str], questions: int) -> None:
        super().__init__(address, cookie, (), chance)
        self.decided: list[str] = []
        self._leaves = leaves
        self._count = len(leaves) + questions
        self._after = 1  # The first notice is a leave's.

    async def decide(self) -> None:
        """Decide until nothing can come any more."""
        async with self._session() as session:
            for ticket in self._leaves:
                await self._do(session, ticket, "sign", Message(secrets.token_hex(16), press=f"t:{ticket}:sign:1"))
            while len(self.decided) < self._count:
                for ticket, rev in await self._questions(session):
                    asked = Message(secrets.token_hex(16), press=f"t:{ticket}:reply:{rev}")
                    await self.settle(session, asked)
                    await self._do(session, ticket, "reply", Message(secrets.token_hex(16), f"答复{ticket}"))
                await asyncio.sleep(0.05)

    async def _do(self, session: aiohttp.ClientSession, ticket: str, verb: str, message: Message) -> None:
        await self.settle(session, message)
        said = words_of(self.answers[message.key])
        assert _DONE[verb] in said, said
        self.decided.append(ticket)

    async def _questions(self, session: aiohttp.ClientSession) -> list[tuple[str, str]]:
        """The questions that notices brought since the last look, with the revision that their buttons carry."""
        try:
            async with session.get(f"{self.address}/chat/poll?after={self._after}") as response:
                response.raise_for_status()
                entries = (await response.json())["entries"]
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return []  # The server is down: look again.
        found: dict[str, str] = {}
        for entry in entries:
            self._after = entry["seq"]
            found |= dict(_ANSWER.findall("" if entry["key"] else entry["html"]))
        return [(ticket, rev) for ticket, rev in found.items() if ticket not in (*self.decided, *self._leaves)]


def check_decisions(session: Session, counselor: Counselor) -> str:
    """Every ticket was decided once and its student told once, and nobody else; answers with the figures."""
    everything = Counter(session.scalars(select(Ticket.id)))
    events = session.execute(
        select(Event.ticket_id, Event.rev, Account.id)
        .join(Ticket, Ticket.id == Event.ticket_id)
        .join(Account, Account.person_id == Ticket.requester_id)
        .where(Event.kind.in_(("approved", "resolved", "replied", "signed")))
    ).all()
    decisions = Totals(everything, Counter(counselor.decided), Counter(event[0] for event in events))
    decisions.check("decisions")
    told = session.execute(
        select(Outbox.ticket_id, Outbox.event_rev, Outbox.account_id).where(Outbox.event_rev > 1)
    ).all()
    notices = Totals(
        Counter(" ".join(map(str, event)) for event in events),
        Counter(" ".join(map(str, event)) for event in events),
        Counter(" ".join(map(str, row)) for row in told),
    )
    notices.check("what students were told")
    return f"{len(events)} decisions, lost {len(decisions.lost)}, doubled {len(decisions.doubled)}"
