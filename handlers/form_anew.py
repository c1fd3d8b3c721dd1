"""Forms that begin with a matter that is there: to go on beyond its end (续假), or to change what was asked for."""

from __future__ import annotations

from typing import Final

from handlers import (
    abroad,
    cards,
    disputing,
    form,
    form_change,
    owned,
    paper_talk,
    prolonging,
    slip_talk,
    student,
    tickets,
)
from handlers.form_ask import Replies, prefixed, proceed, top
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.absences import asks_students
from handlers.understand.intents import read_intent
from handlers.understand.intents_commands import command
from handlers.understand.moving import Lean, leans, moves_time
from handlers.understand.orders import NUMBER, read_number
from handlers.understand.prolonging import asks_to_prolong, names_leave, new_time
from models.message import Choice, Incoming, Refused, Reply
from models.ticket import Status, Ticket

VERBS: Final = frozenset({"prolong", "change", "slip"}) | disputing.VERBS
INTENT: Final = "leave.extend"


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """Words that want more days or another time for a matter of the speaker's own; None for everything else.

    While a form is open only what begins with 「续假」 is meant so: all else answers the form.
    """
    words = incoming.text.strip()
    if not words or turn.person is None or turn.person.kind != "student" or talk.order is not None or talk.consult:
        return None
    in_form = talk.draft is not None and not talk.draft.shelved
    alone = in_form and not (incoming.quote or incoming.files or read_number(words) or command(words))
    if alone and (paper := paper_talk.hear(turn, talk, words)) is not None:  # 「没有照片」 is a word of command.
        return paper
    if (slip := slip_talk.hear(turn, talk, words, incoming.quote)) is not None:
        return slip
    if not in_form and (said := disputing.hear(turn, talk, incoming)) is not None:
        return said
    moved = None if in_form else moves_time(NUMBER.sub(" ", words))
    if moved and (said := _move_one(turn, talk, moved, read_number(words) or incoming.quote)) is not None:
        return said
    lean = None if in_form else leans(words)
    if lean is not None and (said := _lean(turn, talk, lean)) is not None:
        return said
    asked, changed = asks_to_prolong(words), None if in_form else new_time(words)
    if asked == "lead" or (asked and not in_form):
        return _prolong_one(turn, talk, words, incoming.quote, sure=asked != "more")
    if changed is not None:
        return _change_one(turn, talk, words, changed, read_number(words) or incoming.quote)
    if in_form or incoming.quote or command(words) is not None or asks_students(words):
        return None  # 「谁没回来」 asks about others.
    if _running(turn) and read_intent(words).label == INTENT:
        return _prolong_one(turn, talk, words, "", sure=False)
    return None


def act(turn: Turn, talk: Talk, ticket: Ticket, verb: str) -> Replies:
    """A button of a student's card: these begin a form or give the slip, all others are `student.act`'s. The ticket is the speaker's
    own (`student.own`)."""
    if verb not in VERBS:
        return student.asking(turn, ticket, verb) or student.act(turn, talk, ticket, verb)
    if verb in disputing.VERBS:
        return disputing.act(turn, talk, ticket, verb)
    if verb == "slip":
        return slip_talk.give(turn, ticket)
    return begin(turn, talk, ticket) if verb == "prolong" else change(turn, talk, ticket)


def _begin(turn: Turn, talk: Talk, ticket: Ticket, words: str) -> Replies:
    """As `begin`; where it is too late, the words are kept for the teacher, who is one press away."""
    try:
        return begin(turn, talk, ticket, words)
    except Refused as refused:
        if refused.key not in ("leave.prolong_over", "leave.prolong_late"):
            raise
        talk.unheard = [words] if words else []
        tell = Choice(label=turn.say("leave.tell_teacher"), send="w:human", style="main")
        back = [each for each in cards.choices(turn, ticket, staff=False) if ":back:" in each.send]
        return (Reply(text=turn.say(refused.key, **refused.values), choices=(tell, *back)),)


def _prolong_one(turn: Turn, talk: Talk, words: str, quote: str, *, sure: bool) -> Replies | None:
    number = read_number(words) or quote
    if number:
        return begin(turn, talk, student.own(turn, tickets.by_number(turn, number)), words)
    running = _running(turn)
    if not running:
        # Whoever says 「再请两天」 and has no leave asks for a new one.
        return (Reply(text=turn.say("leave.prolong_none")),) if sure else None
    # The one that runs is meant, and not one that is still to come.
    here = [each for each in running if turn.school.catalogue.service(each.service).prolongs(turn, each)] or running
    return _begin(turn, talk, here[0], words) if len(here) == 1 else _which(turn, here, "prolong")


def _change_one(turn: Turn, talk: Talk, words: str, value: str, number: str) -> Replies | None:
    if number:
        return change(turn, talk, student.own(turn, tickets.by_number(turn, number)), value)
    found = changeable(turn)
    if len(found) == 1:
        return change(turn, talk, found[0], value)
    if found:
        return _which(turn, found, "change")
    running = _running(turn)
    if running:
        return (Reply(text=turn.say("leave.change_begun", number=running[0].number)),)
    # Whoever has asked for something else may mean the time of that.
    return (Reply(text=turn.say("leave.change_none")),) if names_leave(words) or not owned.open_of(turn) else None


