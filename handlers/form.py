"""Fills a service item's form by question and answer: asks what is missing, shows the whole, opens the ticket."""

from __future__ import annotations

from handlers import (
    abroad,
    binding,
    cards,
    classmates,
    field_people,
    field_times,
    fields,
    form_about,
    form_afresh,
    form_amend,
    form_change,
    form_times,
    form_unheard,
    limits,
    live,
    needed,
    pages,
    paper_talk,
    tickets,
    wording,
)
from handlers.form_ask import Replies, accept, again, change, item_of, prefixed, proceed, question, top
from handlers.form_gone import drop_gone
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.slots import fill
from models.item import FormField, Item
from models.message import Choice, Incoming, Link, Refused, Reply

__all__ = ["again", "back", "cancel", "change", "drop_gone", "hear", "item_of", "press", "restart", "skip", "start", "submit"]  # fmt: skip


def start(turn: Turn, talk: Talk, item: Item, words: str = "") -> Replies:
    """Begin a form with what the words already say; an open form is parked and comes back afterwards."""
    if turn.person is None:
        if turn.school.demo:
            raise binding.first_in_demo(turn)
        raise Refused("form.bind_first", title=item.title.to(turn.lang))
    if not fields.only_names(item, words, None) and (waits := classmates.ask(turn, talk, item, words)):
        return waits
    if talk.draft is not None and talk.draft.service == item.slug:
        kept = talk.draft.shelved and fields.only_names(item, words, None)
        talk.draft.shelved = False
        if not words or kept:
            return again(turn, talk)
    try:
        live.check(turn, item, turn.person)
        tickets.keep_to_limit(turn)
    except Refused as refused:  # Told before anything is filled in; handing in asks once more.
        ways = (
            ("mine", "w:mine"),
            ("human", "w:human"),
            *((("go_on_words", f"f:{talk.rev}:go_on:"),) if talk.draft else ()),
        )
        choices = tuple(
            Choice(label=turn.say(f"way.{way}"), send=send, words=turn.say(f"way.{way}")) for way, send in ways
        )
        return (Reply(text=turn.say(refused.key, **refused.values), choices=choices),)
    talk.drafts = [draft for draft in talk.drafts if draft.service != item.slug]
    parked = talk.draft
    draft = Draft(service=item.slug)
    if words:
        said, skipped = paper_talk.left_out(item, words)
        listed = field_people.in_sentence(turn, item, said)
        filled = fill(item, listed.left, turn.said_at, fields.names(item), turn.lessons)
        draft.answers, draft.people = filled | listed.answers | skipped, list(listed.kept)
        field_times.note_doubt(turn, item, draft, listed.left)
    talk.drafts.append(draft)
    replies = proceed(turn, talk)
    replies = prefixed(listed.said, replies) if words and listed.said else replies
    if (asked := item.field(draft.asking)) is None or not abroad.kept(turn, item, asked):
        first = abroad.announce(turn, item, draft.answers)
        replies = prefixed(first, replies) if first else replies
    if draft.heard is not None:  # It would seem to be lost while another question is asked.
        replies = prefixed(turn.say("form.noted_time"), replies)
    if parked is not None:
        replies = prefixed(turn.say("form.parked", title=item_of(turn, parked).title.to(turn.lang)), replies)
    return pages.leading(turn, replies, "sheet.on_page", f"/services/{item.slug}")


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies:
    """Take what was said as the answer to what was asked. Refused says what is wrong; the question stays."""
    draft = top(talk)
    item = item_of(turn, draft)
    field = item.field(draft.asking)
    words = incoming.text.strip() if incoming.file is None and incoming.place is None else ""
    if draft.asks_about:
        form_about.settle(turn, draft, item, words)
        return submit(turn, talk)
    if (
        words
        and fields.only_names(item, words, field)
        and not any(fields.is_label(each, words) for each in item.fields)
    ):
        return again(turn, talk)
    if field is None and words:
        where = "form.which_again" if draft.asking == "change" else "form.at_summary"
        timed = form_times.retime(turn, talk, None, words)
        if isinstance(timed, str):
            draft.settle()
            return prefixed(timed, proceed(turn, talk))
        if timed is not None:
            return timed
        return form_change.hear(turn, talk, words, where)
    if field is None:
        raise Refused("form.file_at_summary" if incoming.file is not None else "form.at_summary")
    said = form_times.hear(turn, talk, field, words) or form_change.hear_between(turn, talk, field, words)
    said = said or (paper_talk.hear(turn, talk, words, asks=True) if words else None)
    if said is not None:
        return said
    timed = form_times.retime(turn, talk, field, words) if field.kind == "choice" else None
    if isinstance(timed, tuple):
        return timed
    abroad.guard(turn, item, field)
    if timed is None:
        return _answer(turn, talk, item, field, incoming)
    try:
        return prefixed(timed, _answer(turn, talk, item, field, incoming))
    except Refused:  # Nothing but the time was understood, and that was.
        return prefixed(timed, (question(turn, talk, field),))


