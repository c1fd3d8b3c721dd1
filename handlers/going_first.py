"""What a student says who goes before the answer, asks whether one may, or is back: the advice, the leave, and the return."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from handlers import cards, crisis, field_times, foreseen, form, limits, owned, tickets
from handlers.form_ask import Replies, prefixed, top
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.asides import says_going
from handlers.understand.leaving_now import asks_to_go, goes_now, is_there, names_visit, says_arrived
from handlers.understand.questions import puts_question
from models.item import Item
from models.message import Choice, Reply
from models.ticket import Ticket

NEAR: Final = timedelta(days=1)  # who says to be setting off means a leave that begins by then
EVENING: Final = 18  # o'clock, from which on the rest of a day is no likely length
CODE: Final = "leave"
INTENT: Final = "leave.request"


def hear(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """The answer to 「我先走了」, 「我能先走吗」, 「不等老师批了」 and 「到了」 of a student; None for all else."""
    if turn.person is None or turn.person.kind != "student":
        return None
    if asks_to_go(words):
        return _may_go(turn)
    goes = says_going(words)
    if goes or goes_now(words):
        waiting = _waiting(turn)
        if len(waiting) == 1:
            return _told(turn, waiting[0], words)
        return None if goes or waiting else _asked(turn, talk, words)
    if is_there(words) and len(waiting := _waiting(turn)) == 1:
        return _told(turn, waiting[0], words)
    if says_arrived(words) and any(_runs(turn, each) for each in owned.open_of(turn)):
        return services_hear(turn, "return")
    return None


def in_form(turn: Turn, item: Item, draft: Draft, words: str) -> str | None:
    """The answer to 「我能先走吗」 while a leave is filled in, which goes on below it; None for all else."""
    if item.code != CODE or turn.person is None or turn.person.kind != "student":
        return None
    asked = item.field(draft.asking)
    free = asked is not None and asked.kind == "text"  # 「要去医院 不等老师批了」 may be the reason.
    if not (asks_to_go(words) or says_going(words) or (goes_now(words) and not free)):
        return None
    advice = foreseen.advice(turn, item, tickets.place(turn, item, draft.answers))
    return "\n".join([turn.say("going.not_handed_in"), *advice])


def services_hear(turn: Turn, word: str) -> Replies | None:
    """The answer of the first service that hears a word of its own (「销假」)."""
    heard = (turn.school.catalogue.service(slug).hear(turn, word) for slug in turn.school.catalogue.items)
    return next((said for said in heard if said is not None), None)


def with_help(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """The leave for a visit to a doctor that tells of a low mood (「抑郁复诊 6月12日上午」), below the numbers of people who
    listen; None where no leave is asked for."""
    item = _leave(turn)
    if (
        item is None
        or turn.person is None
        or turn.person.kind != "student"
        or not names_visit(words)
        or puts_question(words)
    ):
        return None
    return prefixed(crisis.soft_help(turn).text, form.start(turn, talk, item, words))


def _leave(turn: Turn) -> Item | None:
    return next((item for item in turn.school.catalogue.offered() if INTENT in item.intents), None)


def _waiting(turn: Turn) -> list[Ticket]:
    """The speaker's leaves of now that wait for an answer."""
    near = turn.now + NEAR
    return [
        each for each in owned.open_of(turn)
        if not each.private and each.back_at is None and (limits.begins(turn, each) or near) < near
    ]  # fmt: skip


def _runs(turn: Turn, ticket: Ticket) -> bool:
    begins = limits.begins(turn, ticket)
    return ticket.back_at is not None and begins is not None and begins <= turn.now


def _told(turn: Turn, found: Ticket, words: str) -> Replies | None:
    """Whoever decides hears that the student goes, and the student whether to go first."""
    ticket = tickets.get(turn, found.id)
    if ticket is None:
        return None
    tickets.add(turn, ticket, words)
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    key = "going.there" if is_there(words) else "after.going"
    said = [turn.say(key, number=ticket.number, name=name)]
    said += _advice(turn, cards.item_of(turn, ticket), ticket)
    choices = cards.choices(turn, ticket, staff=False)
    return (Reply(text="\n".join(said), card=cards.card(turn, ticket, staff=False), choices=choices),)


def _advice(turn: Turn, item: Item, ticket: Ticket) -> list[str]:
    """Whether to go first; nothing where the card below says it (`cards.card`)."""
    shown = limits.was_rushed(turn, ticket) and not ticket.answers.get("extends") and not cards.withheld(turn, ticket)
    return [] if shown and limits.promised(turn, ticket) is not None else foreseen.advice(turn, item, ticket.path)


def _asked(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """The form of the leave, begun with the words, below whether to go first."""
    item = _leave(turn)
    if item is None:
        return None
    said = form.start(turn, talk, item, words)
    if talk.draft is None or talk.draft.service != item.slug:
        return said
    path = tickets.place(turn, item, talk.draft.answers)
    said = _times(turn, talk, item, said)
    return prefixed("\n".join([turn.say("going.first"), *foreseen.advice(turn, item, path)]), said)


def _times(turn: Turn, talk: Talk, item: Item, said: Replies) -> Replies:
    """The question from when to when with two likely answers as buttons, since whoever goes now has no mind for dates."""
    draft = top(talk)
    asked = item.field(draft.asking)
    if asked is None or asked.kind != "span" or draft.offer or draft.partial:
        return said
    now = turn.now.astimezone(turn.school.zone).replace(second=0, microsecond=0)
    night = datetime.combine(now.date() + timedelta(days=1), time(), turn.school.zone)
    ends = (
        [night + timedelta(hours=12), night + timedelta(days=1)]
        if now.hour >= EVENING
        else [night, night + timedelta(days=1)]
    )
    draft.offer = [{"start": now.isoformat(), "end": end.isoformat(), "timed": [True, True]} for end in ends]
    draft.because = field_times.GOING
    (*before, _) = said
    return (*before, field_times.offer(turn, talk, draft))


def _may_go(turn: Turn) -> Replies | None:
    """Whether one may go before the answer: by the item's own words, and how the leave in question stands."""
    item = _leave(turn)
    if item is None:
        return None
    open_ = [
        each for each in owned.open_of(turn)
        if not each.private and turn.school.catalogue.items[each.service].code == CODE
    ]  # fmt: skip
    waiting = [each for each in open_ if each.back_at is None]
    if not waiting and open_:
        ticket = open_[0]
        said = turn.say("going.agreed", number=ticket.number, dates=cards.dates(turn, ticket))
        return (
            Reply(
                text=said, card=cards.card(turn, ticket, staff=False), choices=cards.choices(turn, ticket, staff=False)
            ),
        )
    if not waiting:
        path = tickets.place(turn, item)
        opens = Choice(label=turn.say("guide.form", title=item.title.to(turn.lang)), send=f"g:{item.slug}")
        return (Reply(text="\n".join(foreseen.advice(turn, item, path)), choices=(opens,)),)
    ticket = waiting[0]
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    lines = [turn.say("going.waits", number=ticket.number, name=name), *_advice(turn, item, ticket)]
    return (
        Reply(
            text="\n".join(lines),
            card=cards.card(turn, ticket, staff=False),
            choices=cards.choices(turn, ticket, staff=False),
        ),
    )
