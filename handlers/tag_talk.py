"""The matters with a tag, listed in chat for staff who ask for them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import exists, func, or_, select

from handlers import access, cards, directory, lists, tags
from handlers.turn import Turn
from handlers.understand.tagging import read_tag_wish
from models.message import Choice, Reply
from models.sorting import Tag
from models.ticket import OPEN, Ticket

MOST: Final = lists.PAGE


def hear(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """Open ones first, then the newest, of what the speaker may answer; None for other words, and where nothing has such
    a tag, since the words may then mean something else."""
    name = tags.clean(read_tag_wish(words))
    if not name or turn.person is None:
        return None
    wanted = (
        exists().where(Tag.ticket_id == Ticket.id, Tag.name == name),
        access.answerable(turn.session, turn.person, turn.now),
        or_(Ticket.requester_id.is_(None), Ticket.requester_id != turn.person.id),
    )
    count = turn.session.execute(select(func.count()).select_from(Ticket).where(*wanted)).scalar_one()
    if not count:
        return None
    newest = select(Ticket).where(*wanted).order_by(Ticket.status.in_(OPEN).desc(), Ticket.id.desc()).limit(MOST)
    found = turn.session.execute(newest).scalars().all()
    directory.meet(turn.session, [ticket.requester_id for ticket in found])
    lines, choices = [turn.say("tags.found", name=name, count=count)], []
    for ticket in found:
        title, state = cards.item_of(turn, ticket).title.to(turn.lang), cards.state(turn, ticket, staff=True)
        lines.append(turn.say("staff.line", names=cards.names(turn, ticket), title=title, state=state))
        student = "" if cards.withheld(turn, ticket) else cards.student(turn, ticket)
        label = turn.say("staff.pick", verb=turn.say("verb.show"), number=ticket.number, name=student).strip()
        choices.append(Choice(label=label, send=f"t:{ticket.id}:show:{ticket.rev}"))
    lines += [turn.say("tags.more", count=count - len(found))] if count > len(found) else []
    return (Reply(text="\n".join(lines), choices=tuple(choices)),)