def _answer(turn: Turn, talk: Talk, item: Item, field: FormField, incoming: Incoming) -> Replies:
    """The answer to a question, and whatever else the words say of questions that are still open."""
    draft = top(talk)
    words = incoming.text.strip()
    try:
        value = fields.read(turn, draft, field, incoming)
    except Refused as refused:
        doubt = draft.heard
        lost = refused.key in fields.NOT_UNDERSTOOD
        noted = fields.note_others(turn, item, draft, field, words, answered=False) if lost else []
        if not noted and draft.heard == doubt and refused.key == "form.no_choice":
            noted = _note_letter(turn, item, draft, field, words)
        if not noted and draft.heard == doubt:
            raise
        draft.misses, draft.unheard = 0, []
        labels = turn.say("form.or").join(each.label(turn.lang) for each in noted)
        head = turn.say("form.noted", labels=labels) if noted else turn.say("form.noted_time")
        return prefixed(head, (question(turn, talk, field),))
    if not draft.partial:
        fields.note_others(turn, item, draft, field, words, answered=True)
    if value is field_times.MORE:
        return (field_times.offer(turn, talk, draft) if draft.offer else question(turn, talk, field),)
    return accept(turn, talk, field, value)


def press(turn: Turn, talk: Talk, verb: str, argument: str) -> Replies:
    """A button of the form on top (its revision was checked by the caller)."""
    draft = top(talk)
    item = item_of(turn, draft)
    place = int(argument) if argument.isascii() and argument.isdigit() else -1
    if verb == "o" and 0 <= place < len(draft.offer):
        return accept(turn, talk, _field(item, draft), draft.offer[place])
    if verb == "o":
        field = _field(item, draft)
        if 0 <= place < len(field.options):
            return accept(turn, talk, field, field.options[place].key)
    rest = next((each for each in item.fields if each.fill == "rest"), None)
    if verb == "keep" and draft.held and draft.asking == "confirm" and rest is not None:
        return form_change.ask_anew(turn, talk, rest, draft.held)
    if verb == "keep" and draft.held:
        return _keep(turn, talk, item, _field(item, draft))
    chosen = item.field(argument) if verb == "field" else None
    if chosen is not None:
        return form_change.ask_anew(turn, talk, chosen, draft.value)
    if verb == form_about.ASKING and draft.asks_about:
        form_about.settle(turn, draft, item, argument)
        return submit(turn, talk)
    known = {"submit": submit, "change": change, "cancel": cancel, "back": back, "skip": skip, "restart": restart,
             "go_on": again, **form_afresh.VERBS}  # fmt: skip
    if verb == "tell" and draft.unheard:
        return form_unheard.tell(turn, talk)
    if verb not in known:
        raise Refused("form.stale")
    return known[verb](turn, talk)


def _keep(turn: Turn, talk: Talk, item: Item, field: FormField) -> Replies:
    """Words that could have been another wish are the answer after all, or the letter where a choice was asked."""
    draft = top(talk)
    held = draft.held
    if field.kind in ("text", "long"):
        return accept(turn, talk, field, fields.check_text(turn, field, held))
    noted = _note_letter(turn, item, draft, field, held)
    if not noted:
        raise Refused("form.stale")
    draft.settle()
    return prefixed(turn.say("form.noted", labels=noted[0].label(turn.lang)), proceed(turn, talk))


def _note_letter(turn: Turn, item: Item, draft: Draft, field: FormField, words: str) -> list[FormField]:
    """As `fields.note_letter`; Refused where the letter is not to be written on this channel."""
    noted = fields.note_letter(turn, item, draft, field, words)
    for each in noted:
        abroad.guard(turn, item, each)
    return noted


