"""What a form shows: the next question, the offer of times, the whole before it is handed in, which answer to change."""

from __future__ import annotations

from typing import Any

from handlers import (
    abroad,
    field_times,
    foreseen,
    form_about,
    form_amend,
    gone_times,
    listed_names,
    needed,
    signing,
    tickets,
    wording,
)
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from models.item import FormField, Item
from models.message import Choice, Refused, Reply

Replies = tuple[Reply, ...]


def item_of(turn: Turn, draft: Draft) -> Item:
    """The item of a draft, always in its newest wording; Refused when it was taken out of service meanwhile."""
    item = turn.school.catalogue.items.get(draft.service)
    if item is None:
        raise Refused("form.gone")
    return item


def proceed(turn: Turn, talk: Talk) -> Replies:
    """Ask the next thing that is missing, or show the whole; before it what an answer has the bot say, once."""
    draft = top(talk)
    item = item_of(turn, draft)
    said = _said_to(turn, draft, item)
    replies = _next(turn, talk, draft, item)
    return prefixed(said, replies) if said else replies


def _said_to(turn: Turn, draft: Draft, item: Item) -> str:
    """The words of the options that were chosen since the last question (节哀); "" for none."""
    lines = []
    for field in item.fields:
        answer = draft.answers.get(field.key)
        option = field.option(answer) if field.kind == "choice" and isinstance(answer, str) else None
        if option is not None and option.says is not None and option.key not in draft.said:
            draft.said.append(option.key)
            lines.append(option.says.to(turn.lang))
    return "\n".join(lines)


def _next(turn: Turn, talk: Talk, draft: Draft, item: Item) -> Replies:
    service = turn.school.catalogue.service(item.slug)
    there = form_amend.about(turn, draft)
    draft.answers.update(service.derive(there, draft.answers))  # Whether something is asked may hang on what follows.
    open_ = [field for field in asked_of(turn, item, draft) if field.key not in draft.answers]
    # What is asked on the web page only comes last, so that everything else can be answered here.
    missing = min(open_, key=lambda field: abroad.kept(turn, item, field), default=None)
    if field_times.is_impossible(draft):
        timed = (each for each in open_ if each.kind in ("span", "date") and not abroad.kept(turn, item, each))
        missing = next(timed, missing)
    try:
        service.check(there, draft.answers)
    except Refused as refused:
        wrong = item.field(str(refused.values.get("field", "")))
        if wrong is None:
            raise
        over = draft.answers.pop(wrong.key, None)
        offer = gone_times.later(turn, wrong, over) if wrong.kind in ("span", "date") else []
        offer = gone_times.fitting(there, draft.service, draft.answers, wrong, offer)
        draft.heard = gone_times.refused(turn, draft, over, offer) or draft.heard
        asked = question(turn, talk, wrong)
        reason = turn.say(refused.key, **refused.values)
        return (asked.model_copy(update={"text": f"{reason}\n{asked.text}"}),)
    return (question(turn, talk, missing) if missing else _summary(turn, talk, draft, item),)


def asked_of(turn: Turn, item: Item, draft: Draft) -> list[FormField]:
    """The questions that are asked for the answers so far, in order."""
    return [field for field in item.fields if field.asked(draft.answers, turn.school.seasons)]


def accept(turn: Turn, talk: Talk, field: FormField, value: Any) -> Replies:
    """Keep an answer, and go on; Refused for one that is not to be given on this channel."""
    draft = top(talk)
    if value is not None:  # To leave a question out says nothing.
        abroad.guard(turn, item_of(turn, draft), field)
    draft.answers |= {**gone_times.chosen(turn, draft, value), field.key: value}
    draft.settle()
    return proceed(turn, talk)


def prefixed(words: str, replies: Replies) -> Replies:
    """Replies with a sentence in front of the first."""
    (first, *more) = replies
    return (first.model_copy(update={"text": f"{words}\n{first.text}"}), *more)


