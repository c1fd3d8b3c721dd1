"""Hears what is said beside a form's question: to hand in, to drop, to change, how far it is, thanks, or another question's answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from handlers import (
    abroad,
    asked_for,
    desk,
    fields,
    form,
    form_afresh,
    form_change,
    form_times,
    form_unheard,
    going_first,
    gone_times,
    needed,
    owned,
    people_kept,
    prolonging,
    puzzled,
    student,
    unnamed,
    wording,
)
from handlers.form_ask import Replies, accept, again, change, item_of, prefixed, proceed, question, send, top, way
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.asides import is_no_place, may_take_back, nod, read_aside, takes_back
from handlers.understand.changes import read_change
from handlers.understand.intents_commands import command
from handlers.understand.slots import names_option, pick
from models.item import FormField, Item
from models.message import Choice, Incoming, Refused, Reply

JUST_NOW: Final = timedelta(minutes=10)  # for so long a second press of 提交 is told of what the first one handed in


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """What was said beside the question of the form on top, which stays open; None when the words may be its answer,
    where no form is open, or where something else waits for these words."""
    words = incoming.text.strip()
    if talk.draft is None or talk.order is not None or talk.consult:
        return None
    if not words or incoming.quote or incoming.files or incoming.place is not None:
        return None
    if talk.draft.shelved:
        return form_change.resume(turn, talk, words)
    draft = top(talk)
    item = item_of(turn, draft)
    asked = item.field(draft.asking)
    if asked is not None and any(fields.is_label(each, words) for each in item.fields if each is asked):
        return None
    aside = read_aside(words, fields.names(item))
    if aside == "submit":
        return _submit(turn, talk, item, asked)
    if aside == "drop":
        return _drop(turn, talk, item, asked)
    if aside == "change" and asked is not None:
        given = tuple(field for field in item.fields if field.key in draft.answers)
        return change(turn, talk, given) if given else prefixed(turn.say("form.nothing_given"), again(turn, talk))
    if aside == "status":
        return desk.command(turn, talk, "mine", incoming)
    if aside == "thanks":
        return prefixed(turn.say("form.thanks"), again(turn, talk))
    if (afresh := _going(turn, talk, item, words) or form_afresh.ask(turn, talk, item, words)) is not None:
        return afresh
    if asked is None:
        return None
    return _beside(turn, talk, item, asked, words)


def _beside(turn: Turn, talk: Talk, item: Item, asked: FormField, words: str) -> Replies | None:
    """A change of an earlier answer, a list that is mended, or another question's answer; None where it may be this one's."""
    changed = form_change.hear_between(turn, talk, asked, words)
    changed = changed or people_kept.hear(turn, talk, asked, words)
    if changed is None and asked.kind == "span":
        prolonging.add_reason(turn, item, top(talk), words)  # 「到周五，没赶上车」 answers the question besides.
    return changed or _for_another(turn, talk, item, asked, words) or _story(turn, talk, item, asked, words)


def _going(turn: Turn, talk: Talk, item: Item, words: str) -> Replies | None:
    """「我能先走吗」, answered above the question that is open; None for all else."""
    told = going_first.in_form(turn, item, top(talk), words)
    return None if told is None else prefixed(told, again(turn, talk))


def rated(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """Stars for what has ended, said while a form is open, and the form's question again; None for all else."""
    if talk.draft is None or talk.draft.shelved or talk.order is not None or talk.consult or incoming.quote:
        return None
    asked = item_of(turn, top(talk)).field(top(talk).asking)
    number = asked is not None and asked.kind == "number"
    free = asked is not None and asked.kind in ("text", "long")
    said = None if number or not incoming.text.strip() else unnamed.rated(turn, incoming.text.strip(), free=free)
    return None if said is None else (*said, *again(turn, talk))


