"""Hears what is said of a matter that was handed in: it was not solved after all, or it is to become something else."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from handlers import (
    cards,
    collisions,
    disputing,
    feedback,
    fields,
    form_anew,
    form_change,
    form_times,
    going_first,
    kept_words,
    own_questions,
    own_ways,
    owned,
    rated_words,
    student,
    tickets,
    unnamed,
)
from handlers.form_ask import Replies, asked_of, change, prefixed, proceed, top
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.asides import says_unhelped, says_you, takes_back
from handlers.understand.changes import Change, may_change, read_change, read_parted
from handlers.understand.feedback import asks_how_it_stands, says_helped, says_no, urges
from handlers.understand.intents import read_intent
from handlers.understand.orders import NUMBER, read_number, read_order
from handlers.understand.times import read_time
from models.message import Choice, Incoming, Refused, Reply
from models.ticket import Event, Resolution, Status, Ticket

MOST: Final = 5  # matters that are looked at, the newest first


def hear(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """The answer to words on a matter that is not named; None where they are about none, or it is not plain which."""
    if turn.person is None:
        return None
    if turn.person.kind == "staff":  # Of a matter of his own, named by its service, he asks as anybody does.
        return _standing(turn, words, named_only=True) if asks_how_it_stands(words) else None
    if (
        said := rated_words.next_after(turn, words) or own_questions.hear(turn, words) or own_ways.hear(turn, words)
    ) is not None:
        return said
    if urges(words):
        return feedback.urge_unnamed(turn) if student.open_ones(turn) else (Reply(text=turn.say("urge.nothing_open")),)
    if (said := going_first.hear(turn, talk, words) or unnamed.hear(turn, talk, words)) is not None:
        return said
    if says_unhelped(words) or says_no(words):
        ticket = _asked_about(turn, by_question=says_no(words) and not says_unhelped(words))
        return _of_open(turn, talk, words) if ticket is None else student.act(turn, talk, ticket, "unhelped", words)
    if says_helped(words):
        ticket = _asked_about(turn)
        return None if ticket is None else student.act(turn, talk, ticket, "helped")
    names = [name for item in turn.school.catalogue.offered() for name in fields.names(item)]
    if takes_back(words, tuple(names)) and student.open_ones(turn):
        return prefixed(turn.say("after.withdraw_how"), student.mine(turn))
    said = (_standing(turn, words) if asks_how_it_stands(words) else None) or _to_change(turn, talk, words)
    return said or _to_teacher(turn, talk, words)


def numbered(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """Words without a verb on a matter of one's own that they name by its number, as on its quotation: how it stands, a
    change, or one thing more about it. None where none of one's own is named, or a form's answer may hold the number."""
    words = unicodedata.normalize("NFKC", incoming.text).strip()
    found = NUMBER.search(words)
    in_form = talk.draft is not None and not talk.draft.shelved
    if found is None or incoming.quote or talk.order is not None or talk.consult or (in_form and found.start() > 0):
        return None
    number, rest = read_number(words), NUMBER.sub(" ", words, count=1).strip(" ,，.。:：;；")
    ticket = tickets.by_number(turn, number)
    if ticket is None or turn.person is None or ticket.requester_id != turn.person.id or read_order(words) is not None:
        return None
    if asks_how_it_stands(rest):
        return student.show(turn, ticket, staff=False)
    item = turn.school.catalogue.items.get(ticket.service)
    told = read_parted(item, rest) if item is not None and not item.hidden else None
    if told is not None and told.said and ticket in form_anew.changeable(turn):
        return _change_at_once(turn, talk, ticket, told)
    return student.on_quoted(turn, talk, replace(incoming, text=rest, quote=number)) if rest else None


def _to_teacher(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """「我明天去找您」 while words of one's own wait with a teacher: whether it is to be added there. None where it names a
    service, since that is wanted then, or where nothing waits."""
    names = [name for item in turn.school.catalogue.offered() for name in fields.names(item)]
    if not says_you(words) or any(name.casefold() in words.casefold() for name in names):
        return None
    found = [ticket for ticket in owned.open_of(turn) if ticket.service == student.CONSULT and not ticket.private]
    if len(found) != 1:
        return None
    choices = kept_words.ask(turn, talk, found[0], "fill", words)
    return (Reply(text=turn.say("unnamed.add_or_new", number=found[0].number), choices=choices),)


def _of_open(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """「灯还是不亮」 while a matter of its service is open: whether it is to be added there, before another is begun."""
    label = read_intent(words).label
    open_ = [ticket for ticket in owned.open_of(turn) if not ticket.private]
    known = {item.slug for item in turn.school.catalogue.offered() if label in item.intents}
    found = [ticket for ticket in open_ if ticket.service in known]
    if len(found) != 1 or not says_unhelped(words):
        return None
    (ticket,) = found
    choices = kept_words.ask(turn, talk, ticket, "fill", words, ticket.service)
    return (Reply(text=turn.say("unnamed.add_or_new", number=ticket.number), choices=choices),)


def _standing(turn: Turn, words: str, *, named_only: bool = False) -> Replies | None:
    """How the open matter stands that is asked about: of the service that is named, else any; None where there is none."""
    open_ = [ticket for ticket in owned.open_of(turn) if not ticket.private]
    said = words.casefold()
    offered = turn.school.catalogue.offered()
    named = {item.slug for item in offered if any(name.casefold() in said for name in fields.names(item))}
    meant = [ticket for ticket in open_ if ticket.service in named] if named or named_only else open_
    if len(meant) == 1:
        return student.show(turn, meant[0], staff=False)
    return student.mine(turn) if meant else None


def _asked_about(turn: Turn, *, by_question: bool = False) -> Ticket | None:
    """The one matter that waits for the student to say whether it helped; of several the one that was asked about.

    What was closed waits for it again once the bot asks whether it held. by_question: only what the bot asked about, for
    words that are an answer and nothing else.
    """
    statement = select(Ticket).where(
        turn.own(), Ticket.private.is_(False), Ticket.status.in_((Status.resolved, Status.closed)),
        Ticket.resolution == Resolution.answered,
    )  # fmt: skip
    newest = turn.session.execute(statement.order_by(Ticket.id.desc()).limit(MOST)).scalars()
    found = [each for each in newest if each.status == Status.resolved or tickets.asked_last(turn, each)]
    if by_question:
        found = [ticket for ticket in found if tickets.asked_last(turn, ticket)]
    if len(found) > 1:
        asked = select(Event.ticket_id).where(
            Event.kind == "followed_up", Event.ticket_id.in_([ticket.id for ticket in found])
        )
        ids = set(turn.session.execute(asked).scalars())
        found = [ticket for ticket in found if ticket.id in ids]
    return tickets.by_number(turn, found[0].number) if len(found) == 1 else None


def _to_change(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """A change of an answer that is handed in (「改成下周二」): take it back and fill it in anew, or tell whoever has it."""
    if not may_change(words):
        return None  # As nearly always: nothing is asked for.
    newest = [ticket for ticket in owned.open_of(turn) if not ticket.private][:MOST]
    if not newest:
        return _to_refile(turn, talk, words)
    meant: list[tuple[Ticket, Change]] = []
    for ticket in newest:
        item = turn.school.catalogue.items.get(ticket.service)
        told = read_change(item, words) if item is not None and not item.hidden else None
        if told is not None and told.said:
            meant.append((ticket, told))
    if len(meant) != 1:
        return _which_to_change(turn, [each for each, _ in meant]) if meant else None
    ((ticket, told),) = meant
    if ticket in form_anew.changeable(turn):
        return _change_at_once(turn, talk, ticket, told)
    choices = kept_words.ask(turn, talk, ticket, "change", words)
    said = turn.say("after.to_change", number=ticket.number)
    return (Reply(text=said, card=cards.card(turn, ticket, staff=False), choices=choices),)


def _to_refile(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """「那我改成6月25日」 while what was refused last is what is talked about: its form once more, with the new time."""
    ticket = disputing.refused_last(turn)
    item = turn.school.catalogue.items.get(ticket.service) if ticket is not None else None
    told = read_change(item, words) if item is not None else None
    said = told.value if told is not None and told.said else ""
    replies = disputing.refile_newest(turn, talk) if said else None
    if replies is None or ticket is None:
        return None
    timed = form_times.retime(turn, talk, None, said)
    head = turn.say("refused.refiling", number=ticket.number)
    if isinstance(timed, str):
        return prefixed(f"{head}\n{timed}", proceed(turn, talk))
    return replies if timed is None else prefixed(head, timed)


def _change_at_once(turn: Turn, talk: Talk, ticket: Ticket, told: Change) -> Replies:
    """The form of a matter that is amended where it stands: with the new time, or with the question that is named."""
    item = turn.school.catalogue.items[ticket.service]
    timed = any(field.kind == "span" for field in told.fields)
    if timed or (not told.fields and read_time(told.value, turn.said_at, lessons=turn.lessons).kind != "none"):
        return form_anew.change(turn, talk, ticket, told.value)
    replies = form_anew.change(turn, talk, ticket)
    if not told.fields and not told.value:
        return replies
    try:  # Another answer is named, or is what it is to be: the time stays as it was.
        top(talk).answers |= top(talk).was
        top(talk).settle()
        head = turn.say("leave.changing_approved" if ticket.back_at else "leave.changing", number=ticket.number)
        if len(told.fields) == 1:
            return prefixed(head, form_change.ask_anew(turn, talk, told.fields[0], told.value))
        return prefixed(head, form_change.hear(turn, talk, told.value, "form.which_again"))
    except Refused:
        return change(turn, talk, tuple(asked_of(turn, item, top(talk))), told.value)


def _which_to_change(turn: Turn, among: list[Ticket]) -> Replies:
    """Several matters can be meant: each as a button, which begins the change or shows what can be done."""
    able = {each.id for each in form_anew.changeable(turn)}
    offered = tuple(
        Choice(
            label=turn.say("leave.change_it", names=cards.names(turn, each))
            if each.id in able
            else turn.say("mine.see", number=each.number, title=cards.item_of(turn, each).title.to(turn.lang)),
            send=f"t:{each.id}:{'change' if each.id in able else 'show'}:{each.rev}",
        )
        for each in among
    )
    return (Reply(text=turn.say("unnamed.which"), choices=offered),)


def press(turn: Turn, talk: Talk, incoming: Incoming, ticket_id: str, verb: str, rev: str) -> Replies:
    """A button of the offer above. Refused for somebody else's matter, and for one that has changed meanwhile."""
    ticket = student.own(turn, tickets.get(turn, ticket_id))
    if turn.person is None or ticket.requester_id != turn.person.id:
        raise Refused("form.stale")
    if verb in kept_words.VERBS:
        return kept_words.press(turn, talk, incoming, ticket, verb)
    if collisions.went_on(turn, ticket, rev):
        raise Refused("form.stale")
    item = turn.school.catalogue.items.get(ticket.service)
    if verb.startswith("rate") and verb[4:].isdigit():
        return feedback.rate(turn, ticket, int(verb[4:]))
    if verb == "early":
        return student.act(turn, talk, ticket, "back")
    if verb == "stay":
        return (Reply(text=turn.say("leave.stays", number=ticket.number), card=cards.card(turn, ticket, staff=False)),)
    if verb != "redo" or item is None:
        raise Refused("form.stale")
    kept = {field.key: ticket.answers[field.key] for field in item.fields if field.key in ticket.answers}
    tickets.withdraw(turn, ticket)
    words = talk.take(ticket.id)
    talk.drafts = [draft for draft in talk.drafts if draft.service != item.slug]
    talk.drafts.append(Draft(service=item.slug, answers=kept))
    replies = proceed(turn, talk)
    timed = form_times.retime(turn, talk, None, words)
    replies = timed if isinstance(timed, tuple) else proceed(turn, talk) if timed else replies
    replies = prefixed(timed, replies) if isinstance(timed, str) else replies
    return prefixed(turn.say("after.withdrawn", number=ticket.number), replies)
