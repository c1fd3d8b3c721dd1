"""The front desk: the words that mean the same everywhere, new wishes, and what to do with words nobody understands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from handlers import (
    afterwards,
    away_talk,
    binding,
    classmates,
    consulting,
    crisis,
    directory,
    duty_asked,
    filled_in,
    form,
    going_first,
    guide_talk,
    kindred,
    lists,
    own_questions,
    page_links,
    pages,
    puzzled,
    staff,
    student,
    taking_back,
    unbinding,
    unending,
    unnamed,
    whereabouts,
    who_is_away,
)
from handlers.form_change import names_a_question
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.asides import is_thanks, is_wish
from handlers.understand.duty import asks_other_office
from handlers.understand.euphemisms import tells_late_home
from handlers.understand.intents import read_intent
from handlers.understand.questions import asks_to_be_late, is_question
from handlers.understand.slots import phone
from models.db import seal_of
from models.item import Item
from models.message import Choice, Incoming, Reply

Replies = tuple[Reply, ...]
BRIEF: Final = 8  # characters: a member of staff who names a service for himself says little more
NAMED: Final = 100.0  # the catalogue's score from which a service's name or alias stands in the words
SURE: Final = 0.8  # an intent's score from which the bot says that it knows the wish, though no service is there for it
LEAVE: Final = "leave.request"
LATE_LABEL: Final = "dorm"  # the intent of words about coming home late
UNBINDS: Final = frozenset({"unbind", "unbind_now", "unbind_all", "unbind_all_now", "keep_bound"})


def menu(turn: Turn, head: str = "menu.head") -> Reply:
    """What the bot can do, as buttons."""
    if turn.person is not None and turn.person.kind == "staff":
        return staff.greet(turn)
    choices = (*student.services(turn), _word(turn, "mine"), _word(turn, "human"))
    name = directory.name_of(turn.person, turn.lang)
    said = turn.say(head, school=turn.school.name.to(turn.lang), name=name)
    said += "\n" + turn.say("menu.demo") if turn.school.demo and head == "menu.hello" else ""
    (reply,) = pages.leading(turn, (Reply(text=said, choices=choices),), "services.all", "/services")
    return reply


def _word(turn: Turn, word: str) -> Choice:
    label = turn.say(f"way.{word}")
    return Choice(label=label, send=f"w:{word}", words=label)


def go_on(turn: Turn, talk: Talk) -> Choice:
    """The button that goes on with the form on top."""
    title = form.item_of(turn, talk.drafts[-1]).title.to(turn.lang)
    return Choice(
        label=turn.say("way.go_on", title=title), send=f"f:{talk.rev}:go_on:", words=turn.say("way.go_on_words")
    )


def reminder(turn: Turn, talk: Talk) -> Replies:
    """That a half-filled form waits, after something else was done in between."""
    if talk.draft is None or talk.draft.asks_about:
        return ()
    title = form.item_of(turn, talk.draft).title.to(turn.lang)
    return (Reply(text=turn.say("form.waits", title=title), choices=(go_on(turn, talk),)),)


def command(turn: Turn, talk: Talk, word: str, incoming: Incoming) -> Replies | None:
    """A command word outside of a form's own; None when it means nothing here."""
    if word == "human":
        return human(turn, talk)
    simple: dict[str, Callable[[], Replies]] = {
        "menu": lambda: (menu(turn),), "help": lambda: (menu(turn, "menu.help"),), "mine": lambda: _mine(turn),
        "duty": lambda: (duty(turn, incoming.text),), "more": lambda: more(turn), "go_on": lambda: form.again(turn, talk),
        "bind": lambda: (binding.explain(turn),), "web": lambda: page_links.hear(turn, incoming),
        "language_en": lambda: _language(turn, "en"), "language_zh": lambda: _language(turn, "zh"),
        "restart": lambda: (menu(turn),), "back": lambda: (menu(turn),),
        "cancel": lambda: (Reply(text=turn.say("menu.nothing_open_staff" if turn.person and turn.person.kind == "staff" else "menu.nothing_open"), choices=(_word(turn, "menu"),)),),
    }  # fmt: skip
    if word == "return":
        return going_first.services_hear(turn, word)
    if word in filled_in.WORDS:
        return filled_in.hear(turn, talk, word)
    if word in UNBINDS:
        return unbinding.hear(turn, word)
    if word == "undo":
        return _undo(turn, talk, incoming)
    if word == "shift":
        return away_talk.press(turn, incoming.press)
    if incoming.press.startswith("w:") and incoming.press.count(":") > 1 and word != "web":
        return page(turn, incoming.press)
    if word not in simple or (word == "go_on" and talk.draft is None):
        return None
    replies = simple[word]()
    return replies if word == "go_on" else (*replies, *reminder(turn, talk))


