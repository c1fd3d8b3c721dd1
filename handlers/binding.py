"""One-time codes that bind an account to a person, how often one may guess, and what goes along when it is bound."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from handlers import directory, notices, talks
from handlers.texts import text as words
from handlers.turn import School, Turn
from models.base import new_id
from models.db import seal_of
from models.dialogue import Dialogue
from models.message import Choice, Refused, Reply
from models.meta import audit
from models.outbox import Lane
from models.person import Account, Code, Person
from models.ticket import Counter, Ticket
from models.unit import at_end, plain

log = structlog.get_logger()
VALID: Final = timedelta(minutes=10)
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 8  # 30**8 is about 39 bits
MOST_WRONG: Final = 5  # wrong codes of one account in a clock hour
# Wrong codes of everybody in a clock hour: were 67,000 codes good at once, one would fall with a chance below 6 in 10**5.
MOST_WRONG_OF_ALL: Final = 500
_TRIES: Final = "bind:"  # series of models.ticket.Counter: "bind:26061009" for everybody, with an account's end for one
_TRIED = select(Counter.series, Counter.last).where(Counter.series.in_(bindparam("series", expanding=True)))
# Where a phone is spoken to: whoever writes there is bound by a code, in the demonstration too.
PUSHED: Final = frozenset({"telegram", "wechat", "wecom"})
_CODE = (
    select(Code, Person)
    .join(Person, Person.id == Code.person_id)
    .where(Code.id == bindparam("code"))
    .with_for_update(of=Code)
)
_COUNT = text(
    "insert into counter (series, last) values (:all, 1), (:one, 1) "
    "on conflict (series) do update set last = counter.last + 1"
)
_FORGET = delete(Counter).where(Counter.series.startswith(_TRIES), Counter.series < bindparam("before"))


def issue(session: Session, person: Person, now: datetime, by_id: str | None = None) -> str:
    """A new code for a person; those given before are void. by_id: the member of staff who gives it, None an operator."""
    audit(session, now, by_id, "code", person.number)
    session.execute(delete(Code).where(Code.person_id == person.id))
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    session.add(Code(id=_digest(session, code), person_id=person.id, until_at=now + VALID))
    return code


def hand_out(school: School, lang: str, name: str, code: str) -> str:
    """What whoever asked for a code reads: the code, and where Telegram is open the link that does the same."""
    said = words(lang, "run.code", name=name, code=code)
    bot = school.telegram
    return f"{said}\n{words(lang, 'bind.link', link=f'https://t.me/{bot}?start={code}')}" if bot else said


def bind(turn: Turn, code: str) -> tuple[Reply, ...]:
    """Bind the speaker's account with a code.

    One answer, by the same statements, for codes that are wrong, used or expired, for people who left, and for a right
    code after too many wrong ones: neither the words nor the time tells them apart.
    """
    if turn.account is None:
        raise Refused("bind.failed")
    if turn.person is not None:
        raise Refused("bind.already", name=directory.name_of(turn.person, turn.lang))
    spent = _is_spent(turn)
    found = turn.session.execute(_CODE, {"code": _digest(turn.session, code)}).first()
    if found is None or spent or found[0].until_at <= turn.now or not found[1].active:
        _count(turn)
        return (Reply(text=turn.say("bind.failed")),)
    row, person = found
    turn.session.delete(row)
    turn.account.person_id = person.id
    # What was opened before anybody was bound here is the person's own from now on.
    turn.session.execute(
        update(Ticket)
        .where(Ticket.account_id == turn.account.id, Ticket.requester_id.is_(None))
        .values(requester_id=person.id)
    )
    turn.session.flush()
    going_on = hand_over(turn, person)
    # The log's last row is locked after what is half said, as wherever somebody speaks.
    audit(turn.session, turn.now, person.id, "bound", f"{turn.account.channel} {turn.account.id}")
    tell_others(turn, person, "bind.elsewhere", turn.account)
    said = turn.say("bind.done", name=directory.name_of(person, turn.lang))
    word = turn.say("way.go_on_words")
    choices = (Choice(label=word, send="w:go_on", words=word),) if going_on else ()
    return (Reply(text=f"{said}\n{turn.say('bind.half_said')}" if going_on else said, choices=choices),)


def hand_over(turn: Turn, person: Person) -> bool:
    """Give what the account had half said to the person, but no form of which the person has one begun.

    Returns whether a half-filled form waits for the person now.
    """
    theirs = replace(turn, person=person)
    here, talk = talks.load(turn), talks.load(theirs)
    begun = {draft.service for draft in talk.drafts}
    talk.drafts += [draft for draft in here.drafts if draft.service not in begun]
    talk.order = talk.order or here.order
    talk.unheard, talk.kept = talk.unheard or here.unheard, [*here.kept, *talk.kept]
    talk.consult, talk.listening = talk.consult or here.consult, talk.listening or here.listening
    # Buttons of both count as old from now on: a revision that neither had.
    talk.rev = max(talk.rev, here.rev)
    talks.save(theirs, talk)
    at_end(turn.session, partial(_forget, holder=turn.holder))  # Whoever listens now writes it once more.
    return bool(talk.drafts)


def _forget(session: Session, holder: str) -> None:
    session.execute(delete(Dialogue).where(Dialogue.holder == holder))


def tell_others(turn: Turn, person: Person, key: str, about: Account, but: tuple[str, ...] = ()) -> None:
    """Tell a person on the other accounts, but not on those with these ids, what became of one."""
    statement = select(Account).where(Account.person_id == person.id, Account.closed == "").order_by(Account.id)
    with turn.session.no_autoflush:
        others = [row for row in turn.session.execute(statement).scalars() if row.id not in (about.id, *but)]
    for address in others:
        there = turn.to(address.lang or person.lang)
        said = there.say(key, channel=channel_name(there, about.channel))
        notices.send(there, address, Reply(text=said), Lane.interactive, f"{new_id(turn.now)}:{address.id}")


def channel_name(turn: Turn, channel: str) -> str:
    """How people call a channel."""
    return turn.say(f"bind.on_{channel}")


def explain(turn: Turn) -> Reply:
    """How an account is bound and where the code comes from; to staff, how they give one to a student."""
    if turn.person is not None and turn.person.kind == "staff":
        return Reply(text=turn.say("bind.how_staff"))
    if turn.person is not None:
        return Reply(text=turn.say("bind.already", name=directory.name_of(turn.person, turn.lang)))
    if turn.school.demo and turn.channel in PUSHED:
        return Reply(text=turn.say("bind.how_demo_far", url=turn.school.base_url))
    return Reply(text=turn.say("bind.how_demo" if turn.school.demo else "bind.how"))


def first_in_demo(turn: Turn) -> Refused:
    """What somebody unknown is told in the demonstration; the buttons of its home page bind nobody on a phone."""
    if turn.channel in PUSHED:
        return Refused("bind.how_demo_far", url=turn.school.base_url)
    return Refused("form.bind_first_demo")


def _digest(session: Session, code: str) -> str:
    return seal_of(session).index("code.id", re.sub(r"[\s-]", "", code).upper())


def _series(turn: Turn) -> tuple[str, str]:
    """The counters of this hour's wrong codes: everybody's, and this account's."""
    everybody = f"{_TRIES}{turn.now:%y%m%d%H}"
    return everybody, f"{everybody}:{turn.account.id[-10:] if turn.account else ''}"


def _is_spent(turn: Turn) -> bool:
    """Whether this account, or everybody together, has guessed too often in this hour; kept in the database, so that
    neither a restart nor another machine forgets it."""
    everybody, one = _series(turn)
    found: dict[str, int] = {
        row.series: row.last for row in plain(turn.session).execute(_TRIED, {"series": [everybody, one]})
    }
    if found.get(everybody, 0) >= MOST_WRONG_OF_ALL:
        log.warning("bind_codes_guessed")
    return found.get(everybody, 0) >= MOST_WRONG_OF_ALL or found.get(one, 0) >= MOST_WRONG


def _count(turn: Turn) -> None:
    everybody, one = _series(turn)
    plain(turn.session).execute(_COUNT, {"all": everybody, "one": one})
    plain(turn.session).execute(_FORGET, {"before": f"{_TRIES}{turn.now - timedelta(hours=1):%y%m%d%H}"})