def asked_for_somebody(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """「王书记在吗」, also while a form is open, which goes on, and a lone mark where none is; None for all else, and where a
    letter is written."""
    words = incoming.text.strip()
    if not words or talk.order is not None or incoming.quote or incoming.files:
        return None
    if talk.consult:  # Said once more, it is no word for a teacher either.
        return asked_for.wanted(turn, talk, words)
    if talk.draft is None or talk.draft.shelved:
        return puzzled.odd(turn, words) or asked_for.hear(turn, words) or asked_for.wanted(turn, talk, words)
    asked = item_of(turn, top(talk)).field(top(talk).asking)
    if asked is not None and asked.kind == "long":
        return None
    said = asked_for.hear(turn, words)
    return asked_for.wanted(turn, talk, words) if said is None else (*said, *again(turn, talk))


def dropped(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """「取消报修」 while it is not the form that is open: a parked one goes, and where nothing of it is begun or handed in,
    that is said; no new one opens. None for all else."""
    words, top_ = incoming.text.strip(), talk.draft
    if not may_take_back(words) or talk.order is not None or talk.consult or incoming.quote:
        return None
    named = [item for item in turn.school.catalogue.offered() if any(name in words for name in fields.names(item))]
    item = next((each for each in named if takes_back(words, fields.names(each))), None)
    if item is None or (top_ is not None and top_.service == item.slug and not top_.shelved):
        return None
    rest = again(turn, talk) if top_ is not None and not top_.shelved else ()
    title = item.title.to(turn.lang)
    if any(draft.service == item.slug and not draft.changes for draft in talk.drafts):
        talk.drafts = [each for each in talk.drafts if each.service != item.slug or each.changes]
        return (Reply(text=turn.say("form.cancelled", title=title)), *rest)
    if any(not ticket.private and ticket.service == item.slug for ticket in owned.open_of(turn)):
        return (*prefixed(turn.say("after.withdraw_how"), student.mine(turn)), *rest)
    return (Reply(text=turn.say("form.nothing_of_it", title=title)), *rest)


def _submit(turn: Turn, talk: Talk, item: Item, asked: FormField | None) -> Replies:
    """Hand in what was shown last; show it first if something else was; say what is still missing."""
    draft = top(talk)
    if draft.asking == "confirm":
        return form.submit(turn, talk) if was_shown(turn) else seen_again(turn, talk)
    if draft.was or draft.asking == "change":
        return prefixed(turn.say("form.look_again"), form.back(turn, talk))
    seasons = turn.school.seasons
    missing = [each for each in item.fields if each.key not in draft.answers and each.asked(draft.answers, seasons)]
    wanted = [field for field in missing if needed.is_needed(item, field, draft.answers)]
    if not wanted:
        draft.answers |= dict.fromkeys(field.key for field in missing)
        draft.settle()
        return proceed(turn, talk)
    labels = turn.say("form.or").join(field.label(turn.lang) for field in wanted)
    return prefixed(turn.say("form.not_yet", labels=labels), again(turn, talk))


def was_shown(turn: Turn) -> bool:
    """Whether the last answer was the whole of the form, with the button that hands it in."""
    if turn.account is None:
        return True
    return any(send_.startswith("f:") and send_.split(":")[2] == "submit" for _, _, send_ in turn.account.offered)


def seen_again(turn: Turn, talk: Talk) -> Replies:
    """The whole once more before it is handed in, since something else was shown in between."""
    top(talk).shelved = False
    return prefixed(turn.say("form.look_again"), again(turn, talk))


def _drop(turn: Turn, talk: Talk, item: Item, asked: FormField | None) -> Replies:
    """Ask whether the form shall go; nothing that was filled in is lost by a slip."""
    (first, *more) = prefixed(turn.say("form.drop", title=item.title.to(turn.lang)), again(turn, talk))
    others = tuple(choice for choice in first.choices if choice.send != send(talk, "cancel"))
    return (first.model_copy(update={"choices": (way(turn, talk, "cancel", "danger"), *others)}), *more)


def _for_another(turn: Turn, talk: Talk, item: Item, asked: FormField, words: str) -> Replies | None:
    """Nothing but a time, or but an option of another question: it goes there, and this question is asked again."""
    draft = top(talk)
    if asked.kind not in ("text", "long", "file", "span", "date"):
        return None
    if asked.kind in ("text", "long", "file"):
        timed = form_times.retime(turn, talk, asked, words)
        if isinstance(timed, str):
            draft.misses, draft.unheard = 0, []
            return prefixed(timed, again(turn, talk))
        if timed is not None:
            return timed
    told = read_change(item, words)
    value = told.value if told is not None and told.said and told.value and not told.fields else words
    meant = [field for field in item.fields if field is not asked and names_option(field, value)]
    option = pick(meant[0], value, loosely=False) if len(meant) == 1 else None
    if option is None or abroad.kept(turn, item, meant[0]):
        return None
    draft.answers[meant[0].key] = option.key
    draft.misses, draft.unheard = 0, []
    noted = wording.line(meant[0], option.label.to(turn.lang), turn.lang)
    gone = gone_times.settled(turn, draft)
    said = again(turn, talk) if gone is None else accept(turn, talk, asked, gone)
    return prefixed(turn.say("form.noted", labels=noted), said)


def _story(turn: Turn, talk: Talk, item: Item, asked: FormField, words: str) -> Replies | None:
    """Words that tell what happened, where a place or a file is asked: it is asked where they belong."""
    draft = top(talk)
    teller = next((field for field in item.fields if field.fill == "rest" and field is not asked), None)
    place = asked.kind == "text" and is_no_place(f"{asked.label('zh')} {asked.label('en')}", words)
    if teller is None or abroad.kept(turn, item, teller) or not (place or asked.kind == "file"):
        return None
    if asked.kind == "file" and (words.isdigit() or command(words) == "confirm" or nod(words) == "confirm"):
        return prefixed(turn.say("form.file_please"), again(turn, talk))  # Said to the bot: no reason of anything.
    if command(words) not in (None, "confirm", "deny"):
        return None  # 「我的办件」 and 「没有」 are said to the bot, and tell of nothing.
    said = None
    if asked.kind == "file" and command(words) is None:
        if desk.another(turn, talk, words) is not None:
            return None
        said = form_unheard.count(turn, talk, words)
        if said is not None and draft.shelved:
            return said
    draft.held = words
    into = Choice(label=turn.say("form.write_into", label=teller.label(turn.lang)), send=send(talk, "into", teller.key))
    if place:
        keep = Choice(label=turn.say("form.write_into", label=asked.label(turn.lang)), send=send(talk, "keep"))
        text = turn.say("form.which_place", here=asked.label(turn.lang), there=teller.label(turn.lang))
        (first, *_) = (question(turn, talk, asked),)
        ways = tuple(choice for choice in first.choices if choice.send.split(":")[2] in ("back", "cancel"))
        return (first.model_copy(update={"text": text, "choices": (keep, into, *ways)}),)
    if said is None:
        reason = turn.say("form.file_please") + turn.say("form.into_words", there=teller.label(turn.lang))
        said = prefixed(reason, (question(turn, talk, asked),))
    draft.held = words
    return (said[0].model_copy(update={"choices": (into, *said[0].choices)}), *said[1:])


def stale(turn: Turn, talk: Talk, verb: str) -> Refused:
    """Why a button of a form does nothing any more: it was handed in a moment ago from another window, or it is an old one."""
    since = turn.now - JUST_NOW
    done = [each for each in owned.open_of(turn) if each.opened_at >= since and not each.private]
    if verb == "submit" and talk.draft is None and done:
        return Refused("form.submitted_already", number=max(done, key=lambda each: each.opened_at).number)
    return Refused("form.stale")


def write_into(turn: Turn, talk: Talk, key: str) -> Replies:
    """The words that waited go to another question's answer, behind what stands there; the open question is asked again."""
    draft = top(talk)
    item = item_of(turn, draft)
    field = item.field(key)
    if field is None or field.kind not in ("text", "long") or not draft.held:
        raise Refused("form.stale")
    abroad.guard(turn, item, field)
    before = draft.answers.get(key) or draft.was.get(key)
    words = turn.say("form.more_words", before=before, added=draft.held) if before else draft.held
    draft.answers[key] = fields.check_text(turn, field, words)
    draft.settle()
    labels = turn.say("form.line", label=field.label(turn.lang), value=draft.answers[key])
    return prefixed(turn.say("form.noted", labels=labels), proceed(turn, talk))
