"""Who would have a matter and by when, if it were handed in now: what a preview says and what opening it does, in one place."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from handlers import complaints, directory, duties, limits, on_call, recusals, routing, signers, wording
from handlers.turn import Turn
from models.chain import plan
from models.item import Item
from models.person import Person

TO: Final = "_to"  # as a key of answers: the id of whom words for a person are for, who answers for whoever wrote them


class Foreseen(NamedTuple):
    """Who would have a matter (None for nobody), by when it is answered, and in what haste.

    rushed: too little working time is left before the thing begins. handed: for that it goes to whoever is on duty
    instead of whoever would have had it.
    """

    person: Person | None
    at: datetime
    rushed: bool
    handed: bool


def foresee(turn: Turn, item: Item, path: str, answers: dict[str, Any]) -> Foreseen:
    """What handing in these answers for turn.person would come to; path: where the ticket would stand."""
    person = _signer(turn, item, path, answers) or responsible(turn, item, path, answers)
    barred = signers.concerned(turn, item, turn.person.id if turn.person else None, answers)
    rushed = bool(item.limits.before) and limits.is_rushed(turn, item, path, answers)
    # In a demonstration it stays with whom the visitor may be, too.
    hands_on = rushed and turn.school.clock.scale == 1
    instead = on_duty_instead(turn, item, path, person.id if person else None, barred) if hands_on else None
    at = limits.before(turn, item, path, answers)
    return Foreseen(instead or person, at, rushed, instead is not None)


def responsible(turn: Turn, item: Item, path: str, answers: dict[str, Any] | None = None) -> Person | None:
    """Who answers for a new matter of turn.person; with its answers never whom these complain of. What nobody of an
    office answers for waits in its queue, which the whole office sees; a cry for help never waits."""
    item = routing.routed(turn, item, answers or {})
    queue, me = item.tree == "office" and not item.urgent, turn.person.id if turn.person else None
    about = complaints.read(turn, item, turn.person, answers).sure if answers else duties.NOBODY
    to = turn.session.get(Person, answers[TO]) if answers and TO in answers else None
    if to is not None and to.active and to.id not in about:
        return to
    return directory.responsible_for(turn.session, path, item.answers_by, turn.now, me, queue=queue, about=about)


def on_duty_instead(turn: Turn, item: Item, path: str, has_id: str | None, barred: frozenset[str]) -> Person | None:
    """Who is on duty for a rushed matter, None where nobody is or where whoever has it (has_id) is on duty already.

    Students of the duty team are on the roster, too; what others wrote is not theirs to decide.
    """
    for role in (item.answers_by, ""):
        here = duties.on_duty(turn.session, path, turn.now, role)
        free = [person for person in here if person.id not in barred and person.kind == "staff"]
        if free:
            return None if has_id in {person.id for person in free} else free[0]
    return None


def promise(turn: Turn, item: Item, path: str, answers: dict[str, Any]) -> list[str]:
    """The lines of a preview that say who will answer and by when, and who will not see it, since it is about them; in haste
    also whether to go first, and whom to call."""
    planned = plan(item.approval, answers, turn.school.seasons)
    if planned and all(line.kind == "inform" for line in planned):
        return []  # In force with the request, as `signing.chain` says: nobody answers.
    found = foresee(turn, item, path, answers)
    name = directory.name_of(found.person, turn.lang)
    at = wording.soon(found.at, turn.now, turn.lang, turn.school.zone)
    if not found.rushed:
        about = complaints.read(turn, item, turn.person, answers).sure
        kept = (
            [recusals.told(turn, "recusal.preview", about, complaints.said_of(turn, item, turn.person, answers).sure)]
            if about
            else []
        )
        return [turn.say("form.promise" if name else "form.promise_unowned", name=name, at=at), *kept]
    if not name:
        return [turn.say("form.promise_unowned", at=at), *advice(turn, item, path)]
    lines = [turn.say("rush.preview" if found.handed else "rush.preview_kept", name=name, at=at)]
    # Who goes on from a leave (续假) is away already: whether to go first is no question.
    return lines if answers.get("extends") else [*lines, *advice(turn, item, path)]


def advice(turn: Turn, item: Item, path: str) -> list[str]:
    """Whether to go first, in the item's own words or the words for all; and how whoever is on duty for the area at path is
    reached: by telephone where one is entered, else who it is or where to ask."""
    own = item.limits.urgent_words
    said = own.to(turn.lang) if own else turn.say("rush.default")
    phone = on_call.duty_line(turn.session, path)
    if phone:
        return [said, turn.say("duty.line", phone=phone)]
    names = [directory.name_of(person, turn.lang) for person, _ in on_call.watch(turn.session, path, turn.now)]
    return [
        said,
        turn.say("rush.no_phone", names=turn.say("form.or").join(names)) if names else turn.say("rush.nobody"),
    ]


def _signer(turn: Turn, item: Item, path: str, answers: dict[str, Any]) -> Person | None:
    """Of whom the first signature would be asked; None where none is owed or nobody is there."""
    owed = [line for line in plan(item.approval, answers, turn.school.seasons) if line.kind == "sign"]
    barred = signers.concerned(turn, item, turn.person.id if turn.person else None, answers)
    asked = (
        signers.ask(
            turn, signers.place(turn, path, line.role, item.approval[line.place].tree, turn.person), line.role, barred
        ).person
        for line in owed
        if line.step == owed[0].step
    )
    return next((person for person in asked if person is not None), None)
