"""What is said to words that nobody understands: guesses, the way to a person, and in time whether to pass them on."""

from __future__ import annotations

from typing import Final

from handlers import enclosures, lists, live, owned, rated_words, staff, student
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.asides import says_nothing
from handlers.understand.intents import command
from handlers.understand.orders import read_order
from models.message import Choice, Reply, Upload

Replies = tuple[Reply, ...]
HELD: Final = 3  # words kept for a consult ticket
SENTENCE: Final = 5  # characters: shorter words tell a teacher nothing, so the student is asked before they are sent


def hear(turn: Turn, talk: Talk, words: str, files: tuple[Upload, ...], *, known: bool) -> Replies:
    """Guesses and the way to a person; known: the wish is plain, but no service is there for it. files: sent with it.

    A word of the product's own (「详情」 with no number) was understood, only not of what: it is never sent to a teacher.
    """
    if turn.person is not None and turn.person.kind == "staff":
        theirs = lists.of_student(turn, words)  # A student is named: what there is of him says most.
        return (theirs or staff.greet(turn, "staff.not_understood"),)
    if read_order(words) is not None:
        return (Reply(text=turn.say("puzzled.of_what"), choices=(_way(turn, "mine"), _way(turn, "human"))),)
    if not files and (kept := rated_words.not_understood(turn, words)) is not None:
        return kept
    before = talk.unheard if talk.puzzled_at == talk.rev - 1 else []  # Something was understood since: not twice.
    talk.unheard, talk.puzzled_at = [*before, words][-HELD:], talk.rev
    if len(talk.unheard) > 1:
        heard = "\n".join(talk.unheard)
        if len(words) < SENTENCE:
            said = turn.say("puzzled.pass_on", words=heard)
            send = Choice(label=turn.say("puzzled.send"), send="w:human", style="main")
            return (Reply(text=said, choices=(send, Choice(label=turn.say("puzzled.keep"), send="w:menu"))),)
        talk.unheard = []
        heard = enclosures.named(turn, heard, files)
        return student.consult(turn, heard, because=turn.say("consult.not_understood"), files=files, talk=talk)
    guesses = [item for item, _ in turn.school.catalogue.find(words, 3)] or turn.school.catalogue.offered()[:3]
    choices = tuple(Choice(label=live.label(turn, item, turn.person), send=f"g:{item.slug}") for item in guesses)
    said = turn.say("menu.no_service" if known else "menu.not_understood")
    return (Reply(text=said, choices=(*choices, _way(turn, "human"))),)


def odd(turn: Turn, words: str) -> Replies | None:
    """The answer to a student's lone mark, letter or number that answers nothing: what came, and what to say instead; it is
    not kept for a teacher. None where it may be an answer: stars were shown, or a matter waits for words."""
    is_staff = turn.person is not None and turn.person.kind == "staff"
    if not words or is_staff or not says_nothing(words) or command(words) is not None:
        return None
    offered = turn.account.offered if turn.account is not None else []
    waits = any(not ticket.private and student.is_asked(ticket) for ticket in owned.open_of(turn))
    if waits or any(send.startswith("r:") for _, _, send in offered):
        return None
    ways = (*student.services(turn, 3), _way(turn, "mine"), _way(turn, "human"))
    return (Reply(text=turn.say("puzzled.odd", words=words[:20]), choices=ways),)


def _way(turn: Turn, word: str) -> Choice:
    label = turn.say(f"way.{word}")
    return Choice(label=label, send=f"w:{word}", words=label)