def _undo(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """「撤销」 without a number: the last answer of a form, the verb that waits for its words, else one of one's matters."""
    if incoming.quote:
        return None
    if talk.order is not None or talk.consult:
        return (taking_back.left(turn, talk), *reminder(turn, talk))
    open_ = talk.draft is not None and not talk.draft.shelved
    if said := None if open_ else unending.bare(turn, incoming.text):
        return said
    return form.back(turn, talk) if open_ else unnamed.withdrawn(turn, talk, incoming.text) or _mine(turn)


def _mine(turn: Turn) -> Replies:
    if turn.person is not None and turn.person.kind == "staff":
        own = student.open_ones(turn)
        return (lists.waiting(turn, none="staff.nothing_mine"), *(student.mine(turn) if own else ()))
    return student.mine(turn)


def page(turn: Turn, press: str) -> Replies | None:
    """A page of a list by its button: "w:waiting:8", "w:pick:sign:8"; None for what no list of ours wrote."""
    _, name, *rest = press.split(":")
    if not (rest[-1].isascii() and rest[-1].isdigit() and len(rest[-1]) < 6):
        return None
    start = int(rest[-1])
    if name == "mine":
        return student.mine(turn, start)
    if turn.person is None or turn.person.kind != "staff":
        return None
    if name == "pick" and rest[0] in staff.VERBS:
        return (lists.fitting(turn, rest[0], start),)
    known = {"waiting": lists.waiting, "theirs": lists.theirs, "held": lists.held, "queue": lists.queue}
    return (known[name](turn, start),) if name in known else None


def _language(turn: Turn, lang: str) -> Replies:
    if turn.account is not None:
        turn.account.lang = lang
    turn.lang = lang
    return (Reply(text=turn.say("menu.language")), menu(turn))


def more(turn: Turn) -> Replies:
    """What did not fit into the last message of a channel that sends one message a turn."""
    if turn.account is None or turn.account.more is None:
        offered = turn.account.offered if turn.account is not None else []
        pages = [send for _, _, send in offered if send.startswith("w:") and send.count(":") > 1]
        following = [send for send in pages if not send.endswith(":0")]
        said = page(turn, following[-1]) if following else None
        return said or (Reply(text=turn.say("menu.no_more")),)
    words = seal_of(turn.session).open(f"account.more:{turn.account.id}", turn.account.more)
    turn.account.more = None
    # What the cut message offered still counts, by the same numbers.
    kept = tuple(Choice(label=label, words=said, send=send) for label, said, send in turn.account.offered)
    return (Reply(text=words, choices=kept),)


def duty(turn: Turn, words: str = "") -> Reply:
    """Who answers for the speaker, and who is on duty now, or when and where it is asked about."""
    said = duty_asked.said(turn, words)
    is_staff = turn.person is not None and turn.person.kind == "staff"
    return Reply(text=said, choices=() if is_staff else (_word(turn, "human"),), link=duty_asked.week_page(turn, words))


def human(turn: Turn, talk: Talk) -> Replies:
    """A person is wanted: words that are already written go at once, else they are asked for."""
    words = "\n".join(talk.unheard[-puzzled.HELD :])
    draft = talk.draft
    if draft is not None and draft.held:
        words, draft.held = draft.held, ""
    if words:
        talk.unheard = []
        return (*student.consult(turn, words, talk=talk), *reminder(turn, talk))
    return consulting.ask(turn, talk)


def wish(turn: Turn, talk: Talk, incoming: Incoming) -> Replies:
    """A new wish in plain words; what is not understood twice goes to a person with the words already written."""
    words = incoming.text.strip()
    if not words:
        lost = "menu.only_place" if incoming.place else "menu.only_words" if incoming.file else ""
        return (Reply(text=turn.say(lost)), menu(turn)) if lost else (menu(turn, "menu.hello"),)
    intent = read_intent(words)
    if filled := classmates.word(turn, talk, words):
        return filled_in.hear(turn, talk, filled)
    said = classmates.hear(turn, words) or guide_talk.hear(turn, talk, words, intent.label)
    said = said or afterwards.hear(turn, talk, words)
    if said := said or away_talk.hear(turn, words) or who_is_away.hear(turn, words) or whereabouts.hear(turn, words):
        return said
    if intent.label in ("greeting", "help"):
        return (menu(turn, "menu.hello" if intent.label == "greeting" else "menu.help"),)
    if intent.label == "rate" and (asked := guide_talk.unanswered(turn, talk, words, None, intent.label)) is not None:
        return asked
    if intent.label in ("thanks", "chitchat", "abuse", "confirm", "deny", "cancel", "rate"):
        known = {"thanks": "menu.thanks", "abuse": "menu.abuse", "chitchat": "menu.chitchat"}
        return (menu(turn, known.get(intent.label, "menu.head")),)
    if intent.label == "psych.counsel":
        return going_first.with_help(turn, talk, words) or (crisis.soft_help(turn),)
    if done := _by_label(turn, talk, intent.label, incoming):
        return done
    item = _item(turn, words, intent.label) or (kindred.answered(turn, words) if intent.score < SURE else None)
    if (said := guide_talk.unanswered(turn, talk, words, item, intent.label)) is not None:
        return said
    if item is not None:
        return guide_talk.begin(turn, talk, item, words)
    if is_thanks(words) and not incoming.files:
        return (menu(turn, "menu.thanks"),)
    sure = intent.score >= SURE and intent.label not in ("unclear", "oos")
    return puzzled.hear(turn, talk, words, incoming.files, known=sure)


def _by_label(turn: Turn, talk: Talk, label: str, incoming: Incoming) -> Replies | None:
    """Wishes that need no form."""
    about = label.endswith((".status", ".progress", ".withdraw"))
    if (about or label == "contact") and (theirs := lists.of_student(turn, incoming.text)) is not None:
        return (theirs,)  # 「李雷电话多少」, asked by staff, is about the student.
    if label.endswith(".withdraw") and (turn.person is None or turn.person.kind != "staff"):
        return own_questions.no_more(turn)
    if about:
        return _mine(turn)
    if label == "leave.return":
        return going_first.services_hear(turn, "return")
    if label == "contact" and phone(incoming.text) is None and not asks_other_office(incoming.text):
        return (duty(turn, incoming.text),)  # Who gives a number asks for none.
    if label == "human":
        talk.unheard.append(incoming.text.strip())
        return human(turn, talk)
    return None


def _item(turn: Turn, words: str, label: str) -> Item | None:
    """The service that the words mean: by the intent's label, else by its name; for staff by its very name only."""
    if turn.person is not None and turn.person.kind == "staff":
        return named(turn, words) if len(words) <= BRIEF and not is_question(words) else None
    if (item := kindred.exactly(turn, words)) is not None:
        return item
    label = LEAVE if label == LATE_LABEL and tells_late_home(words) else label
    for item in turn.school.catalogue.offered():
        if label in item.intents:
            return kindred.closer(item, words, turn.school.catalogue.offered())
    return named(turn, words)


def named(turn: Turn, words: str) -> Item | None:
    """The one service whose name or alias stands in the words."""
    found = turn.school.catalogue.find(words, 2)
    if found and found[0][1] >= NAMED and (len(found) == 1 or found[1][1] < NAMED):
        return found[0][0]
    return None


def another(turn: Turn, talk: Talk, words: str) -> tuple[Item, bool] | None:
    """Another wish in the middle of a form: the item, and whether it is certain. None: take it as the answer."""
    draft = talk.draft
    if draft is None or not words.strip() or draft.asking == "change":
        return None
    here = form.item_of(turn, draft)
    field = here.field(draft.asking)
    if field is None and names_a_question(here, words):
        return None
    label = read_intent(words, f"form:{draft.service}").label
    item = next((each for each in turn.school.catalogue.offered() if label in each.intents), None)
    if item is None and (found := turn.school.catalogue.find(words, 1)) and found[0][1] >= NAMED:
        item = found[0][0]
    if item is None and label == LATE_LABEL and asks_to_be_late(words):
        item = next((each for each in turn.school.catalogue.offered() if LEAVE in each.intents), None)
    if item is not None:
        item = kindred.closer(item, words, turn.school.catalogue.offered())
    if item is None or item.slug == here.slug or kindred.kin(item, here, words):
        return None
    # Free words may be what is asked for, or the letter that comes after the choice.
    letter = any(each.kind == "long" and each.key not in draft.answers for each in here.fields)
    free = field is not None and (field.kind in ("text", "long") or (field.kind == "choice" and letter))
    if free and label.startswith("mailbox.") and not (is_wish(words) or is_question(words)):
        return None  # 「参加省大学生程序设计竞赛」 is near to letters about the school, and a reason all the same.
    # Where the whole is shown a short story may be what the reason is to become.
    story = field is None and not is_wish(words) and any(each.fill == "rest" for each in here.fields)
    return item, not (free or story)
