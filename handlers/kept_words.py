"""Words of a student that wait to be told what they are for: asked about, answered by a bare yes or no, and never lost."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Final

from handlers import form, live, student, telling, tickets
from handlers.talks import Kept, Talk
from handlers.turn import Turn
from handlers.understand.intents import command
from models.message import Choice, Incoming, Refused, Reply
from models.ticket import Resolution, Ticket

Replies = tuple[Reply, ...]
VERBS: Final = frozenset(
    {"fill", "other", "add", "anew", telling.VERB}
)  # presses that need no ticket as it was when they were shown
MOST_TOLD: Final = 2  # how often it is said that words wait, before it is said that they went to nobody
SHOWN: Final = 60  # characters of them that the question repeats
_WAY: Final = {"confirm": 0, "deny": 1, "1": 0, "2": 1}


def ask(turn: Turn, talk: Talk, ticket: Ticket, what: str, words: str, slug: str = "") -> tuple[Choice, ...]:
    """Keep words until it is said what they are for; the buttons that say it. what: as in `talks.Kept`.

    Words that wait for the same question already are asked about together with these.
    """
    newest = talk.kept[-1] if talk.kept else None
    if newest is not None and (newest.ticket, newest.ask, newest.slug) == (ticket.id, what, slug):
        words = f"{newest.words}\n{words}"
        talk.kept.pop()
    talk.kept.append(Kept(ask=what, ticket=ticket.id, words=words, slug=slug, at=talk.rev))
    return _choices(turn, ticket, _stands(ticket, what))


def _stands(ticket: Ticket, what: str) -> str:
    """The question as it has to be asked now: what was to be added to may have been answered ("late") or ended meanwhile."""
    if not ticket.is_open:
        return "closed"
    return "late" if what == "fill" and not student.is_asked(ticket) else what


def _choices(turn: Turn, ticket: Ticket, what: str) -> tuple[Choice, ...]:
    """The ways that a question offers, the likelier one first."""

    def own(label: str, verb: str) -> Choice:
        return Choice(label=turn.say(label), send=f"r:{ticket.id}:{verb}:{ticket.rev}")

    if what == "fill":
        return own("unnamed.fill", "fill"), own("unnamed.other", "other")
    if what == "late":
        return own("after.add", "add"), own("unnamed.other", "other")
    if what == "change":
        return own("after.redo", "redo"), own("after.add", "add")
    again = Choice(label=turn.say("quoted.again"), send=f"t:{ticket.id}:unhelped:{ticket.rev}")
    told = telling.offered(turn, ticket)
    return ((again,) if ticket.resolution == Resolution.answered else ()) + (*told, own("quoted.anew", "anew"))


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """A bare 「是」 or 「不是」, 1 or 2, while no newer question is open; None for all else."""
    if not talk.kept or _is_busy(talk) or incoming.quote or incoming.files:
        return None
    plain = unicodedata.normalize("NFKC", incoming.text[:20]).strip(" .。")
    said = plain if plain in _WAY else command(plain) or ""
    ticket = tickets.get(turn, talk.kept[-1].ticket) if said in _WAY else None
    what = "" if ticket is None else _stands(ticket, talk.kept[-1].ask)
    if ticket is None or (what not in ("fill", "late") and plain not in _WAY):
        return None  # What becomes of a matter is no question of yes and no.
    ways = _choices(turn, ticket, what)
    if _WAY[said] >= len(ways):
        return None
    kind, _, verb, _ = ways[_WAY[said]].send.split(":")
    if kind == "t":
        return student.act(turn, talk, student.own(turn, ticket), verb)
    return press(turn, talk, incoming, ticket, verb) if verb in VERBS else None


def _is_busy(talk: Talk) -> bool:
    """Whether something newer waits for words."""
    return (
        talk.order is not None or talk.consult or talk.listening or (talk.draft is not None and not talk.draft.shelved)
    )


def press(turn: Turn, talk: Talk, incoming: Incoming, ticket: Ticket, verb: str) -> Replies:
    """A button of the question. Refused where no words wait for it any more."""
    kept = talk.kept_for(ticket.id)
    if kept is None:
        raise Refused("form.stale")
    if verb == "other":
        return _other(turn, talk, ticket, kept)
    if verb == telling.VERB:
        said = telling.act(turn, ticket, kept.words)
    elif verb == "anew" or not ticket.is_open:
        said = student.consult(turn, kept.words)
    else:
        there = "fill" if student.is_asked(ticket) else "added"
        said = student.supply(
            turn, talk, student.own(turn, ticket), there, replace(incoming, text=kept.words, press="")
        )
    talk.take(ticket.id)
    if kept.at == talk.rev - 1:
        return said
    # Something else was said in between, so it is told which words these were.
    head = turn.say("kept.meant", words=_shown(kept.words))
    return (said[0].model_copy(update={"text": f"{head}\n{said[0].text}"}), *said[1:])


def _other(turn: Turn, talk: Talk, ticket: Ticket, kept: Kept) -> Replies:
    """They belong to no open matter: the service that they named begins, else what they may mean is offered."""
    talk.take(ticket.id)
    catalogue = turn.school.catalogue
    if kept.slug in catalogue.items:
        return form.start(turn, talk, catalogue.items[kept.slug], kept.words)
    talk.unheard = [kept.words]
    guesses = [item for item, _ in catalogue.find(kept.words, 3)] or catalogue.offered()[:3]
    choices = tuple(Choice(label=live.label(turn, item, turn.person), send=f"g:{item.slug}") for item in guesses)
    send = Choice(label=turn.say("puzzled.send"), send="w:human")
    return (Reply(text=turn.say("kept.other", words=_shown(kept.words)), choices=(send, *choices)),)


def remind(turn: Turn, talk: Talk) -> Replies:
    """That words wait, with their question once more, behind an answer to something else; after some times that they went
    to nobody. Empty while another question is open, or where this very answer asked."""
    kept = talk.kept[-1] if talk.kept else None
    if kept is None or kept.at == talk.rev or _is_busy(talk):
        return ()
    ticket, words = tickets.get(turn, kept.ticket), _shown(kept.words)
    if ticket is None or kept.told >= MOST_TOLD:
        talk.kept.pop()
        talk.unheard = [kept.words]
        send = Choice(label=turn.say("puzzled.send"), send="w:human")
        return (Reply(text=turn.say("kept.dropped", words=words), choices=(send,)),)
    kept.told += 1
    what = _stands(ticket, kept.ask)
    said = turn.say(f"kept.{what}", words=words, number=ticket.number)
    return (Reply(text=said, choices=_choices(turn, ticket, what)),)


def _shown(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
