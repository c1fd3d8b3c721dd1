"""Answers questions in chat: from an item's rules, else from a guide, and offers the form and a person after it.

A wish never gets an answer in the place of its form, and a question never opens a form unasked.
"""

from __future__ import annotations

from typing import Final

from handlers import (
    consulting,
    directory,
    first_look,
    form,
    form_ask,
    live,
    own_ways,
    owned,
    rule_answers,
    student,
    with_others,
)
from handlers.first_look import nearest, told
from handlers.guides import FITS, NEAR
from handlers.talks import Asked, Talk
from handlers.turn import Turn
from handlers.understand.feedback import names_letter
from handlers.understand.likeness import marks
from handlers.understand.questions import (
    LONGEST,
    asks_either,
    asks_openly,
    asks_permission,
    aspect_of,
    days_in,
    is_no_wish,
    is_own,
    masked,
    puts_question,
    suggests,
    tells_of_damage,
)
from handlers.understand.slots import fill
from models import asked
from models.item import Item
from models.message import Choice, Incoming, Link, Refused, Reply

Replies = tuple[Reply, ...]
# What a school writes down of these may be told better by a guide of its own; the rest follows from the rules alone.
_WIDE: Final = frozenset({"who", "how", "count"})
# Such words are for people, and are neither answered from a list nor written down.
_PRIVATE: Final = ("psych.", "safety.", "privacy", "abuse", "mailbox.complaint")
_STATUS: Final = (".status", ".progress")  # end the labels of words that ask how a matter stands that is there
_OF_ITSELF: Final = frozenset({"limits", "who", "how"})  # what a matter that is there tells of itself
_HOWTO: Final = ".howto"  # … that ask how something is done
_LETTERS: Final = "mailbox."
_COMPLAINT: Final = ".complaint"
_CONSULT: Final = ".consult"  # … of questions that a letter would be written for
BRIEF: Final = 8  # characters: a thing that is named and nothing else
_TYPED: Final = frozenset({"text", "long"})  # fields that take any words, so a question may be their answer


def hear(turn: Turn, talk: Talk, words: str, label: str = "") -> Replies | None:
    """The answer to a question, None where the words are none or nothing here answers them.

    label: the intent of the words (handlers.understand.intents).
    """
    if len(words) > LONGEST or label.startswith(_PRIVATE):
        return None
    found = _answered(turn, words, label)
    if found is None:
        return None
    said, guide_id, item, link = found
    asked.count(turn.session, guide_id, "told", turn.today)
    if turn.person is not None and turn.person.kind == "staff":
        return (Reply(text=said, link=link),)
    talk.asked, talk.unheard = Asked(words=words, guide=guide_id, rev=talk.rev), []
    return (Reply(text=f"{said}\n{turn.say('guide.solved')}", choices=_ways(turn, talk, item), link=link),)


def _answered(turn: Turn, words: str, label: str) -> tuple[str, str, Item | None, Link | None] | None:
    """An answer in words, by which it is counted, the item whose form it may lead to, and where to read on."""
    staff = turn.person is not None and turn.person.kind == "staff"
    question = puts_question(words)
    item = rule_answers.meant(turn, words) or _letter(turn, words, label)
    aspect = aspect_of(words) if item is not None and question and not staff else ""
    if item is not None and aspect in _OF_ITSELF and (is_own(words) or label.endswith(_STATUS)):
        # How long it will take of a matter that is there, and with whom it is, is told by that matter.
        there = any(each.service == item.slug for each in owned.open_of(turn))
        aspect = "" if there and days_in(words) is None else aspect
    entry, fit = nearest(turn, words)
    # What is no form's (「在读证明」, 「校园卡丢了」) is answered without a word of asking.
    free = (
        item is None
        and not tells_of_damage(words)
        and not any(label in each.intents for each in turn.school.catalogue.offered())
    )
    named = question or (
        free and fit >= NEAR and (bool(marks(words).wants) or len(marks(words).things) > 1 or len(words) <= BRIEF)
    )
    better = entry is not None and named and fit >= (NEAR if aspect else FITS)
    if item is not None and aspect and not (better and aspect in _WIDE):
        said = rule_answers.answer(turn, item, aspect, words)
        if said is not None:
            return said, f"rule:{item.slug}/{aspect}", item, None
    if (
        entry is not None
        and named
        and fit >= FITS
        and (marks(words).wants or not (entry.item and label.endswith(_STATUS)))
    ):
        link = Link(label=turn.say("guide.read_on"), url=entry.guide.link) if entry.guide.link else None
        return told(turn, entry), entry.id, turn.school.catalogue.items.get(entry.item) or item, link
    return None


def _letter(turn: Turn, words: str, label: str) -> Item | None:
    """The letter that a question about its answer means without its name (「建议多久会有回音」); None for other words."""
    if not label.startswith(_LETTERS) or not names_letter(words) or aspect_of(words) != "limits":
        return None
    return next((item for item in turn.school.catalogue.offered() if "mailbox.consult" in item.intents), None)


def _ways(turn: Turn, talk: Talk, item: Item | None, *, helped: bool = True) -> tuple[Choice, ...]:
    """It helped; the form all the same, where one is meant; a person."""
    choices = [Choice(label=turn.say("guide.helped"), send=f"q:helped:{talk.rev}")] if helped else []
    if item is not None and not item.hidden and not live.elsewhere(turn, item, turn.person):
        title = item.title.to(turn.lang)
        choices.append(Choice(label=turn.say("guide.form", title=title), send=f"q:form:{talk.rev}:{item.slug}"))
    return (*choices, Choice(label=turn.say("guide.person"), send=f"q:person:{talk.rev}"))