def _move_one(turn: Turn, talk: Talk, value: str, number: str) -> Replies | None:
    """「早一天走」 of the one leave that has not begun; None where there is none, since a new one may be meant."""
    found = changeable(turn)
    if number:
        return change(turn, talk, student.own(turn, tickets.by_number(turn, number)), value)
    if len(found) > 1:
        return _which(turn, found, "change")
    return change(turn, talk, found[0], value) if found else None


def _lean(turn: Turn, talk: Talk, lean: Lean) -> Replies | None:
    """「我想早点走」: of the one leave that has not begun it is asked to when, of one that runs what fits; None where there is
    none, since a new one may be meant."""
    found, running = changeable(turn), _running(turn)
    if len(found) > 1:
        return _which(turn, found, "change")
    if found:
        (ticket,) = found
        head = turn.say(f"leave.lean_{lean.edge}", number=ticket.number, dates=cards.dates(turn, ticket))
        replies = prefixed(head, change(turn, talk, ticket))
        top(talk).lean = lean.edge
        return replies
    if not running or lean.edge != "end":
        return None
    if lean.early:
        return (Reply(text=turn.say("leave.change_begun", number=running[0].number)),)
    return begin(turn, talk, running[0]) if len(running) == 1 else _which(turn, running, "prolong")


def changeable(turn: Turn) -> list[Ticket]:
    """The speaker's open matters whose time can be changed where they stand."""
    return [each for each in _open_ones(turn) if _may_change(turn, each)]


def _open_ones(turn: Turn) -> list[Ticket]:
    services = {slug for slug, item in turn.school.catalogue.items.items() if item.code == "leave"}
    found = [each for each in owned.open_of(turn) if each.service in services]
    return sorted(found, key=lambda each: (each.back_at or turn.now, each.number))


def _running(turn: Turn) -> list[Ticket]:
    return [each for each in _open_ones(turn) if each.status == Status.waiting and each.back_at is not None]


def _may_change(turn: Turn, ticket: Ticket) -> bool:
    """Whether it is still to be decided, or is approved and has not begun."""
    return ticket.back_at is None or turn.school.catalogue.service(ticket.service).withdrawing(turn, ticket)


def _which(turn: Turn, among: list[Ticket], verb: str) -> Replies:
    choices = tuple(
        Choice(label=turn.say(f"leave.{verb}_it", names=cards.names(turn, each)), send=f"t:{each.id}:{verb}:{each.rev}")
        for each in among
    )
    return (Reply(text=turn.say(f"leave.which_{verb}"), choices=choices),)


# -- 续假


def begin(turn: Turn, talk: Talk, ticket: Ticket, words: str = "") -> Replies:
    """Begin the form of what goes on from a matter, with what the words already say of its end."""
    service = turn.school.catalogue.service(ticket.service)
    answers = service.prolonging(turn, ticket)
    item = turn.school.catalogue.items[ticket.service]
    field = next(each for each in item.fields if each.kind == "span")
    draft = Draft(service=item.slug, answers=answers)
    end, timed = prolonging.end_of(turn, ticket)
    value = prolonging.until(turn, ticket, words)
    if value is not None:
        draft.answers[field.key] = value
    else:
        draft.partial, draft.timed = end.isoformat(), timed
    key = "leave.prolonging" if prolonging.add_reason(turn, item, draft, words) else "leave.prolonging_why"
    talk.drafts = [each for each in talk.drafts if each.service != item.slug]
    parked = talk.draft
    talk.drafts.append(draft)
    replies = prefixed(turn.say(key, number=ticket.number), proceed(turn, talk))
    if parked is not None:
        title = form.item_of(turn, parked).title.to(turn.lang)
        replies = prefixed(turn.say("form.parked", title=title), replies)
    first = abroad.announce(turn, item, {})
    return prefixed(first, replies) if first else replies


# -- another time


def change(turn: Turn, talk: Talk, ticket: Ticket, value: str = "") -> Replies:
    """Begin the form of a matter anew with its own answers, to change them; handing it in amends the matter."""
    if not ticket.is_open or not _may_change(turn, ticket):
        raise Refused("leave.change_too_late", number=ticket.number, state=cards.state(turn, ticket))
    item = turn.school.catalogue.items[ticket.service]
    told = cards.answers_of(turn, ticket)
    answers = {key: told[key] for key in (*(field.key for field in item.fields), "extends", "begun") if key in told}
    draft = Draft(service=item.slug, answers=answers, changes=ticket.number)
    talk.drafts = [each for each in talk.drafts if each.service != item.slug]
    talk.drafts.append(draft)
    head = turn.say("leave.changing_approved" if ticket.back_at else "leave.changing", number=ticket.number)
    field = next(each for each in item.fields if each.kind == "span")
    return prefixed(head, form_change.ask_anew(turn, talk, field, value))
