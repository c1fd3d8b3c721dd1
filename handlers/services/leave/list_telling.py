"""What is told of a leave of a whole list: to signers beforehand, and afterwards to whoever handed it in, was left out, or
answers for somebody on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Final

from sqlalchemy import select

from handlers import access, cards, directory, informing, wording
from handlers.turn import Turn
from models.base import new_id
from models.message import Reply
from models.person import Person
from models.ticket import Approval, Resolution, Ticket

SHOWN: Final = 8  # names in one line
Left = tuple[Person, Ticket]


def lines(
    turn: Turn, ticket: Ticket, people: Collection[Person], given: Collection[Ticket], left: Collection[Left]
) -> tuple[str, ...]:
    """A list in short: of which classes, who has a leave in that time already; once it is signed what became of each."""
    classes = Counter(person.academic_path for person in people)
    places = [
        turn.say("list.class", place=directory.grid_name(turn.session, path, turn.lang), count=count)
        for path, count in classes.most_common(SHOWN)
    ]
    said = [turn.say("list.classes", count=len(people), classes=turn.say("form.or").join(places))]
    if given:
        said = [turn.say("list.given", count=sum(each.resolution != Resolution.withdrawn for each in given))]
        back = sum(each.resolution == Resolution.approved for each in given)
        out = [each for each in given if each.resolution == Resolution.withdrawn]
        said += [turn.say("list.back", count=back)] if back else []
        said += [turn.say("list.withdrawn", count=len(out), names=_names(turn, _people(turn, out)))] if out else []
    if left:
        said.append(
            turn.say("list.left" if given else "list.will_be_left", count=len(left), names=_with_numbers(turn, left))
        )
    return tuple(said)


def approved(turn: Turn, ticket: Ticket, given: list[Ticket], left: list[Left]) -> None:
    """Whoever was left out hears why, whoever handed the list in hears who that is, and counselors who did not sign it
    hear which of their students are away."""
    for person, other in left:

        def alone(there: Turn, other: Ticket = other) -> Reply:
            return Reply(text=there.say("list.you_are_left", number=ticket.number, other=other.number))

        informing.inform(turn, person, alone, _about(turn))
    filer = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None

    def short(there: Turn) -> Reply:
        names = there.say("list.names_away") if there.abroad else _names(there, [person for person, _ in left])
        said = there.say("list.short", number=ticket.number, count=len(left), names=names)
        return Reply(text=said)

    if left:
        informing.inform(turn, filer, short, _about(turn))
    copies(turn, ticket, given, off=False)


def copies(turn: Turn, ticket: Ticket, given: Iterable[Ticket], *, off: bool) -> None:
    """Tell each counselor who had no say in a list which of their students are away by it, or are not after all."""
    signed = select(Approval.person_id).where(Approval.ticket_id == ticket.id, Approval.person_id.is_not(None))
    knows = {ticket.assignee_id, *turn.session.execute(signed).scalars()}
    rows = sorted((each for each in given if each.assignee_id), key=lambda each: str(each.assignee_id))
    for to, group in groupby(rows, key=lambda each: each.assignee_id):
        theirs = list(group)
        if to in knows:
            continue

        def compose(there: Turn, theirs: list[Ticket] = theirs) -> Reply:
            span = wording.span(ticket.answers["span"], there.lang, there.school.zone, there.today)
            names = there.say("list.names_away") if there.abroad else _names(there, _people(there, theirs))
            said = "list.copy_off" if off else "list.copy"
            return Reply(text=there.say(said, number=ticket.number, count=len(theirs), names=names, span=span))

        informing.inform(turn, turn.session.get(Person, to), compose, _about(turn))


def dropped_out(turn: Turn, ticket: Ticket, *, after_all: bool = False) -> None:
    """Whoever handed a list in hears that one who stands on it takes no part. after_all: does so again, since that was a slip."""
    number, me = ticket.answers.get("listed"), turn.person
    if not number or me is None or me.id != ticket.requester_id:
        return
    whole = turn.session.execute(select(Ticket).where(Ticket.number == str(number))).scalar()
    filer = turn.session.get(Person, whole.requester_id) if whole is not None and whole.requester_id else None

    def compose(there: Turn) -> Reply:
        name = there.say("list.names_away") if there.abroad else directory.name_of(me, there.lang)
        said = "list.in_again" if after_all else "list.dropped_out"
        return Reply(text=there.say(said, name=name, number=str(number)))

    informing.inform(turn, filer, compose, _about(turn))


def _about(turn: Turn) -> str:
    return f"list:{new_id(turn.now)}"


def _people(turn: Turn, found: Collection[Ticket]) -> list[Person]:
    ids = [each.requester_id for each in found]
    here = select(Person).where(Person.id.in_(ids)).order_by(Person.number)
    return list(turn.session.execute(here).scalars())


def _names(turn: Turn, people: Collection[Person]) -> str:
    names = [directory.name_of(person, turn.lang) for person in people]
    said = turn.say("form.or").join(names[:SHOWN])
    return turn.say("list.and_more", names=said) if len(names) > SHOWN else said


def _with_numbers(turn: Turn, left: Collection[Left]) -> str:
    """Who has another leave, and which where the speaker may see it."""
    seen = access.visible(turn.session, turn.person, turn.now)
    wanted = select(Ticket.id).where(Ticket.id.in_([other.id for _, other in left]), seen)
    there = set(turn.session.execute(wanted).scalars())
    each = []
    for person, other in left:
        name = directory.name_of(person, turn.lang)
        state = cards.state(turn, other, staff=True)
        shown = turn.say("list.one", name=name, number=other.number, state=state) if other.id in there else name
        each.append(shown)
    said = turn.say("form.or").join(each[:SHOWN])
    return turn.say("list.and_more", names=said) if len(each) > SHOWN else said
