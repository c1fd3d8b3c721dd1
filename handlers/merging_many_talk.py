"""Merging several matters in chat: a look at what becomes of each, one press that does it, one word that undoes it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from handlers import access, cards, lists, merging_many, taking_back
from handlers.approvals import MOST, WAIT, Judged, Pick
from handlers.talks import Kept, Talk
from handlers.turn import Turn
from handlers.understand.merging import Several, read_several
from handlers.understand.orders import read_number
from models.message import Choice, Refused, Reply
from models.ticket import Ticket

Replies = tuple[Reply, ...]
DO: Final = "b"  # the letters of the buttons: merge,
ALL: Final = "ba"  # with what is at other places,
BACK: Final = "by"  # and take it back
VERB: Final = "merge_many"
SHOWN: Final = 12  # lines of one list; of the rest it is said how many


def hear(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """「合并 BX-1 BX-2 到 BX-3」: what would be merged and what not, and a button; None for all else."""
    said = read_several(words)
    if said is None:
        return None
    talk.order = None
    return _preview(turn, talk, said)


def press(turn: Turn, talk: Talk, ticket: Ticket, letter: str) -> Replies | None:
    """A button of these; None for another's. ticket: the one that goes on, or of a taking back one of the merged."""
    if letter == BACK:
        return taking_back.together(turn, ticket)
    if letter not in (DO, ALL):
        return None
    kept = talk.beside
    if kept is None or kept.ask != VERB or kept.ticket != ticket.id:
        raise Refused("form.stale")
    picked, _, words = kept.words.partition("\n")
    talk.beside = None
    picks = [Pick(each.partition(".")[0], int(each.partition(".")[2])) for each in picked.split()]
    done, into = merging_many.merge(turn, picks, ticket.number, words, sure=letter == ALL)
    if not done.approved:
        raise Refused("merge_many.nothing", number=into.number)
    lines = [
        turn.say("merge_many.done", count=len(done.approved), other=into.number, seconds=int(WAIT.total_seconds()))
    ]
    lines += _lines(turn, "merge_many.included", done.approved)
    lines += _lines(turn, "merge_many.excluded", done.left_out)
    label = turn.say("merge_many.undo", count=len(done.approved))
    undo = Choice(label=label, send=f"h:{done.approved[0].pick.id}:{BACK}:", words=turn.say("verb.undo"))
    card = cards.card(turn, into, staff=True)
    return (Reply(text="\n".join(lines), card=card, choices=(undo, *cards.choices(turn, into, staff=True))),)


def _preview(turn: Turn, talk: Talk, said: Several) -> Replies:
    """What would become of each; numbers that lead nowhere are named like those that are out of reach."""
    if len(said.which) > MOST:
        raise Refused("inbox.too_many", most=MOST)
    found = {each: _reached(turn, each) for each in said.which}
    target = _reached(turn, said.into) if said.into else None
    if said.into and target is None:
        raise Refused("merge_many.not_found", number=said.into)
    unknown = [each for each, ticket in found.items() if ticket is None]
    picks = [Pick(ticket.id, ticket.rev) for ticket in found.values() if ticket is not None]
    asked = merging_many.judge(turn, picks, target.number if target is not None else "")
    # Nothing was named to go on, so the one that was opened first does; another is said with 「到」.
    fit = [each for each in asked.judged if not each.flag]
    apart = [each for each in asked.judged if each.flag == merging_many.PLACES]
    lines = _lines(turn, "merge_many.excluded", [each for each in asked.judged if each.flag])
    lines += [turn.say("merge_many.unknown", numbers=_and(turn, unknown))] if unknown else []
    if asked.kept is None or not (fit or apart):
        return (Reply(text="\n".join([turn.say("merge_many.none_fit"), *lines])),)
    head = turn.say("merge_many.ask", count=len(fit), other=asked.kept.number, names=asked.kept.names)
    lines = [head, *_lines(turn, "merge_many.included", fit), *lines]
    lines += [] if said.into else [turn.say("merge_many.another", number=asked.kept.number)]
    lines.append(turn.say("merge_many.wait", seconds=int(WAIT.total_seconds())))
    carried = " ".join(f"{each.pick.id}.{each.pick.rev}" for each in asked.judged)
    talk.beside = Kept(ask=VERB, ticket=asked.kept.pick.id, words=f"{carried}\n{said.words}", at=talk.rev)
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    go = [_go(turn, asked.kept, DO, len(fit), yes=True)] if fit else []
    go += [_go(turn, asked.kept, ALL, len(fit) + len(apart), yes=not fit)] if apart else []
    return (Reply(text="\n".join(lines), choices=(*go, cancel)),)


def _go(turn: Turn, kept: Judged, letter: str, count: int, *, yes: bool) -> Choice:
    """A button that merges; yes: it is the one that a bare 「是」 means."""
    label = turn.say("merge_many.go" if letter == DO else "merge_many.go_all", count=count)
    words = turn.say("way.yes") if yes else ""
    return Choice(label=label, send=f"h:{kept.pick.id}:{letter}:", style="main" if letter == DO else "", words=words)


def _reached(turn: Turn, said: str) -> Ticket | None:
    """The ticket of a number, or of the end of one, if it is within the speaker's reach."""
    if not read_number(said):
        return lists.by_tail(turn, said)
    ticket = turn.session.execute(select(Ticket).where(Ticket.number == said)).scalar()
    if ticket is None or turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        return None
    return ticket


def _lines(turn: Turn, key: str, judged: list[Judged] | tuple[Judged, ...]) -> list[str]:
    if not judged:
        return []
    shown = [
        turn.say("merge_many.line_flag", names=each.names, why=turn.say(f"inbox.flag_{each.flag}"))
        if each.flag else turn.say("merge_many.line", names=each.names)
        for each in judged[:SHOWN]
    ]  # fmt: skip
    more = [turn.say("merge_many.more", count=len(judged) - SHOWN)] if len(judged) > SHOWN else []
    return [turn.say(key, count=len(judged)), *shown, *more]


def _and(turn: Turn, numbers: list[str]) -> str:
    return turn.say("merge_many.and").join(numbers)