def unanswered(turn: Turn, talk: Talk, words: str, item: Item | None, label: str) -> Replies | None:
    """An honest word to a question that nothing here answers, with the way to a person and to the form; None where the
    words are no question, or are staff's."""
    if (turn.person is not None and turn.person.kind == "staff") or (is_own(words) and not is_no_wish(words)):
        return None
    # Of what is known to ask for a way, 「要请假不」 asks as well.
    if not (puts_question(words) or (label.endswith(_HOWTO) and len(words) <= LONGEST and asks_either(words))):
        return None
    meant = label.endswith(_CONSULT) and (asks_openly(words) or not suggests(words))
    meant = meant or (label.endswith(_COMPLAINT) and asks_permission(words))
    meant = meant or is_no_wish(words)
    if item is not None and _is_wish_of(turn, item, label) and not meant and "cost" not in marks(words).wants:
        return None  # It is what the form is for, put as a question (「周六可以离校吗」).
    talk.asked, talk.unheard = Asked(words=words, rev=talk.rev), []
    said = turn.say("guide.none")
    if not label.startswith(_PRIVATE):
        asked.note(turn.session, masked(words), turn.today)
        said += "\n" + turn.say("guide.noted")
    return (Reply(text=said, choices=_ways(turn, talk, item, helped=False)),)


def _is_wish_of(turn: Turn, item: Item, label: str) -> bool:
    """Whether an intent is that of an item, or of another of the same code that was named more closely (集体公假)."""
    kin = (each for each in turn.school.catalogue.offered() if item.code is not None and each.code == item.code)
    return label in item.intents or any(label in each.intents for each in kin)


def in_form(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """A question in the middle of a form that is answered with no words of its own, and then the form's question once more."""
    draft, words = talk.draft, incoming.text.strip()
    if draft is None or draft.asking == "change" or not words or incoming.files or len(words) > LONGEST:
        return None
    here = form.item_of(turn, draft)
    field = here.field(draft.asking)
    if (field is None or field.kind not in _TYPED) and (beside := own_ways.in_form(turn, words)) is not None:
        return (*beside, *form.again(turn, talk))
    if (field is not None and field.kind in _TYPED) or not puts_question(words):
        return None
    aspect = aspect_of(words)
    item = rule_answers.meant(turn, words) or (here if aspect not in ("", "limits", *_WIDE) else None)
    said = rule_answers.answer(turn, item, aspect, words) if item is not None and aspect else None
    guide_id = f"rule:{item.slug}/{aspect}" if item is not None else ""
    if said is None:
        entry, fit = nearest(turn, words)
        if entry is None or fit < FITS:
            return None
        said, guide_id = told(turn, entry), entry.id
    asked.count(turn.session, guide_id, "told", turn.today)
    return form_ask.prefixed(said, form.again(turn, talk))


def press(turn: Turn, talk: Talk, verb: str, rev: str, slug: str) -> Replies:
    """A button below an answer. Refused where another question was asked since, or this one is settled."""
    question = talk.asked
    if question is None or rev != str(question.rev) or verb not in ("helped", "form", "person", "send"):
        raise Refused("guide.gone")
    if verb == "send" and not talk.consult:  # Other words went in their place.
        raise Refused("guide.gone")
    item = turn.school.catalogue.items.get(slug)
    if verb == "form" and (item is None or item.hidden):
        raise Refused("form.gone")
    if verb == "person" and (question.guide or question.rev != talk.rev - 1):
        return _look(turn, talk, question.words)
    talk.asked, talk.consult = None, False
    verb = "person" if verb == "send" else verb
    if verb == "helped":
        replies: Replies = (Reply(text=turn.say("guide.thanks")),)
    elif verb == "person":
        replies = student.consult(turn, question.words)
    else:
        replies = _open(turn, talk, item, question.words) if item is not None else ()
    if question.guide:  # Last, since its number is everybody's: nobody else waits for it longer than the unit ends.
        asked.count(turn.session, question.guide, verb, turn.today)
    return replies


def _look(turn: Turn, talk: Talk, words: str) -> Replies:
    """The words that a teacher would get, before they go: a question that was answered, or not the last thing said, may
    not say by itself what is wanted. Other words that come now go in their place."""
    (asked,) = consulting.ask(turn, talk)
    rev = talk.asked.rev if talk.asked is not None else 0
    send = Choice(label=turn.say("guide.send"), send=f"q:send:{rev}", style="main")
    said = turn.say("guide.look", name=directory.name_of(consulting.receiver(turn), turn.lang), words=words)
    return (asked.model_copy(update={"text": said, "choices": (send, *asked.choices)}),)


def _open(turn: Turn, talk: Talk, item: Item, words: str) -> Replies:
    """The form with what the question said; its words themselves are no reason for anything."""
    replies = form.start(turn, talk, item)
    draft = talk.draft
    if draft is None or draft.service != item.slug:
        return replies
    found = fill(item, words, turn.said_at, (), turn.lessons)
    kept = {key: value for key, value in found.items() if (field := item.field(key)) and field.kind not in _TYPED}
    if not kept:
        return replies
    draft.answers |= kept
    return form_ask.proceed(turn, talk)


def begin(turn: Turn, talk: Talk, item: Item, words: str) -> Replies:
    """The form that words wish for, begun with them; asked first where they name others beside the speaker."""
    if (asked_ := with_others.ask(turn, talk, item, words)) is not None:
        return asked_
    talk.unheard = []
    return before(turn, item, words, form.start(turn, talk, item, words))


def before(turn: Turn, item: Item, words: str, replies: Replies) -> Replies:
    """The first question of a form, with one fitting guide before it."""
    found = first_look.first(turn, item, words)
    if found is None:
        return replies
    asked.count(turn.session, found.id, "first", turn.today)
    return form_ask.prefixed(turn.say("guide.first", answer=f"{found.answer}\n{found.source}"), replies)
