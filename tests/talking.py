"""The stage on which a conversation of tests/talks is played: the real door, what everybody was told, a hand-set clock."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import func, select

from bot import render
from bot.door import Answer
from handlers import binding, catalogue, deadlines, directory, tickets
from handlers.streams import fetch
from handlers.turn import Turn
from models.base import new_id
from models.db import Database
from models.dialogue import Received
from models.grid import Grid
from models.message import Choice, Incoming, Reply, Upload
from models.outbox import Attachment, Delivery, Outbox
from models.person import Account, Person
from models.seasons import Term
from models.ticket import Event, Ticket
from tests import builders
from tests.builders import CAST, POOR, RICH

EXAMPLES: Final = Path(__file__).parent.parent / "docs" / "examples"
_PRESS: Final = re.compile(r"\[(?P<old>旧：)?(?P<label>[^\]]+)\]")
_FILE: Final = re.compile(r"\(file (?P<name>[^)]+)\)")


class Wrong(AssertionError):
    """The conversation went another way than the file says."""


@dataclass
class Stage:
    """One school on one database, with everybody's last messages, and the hand-set clock."""

    url: str
    poor: bool
    now: datetime = builders.START
    answer: Answer | None = None
    shown: dict[str, list[Reply]] = field(default_factory=dict)
    last: dict[str, tuple[Reply, ...]] = field(default_factory=dict)
    told: dict[str, list[Reply]] = field(default_factory=dict)
    code: str = ""
    sent: Incoming | None = None
    count: int = 0
    folders: tuple[Path, ...] = ()
    terms: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        self.channel = POOR if self.poor else RICH
        self.seal = builders.new_seal()
        self.runner = asyncio.Runner()
        self.open()
        self.database.run(lambda session: builders.settle(session, self.now, self.channel))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()
        self.runner.close()

    def open(self) -> None:
        """Open the database and build everything on it, as a start of the program does."""
        self.database = Database(self.url, self.seal)
        self.school = builders.make_school(catalogue.load(self.folders), terms=self.terms)
        self.door = builders.make_door(self.database, self.school, lambda: self.now)

    def adopt(self, words: str) -> None:
        """The rules of leave of an example, from here on: "leave-joint"."""
        self.folders = (EXAMPLES / words,)
        self.restart()
        self.database.run(lambda session: self.school.catalogue.record(session, self.now))

    def examine(self, words: str) -> None:
        """The exam weeks of the term, from here on, by their first and last day: "2026-06-22 2026-07-03"."""
        first, last = (date.fromisoformat(each) for each in words.split())
        self.terms = (Term("春季", date(2026, 3, 2), date(2026, 7, 12), ((first, last),)),)
        self.restart()

    def entrust(self, words: str) -> None:
        """Give somebody a duty since yesterday: "韩梅梅 monitor /sl/cs/cs2301/"."""
        name, role, path = words.split()
        since = self.now - timedelta(days=1)
        self.database.run(
            lambda session: builders.add_duty(
                session, builders.person_of(session, name), path, role, leads=role == "deputy-dean", from_at=since
            )
        )

    def restart(self, _words: str = "") -> None:
        """Close the database and build everything anew."""
        self.database.close()
        self.open()

    def run(self, answering: Coroutine[Any, Any, Answer]) -> Answer:
        """Wait for the door, without the signal handlers that asyncio's runner sets up each time."""
        return self.runner.get_loop().run_until_complete(answering)

    # -- what somebody says

    def say(self, who: str, how: str, words: str) -> None:
        """One turn of somebody: words, a press in brackets, or a file; how says when it was said or what it quotes."""
        said_at, quote, press, file = self.now, "", "", None
        for part in filter(None, how.split(",")):
            verb, _, value = part.strip().partition(" ")
            if verb == "said":
                said_at = builders.at(value)
            else:
                quote = value
        words = words.replace("{code}", self.code)
        button, upload = _PRESS.fullmatch(words), _FILE.fullmatch(words)
        if button:
            words, press = self.press(who, button["label"], old=bool(button["old"]))
        elif upload:
            words, file = "", Upload(f"f{self.count:021}", upload["name"], "image/jpeg", 1000)
        self.count += 1
        account = CAST[who].number if who in CAST else who
        if file is not None:
            self.keep(account, file)
        self.sent = Incoming(self.channel, account, f"k{self.count}", said_at, words, press, quote, file)
        self.answer = self.run(self.door.receive(self.sent))
        self.last[who] = self.answer.replies
        self.shown.setdefault(who, []).extend(self.answer.replies)
        self.listen()
        broken = select(Received.trace).where(Received.status == "quarantined")
        trace = self.database.read(lambda session: session.execute(broken).scalar())
        if trace:
            raise Wrong(f"a bug was met, and the message is in quarantine:\n{trace}")

    def keep(self, account: str, file: Upload) -> None:
        """A file is in the store before its message comes, as a channel puts it there."""
        values = {"name": file.name, "kind": file.kind, "size": file.size, "digest": "d" * 64, "at": self.now}
        self.database.run(
            lambda session: session.add(
                Attachment(
                    id=file.id,
                    account_id=directory.account(session, self.channel, account, self.now).id,
                    **values,
                )
            )
        )

    def press(self, who: str, label: str, *, old: bool) -> tuple[str, str]:
        """What a press sends: the payload where there are buttons, else the number or the words that do the same."""
        numbered = 0
        for choice in render.pressable(self.last.get(who, ())):
            numbered += not choice.words
            if choice.label == label and not old:
                return ((choice.words or str(numbered)), "") if self.poor else ("", choice.send)
        for reply in reversed(self.shown.get(who, [])):
            for choice in reply.choices:
                if choice.label == label:
                    return (choice.words, "") if self.poor and choice.words and not old else ("", choice.send)
        labels = [choice.label for choice in render.pressable(self.last.get(who, ()))]
        message = f"{who} was never shown a button [{label}], last there were {labels}"
        raise Wrong(message)

    def listen(self) -> None:
        """Fetch what everybody was told since the last step."""

        def unit(session: Any) -> dict[str, list[Reply]]:
            found = {}
            for name in names:
                address = directory.address(session, builders.person_of(session, name), self.now)
                found[name] = fetch(session, address.channel, address.key, self.now)
            return found

        # Most steps tell nobody anything, and a question to each of the cast would be half of a talk's time.
        names = [name for name in self.database.read(_waited_for) if name in CAST]
        self.told = self.database.run(unit) if names else {}
        for name, replies in self.told.items():
            self.shown.setdefault(name, []).extend(replies)

    # -- what happens beside the talk

    def later(self, to: datetime) -> None:
        """Move the clock and sweep until nothing is due."""
        self.now = to
        while self.database.run(lambda session: deadlines.sweep(Turn(session, self.school, self.now, self.now))).more:
            pass
        self.listen()

    def redeliver(self, _words: str = "") -> None:
        """The last delivery once more: the same answer, and nothing happens a second time."""
        if self.sent is None or self.answer is None:
            message = "nothing was said yet"
            raise Wrong(message)
        before = self.rows()
        again = self.run(self.door.receive(self.sent))
        if again.fresh or (again.replies, again.seq) != (self.answer.replies, self.answer.seq):
            message = f"the answer to the second delivery differs: {again}"
            raise Wrong(message)
        if self.rows() != before:
            message = f"the second delivery changed something: {before} → {self.rows()}"
            raise Wrong(message)

    def rows(self) -> list[int]:
        """How many rows there are of everything that a delivery may make."""
        tables = (Ticket, Event, Outbox, Received)
        return self.database.read(lambda session: [
            session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        ])  # fmt: skip

    def issue(self, who: str) -> None:
        """A binding code for somebody, from here on {code}."""
        self.code = self.database.run(
            lambda session: binding.issue(session, builders.person_of(session, who), self.now)
        )

    def house(self, words: str) -> None:
        """A building with its keeper, who has an account, and a student who lives in room 301 of it: "董阿姨 李雷"."""
        name, student = words.split()

        def unit(session: Any) -> None:
            for path, code in (("/sl/e1/", "e1"), ("/sl/e1/301/", "301")):
                session.add(
                    Grid(id=new_id(self.now), tree="residential", level="building", code=code, name=code, path=path)
                )
            session.flush()
            builders.person_of(session, student).residential_path = "/sl/e1/301/"
            keeper = builders.add_person(session, builders.Role("T101", name, name), self.now)
            builders.add_duty(session, keeper, "/sl/e1/", "keeper", from_at=self.now - timedelta(days=1))
            directory.account(session, self.channel, name, self.now).person_id = keeper.id

        self.database.run(unit)

    def tickets(self, words: str) -> None:
        """How many tickets there are."""
        if self.rows()[0] != int(words):
            message = f"there are {self.rows()[0]} tickets"
            raise Wrong(message)

    def timeline(self, words: str) -> None:
        """The kinds of all events of one ticket, in order."""
        number, *kinds = words.replace(":", " ").split()

        def query(session: Any) -> list[str]:
            turn = Turn(session, self.school, self.now, self.now)
            ticket = session.execute(select(Ticket).where(Ticket.number == number)).scalar_one()
            return [event.kind for event in tickets.events_of(turn, ticket)]

        found = self.database.read(query)
        if found != kinds:
            message = f"the timeline of {number} is {' '.join(found)}"
            raise Wrong(message)

    # -- what the answer holds

    def text(self) -> str:
        """The last answer as it was shown."""
        if self.answer is None:
            return ""
        return self.answer.text if self.poor else as_rich(self.answer.replies)

    def expect(self, words: str, *, present: bool) -> None:
        """Hold the last answer against one line of the file."""
        button = _PRESS.fullmatch(words)
        if button:
            found = any(button["label"] == choice.label for choice in self.buttons())
            if self.poor and present and found:
                choice = next(each for each in self.buttons() if each.label == button["label"])
                found = (choice.words or choice.label) in self.text()
        else:
            found = words in self.text()
        if found != present:
            message = f"{'missing' if present else 'not wanted'}: {words}\nthe answer was:\n{self.text()}"
            raise Wrong(message)

    def buttons(self) -> list[Choice]:
        """The buttons of the last answer."""
        return render.pressable(self.answer.replies) if self.answer else []

    def hear(self, who: str, words: str, *, present: bool) -> None:
        """Hold what somebody was told at the last step against one line of the file; no words mean: anything."""
        told = [as_rich((reply,)) for reply in self.told.get(who, [])]
        if (any(words in said for said in told)) != present:
            message = f"{who} was told at this step:\n" + ("\n---\n".join(told) or "nothing")
            raise Wrong(message)


def _waited_for(session: Any) -> list[str]:
    """The names of everybody whom a notice waits for."""
    waiting = select(Account.person_id).join(Outbox, Outbox.account_id == Account.id)
    people = select(Person.name).where(Person.id.in_(waiting.where(Outbox.status == Delivery.ready)))
    return list(session.execute(people.order_by(Person.number)).scalars())


def as_rich(replies: tuple[Reply, ...]) -> str:
    """Replies as text for comparing: words, card, labels of buttons."""
    return "\n\n".join(
        "\n".join([reply.text, render.card_text(reply.card) if reply.card else "",
                   *(f"[{choice.label}]" for choice in reply.choices)]) for reply in replies
    )  # fmt: skip