def _field(item: Item, draft: Draft) -> FormField:
    field = item.field(draft.asking)
    if field is None:
        raise Refused("form.stale")
    return field


def submit(turn: Turn, talk: Talk) -> Replies:
    """Open the ticket, once everything is there and nothing objects; then go on with a parked form."""
    draft = top(talk)
    item = item_of(turn, draft)
    if draft.asking != "confirm":
        return proceed(turn, talk)
    if turn.person is None:  # Filled in on a page before anybody was bound.
        raise Refused("form.bind_first", title=item.title.to(turn.lang))
    if draft.changes:
        amended = form_amend.submit(turn, draft, item)
        talk.drafts.pop()
        return (amended, *_go_on(turn, talk))
    turn.school.catalogue.service(item.slug).check(turn, draft.answers)
    if (asked := form_about.question(turn, talk, draft, item)) is not None:
        return (asked,)
    ticket = tickets.open_ticket(turn, item, draft.answers)
    form_about.attach(turn, draft, ticket)
    talk.drafts.pop()
    name = cards.who(turn, ticket.assignee_id)
    at = wording.soon(ticket.owed_at or limits.before(turn, item), turn.now, turn.lang, turn.school.zone)
    sentence = turn.say(form_about.receipt(turn, ticket, name), number=ticket.number, name=name, at=at)
    sentence += form_about.told(turn, ticket, item, draft.answers)
    if turn.school.demo:
        sentence += "\n" + turn.say("form.receipt_demo", name=name)
    link = Link(label=turn.say("form.other_side"), url=f"{turn.school.base_url}/#staff") if turn.school.demo else None
    shown = cards.card(turn, ticket, staff=False)
    receipt = Reply(text=sentence, card=shown, choices=cards.choices(turn, ticket, staff=False), link=link)
    return (receipt, *_go_on(turn, talk))


def _go_on(turn: Turn, talk: Talk) -> Replies:
    """The parked form, asked again where it stood."""
    if talk.draft is None:
        return ()
    title = item_of(turn, talk.draft).title.to(turn.lang)
    return prefixed(turn.say("form.go_on", title=title), again(turn, talk))


def back(turn: Turn, talk: Talk) -> Replies:
    """To the question before this one; from the first question the form stays where it is."""
    draft = top(talk)
    item = item_of(turn, draft)
    field = item.field(draft.asking)
    if field is not None and (draft.offer or draft.partial):
        draft.offer, draft.partial = [], ""
        return (question(turn, talk, field),)
    if draft.was or draft.asking == "change":
        draft.answers |= draft.was
        draft.settle()
        return proceed(turn, talk)
    draft.settle()
    if draft.asking == "confirm" and not draft.asked:
        return change(turn, talk)
    if draft.asking in draft.asked:
        draft.asked.remove(draft.asking)
    field = item.field(draft.asked[-1]) if draft.asked else (item.fields[0] if item.fields else None)
    if field is None:
        return proceed(turn, talk)
    draft.answers.pop(field.key, None)
    return (question(turn, talk, field),)


def skip(turn: Turn, talk: Talk) -> Replies:
    """Leave an optional field out."""
    draft, field = top(talk), _field(item_of(turn, top(talk)), top(talk))
    if needed.is_needed(item_of(turn, draft), field, draft.answers):
        raise Refused("form.cannot_skip", label=field.label(turn.lang))
    return accept(turn, talk, field, None)


def restart(turn: Turn, talk: Talk) -> Replies:
    """The same form from the beginning, empty."""
    draft = top(talk)
    talk.drafts[-1] = Draft(service=draft.service)
    return prefixed(turn.say("form.restarted"), proceed(turn, talk))


def cancel(turn: Turn, talk: Talk) -> Replies:
    """Drop the form on top; nothing was saved, and a parked one goes on."""
    draft = top(talk)
    item = turn.school.catalogue.items.get(draft.service)
    title = item.title.to(turn.lang) if item is not None else draft.service
    talk.drafts.pop()
    if draft.changes:
        return (Reply(text=turn.say("form.unchanged", number=draft.changes)), *_go_on(turn, talk))
    undo = Choice(label=turn.say("way.start_again", title=title), send=f"g:{draft.service}")
    again_ = () if item is None or item.hidden else (undo,)  # Words for a person are no form to begin again.
    return (Reply(text=turn.say("form.cancelled", title=title), choices=again_), *_go_on(turn, talk))
