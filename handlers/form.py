"""Fills a service item's form by question and answer: asks what is missing, shows the whole, opens the ticket."""

from __future__ import annotations

from typing import Any

from handlers import cards, directory, fields, limits, tickets, wording
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.slots import fill
from models.item import FormField, Item
from models.message import Choice, Incoming, Link, Refused, Reply

Replies = tuple[Reply, ...]


def start(turn: Turn, talk: Talk, item: Item, words: str = "") -> Replies:
    """Begin a form with what the words already say; an open form is parked and comes back afterwards."""
    if turn.person is None:
        if turn.school.demo:
            raise Refused("form.bind_first_demo")
        raise Refused("form.bind_first", title=item.title.to(turn.lang))
    if talk.draft is not None and talk.draft.service == item.slug and not words:
        return again(turn, talk)
    talk.drafts = [draft for draft in talk.drafts if draft.service != item.slug]
    parked = talk.draft
    draft = Draft(service=item.slug)
    if words:
        draft.answers = fill(item, words, turn.said_at, (item.title.zh, item.title.en, *item.aliases))
        fields.note_doubt(turn, item, draft, words)
    talk.drafts.append(draft)
    replies = proceed(turn, talk)
    if parked is not None:
        note = turn.say("form.parked", title=item_of(turn, parked).title.to(turn.lang))
        replies = (replies[0].model_copy(update={"text": f"{note}\n{replies[0].text}"}), *replies[1:])
    return replies


def item_of(turn: Turn, draft: Draft) -> Item:
    """The item of a draft, always in its newest wording; Refused when it was taken out of service meanwhile."""
    item = turn.school.catalogue.items.get(draft.service)
    if item is None:
        raise Refused("form.gone")
    return item


def proceed(turn: Turn, talk: Talk) -> Replies:
    """Ask the next thing that is missing, or show the whole."""
    draft = _top(talk)
    item = item_of(turn, draft)
    service = turn.school.catalogue.service(item.slug)
    missing = next((field for field in item.fields if field.key not in draft.answers), None)
    if missing is None:
        draft.answers.update(service.derive(turn, draft.answers))
    try:
        service.check(turn, draft.answers)
    except Refused as refused:
        wrong = item.field(str(refused.values.get("field", "")))
        if wrong is None:
            raise
        draft.answers.pop(wrong.key, None)
        asked = question(turn, talk, wrong)
        reason = turn.say(refused.key, **refused.values)
        return (asked.model_copy(update={"text": f"{reason}\n{asked.text}"}),)
    return (question(turn, talk, missing) if missing else _summary(turn, talk, draft, item),)


def question(turn: Turn, talk: Talk, field: FormField) -> Reply:
    """The question of one field, with its number, its choices, and the ways out."""
    draft = _top(talk)
    item = item_of(turn, draft)
    draft.asking = field.key
    if field.key not in draft.asked:
        draft.asked.append(field.key)
    lines = [field.ask.to(turn.lang)]
    offered = fields.offer(turn, talk, draft) if fields.recall(draft, field) else None
    if draft.partial:
        lines = [turn.say("form.until", start=fields.begun(turn, draft))]
    elif field.hint is not None:
        lines.append(field.hint.to(turn.lang))
    number = [each.key for each in item.fields].index(field.key) + 1
    head = turn.say("form.step", number=number, count=len(item.fields), title=item.title.to(turn.lang))
    if offered is not None:
        return offered.model_copy(update={"text": f"{head}\n{offered.text}"})
    options = tuple(
        Choice(label=option.label.to(turn.lang), send=_send(talk, "o", index))
        for index, option in enumerate(field.options)
    )
    ways: tuple[Choice, ...] = () if field.required else (_way(turn, talk, "skip"),)
    ways += ((_way(turn, talk, "back"),) if len(draft.asked) > 1 or draft.changing else ()) + (
        _way(turn, talk, "cancel"),
    )
    return Reply(text=f"{head}\n" + "\n".join(lines), choices=options + ways)


def _send(talk: Talk, verb: str, argument: object = "") -> str:
    return f"f:{talk.rev}:{verb}:{argument}"


