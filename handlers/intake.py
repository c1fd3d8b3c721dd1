"""First contact: who speaks, what for; crisis before everything, then an open form, an order, or a new wish."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm.attributes import set_committed_value

from handlers import (
    abroad,
    afterwards,
    answer_language,
    binding,
    called,
    colleagues,
    collisions,
    consulting,
    crisis,
    desk,
    enclosures,
    fields,
    form,
    form_anew,
    form_asides,
    form_orders,
    form_unheard,
    guide_talk,
    keeping_talk,
    kept_words,
    meanwhile,
    offers,
    older_offers,
    others_asked,
    picking,
    staff,
    student,
    taking_back,
    talks,
    tickets,
    unending,
    unreached_talk,
    unread,
    vouching,
)
from handlers.crisis_words import look
from handlers.form_ask import prefixed
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.intents import command
from handlers.understand.orders import is_order, read_code
from models.message import Choice, Incoming, Refused, Reply

Replies = tuple[Reply, ...]
_WAYS: Final = {"back": form.back, "cancel": form.cancel, "restart": form.restart, "skip": form.skip}


def answer(turn: Turn, incoming: Incoming) -> Replies:
    """The answer to one message or press, and everything that it changes, in the session of the turn.

    A refusal is answered with its reason and the question that was open; the dialogue stays where it was.
    """
    alarm = unreached_talk.settled(turn, incoming, look(incoming.text)) if incoming.text else None
    answer_language.settle(turn, incoming, by_words=alarm is not None)
    if alarm is not None and not crisis.is_aside(turn, alarm):
        talk = talks.load(turn)  # What is half said is locked before any ticket (models/numbering.py).
        replies = crisis.respond(turn, incoming, alarm)
        talk.listening = alarm.level == "page" or talk.listening
        talks.save(turn, talk)
        return _offered(turn, replies)
    incoming = picking.picked(turn, incoming)
    talk = talks.load(turn)
    older_offers.remember(turn, talk)
    incoming = older_offers.picked(talk, incoming)
    gone = form.drop_gone(turn, talk)
    try:
        replies = _route(turn, talk, incoming)
    except Refused as refused:
        changed = [row for row in turn.session.dirty if row is not turn.account and turn.session.is_modified(row)]
        if turn.session.new or changed:
            message = f"{refused.key} was refused after something had been changed"
            raise RuntimeError(message) from refused
        talk = talks.load(turn)
        older_offers.remember(turn, talk)
        form.drop_gone(turn, talk)
        replies = _refusal(turn, talk, refused, incoming)
    replies = prefixed(gone, replies) if gone else replies
    enclosures.follow(turn, talk, incoming, replies)
    replies = replies if alarm is None else prefixed(crisis.beside(turn), replies)
    replies = (*replies, *kept_words.remind(turn, talk))
    talks.save(turn, talk)
    return _offered(turn, replies)


def _offered(turn: Turn, replies: Replies) -> Replies:
    """Remember what this answer offers, so that numbers and words do what the buttons do."""
    replies = tuple(abroad.linked(turn, reply, bound=turn.person is not None) for reply in replies)
    if turn.account is not None:
        offered = [[choice.label, choice.words, choice.send] for reply in replies for choice in reply.choices]
        if offered != turn.account.offered:
            # Written by `directory.end`, with the rest of what a turn changes in an account.
            set_committed_value(turn.account, "offered", offered)
    return replies


def _refusal(turn: Turn, talk: Talk, refused: Refused, incoming: Incoming) -> Replies:
    """The reason, and the open question once more; words that were not understood twice go to a person."""
    reason = staff.refusal(turn, refused)
    draft = talk.draft
    understood = refused.key not in fields.NOT_UNDERSTOOD
    if draft is not None and not incoming.press and refused.key.startswith("form.") and understood:
        draft.offer = []  # What an earlier answer offered does not outlive one that was understood.
    if refused.key in fields.NOT_UNDERSTOOD and draft is not None and incoming.text.strip():
        staff_speaks = turn.person is not None and turn.person.kind == "staff"
        said = None if staff_speaks else form_unheard.count(turn, talk, incoming.text)
        if said is not None:
            return said
    if draft is None or incoming.press.startswith("t:") or talk.order is not None:
        return (Reply(text=reason, choices=() if draft is None else (desk.go_on(turn, talk),)),)
    try:
        (first, *more) = form.again(turn, talk)
    except Refused:
        talk.drafts.pop()
        return (Reply(text=reason),)
    return (first.model_copy(update={"text": f"{reason}\n{first.text}"}), *more)


def _route(turn: Turn, talk: Talk, incoming: Incoming) -> Replies:
    if incoming.press:
        talk.listening = talk.listening and incoming.press.startswith("c:")
        return _press(turn, talk, incoming)
    if (unheard := unread.hear(turn, talk, incoming)) is not None:
        return unheard
    said, incoming = called.hear(turn, talk, incoming)
    said = said or _first(turn, talk, incoming) or kept_words.hear(turn, talk, incoming)
    if said is not None:
        return said
    if (said := form_anew.hear(turn, talk, incoming) or form_orders.first(turn, talk, incoming)) is not None:
        return said
    word = command(incoming.text) if incoming.text else None
    if word is not None:
        said = _command(turn, talk, word, incoming)
        if said is not None:
            return said
    if (said := student.hear(turn, talk, incoming) or afterwards.numbered(turn, talk, incoming)) is not None:
        return said
    if talk.order is not None and (incoming.text.strip() or incoming.files):
        return student.supplied(turn, talk, talk.order, incoming)
    if talk.consult and incoming.text.strip():
        talk.consult, talk.unheard = False, []
        to, words = consulting.addressed(turn, talk), consulting.about(turn, talk, incoming.text)
        return student.consult(turn, words, files=incoming.files, talk=talk, to=to)
    if talk.draft is not None and not talk.draft.shelved:
        return _in_form(turn, talk, incoming)
    return desk.wish(turn, talk, incoming)


def _first(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """Who hears before the words of command: for a classmate who cannot be reached the counselor, whoever listens after a
    cry for help, a binding code, orders of staff."""
    if (missed := unreached_talk.hear(turn, incoming)) is not None:
        return missed
    if talk.listening:
        said = _listen(turn, talk, incoming)
        if said is not None:
            return said
    if turn.person is not None and turn.person.kind == "staff":
        return staff.hear(turn, talk, incoming)
    code = read_code(incoming.text)
    return binding.bind(turn, code) if code else unending.hear(turn, talk, incoming)


def _listen(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """After a cry for help what is said goes to whoever answers, before any form; a word of command, an order about
    another matter or a service by its name ends that, and nothing else does."""
    elsewhere = command(incoming.text) not in (None, "confirm", "deny", "skip") or is_order(incoming.text)
    said = None if elsewhere or desk.named(turn, incoming.text) is not None else crisis.write_on(turn, incoming)
    talk.listening = said is not None
    return said


def _in_form(turn: Turn, talk: Talk, incoming: Incoming) -> Replies:
    """An open form hears first; what clearly is another wish is done in between, and the form goes on afterwards."""
    other = desk.another(turn, talk, incoming.text)
    said = guide_talk.in_form(turn, talk, incoming) or others_asked.unanswered(turn, talk, incoming.text)
    if said is not None:
        return said
    if other is None:
        return form.hear(turn, talk, incoming)
    item, certain = other
    if certain:
        return form.start(turn, talk, item, incoming.text)
    talk.drafts[-1].held = incoming.text.strip()
    title = item.title.to(turn.lang)
    choices = (
        Choice(label=turn.say("form.keep_words"), send=f"f:{talk.rev}:keep:"),
        Choice(label=turn.say("form.other_wish", title=title), send=f"g:{item.slug}"),
    )
    return (Reply(text=turn.say("form.which_wish", title=title), choices=choices),)


def _command(turn: Turn, talk: Talk, word: str, incoming: Incoming) -> Replies | None:
    """A word that means the same everywhere; None when it means nothing here."""
    if word == "cancel" and (talk.order is not None or talk.consult):
        return (taking_back.left(turn, talk), *desk.reminder(turn, talk))
    if word == "human" and talk.draft is not None and talk.draft.unheard:
        return form_unheard.tell(turn, talk)
    if word == "go_on" and talk.draft is not None:
        talk.draft.shelved = False
    if word in _WAYS and talk.draft is not None and (word == "cancel" or not talk.draft.shelved):
        return _WAYS[word](turn, talk)
    if word == "confirm" and talk.draft is not None and talk.draft.asking == "confirm":
        return form.submit(turn, talk) if form_asides.was_shown(turn) else form_asides.seen_again(turn, talk)
    if word == "deny" and talk.draft is not None and talk.draft.asking == "confirm":
        return form.change(turn, talk)
    return desk.command(turn, talk, word, incoming)


def _press(turn: Turn, talk: Talk, incoming: Incoming) -> Replies:
    """A button; its authority is checked here and in the verbs, never taken from what it carries."""
    kind, _, rest = incoming.press.partition(":")
    first, _, second = rest.partition(":")
    second, _, third = second.partition(":")
    if kind == "f":
        if talk.draft is None or not first.isascii() or not first.isdigit() or int(first) != talk.rev - 1:
            raise form_asides.stale(turn, talk, second)
        talk.draft.shelved = False
        return form_asides.write_into(turn, talk, third) if second == "into" else form.press(turn, talk, second, third)
    if kind == "t":
        return _ticket_press(turn, talk, first, second, third)
    if kind == "h":
        found = staff.reach(turn, tickets.get(turn, first), "recuse" if second == "r" else "")
        return colleagues.press(turn, talk, found, second, third)
    if kind == "r":
        return afterwards.press(turn, talk, incoming, first, second, third)
    if kind == "k":
        return vouching.press(turn, first, second) if second else keeping_talk.press(turn, first)
    if kind == "q":
        return guide_talk.press(turn, talk, first, second, third)
    if kind == "c":
        return crisis.press(turn, first, second)
    if kind == "g" and first in turn.school.catalogue.items and not turn.school.catalogue.items[first].hidden:
        return form.start(turn, talk, turn.school.catalogue.items[first], _held(talk))
    if kind == "w" and (said := _command(turn, talk, first, incoming)) is not None:
        return said
    raise Refused("form.stale")


def _held(talk: Talk) -> str:
    """Words that wait for somebody to say which wish they belong to."""
    draft = talk.draft
    if draft is not None and draft.held and not draft.offer:
        words, draft.held = draft.held, ""
        return words
    words = talk.unheard[-1] if talk.unheard else ""
    talk.unheard = []
    return words


def _ticket_press(turn: Turn, talk: Talk, ticket_id: str, verb: str, rev: str) -> Replies:
    ticket = tickets.get(turn, ticket_id)
    as_staff = turn.person is not None and turn.person.kind == "staff"
    if as_staff and ticket is not None and ticket.requester_id != turn.person.id:  # type: ignore[union-attr]
        ticket = ticket if verb == "undo" and tickets.may_undo(turn, ticket) else staff.reach(turn, ticket)
    else:
        as_staff, ticket = False, student.own(turn, ticket)
    went_on = verb != "show" and collisions.went_on(turn, ticket, rev)
    if went_on and not student.still_offered(turn, ticket, offers.shown_as(verb), rev, staff=as_staff):
        card = student.show(turn, ticket, staff=as_staff)[-1]
        what = meanwhile.since(turn, ticket, rev).what if as_staff else ""
        said = turn.say("ticket.stale_what" if what else "ticket.stale", number=ticket.number, what=what)
        return (card.model_copy(update={"text": said}),)
    beside = talk.beside.words if talk.beside is not None and talk.beside.ask == verb else ""
    return staff.turn_to(turn, talk, ticket, verb, beside) if as_staff else form_anew.act(turn, talk, ticket, verb)
