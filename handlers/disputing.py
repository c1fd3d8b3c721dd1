"""What a student may do about a refusal: write to a teacher, or to whoever is above, and hand the same in again, changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from handlers import cards, consulting, directory, offers, refusals, student, talks, tickets
from handlers.form_ask import prefixed, proceed
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.disputes import read_dispute
from handlers.understand.orders import NUMBER, read_number
from models.base import first_id
from models.message import Choice, Incoming, Refused, Reply, Upload
from models.person import Person
from models.ticket import Event, Resolution, Ticket

Replies = tuple[Reply, ...]
LOOK_BACK: Final = timedelta(days=14)  # after that a bare 「我不服」 is about something else
TWICE: Final = timedelta(minutes=10)  # the same words within it are a button that was pressed twice
RAISE: Final = refusals.RAISE
VERBS: Final = frozenset({*offers.DISPUTES, RAISE})


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """「我不服」, 「再提交一次」, 「申诉 编号」 of the matter that is named or quoted, else of the newest that ended, where that
    was refused; None for all other words and matters."""
    number = read_number(incoming.text) or incoming.quote
    said = "" if incoming.files else read_dispute(NUMBER.sub(" ", incoming.text, count=1), named=bool(number))
    if not said:
        return None
    ticket = student.own(turn, tickets.by_number(turn, number)) if number else refused_last(turn)
    if ticket is None or not offers.disputed(turn, ticket):
        return None
    return act(turn, talk, ticket, said) if said in offered(turn, ticket) else (_ways(turn, ticket),)


def act(turn: Turn, talk: Talk, ticket: Ticket, verb: str) -> Replies:
    """One of VERBS on the speaker's own matter. Raises Refused where it was not refused, or is offered no more."""
    if verb not in offered(turn, ticket):
        raise Refused("form.stale")
    if verb == "refile":
        return _refile(turn, talk, ticket)
    to = _above(turn, ticket) if verb == RAISE else None
    return consulting.ask(turn, talk, to=to, head=turn.say("refused.about", number=ticket.number), about=ticket.number)


def refile_newest(turn: Turn, talk: Talk) -> Replies | None:
    """The form of the newest refusal laid out once more, for words that change it; None where there is none of late."""
    ticket = refused_last(turn)
    return act(turn, talk, ticket, "refile") if ticket is not None and "refile" in offered(turn, ticket) else None


def of_newest(turn: Turn) -> Replies | None:
    """What can be done about the speaker's newest refusal, as buttons; None where there is none of late."""
    ticket = refused_last(turn)
    return (_ways(turn, ticket),) if ticket is not None and offers.disputed(turn, ticket) else None


def offered(turn: Turn, ticket: Ticket) -> list[str]:
    """The VERBS that the speaker may use on an own matter now; [] where it was not refused."""
    ways = offers.disputed(turn, ticket)
    return [*ways, RAISE] if ways and _above(turn, ticket) is not None else ways


def _ways(turn: Turn, ticket: Ticket) -> Reply:
    """What can be done, as buttons; whoever is above by name."""
    above = _above(turn, ticket)
    choices = [each for each in cards.choices(turn, ticket, staff=False) if each.send.split(":")[2] in VERBS]
    if above is not None:
        choices.insert(1, Choice(label=label(turn, ticket, RAISE), send=f"t:{ticket.id}:{RAISE}:{ticket.rev}"))
    return Reply(text=turn.say("refused.ways", number=ticket.number), choices=tuple(choices))


# -- on the page of the matter


def label(turn: Turn, ticket: Ticket, verb: str) -> str:
    """What a button for one of VERBS says; who is above by name."""
    if verb != RAISE:
        return turn.say(f"verb.{verb}")
    return turn.say("refused.raise", name=directory.name_of(_above(turn, ticket), turn.lang))


def write(turn: Turn, ticket: Ticket, verb: str, words: str, files: Iterable[Upload] = ()) -> Ticket:
    """Send words about a refusal to a teacher ("appeal"), or to whoever is above ("raise"); answers with the matter that
    they opened, the same one for a button that was pressed twice. Raises Refused."""
    said = turn.say("consult.about", number=ticket.number, words=words)
    before = _said_already(turn, said)
    if before is not None:
        return before
    to = _above(turn, ticket) if verb == RAISE else None
    (reply, *_) = consulting.consult(turn, said, own=words, files=files, to=to.id if to is not None else "")
    opened = tickets.by_number(turn, reply.card.ticket) if reply.card is not None else None
    return opened or ticket


def begin_again(turn: Turn, ticket: Ticket) -> None:
    """Lay the refused form out once more, half filled, for its page and the chat alike."""
    talk = talks.load(turn)
    act(turn, talk, ticket, "refile")
    talks.save(turn, talk)


def _said_already(turn: Turn, said: str) -> Ticket | None:
    """The matter that the very same words of the speaker opened a moment ago."""
    newest = (
        select(Ticket)
        .where(turn.own(), Ticket.service == consulting.CONSULT)
        .order_by(Ticket.opened_at.desc())
        .limit(1)
    )
    found: Ticket | None = turn.session.execute(newest).scalar()
    if found is None or turn.now - found.opened_at > TWICE:
        return None
    field = turn.school.catalogue.items[consulting.CONSULT].fields[0]
    return found if cards.answers_of(turn, found).get(field.key) == said else None


def _refile(turn: Turn, talk: Talk, ticket: Ticket) -> Replies:
    """The form once more, with the answers that were handed in; the refused matter stays as it is."""
    item = cards.item_of(turn, ticket)
    told = cards.answers_of(turn, ticket)
    draft = Draft(service=item.slug, answers={field.key: told[field.key] for field in item.fields if field.key in told})
    talk.drafts = [each for each in talk.drafts if each.service != item.slug]
    talk.drafts.append(draft)
    return prefixed(turn.say("refused.refiling", number=ticket.number), proceed(turn, talk))


def _above(turn: Turn, ticket: Ticket) -> Person | None:
    """Who is next above whoever refused, where words of the student's may go to them."""
    by = select(Event.by_id).where(Event.ticket_id == ticket.id, Event.kind == "refused").order_by(Event.rev.desc())
    return refusals.above(turn, ticket, turn.session.execute(by.limit(1)).scalar())


def refused_last(turn: Turn) -> Ticket | None:
    """The speaker's matter that was refused last, while that is still what is talked about."""
    refused = (
        select(Ticket)
        .join(Event, Event.ticket_id == Ticket.id)
        .where(
            turn.own(), Event.id >= first_id(turn.now - LOOK_BACK), Event.kind == "refused", Ticket.private.is_(False),
            Ticket.resolution == Resolution.refused,
        )
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(1)
    )  # fmt: skip
    found: Ticket | None = turn.session.execute(refused).scalar()
    return found
