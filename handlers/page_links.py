"""The one-time link by which somebody who speaks on a phone opens the web page signed in: in chat asked for, there used."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from handlers import access, binding, entrances, pages, signins, tickets
from handlers.signins import Signed
from handlers.turn import Turn
from handlers.understand.orders import read_number
from models.credential import Entrance
from models.db import seal_of
from models.message import Incoming, Link, Refused, Reply
from models.meta import audit
from models.person import Account, Person
from models.ticket import Ticket

PATH: Final = "/enter"
VALID: Final = timedelta(minutes=10)
TICKET: Final = "/console/ticket/"
# Where a link may lead: one's own pages, one matter of them, a service's form, the chat.
INSIDE: Final = re.compile(r"/me(?:/[A-Z]{2}-[0-9]{4}-[0-9]{4,8})?|/services/[a-z][a-z0-9-]{1,47}|/chat", re.ASCII)


def hear(turn: Turn, incoming: Incoming) -> tuple[Reply, ...]:
    """「网页登录」, alone or with a matter's number, or the button that stands on a card shown on the page only."""
    target = incoming.press.partition("w:web:")[2] if incoming.press else read_number(incoming.text) or incoming.quote
    return (offer(turn, target),)


def offer(turn: Turn, target: str = "") -> Reply:
    """A link made now, for the speaker alone. target: a matter's number, a service's slug, "chat", or "" for all.

    What staff have to do with a matter of somebody else stands in the console, so their link leads there. Refused where
    nobody is bound, and for a matter that the speaker may not see, as for one that does not exist.
    """
    if turn.person is None:
        raise binding.first_in_demo(turn) if turn.school.demo else Refused("web_link.bind_first")
    ticket = tickets.by_number(turn, target) if target and target[0].isupper() else None
    if target and target[0].isupper() and not _may_see(turn, turn.person, ticket):
        raise Refused("ticket.not_found")
    own = ticket is not None and ticket.requester_id == turn.person.id
    if turn.person.kind == "staff" and not own and target in ("", "chat", ticket.number if ticket else ""):
        return entrances.offer(turn, f"{TICKET}{ticket.number}" if ticket is not None else "")
    if turn.channel == pages.WEB:
        return Reply(text=turn.say("web_link.here"), link=Link(label=turn.say("me.page"), url="/me"))
    named = f"/services/{target}" if target in turn.school.catalogue.items else "/chat" if target == "chat" else "/me"
    to = f"/me/{ticket.number}" if ticket is not None else named
    code = _invite(turn.session, turn.person, turn.now)
    link = Link(label=turn.say("web_link.label"), url=f"{turn.school.base_url}{PATH}?c={code}&to={to}")
    return Reply(text=turn.say("web_link.given", minutes=int(VALID.total_seconds() // 60)), link=link)


def _may_see(turn: Turn, person: Person, ticket: Ticket | None) -> bool:
    if ticket is None:
        return False
    return ticket.requester_id == person.id or (
        person.kind == "staff" and access.may_act(turn.session, person, ticket, turn.now)
    )


def _invite(session: Session, person: Person, now: datetime) -> str:
    """What a new link carries, 256 random bits. Links given before are void, those into the console too."""
    session.execute(delete(Entrance).where(Entrance.person_id == person.id))
    code = secrets.token_urlsafe(32)
    session.add(Entrance(id=_digest(session, code), person_id=person.id, kind="enter", until_at=now + VALID))
    audit(session, now, person.id, "link_page", person.number)
    return code


def use(session: Session, code: str, cookie: str, now: datetime, idle: timedelta) -> Signed:
    """Use a link up: sign a browser in under a new cookie. Refused with one answer for unknown, used and late ones."""
    row = session.get(Entrance, _digest(session, code), with_for_update=True)
    if row is None or row.until_at <= now:
        raise Refused("web_link.gone")
    asked_at = row.until_at - VALID
    session.delete(row)
    session.flush()
    signed = signins.enter(session, cookie, row.person_id, now, idle)
    account = session.get_one(Account, signed.account_id)
    if account.used_at == now:
        # It was made just now, and whoever only looks at the page wants to be told where he asked for it.
        account.used_at = asked_at - timedelta(seconds=1)
    return signed


def _digest(session: Session, code: str) -> str:
    # Under a name of its own: what signs a student in to his pages never opens the console, nor the other way round.
    return seal_of(session).index("entrance.page", code[:64])
