"""Merges several tickets into one with one click: which goes on, which are left out and why, told a moment later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from handlers import access, approvals, collisions, merging_talk, recusals, tickets
from handlers.approvals import MOST, Done, Judged, Pick
from handlers.turn import Turn
from models.base import new_id
from models.message import Refused
from models.meta import audit
from models.numbering import contained
from models.ticket import Ticket

PLACES: Final = "merge_places"  # the flag of what is at another place: merged once that was said to be meant
MOST_WORDS: Final = 2000  # as of every verb of staff's
_FLAGS: Final = {
    "merge.ended": "ended", "merge.agreed": "merge_agreed", "merge.circle": "merge_circle", "merge.apart": "merge_apart",
    "merge.private": "private", "ticket.needs_signature": "merge_signature", "ticket.needs_reason": "merge_signature",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked before it is done.

    kept: the one that goes on, None where nothing may. may_stay: those of the picked that may go on in its place.
    judged: the others, each with why it is left out. gone: how many of the picked are not within the speaker's reach.
    """

    kept: Judged | None
    may_stay: tuple[Judged, ...]
    judged: tuple[Judged, ...]
    gone: int = 0


def judge(turn: Turn, picks: Sequence[Pick], into: str = "", *, sure: bool = False) -> Asked:
    """How these would become one. into: the number of the one that goes on, "" for the first that was opened of them.

    sure: that matters at different places are the same was said. Raises Refused for a number out of reach, and for one
    that cannot go on.
    """
    kept, bent = _kept(turn, picks, into)
    found = _picked(turn, picks, kept, bent=bent, sure=sure, lock=False)
    others = tuple(judged for judged, ticket in found if kept is None or ticket.id != kept.id or judged.flag)
    stays = tuple(judged for judged, ticket in found if _goes_on(turn, ticket))
    gone = len({pick.id for pick in picks}) - len(found)
    return Asked(_alone(turn, kept) if kept is not None else None, stays, others, gone)


def merge(
    turn: Turn, picks: Sequence[Pick], into: str = "", words: str = "", *, sure: bool = False
) -> tuple[Done, Ticket]:
    """Merge what may be of these into the one that goes on, which is answered besides; the others are left out.

    Each by the verb of one ticket (tickets.merge). Who asked for them is told in approvals.WAIT, each once however many
    were theirs; until then approvals.take_back undoes all, and unmerging.take_back as long as any decision. Raises Refused
    where there is none to go on, with too many, and as `judge`.
    """
    if len(picks) > MOST:
        raise Refused("inbox.too_many", most=MOST)
    if len(words) > MOST_WORDS:
        raise Refused("form.too_long", most=MOST_WORDS, count=len(words))
    kept, bent = _kept(turn, picks, into)
    if kept is None:
        raise Refused("merge_many.none")
    bulk = new_id(turn.now)
    done: list[Judged] = []
    left_out: list[Judged] = []
    for judged, ticket in _picked(turn, picks, kept, bent=bent, sure=sure, lock=True):
        if judged.flag:
            left_out.append(judged)
        if judged.flag or ticket.id == kept.id:
            continue
        try:
            with contained(turn.session):
                tickets.merge(turn, ticket, kept, words)
        except Refused as refused:
            left_out.append(replace(judged, flag=_FLAGS.get(refused.key, "unfit")))
            continue
        approvals.hold(turn, ticket, bulk)
        done.append(judged)
    if done and turn.person is not None:
        audit(turn.session, turn.now, turn.person.id, "bulk_merged", f"{len(done)}:{bulk}")
    return Done(bulk, tuple(done), tuple(left_out)), kept


def _kept(turn: Turn, picks: Sequence[Pick], into: str) -> tuple[Ticket | None, bool]:
    """The one that goes on: at the end of the chain of the one that is named, else the first of the picked that may; and
    whether the named one had been merged itself."""
    by = turn.person
    if into:
        # Not locked yet: all are, in one order.
        named = turn.session.execute(select(Ticket).where(Ticket.number == into.strip().upper())).scalar()
        kept = tickets.kept_of(turn, named) if named is not None else None
        if named is None or kept is None or by is None or not access.may_act(turn.session, by, kept, turn.now):
            raise Refused("merge_many.not_found", number=into.strip()[:24])
        tickets.before_merge(turn, kept)
        return kept, kept.id != named.id
    found = approvals.picked(turn, picks, lambda _ticket, _pick: "", lock=False)
    return min(
        (ticket for _, ticket in found if _goes_on(turn, ticket)),
        key=lambda each: (each.opened_at, each.number),
        default=None,
    ), False


def _goes_on(turn: Turn, ticket: Ticket) -> bool:
    try:
        tickets.before_merge(turn, ticket)
    except Refused:
        return False
    return True


def _alone(turn: Turn, ticket: Ticket) -> Judged:
    ((judged, _),) = approvals.picked(turn, [Pick(ticket.id, ticket.rev)], lambda _ticket, _pick: "", lock=False)
    return judged


def _picked(
    turn: Turn, picks: Sequence[Pick], kept: Ticket | None, *, bent: bool, sure: bool, lock: bool
) -> list[tuple[Judged, Ticket]]:  # fmt: skip
    """The picked within the speaker's reach with why each is left out; the one that goes on is locked with them, in order."""
    beside = (
        [Pick(kept.id, kept.rev)] if kept is not None and lock and kept.id not in {each.id for each in picks} else []
    )
    found = approvals.picked(
        turn, [*picks, *beside], lambda ticket, pick: _flag(turn, ticket, pick, kept, bent=bent, sure=sure), lock=lock
    )  # fmt: skip
    return [(judged, ticket) for judged, ticket in found if judged.pick not in beside]


def _flag(turn: Turn, ticket: Ticket, pick: Pick, kept: Ticket | None, *, bent: bool, sure: bool) -> str:
    """Why a ticket is not merged among others. bent: as `_kept` says it, so that it would lead back to itself."""
    if kept is not None and ticket.id == kept.id:
        return "merge_circle" if bent else ""
    if kept is not None and kept.id in _leads_to(turn, ticket):
        return "merged_there"
    if collisions.went_on(turn, ticket, pick.rev):
        return "changed"
    try:
        if kept is None:
            tickets.before_merge(turn, ticket)
            return "merge_alone"
        tickets.before_join(turn, ticket, kept)
        if _is_about_whoever_has(turn, ticket, kept):
            return "merge_recused"
        return PLACES if not sure and merging_talk.places_apart(turn, ticket, kept) is not None else ""
    except Refused as refused:
        return _FLAGS.get(refused.key, "unfit")


def _leads_to(turn: Turn, ticket: Ticket) -> set[str]:
    return {tickets.kept_of(turn, ticket).id} if ticket.kept_id else set()


def _is_about_whoever_has(turn: Turn, ticket: Ticket, kept: Ticket) -> bool:
    """Whether one of the two is about whoever has the other: merged alone, it would change hands unasked."""
    here, there = recusals.of(turn, ticket), recusals.of(turn, kept)
    return bool(here & {kept.assignee_id, kept.owner_id} or there & {ticket.assignee_id, ticket.owner_id})