def question(turn: Turn, talk: Talk, field: FormField) -> Reply:
    """The question of one field, with its number, its choices, and the ways out."""
    draft = top(talk)
    item = item_of(turn, draft)
    draft.asking = field.key
    if field.key not in draft.asked:
        draft.asked.append(field.key)
    lines = [needed.ask(turn, item, field, draft.answers)]
    kept = abroad.kept(turn, item, field)
    heard = None if kept else field_times.recall(draft, field)
    if heard is not None and heard.said:
        lines.insert(0, turn.say(heard.said))
    if draft.partial:
        lines = [turn.say("form.until", start=field_times.begun(turn, draft))]
    elif field.hint is not None:
        lines.append(field.hint.to(turn.lang))
    if field.kind == "file" and (shows := turn.school.catalogue.service(item.slug).shows(turn, draft.answers)):
        lines.insert(0, shows)
    keys = [each.key for each in asked_of(turn, item, draft)]
    number = keys.index(field.key) + 1 if field.key in keys else len(keys)
    head = turn.say("form.step", number=number, count=len(keys), title=item.title.to(turn.lang))
    skip = way(turn, talk, "skip")
    # Where nothing can be written the way past it is a number too: 1 is the first thing that is shown.
    skip = skip.model_copy(update={"words": ""}) if field.kind == "file" and not field.options else skip
    ways: tuple[Choice, ...] = () if needed.is_needed(item, field, draft.answers) else (skip,)
    ways += ((way(turn, talk, "back"),) if len(draft.asked) > 1 or draft.changing else ()) + (
        way(turn, talk, "cancel"),
    )
    if kept:
        asked = abroad.question(turn, item, field, head)
        return asked.model_copy(update={"choices": (*asked.choices, *ways)})
    if heard is not None and heard.offer:
        offered = field_times.offer(turn, talk, draft)
        return offered.model_copy(update={"text": f"{head}\n{offered.text}"})
    options = tuple(
        Choice(label=option.label.to(turn.lang), send=send(talk, "o", index))
        for index, option in enumerate(field.options)
    )
    return Reply(text=f"{head}\n" + "\n".join(lines), choices=options + ways)


def send(talk: Talk, verb: str, argument: object = "") -> str:
    """What a button of the form on top carries."""
    return f"f:{talk.rev}:{verb}:{argument}"


def way(turn: Turn, talk: Talk, verb: str, style: str = "") -> Choice:
    """One of the ways out as a button; its word does the same."""
    word = turn.say(f"way.{verb}")
    return Choice(label=word, send=send(talk, verb), words=word, style=style)


def top(talk: Talk) -> Draft:
    """The form on top; Refused when none is open."""
    if talk.draft is None:
        raise Refused("form.nothing_open")
    return talk.draft


def _summary(turn: Turn, talk: Talk, draft: Draft, item: Item) -> Reply:
    """The whole before anything is saved: every answer, what follows from them, who will answer and by when."""
    draft.asking, draft.changing, draft.was = "confirm", False, {}
    lines = [turn.say("form.check", title=item.title.to(turn.lang))]
    hidden = [
        field for field in item.fields if abroad.kept(turn, item, field) and draft.answers.get(field.key) is not None
    ]
    shown = {key: value for key, value in draft.answers.items() if key not in {field.key for field in hidden}}
    shown = listed_names.named(turn, item, shown, staff=False)
    lines += wording.summary(item, shown, turn.lang, turn.school.zone, turn.today)
    lines += [turn.say("abroad.answered", label=field.label(turn.lang)) for field in hidden]
    lines += turn.school.catalogue.service(item.slug).lines(turn.lang, draft.answers)
    shows = turn.school.catalogue.service(item.slug).shows(turn, draft.answers)
    lines += [shows] if shows else []
    path = tickets.place(turn, item, draft.answers)
    lines += foreseen.promise(turn, item, path, draft.answers)
    chain = signing.chain(turn, item, path, draft.answers)
    lines += [chain] if chain else []
    choices = (
        Choice(label=turn.say("way.submit"), send=send(talk, "submit"), style="main"),
        Choice(label=turn.say("way.change"), send=send(talk, "change")),
        Choice(label=turn.say("way.cancel"), send=send(talk, "cancel"), words=turn.say("way.cancel"), style="danger"),
    )
    return Reply(text="\n".join(lines), choices=choices, guarded=item.stays_home and not hidden)


def again(turn: Turn, talk: Talk) -> Replies:
    """What was asked last, once more."""
    draft = top(talk)
    if draft.asks_about:
        question_ = form_about.question(turn, talk, draft, item_of(turn, draft))
        return (question_,) if question_ is not None else proceed(turn, talk)
    asked = item_of(turn, draft).field(draft.asking)
    if asked is not None and abroad.kept(turn, item_of(turn, draft), asked):
        return proceed(turn, talk)
    if draft.offer and (asked is None or asked.kind != "people"):
        return (field_times.offer(turn, talk, draft),)
    if draft.asking == "change":
        return change(turn, talk, value=draft.value)
    return (question(turn, talk, asked),) if asked and asked.key not in draft.answers else proceed(turn, talk)


def change(turn: Turn, talk: Talk, among: tuple[FormField, ...] = (), value: str = "") -> Replies:
    """Ask which answer to change; among some only, and with the words that it is to become, where they are known."""
    draft = top(talk)
    item = item_of(turn, draft)
    draft.asking, draft.value = "change", value
    fields_ = (
        Choice(label=field.label(turn.lang), send=send(talk, "field", field.key))
        for field in among or asked_of(turn, item, draft)
        if not abroad.kept(turn, item, field)
    )
    choices = (*fields_, way(turn, talk, "back"), way(turn, talk, "cancel"))
    asked = (
        turn.say("form.which_value", value=value)
        if among and value and not turn.abroad
        else turn.say("form.which_field")
    )
    return (Reply(text=asked, choices=choices),)
