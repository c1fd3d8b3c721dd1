"""A decision on the leave of a student who is named (「李雷的假不批，材料不全」): on the one that waits, else it is asked which."""

from __future__ import annotations

from sqlalchemy import select

from handlers import access, cards, marks
from handlers.turn import Turn
from handlers.understand.named_decision import read_decision
from handlers.understand.orders import Order, read_number
from models.message import Choice, Incoming, Reply
from models.person import Person
from models.ticket import OPEN, Ticket

MOST = 20  # leaves of students who are called so that are looked at


def order_of(turn: Turn, order: Order | None, incoming: Incoming) -> Order | None:
    """The order with its number where words refuse the only leave of a named student that the speaker may decide; without one,
    so that the matters are listed, where there are several, and for a yes, which is given by number or by button.

    order: what was read of the words already, which stands for all else.
    """
    if turn.person is None or (
        order is not None and (order.number or order.tail or order.verb not in ("sign", "refuse"))
    ):
        return order
    told = read_decision(incoming.text)
    if told is None:
        return order
    found = _waiting(turn, told.name, told.verb)
    if not found:
        return order
    if len(found) == 1 and told.verb == "refuse":
        return Order("refuse", found[0].number, told.words)
    return Order(told.verb, "", f"{told.name} {told.words}".strip())


def hear(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """Why such a decision does not fit, where it is on a leave that is another's to decide now or was decided; None for all
    else."""
    if turn.person is None or (told := read_decision(words)) is None:
        return None
    if read_number(words) or _waiting(turn, told.name, told.verb):
        return None
    lines, choices = [], []
    for each in _open(turn, told.name):
        agreed = each.back_at is not None
        key = "named.agreed" if agreed and told.verb == "refuse" else "named.done" if agreed else "named.not_yours"
        lines.append(turn.say(key, names=cards.names(turn, each), number=each.number, name=marks.owing(turn, each)))
        show = turn.say("verb.show")
        words_ = f"{show} {each.number}"
        choices.append(Choice(label=words_, send=f"t:{each.id}:show:{each.rev}", words=words_))
    return (Reply(text="\n".join(lines), choices=tuple(choices)),) if lines else None


def _waiting(turn: Turn, name: str, verb: str) -> list[Ticket]:
    """The leaves of students of this name that the speaker may decide now."""
    person = turn.person
    return [
        each for each in _open(turn, name)
        if each.back_at is None and person is not None and access.may_act(turn.session, person, each, turn.now)
        and verb in (*cards.staff_verbs(turn, each, person), *cards.more_verbs(turn, each, person))
    ]  # fmt: skip


def _open(turn: Turn, name: str) -> list[Ticket]:
    """The open leaves of students of this name that the speaker sees."""
    if turn.person is None:
        return []
    services = [slug for slug, item in turn.school.catalogue.items.items() if item.code == "leave"]
    statement = (
        select(Ticket)
        .join(Person, Person.id == Ticket.requester_id)
        .where(
            Person.name == name, Person.kind == "student", Ticket.service.in_(services), Ticket.status.in_(OPEN),
            access.visible(turn.session, turn.person, turn.now),
        )
        .order_by(Ticket.id)
        .limit(MOST)
    )  # fmt: skip
    return list(turn.session.execute(statement).scalars())