def _way(turn: Turn, talk: Talk, verb: str, style: str = "") -> Choice:
    word = turn.say(f"way.{verb}")
    return Choice(label=word, send=_send(talk, verb), words=word, style=style)


def _top(talk: Talk) -> Draft:
    if talk.draft is None:
        raise Refused("form.nothing_open")
    return talk.draft


def _summary(turn: Turn, talk: Talk, draft: Draft, item: Item) -> Reply:
    """The whole before anything is saved: every answer, what follows from them, who will answer and by when."""
    draft.asking, draft.changing = "confirm", False
    lines = [turn.say("form.check", title=item.title.to(turn.lang))]
    lines += wording.summary(item, draft.answers, turn.lang, turn.school.zone, turn.today)
    lines += turn.school.catalogue.service(item.slug).lines(turn.lang, draft.answers)
    lines.append(promise(turn, item))
    choices = (
        Choice(label=turn.say("way.submit"), send=_send(talk, "submit"), style="main"),
        Choice(label=turn.say("way.change"), send=_send(talk, "change")),
        Choice(label=turn.say("way.cancel"), send=_send(talk, "cancel"), words=turn.say("way.cancel"), style="danger"),
    )
    return Reply(text="\n".join(lines), choices=choices)


def promise(turn: Turn, item: Item) -> str:
    """Who will answer and by when, if it were handed in now."""
    path = tickets.place(turn, item)
    me = turn.person.id if turn.person else None
    person = directory.responsible_for(turn.session, path, item.answers_by, turn.now, me)
    name = directory.name_of(person, turn.lang) or turn.say("card.nobody")
    at = wording.soon(limits.before(turn, item), turn.now, turn.lang, turn.school.zone)
    return turn.say("form.promise", name=name, at=at)


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies:
    """Take what was said as the answer to what was asked. Refused says what is wrong; the question stays."""
    draft = _top(talk)
    item = item_of(turn, draft)
    if draft.asking == "change":
        return _choose_field(turn, talk, item, incoming.text)
    field = item.field(draft.asking)
    if field is None:
        fields.told_again(turn, draft, item, incoming.text)
        return proceed(turn, talk)
    value = fields.read(turn, draft, field, incoming)
    if value is fields.MORE:
        return (question(turn, talk, field) if not draft.offer else fields.offer(turn, talk, draft),)
    return _accept(turn, talk, field, value)


def _accept(turn: Turn, talk: Talk, field: FormField, value: Any) -> Replies:
    draft = _top(talk)
    draft.answers[field.key] = value
    draft.partial, draft.offer, draft.held, draft.misses, draft.changing = "", [], "", 0, False
    return proceed(turn, talk)


def _choose_field(turn: Turn, talk: Talk, item: Item, words: str) -> Replies:
    """Which answer to change, by its name in words."""
    named = [field for field in item.fields if words and words in (field.label("zh"), field.label("en"), field.key)]
    if len(named) != 1:
        raise Refused("form.which_field")
    return _change(turn, talk, named[0])


def _change(turn: Turn, talk: Talk, field: FormField) -> Replies:
    draft = _top(talk)
    draft.answers.pop(field.key, None)
    draft.changing = True
    return (question(turn, talk, field),)


def press(turn: Turn, talk: Talk, verb: str, argument: str) -> Replies:
    """A button of the form on top (its revision was checked by the caller)."""
    draft = _top(talk)
    item = item_of(turn, draft)
    place = int(argument) if argument.isascii() and argument.isdigit() else -1
    if verb == "o" and 0 <= place < len(draft.offer):
        return _accept(turn, talk, _field(item, draft), draft.offer[place])
    if verb == "o":
        field = _field(item, draft)
        if 0 <= place < len(field.options):
            return _accept(turn, talk, field, field.options[place].key)
    if verb == "keep" and draft.held:
        return _accept(turn, talk, _field(item, draft), fields.check_text(turn, _field(item, draft), draft.held))
    if verb == "field" and item.field(argument):
        return _change(turn, talk, item.field(argument))  # type: ignore[arg-type]
    known = {"submit": submit, "change": change, "cancel": cancel, "back": back, "skip": skip, "restart": restart,
             "go_on": again}  # fmt: skip
    if verb not in known:
        raise Refused("form.stale")
    return known[verb](turn, talk)


