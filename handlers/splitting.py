"""Splitting in chat and on a page: into which services a matter may give something, with which words, and how it is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from handlers import access, cards, corrections, fields, live, repeating, sheet, taking_back, tickets
from handlers.catalogue import fold
from handlers.talks import Order, Talk
from handlers.turn import Turn
from handlers.understand import slots
from handlers.understand.orders import is_as_written
from models.item import FormField, Item
from models.message import Choice, Refused, Reply
from models.person import Person
from models.ticket import Event, Ticket

Replies = tuple[Reply, ...]
VERB: Final = "split"
OTHER: Final = "other"  # the option of a choice that stands for whatever the words do not name
CONSULT: Final = "consult"  # what is open to every wish
MOST_WORDS: Final = 2000
MOST_SLUG: Final = 30  # characters of a service's name that a button carries
_SAID: Final = ("opened", "added", "answered", "reopened")


def items(turn: Turn, ticket: Ticket) -> list[Item]:
    """The services that something may be split into, in the order in which they are offered, questions to a counselor last.

    Not a cry for help, not a service with code or rules of its own, whose forms only the student fills, and none whose
    words are sealed whole: only those who answer for it read these, and whoever splits would write what he may not read.
    What is sealed may only go where it is sealed again.
    """
    here, sealed = cards.item_of(turn, ticket), tickets.is_sealed(turn, ticket)
    if ticket.private:
        return [here]
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    every = [*turn.school.catalogue.offered(), *filter(None, [turn.school.catalogue.items.get(CONSULT)])]
    found = []
    for item in every:
        field = words_field(item)
        closed = item.urgent or item.sensitive or item.code is not None or item.approval
        if field is not None and not closed and live.is_live(item, student) and (field.sensitive or not sealed):
            found.append(item)
    return found


def words_field(item: Item) -> FormField | None:
    """The question that the words of a split answer: the one that takes the rest of a sentence, else the longest words."""
    written = [field for field in item.fields if field.kind in ("text", "long") and field.when is None]
    rest = [field for field in written if field.fill == "rest"]
    return max(rest or written, key=lambda field: field.most, default=None)


def offered(turn: Turn, ticket: Ticket) -> tuple[tuple[tuple[str, str], ...], str]:
    """The services as a form names them and as people read them; and why there are none, "" where there are some."""
    try:
        tickets.before_split(turn, ticket)
    except Refused as refused:
        return (), turn.say(refused.key, **refused.values)
    return tuple((item.slug, item.title.to(turn.lang)) for item in items(turn, ticket)), ""


def said_by(turn: Turn, ticket: Ticket) -> str:
    """What the student wrote on a matter, oldest first, from which the words of a split are taken; only what the speaker reads."""
    if tickets.is_sealed(turn, ticket) and not cards.entitled(turn, ticket):
        return ""
    answers = cards.answers_of(turn, ticket)
    written = [field.key for field in cards.item_of(turn, ticket).fields if field.kind in ("text", "long")]
    parts = [answers.get(key) for key in (*written, *(() if "words" in written else ("words",)))]
    own = select(Event).where(Event.ticket_id == ticket.id, Event.kind.in_(_SAID)).order_by(Event.rev)
    parts += [corrections.words_of(turn, event) for event in turn.session.execute(own).scalars()]
    return "\n".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part))[:MOST_WORDS]


def split(turn: Turn, ticket: Ticket, slug: str, words: str) -> Ticket:
    """Split words off a matter into a service. Raises Refused: nothing chosen or written, a service that may not be chosen,
    and answers that the service needs and the words do not give (with the way to ask the student or open it whole)."""
    tickets.before_split(turn, ticket)
    item = next((each for each in items(turn, ticket) if each.slug == slug), None)
    if item is None:
        raise Refused("split.which" if not slug else "split.not_there", number=ticket.number)
    field = words_field(item)
    if not words.strip() or field is None:
        raise Refused("split.no_words")
    answers = _answers(turn, ticket, item, field, words.strip())
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    try:
        sheet.check(replace(turn, person=student, account=None), item, answers)
    except Refused as refused:
        if refused.key != "form.empty":
            raise
        raise Refused("split.lacks", title=item.title.to(turn.lang), label=refused.values["label"]) from refused
    return tickets.split(turn, ticket, item, answers)


def made_by(turn: Turn, ticket: Ticket) -> str:
    """The number of what was split off a ticket just now; "" where its last step is no split."""
    (last,) = tickets.last_of(turn, ticket)
    return corrections.raw_of(turn, last) if last.kind == "split" else ""


def _answers(turn: Turn, ticket: Ticket, item: Item, field: FormField, words: str) -> dict[str, Any]:
    """The answers of the new matter: the words as they are, what they say by the way, and what the first one says of the same
    question in the open (the place of a repair); never what is sealed there. A choice that the words do not make is OTHER."""
    here = cards.item_of(turn, ticket)
    found = {
        key: value
        for key, value in slots.fill(item, words, turn.said_at.astimezone(turn.school.zone), item.aliases).items()
        if key != field.key
    }
    for each in item.fields:
        same = here.field(each.key)
        value = ticket.answers.get(each.key)
        if each.key in found or value is None or same is None or same.kind != each.kind or each.kind == "file":
            continue
        if each.kind != "choice":  # Another wish is about something else.
            found[each.key] = value
    for each in item.fields:
        if each.kind == "choice" and each.key not in found and each.option(OTHER) is not None:
            found[each.key] = OTHER
    return {**found, field.key: fields.check_text(turn, field, words)}


# -- in chat


def act(turn: Turn, talk: Talk, ticket: Ticket, words: str) -> Replies:
    """「拆分 BX-2606-0001 咨询 想问助学金」: the service by its name and the words; what is missing is asked for."""
    tickets.before_split(turn, ticket)
    waits = talk.order if talk.order is not None and (talk.order.verb, talk.order.ticket) == (VERB, ticket.id) else None
    slug, _, kept = waits.words.partition("\n") if waits is not None else ("", "", "")
    if slug and words:
        whole = said_by(turn, ticket) if is_as_written(words) else words
        return _do(turn, talk, ticket, slug, whole)
    item, rest = _named(turn, ticket, words)
    if item is None:
        return _which(turn, talk, ticket, words or kept)
    rest = rest or kept
    return _do(turn, talk, ticket, item.slug, rest) if rest else _ask(turn, talk, ticket, item)


def press(turn: Turn, talk: Talk, ticket: Ticket, slug: str) -> Replies:
    """A button with a service; words that were said with the verb go there."""
    item = next((each for each in items(turn, ticket) if each.slug[:MOST_SLUG] == slug), None)
    if item is None:
        raise Refused("form.stale")
    waits = talk.order is not None and (talk.order.verb, talk.order.ticket) == (VERB, ticket.id)
    if not waits and (again := repeating.split_lately(turn, ticket, item.slug)):
        return _again(turn, talk, ticket, again)
    kept = talk.order.words.partition("\n")[2] if talk.order is not None and waits else ""
    return _do(turn, talk, ticket, item.slug, kept) if kept else _ask(turn, talk, ticket, item)


def _named(turn: Turn, ticket: Ticket, words: str) -> tuple[Item | None, str]:
    """The service whose name begins the words, and the words after it."""
    first, _, rest = words.strip().partition(" ")
    for item in items(turn, ticket):
        names = (item.title.zh, item.title.en, *item.aliases, item.slug)
        if first and fold(first) in {fold(name) for name in names if name}:
            return item, rest.strip()
    return None, words


def _which(turn: Turn, talk: Talk, ticket: Ticket, kept: str) -> Replies:
    talk.order = Order(verb=VERB, ticket=ticket.id, words=f"\n{kept}" if kept else "")
    buttons = tuple(
        Choice(label=(title := item.title.to(turn.lang)), send=f"h:{ticket.id}:x:{item.slug[:MOST_SLUG]}", words=title)
        for item in items(turn, ticket)
    )
    return (
        Reply(text=turn.say("split.which_item", names=cards.names(turn, ticket)), choices=(*buttons, _cancel(turn))),
    )


def _ask(turn: Turn, talk: Talk, ticket: Ticket, item: Item) -> Replies:
    talk.order = Order(verb=VERB, ticket=ticket.id, words=item.slug)
    shown = said_by(turn, ticket)
    said = turn.say("split.which_words", names=cards.names(turn, ticket), title=item.title.to(turn.lang), words=shown)
    return (Reply(text=said, choices=(_cancel(turn),)),)


def _do(turn: Turn, talk: Talk, ticket: Ticket, slug: str, words: str) -> Replies:
    if again := repeating.split_lately(turn, ticket, slug, words):
        return _again(turn, talk, ticket, again)
    made = split(turn, ticket, slug, words)
    talk.order = None
    shown = turn.say("abroad.words") if cards.withheld(turn, made) else words
    said = turn.say(
        "split.done", names=cards.names(turn, ticket), other=made.number, title=cards.item_of(turn, made).title.to(turn.lang),
        to=cards.who(turn, made.assignee_id) or turn.say("card.nobody"), words=shown,
    )  # fmt: skip
    back = taking_back.offer(turn, ticket, VERB)
    turn.session.flush()
    if turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        return (Reply(text=said, choices=back),)
    choices = (*cards.choices(turn, ticket, staff=True), *back)
    return (Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=choices),)


def _again(turn: Turn, talk: Talk, ticket: Ticket, number: str) -> Replies:
    """The same once more: what was split off the first time, and how to split off something else."""
    talk.order = None
    said = turn.say("split.again", number=ticket.number, other=number)
    return (Reply(text=said, choices=taking_back.offer(turn, ticket, VERB)),)


def _cancel(turn: Turn) -> Choice:
    return Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
