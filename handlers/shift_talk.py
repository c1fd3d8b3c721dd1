"""Shifts in chat: one's own, whom to ask to take one, and the answer to such a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import directory, shifts, swaps, wording
from handlers.turn import Turn
from handlers.understand.absences import answers_swap
from models.grid import Shift
from models.message import Choice, Refused, Reply
from models.person import Person

_MOST: Final = 6


def press(turn: Turn, verb: str, first: str, second: str) -> Reply:
    """A button about a shift or a swap. Refused for what nobody could have been shown."""
    if verb == "swap" and second in ("yes", "no"):
        _, said = swaps.answer(turn, first, accept=second == "yes")
        return Reply(text=said)
    if verb == "back":
        swaps.withdraw(turn, first)
        return Reply(text=turn.say("swap.withdrawn_done"))
    if verb == "mine":
        other = turn.session.get(Person, second) if second else None
        named = [other] if other is not None and other.active else []
        return _whom(turn, first, "".join(directory.name_of(each, turn.lang) for each in named), named)
    if verb in ("ask", "get"):
        return _ask(turn, verb, first, second)
    raise Refused("form.stale")


def answered(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """The answer to 「同意换班」 and 「不换」 of whoever was asked: done where one swap waits for it, of several each is shown with its
    buttons; None for other words, and for a no where nothing waits."""
    accept = answers_swap(words)
    if accept is None:
        return None
    found = [each for each in swaps.waiting(turn) if each[0].to_id == turn.holder[1:]]
    if len(found) == 1:
        return (Reply(text=swaps.answer(turn, found[0][0].id, accept=accept)[1]),)
    if found:
        return tuple(swaps.offer(turn, *each) for each in found)
    return (Reply(text=turn.say("swap.none_waits")),) if accept else None


def mine(turn: Turn, said: str = "", named: Sequence[Person] = ()) -> tuple[Reply, ...]:
    """One's own shifts with a button each, the running one first, and what waits for an answer.

    said and named: with whom one wants to swap, as it was said, and who is called so; of one shift that colleague is
    offered at once, of several whichever is chosen is offered to that colleague.
    """
    found, waits = swaps.mine(turn, _MOST), swaps.waiting(turn)
    if len(found) == 1 and said:
        return (_whom(turn, found[0].id, said, named),)
    lines = [turn.say("swap.running", **_values(turn, shift)) for shift in swaps.running(turn)]
    none = turn.say("swap.none_after" if lines else "swap.none")
    lines.append(turn.say("swap.mine", count=len(found)) if found else none)
    one = _one(turn, found, named) if said and found else None
    if one is not None:
        lines.append(turn.say("swap.which", name=directory.name_of(one, turn.lang)))
    elif said and found:
        lines.append(turn.say("swap.no_colleague", name=said))
    choices: list[Choice] = []
    for shift in found:
        lines.append(turn.say("swap.line", **_values(turn, shift)))
        label = turn.say("swap.pick", at=wording.moment(shift.starts_at, turn.lang, turn.school.zone, turn.today))
        choices.append(Choice(label=label, send=f"w:shift:mine:{shift.id}{f':{one.id}' if one else ''}"))
    more = [swaps.offer(turn, swap, shift, given) for swap, shift, given in waits if swap.to_id == turn.holder[1:]]
    for swap, shift, _ in waits:
        if swap.from_id == turn.holder[1:]:
            name = directory.name_of(turn.session.get(Person, swap.to_id), turn.lang)
            lines.append(turn.say("swap.waits", name=name, **_values(turn, shift)))
            choices.append(Choice(label=turn.say("swap.take_back", name=name), send=f"w:shift:back:{swap.id}"))
    return (Reply(text="\n".join(lines), choices=tuple(choices)), *more)


def _one(turn: Turn, found: Sequence[Shift], named: Sequence[Person]) -> Person | None:
    """The one of those who are called so who stands on a roster of these shifts; None for nobody, or for several."""
    ids = {each.id for each in named}
    there = {person.id: person for shift in found for person in swaps.colleagues(turn, shift) if person.id in ids}
    return next(iter(there.values())) if len(there) == 1 else None


def _whom(turn: Turn, shift_id: str, said: str = "", named: Sequence[Person] = ()) -> Reply:
    """Whom to ask to take a shift: each colleague, for nothing or for one of his; only the one who was named, where that
    one stands on the same roster."""
    shift = turn.session.get(Shift, shift_id)
    if shift is None or turn.person is None or shift.person_id != turn.person.id or shift.starts_at <= turn.now:
        raise Refused("shift.gone")
    choices: list[Choice] = []
    every = swaps.colleagues(turn, shift)
    wanted = [each for each in every if each.id in {person.id for person in named}]
    for person in (wanted or every)[:_MOST]:
        name = directory.name_of(person, turn.lang)
        choices.append(Choice(label=turn.say("swap.give_to", name=name), send=f"w:shift:ask:{shift.id}:{person.id}"))
        for other in swaps.exchanges(turn, shift, person, 2):
            at = wording.moment(other.starts_at, turn.lang, turn.school.zone, turn.today)
            label = turn.say("swap.for", name=name, at=at)
            choices.append(Choice(label=label, send=f"w:shift:get:{shift.id}:{other.id}"))
    if not choices:
        return Reply(text=turn.say("swap.no_one"))
    text = turn.say("swap.whom", **_values(turn, shift))
    if said and not wanted:
        text = f"{turn.say('swap.no_colleague', name=said)}\n{text}"
    return Reply(text=text, choices=tuple(choices[:12]))


def _ask(turn: Turn, verb: str, shift_id: str, other: str) -> Reply:
    given = turn.session.get(Shift, other) if verb == "get" else None
    to = turn.session.get(Person, given.person_id if given is not None else other)
    if to is None or (verb == "get" and given is None):
        raise Refused("shift.gone")
    swaps.ask(turn, shift_id, to, given.id if given is not None else "")
    return Reply(text=turn.say("swap.asked_done", name=directory.name_of(to, turn.lang)))


def _values(turn: Turn, shift: Shift) -> dict[str, str]:
    area = directory.grid_name(turn.session, shift.path, turn.lang)
    return {"area": area, "role": wording.role(shift.role, turn.lang, area), "shift": shifts.said(turn, shift)}