def _field(item: Item, draft: Draft) -> FormField:
    field = item.field(draft.asking)
    if field is None:
        raise Refused("form.stale")
    return field


def submit(turn: Turn, talk: Talk) -> Replies:
    """Open the ticket, once everything is there and nothing objects; then go on with a parked form."""
    draft = _top(talk)
    item = item_of(turn, draft)
    if draft.asking != "confirm":
        return proceed(turn, talk)
    turn.school.catalogue.service(item.slug).check(turn, draft.answers)
    ticket = tickets.open_ticket(turn, item, draft.answers)
    talk.drafts.pop()
    name = cards.who(turn, ticket.assignee_id)
    at = wording.soon(limits.before(turn, item), turn.now, turn.lang, turn.school.zone)
    sentence = turn.say("form.receipt" if name else "form.receipt_unowned", number=ticket.number, name=name, at=at)
    if turn.school.demo:
        sentence += "\n" + turn.say("form.receipt_demo", name=name)
    link = Link(label=turn.say("form.other_side"), url=f"{turn.school.base_url}/#staff") if turn.school.demo else None
    receipt = Reply(
        text=sentence,
        card=cards.card(turn, ticket, staff=False),
        choices=cards.choices(turn, ticket, staff=False),
        link=link,
    )
    return (receipt, *_go_on(turn, talk))


def _go_on(turn: Turn, talk: Talk) -> Replies:
    """The parked form, asked again where it stood."""
    if talk.draft is None:
        return ()
    title = item_of(turn, talk.draft).title.to(turn.lang)
    (first, *more) = again(turn, talk)
    return (first.model_copy(update={"text": turn.say("form.go_on", title=title) + "\n" + first.text}), *more)


def again(turn: Turn, talk: Talk) -> Replies:
    """What was asked last, once more."""
    draft = _top(talk)
    if draft.offer:
        return (fields.offer(turn, talk, draft),)
    if draft.asking == "change":
        return change(turn, talk)
    field = item_of(turn, draft).field(draft.asking)
    return (question(turn, talk, field),) if field and field.key not in draft.answers else proceed(turn, talk)


def change(turn: Turn, talk: Talk) -> Replies:
    """Ask which answer to change."""
    draft = _top(talk)
    item = item_of(turn, draft)
    draft.asking = "change"
    fields_ = (Choice(label=field.label(turn.lang), send=_send(talk, "field", field.key)) for field in item.fields)
    choices = (*fields_, _way(turn, talk, "back"), _way(turn, talk, "cancel"))
    return (Reply(text=turn.say("form.which_field"), choices=choices),)


def back(turn: Turn, talk: Talk) -> Replies:
    """To the question before this one; from the first question the form stays where it is."""
    draft = _top(talk)
    item = item_of(turn, draft)
    draft.partial, draft.offer, draft.held, draft.misses = "", [], "", 0
    if draft.asking == "change":
        return proceed(turn, talk)
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
    field = _field(item_of(turn, _top(talk)), _top(talk))
    if field.required:
        raise Refused("form.cannot_skip", label=field.label(turn.lang))
    return _accept(turn, talk, field, None)


def restart(turn: Turn, talk: Talk) -> Replies:
    """The same form from the beginning, empty."""
    draft = _top(talk)
    talk.drafts[-1] = Draft(service=draft.service)
    first = proceed(turn, talk)
    return (first[0].model_copy(update={"text": turn.say("form.restarted") + "\n" + first[0].text}), *first[1:])


def cancel(turn: Turn, talk: Talk) -> Replies:
    """Drop the form on top; nothing was saved, and a parked one goes on."""
    draft = _top(talk)
    title = draft.service
    if draft.service in turn.school.catalogue.items:
        title = turn.school.catalogue.items[draft.service].title.to(turn.lang)
    talk.drafts.pop()
    undo = Choice(label=turn.say("way.start_again", title=title), send=f"g:{draft.service}")
    return (Reply(text=turn.say("form.cancelled", title=title), choices=(undo,)), *_go_on(turn, talk))
