"""Which event is told to whom, in which lane: rows in the outbox, in the transaction of the event itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from handlers import (
    abroad,
    behalf,
    cards,
    corrections,
    deliveries,
    directory,
    marks,
    memory,
    noticed,
    refusals,
    reminding,
    returns,
    rules,
    signing,
    told_order,
    wording,
)
from handlers.hearers import Rule, beside, hearer_of, hearing, kept_out
from handlers.turn import Turn
from models.base import new_id
from models.correction import superseded
from models.db import seal_of, wake
from models.message import Link, Reply, pack
from models.numbering import post
from models.outbox import Lane
from models.person import Account, Person
from models.ticket import Event, Ticket

RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "opened": (Rule("assignee"), Rule("requester")),  # The student hears of what staff opened for him.
    "assigned": (Rule("to"), Rule("requester", Lane.reminder)),
    "transferred": (Rule("to"), Rule("former", Lane.reminder), Rule("owner", Lane.reminder), Rule("requester", Lane.reminder)),
    "noted": (Rule("to"), Rule("assignee", Lane.reminder)),
    "urged": (Rule("assignee"), Rule("to", Lane.reminder)),
    "merged": (Rule("requester"), Rule("assignee", Lane.reminder)),
    "concluded": (Rule("requester"),), "split_off": (Rule("assignee"), Rule("requester")),
    "closed": (Rule("requester"), Rule("assignee", Lane.reminder)),
    "rated": (Rule("assignee", Lane.reminder), Rule("to", Lane.reminder)),
    "taken": (Rule("requester"),),
    "asked": (Rule("requester"),),
    "answered": (Rule("assignee"), Rule("requester")),
    "added": (Rule("assignee"),),
    "replied": (Rule("requester"),),
    "revised": (Rule("requester"),),
    "extended": (Rule("requester"),), "prioritised": (Rule("assignee"),),
    "rushed": (Rule("to"),), "recused": (Rule("to"), Rule("owner", Lane.reminder), Rule("requester", Lane.reminder)),
    "signed": (Rule("requester"), Rule("to")),
    "cosigned": (Rule("requester"),),
    "invited": (Rule("to"),),
    "informed": (Rule("to"),),
    "delegated": (Rule("to"), Rule("requester", Lane.reminder)),
    "sent_back": (Rule("to"), Rule("requester")),
    "amended": (Rule("assignee"),),
    "guardian_agreed": (Rule("assignee"),),
    "guardian_denied": (Rule("assignee"),),
    "proof_asked": (Rule("requester"),),
    "proof_given": (Rule("reader"), Rule("assignee", Lane.reminder)), "proof_doubted": (Rule("reader"),),
    "proof_due": (Rule("requester", Lane.reminder),), "proof_checked": (Rule("reader", Lane.reminder), Rule("assignee", Lane.reminder), Rule("requester", Lane.reminder)),
    "proof_late": (Rule("reader", Lane.reminder), Rule("requester", Lane.reminder)),
    "approved": (Rule("requester"),),
    "refused": (Rule("requester"),),
    "resolved": (Rule("requester"),),
    "undone": (Rule("requester"), Rule("to")),
    "withdrawn": (Rule("assignee"), Rule("requester"), Rule("owner", Lane.reminder)),
    "objected": (Rule("to"), Rule("assignee")),
    "reopened": (Rule("assignee"), Rule("owner", Lane.reminder)),
    "confirmed": (Rule("assignee", Lane.reminder),),
    "returned": (Rule("assignee"), Rule("requester"), Rule("owner", Lane.reminder)),
    "reminded": (Rule("assignee", Lane.reminder),),
    "reminded_back": (Rule("requester", Lane.reminder),),
    "escalated": (Rule("to", Lane.reminder), Rule("assignee", Lane.reminder), Rule("requester", Lane.reminder)),
    "watched": (Rule("to", Lane.reminder),), "unreached": (Rule("to"), Rule("assignee")), "unled": (Rule("assignee", Lane.reminder), Rule("requester", Lane.reminder)),
    "paged": (Rule("to", Lane.crisis),),
    "unowned": (Rule("to"),), "rule_told": (Rule("to", Lane.reminder),), "rule_warned": (Rule("requester", Lane.reminder),),
    "followed_up": (Rule("requester", Lane.reminder),), "nudged": (Rule("requester"),),
}  # fmt: skip

DECISIONS: Final = frozenset({"signed", "cosigned", "approved", "refused"})  # beside whose name stands for whom it was


def tell(turn: Turn, ticket: Ticket, event: Event) -> None:
    """Write the outbox rows of one event; whoever did it is answered by the verb itself and not told again."""
    told: set[str] = set(kept_out(turn, ticket))
    if event.key == signing.WITH_NEXT:
        return  # The decision right after it tells of it, and takes it along when it is taken back.
    for rule in hearing(turn, ticket, event, RULES.get(event.kind, ())):
        person_id = hearer_of(turn, ticket, event, rule.hearer)
        if person_id == event.by_id and event.kind != "paged":
            continue
        if person_id is None:
            if rule.hearer == "requester" and ticket.account_id and not _speaks(turn, ticket.account_id):
                address = turn.session.get(Account, ticket.account_id)
                if address is not None:
                    _write(turn, ticket, event, rule, address, None)
            continue
        person = turn.session.get(Person, person_id)
        if person_id in told or person is None or not person.active:
            continue
        told.add(person_id)
        _write(turn, ticket, event, rule, _address(turn, person), person)
        # Whoever stands in for who is away hears of it as well, unless it was he himself who did it.
        other = _acting(turn, person_id) if rule.hearer != "requester" else None
        if other is not None and other.id not in (*told, event.by_id, ticket.requester_id):
            told.add(other.id)
            _write(turn, ticket, event, rule, _address(turn, other), other, person)
    for person_id, rule in beside(turn, ticket, event):
        person = turn.session.get(Person, person_id)
        if person_id not in told and person_id != event.by_id and person is not None and person.active:
            told.add(person_id)
            _write(turn, ticket, event, rule, _address(turn, person), person)


def _address(turn: Turn, person: Person) -> Account:
    return memory.once(turn, ("address", person.id), lambda: directory.address(turn.session, person, turn.now))


def _acting(turn: Turn, person_id: str) -> Person | None:
    return memory.once(turn, ("acting", person_id), lambda: directory.stand_in(turn.session, person_id, turn.now))


def _speaks(turn: Turn, account_id: str) -> bool:
    return turn.account is not None and turn.account.id == account_id


class Gathered(NamedTuple):
    """A notice that is not written yet. away: for whom the person stands in and hears it."""

    ticket: Ticket
    event: Event
    rule: Rule
    address: Account
    person: Person | None
    away: Person | None = None


GATHERED: Final = "reminders"  # where a unit keeps reminders until it knows all of them (handlers.reminders)


def _write(
    turn: Turn, ticket: Ticket, event: Event, rule: Rule, address: Account, person: Person | None, away: Person | None = None,
) -> None:  # fmt: skip
    """One row, or where reminders are gathered first one more of them; what a rule did says more than a list of these."""
    notice = Gathered(ticket, event, rule, address, person, away)
    single = rules.ACTING in turn.session.info and event.kind != rules.TOGETHER
    gathered = None if single else turn.session.info.get(GATHERED)
    if gathered is not None and rule.lane == Lane.reminder and not cards.item_of(turn, ticket).urgent:
        gathered.append(notice)
    else:
        write(turn, notice)


def write(turn: Turn, notice: Gathered, not_before: datetime | None = None) -> None:
    """Put one notice into the outbox; not_before: as in `send`."""
    ticket, event, rule, address, person, away = notice
    reply = compose(turn, ticket, event, rule, address, person)
    if away is not None:
        there = turn.to(address.lang or (person.lang if person else ""), address.channel)
        words = there.say("away.for_name", name=directory.name_of(away, there.lang), words=reply.text)
        reply = reply.model_copy(update={"text": words})
    lane = Lane.crisis if cards.item_of(turn, ticket).urgent else rule.lane
    send(turn, address, reply, lane, f"{event.id}:{address.id}", ticket, event, not_before=not_before)


def compose(turn: Turn, ticket: Ticket, event: Event, rule: Rule, address: Account, person: Person | None) -> Reply:
    """The notice of an event as it is told to an account: in its language, and as far as its channel may carry it."""
    staff = person is not None and person.id != ticket.requester_id
    there = turn.to(address.lang or (person.lang if person else "") or "zh", address.channel)
    # Somebody in distress reads words from a person, not a form with a state.
    bare = cards.item_of(turn, ticket).urgent and not staff
    # Whoever is a student as well is asked to look, and reads nothing of the matter itself.
    bare = bare or (staff and person is not None and person.kind == "student")
    # Who only has to know of it needs no sealed answer, unless they read it anyhow: as whoever has the matter, say.
    copy = rule.hearer == "informed" or event.kind == "informed"
    whole = not copy or cards.entitled(replace(there, person=person), ticket)
    reply = Reply(
        text=_sentence(there, ticket, event, rule, person),
        card=None if bare else cards.card(there, ticket, staff=staff, whole=whole, copy=copy, reader=person),
        choices=() if bare else (*cards.choices(there, ticket, staff=staff, reader=person),
                                 *refusals.choices(there, ticket, event, rule.hearer)),
        link=None if staff else _link(there, ticket, event),
    )  # fmt: skip
    return abroad.linked(there, reply, bound=person is not None)


def _link(turn: Turn, ticket: Ticket, event: Event) -> Link | None:
    return turn.school.catalogue.service(ticket.service).link(turn, ticket) if event.kind == "approved" else None


def send(
    turn: Turn, address: Account, reply: Reply, lane: Lane, dedupe_key: str,
    ticket: Ticket | None = None, event: Event | None = None, pressed: str = "", not_before: datetime | None = None,
) -> None:  # fmt: skip
    """Put one message into the outbox of an account; its number in the stream is given at the end of the unit.

    pressed: what the platform calls the message whose button this answers. not_before: no sooner than that.
    """
    row_id = new_id(turn.now)
    post(turn.session, {
        "id": row_id, "bot": address.channel, "account_id": address.id, "lane": lane, "dedupe_key": dedupe_key,
        "status": "ready", "attempts": 0, "fence": 0, "reason": "",
        "ticket_id": ticket.id if ticket else None, "event_rev": event.rev if event else None,
        "due_at": turn.school.clock.awake(not_before or turn.now) if lane >= Lane.reminder else turn.now, "created_at": turn.now, "pressed": pressed, "refs": "", "ref": "",
        "card": reply.card.key if reply.card is not None else "",
        "body": seal_of(turn.session).close(f"outbox.body:{row_id}", pack((reply,))),
    })  # fmt: skip
    wake(turn.session, address.id)


words_of = corrections.words_of


def _sentence(turn: Turn, ticket: Ticket, event: Event, rule: Rule, person: Person | None) -> str:
    item = cards.item_of(turn, ticket)
    # To somebody in distress the words of whoever answers go where they were asked for: life comes first, and most
    # who ask so have no account on the web page (PIPL, article 13 (4)).
    silent = cards.withheld(turn, ticket) and not (item.urgent and rule.hearer == "requester")
    words = "" if silent else words_of(turn, event)
    values = {
        "by": _actor(turn, ticket, event) or turn.say("notice.bot"),
        "to": cards.who(turn, event.to_id),
        "assignee": cards.who(turn, ticket.assignee_id) or turn.say("card.nobody"),
        "names": cards.names(turn, ticket),
        "number": ticket.number,
        "student": cards.student(turn, ticket),
        "title": item.title.to(turn.lang),
        "owing": marks.owing(turn, ticket) if event.kind in ("signed", "cosigned") else "",
        "words": words,
        "stars": event.key[-1:],
        "back": turn.school.catalogue.service(ticket.service).coming_back(turn, ticket) if ticket.back_at else "",
        "said": turn.say("event.words", words=words) if words else "",
        "at": wording.soon(event.at, turn.now, turn.lang, turn.school.zone),
        "due": wording.soon(ticket.owed_at or event.at, turn.now, turn.lang, turn.school.zone),
    }
    values |= noticed.values(turn, ticket, event, words)
    if event.kind == "reminded":
        values |= reminding.values(turn, ticket, event, person)
    kind = f"{event.kind}_back" if event.kind in ("escalated", "approved", "unled") and ticket.back_at else ""
    kind = "rated" if event.kind == "rated" else kind or behalf.told_as(ticket, event)
    if event.key in ("undid:transferred", "undid:assigned") and rule.hearer == "to":
        kind = "ungiven"
    if event.kind == "watched" and person is not None and person.kind == "staff":
        kind = "watched_short"
    if event.key == signing.REGISTERED and rule.hearer == "requester":
        kind = "registered_back" if ticket.back_at else "registered"
    kind = noticed.as_corrected(event, kind, rule.hearer)
    if silent and f"{kind}_{rule.hearer}" in abroad.WITHOUT_WORDS:
        return turn.say(f"abroad.{kind}_{rule.hearer}", **values)
    sentence = turn.say(f"notice.{kind}_{rule.hearer}", **values)
    if event.kind == "refused" and rule.hearer == "requester":
        further = refusals.more(turn, ticket, event.by_id)
        sentence += f"\n{further}" if further else ""
    if rule.hearer == "requester":
        sentence += noticed.wrote(turn, ticket, event, sentence, words)
    more = returns.line(turn, ticket, event, rule.hearer, person)
    sentence += "\n" + more if more else ""
    if event.kind == "opened" and turn.school.demo:
        sentence += "\n" + turn.say("notice.demo_limits")
    return sentence


def timeline(turn: Turn, ticket: Ticket, events: list[Event], *, staff: bool, whole: bool = True) -> str:
    """Everything that happened to a ticket, oldest first, as far as the reader may know it."""
    lines = []
    silent = cards.withheld(turn, ticket)
    fates, gone = deliveries.of(turn, ticket) if staff else {}, superseded(events)
    for event, to in told_order.of(turn, events):
        if event.audience == "staff" and not staff:
            continue
        words = (
            corrections.words_read(turn, event, staff=staff) if not silent and (whole or event.sealed is None) else ""
        )
        by = _actor(turn, ticket, event) or turn.say("notice.bot")
        line = corrections.line(turn, ticket, event, by, to, gone)
        at = wording.moment(event.at, turn.lang, turn.school.zone, turn.today)
        said = turn.say("event.line", at=at, line=line) + (turn.say("event.words", words=words) if words else "")
        fate = fates.get(event.rev, "") if event.by_id and event.by_id != ticket.requester_id else ""
        lines.append(said + (turn.say("delivery.line", fate=fate) if fate else ""))
    return "\n".join(lines)


def _actor(turn: Turn, ticket: Ticket, event: Event) -> str:
    """Who did it; whoever asked is named to others only where that may be said."""
    if event.by_id is not None and event.by_id == ticket.requester_id:
        mine = turn.person is not None and turn.person.id == event.by_id
        return cards.who(turn, event.by_id) if mine else cards.student(turn, ticket)
    name = cards.who(turn, event.by_id)
    if event.by_id is None or event.kind not in DECISIONS:
        return name
    away = directory.acted_for(turn.session, event.by_id, ticket.path, event.at)
    return turn.say("away.signed_for", by=name, name=directory.name_of(away, turn.lang)) if away is not None else name
