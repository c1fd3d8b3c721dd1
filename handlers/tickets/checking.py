"""Checklists (清单): lines that an item or a rule gives a ticket, that staff tick and untick, and that they add by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from handlers import cards, checklists, wording
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.turn import Turn
from handlers.understand.checking import read_all, read_places
from models.base import new_id
from models.checklist import LONGEST_LINE, MOST_LINES, CheckLine, Checklist
from models.db import seal_of
from models.item import Item
from models.message import Refused
from models.ticket import Ticket

MOST: Final = 2 * MOST_LINES  # lines of one ticket: what is longer is no list any more


def begin(turn: Turn, ticket: Ticket, item: Item, answers: dict[str, Any]) -> None:
    """Give a new ticket the lists that its item has for these answers (`[[checklist]]`)."""
    for each in item.checklist:
        if not each.by_rule and (each.when is None or each.when.holds(answers, turn.school.seasons)):
            lay(turn, ticket, each)


def may_lay(turn: Turn, ticket: Ticket, found: Checklist | None) -> bool:
    """Whether a list can be added: there is such a one, the ticket has it not, and it is not too long by it."""
    there = checklists.rows(turn, ticket) if checklists.has(turn, ticket) else []
    if found is None or any(row.checklist == found.name for row in there):
        return False
    return len(there) + len(found.lines) <= MOST


def lay(turn: Turn, ticket: Ticket, found: Checklist) -> None:
    """Add a list of the item's; whoever calls has looked whether it may be (`may_lay`)."""
    last = max((row.place for row in checklists.rows(turn, ticket)), default=0)
    for number, _ in enumerate(found.lines):
        turn.session.add(CheckLine(
            id=new_id(turn.now), ticket_id=ticket.id, place=last + number + 1, checklist=found.name, number=number, words="",
            sealed=None, by_id=None, at=turn.now, done_by_id=None, done_at=None,
        ))  # fmt: skip
    turn.session.flush()
    record(turn, ticket, "checklist_added", words=found.name, audience="staff")


def tick(turn: Turn, ticket: Ticket, words: str) -> None:
    """Tick the lines that words name: their numbers (「1 3」), the beginning of one, or 「全部」; also after the end.

    Raises Refused for lines that there are not, and where somebody has ticked all of them already, with the name.
    """
    by = permit(turn, ticket)
    meant = _meant(turn, ticket, words, open_ones=True)
    fresh = [row for row in meant if row.done_at is None]
    if not fresh:
        at = wording.soon(meant[0].done_at or turn.now, turn.now, turn.lang, turn.school.zone)
        raise Refused(
            "checks.ticked_by", line=_named(turn, ticket, meant[:1]), name=cards.who(turn, meant[0].done_by_id), at=at
        )
    for row in fresh:
        row.done_by_id, row.done_at = by.id, turn.now
    turn.session.flush()
    record(turn, ticket, "ticked", by=by, words=_named(turn, ticket, fresh), audience="staff")


def untick(turn: Turn, ticket: Ticket, words: str) -> None:
    """Take a tick back, one's own or a colleague's; who had ticked it stays in the history. Not after the end."""
    by = permit(turn, ticket)
    _still_open(turn, ticket)
    ticked = [row for row in _meant(turn, ticket, words) if row.done_at is not None]
    if not ticked:
        raise Refused("checks.not_ticked", number=ticket.number)
    for row in ticked:
        row.done_by_id = row.done_at = None
    turn.session.flush()
    record(turn, ticket, "unticked", by=by, words=_named(turn, ticket, ticked), audience="staff")


def add_line(turn: Turn, ticket: Ticket, words: str) -> None:
    """Add a line by hand to this ticket alone. Raises Refused for one too long, for more than MOST, and after the end."""
    by = permit(turn, ticket)
    _still_open(turn, ticket)
    said = " ".join(words.split())
    if len(said) > LONGEST_LINE:
        raise Refused("checks.too_long", most=LONGEST_LINE, count=len(said))
    there = checklists.rows(turn, ticket)
    if len(there) >= MOST:
        raise Refused("checks.too_many", number=ticket.number, most=MOST)
    secret = ticket.private or any(field.sensitive for field in cards.item_of(turn, ticket).fields)
    row = CheckLine(
        id=new_id(turn.now), ticket_id=ticket.id, place=max((each.place for each in there), default=0) + 1, checklist="",
        number=0, words="" if secret else said, sealed=None, by_id=by.id, at=turn.now, done_by_id=None, done_at=None,
    )  # fmt: skip
    if secret:
        row.sealed = seal_of(turn.session).close(f"check_line.sealed:{row.id}", said)
    turn.session.add(row)
    turn.session.flush()
    record(turn, ticket, "line_added", by=by, words=said, audience="staff")


def drop_line(turn: Turn, ticket: Ticket, words: str) -> None:
    """Take lines away that were added by hand; those of the item stay, since a school wrote them. Not after the end."""
    by = permit(turn, ticket)
    _still_open(turn, ticket)
    meant = _meant(turn, ticket, words)
    fixed = [row for row in meant if row.checklist]
    if fixed:
        raise Refused("checks.not_by_hand", line=_named(turn, ticket, fixed[:1]))
    said = _named(turn, ticket, meant)
    for row in meant:
        turn.session.delete(row)
    turn.session.flush()
    record(turn, ticket, "line_dropped", by=by, words=said, audience="staff")


def _still_open(turn: Turn, ticket: Ticket) -> None:
    if not ticket.is_open:
        raise Refused("ticket.already", state=cards.state(turn, ticket, staff=True))


def _meant(turn: Turn, ticket: Ticket, words: str, *, open_ones: bool = False) -> list[CheckLine]:
    """The lines that words name, each once, in order. open_ones: 「全部」 are those that are not ticked."""
    there = checklists.rows(turn, ticket) if checklists.has(turn, ticket) else []
    if not there:
        raise Refused("checks.none", number=ticket.number)
    said = words.strip()
    if open_ones and read_all(said):
        return [row for row in there if row.done_at is None] or there
    places = read_places(said)
    if places:
        found = [row for row in there if row.place in places]
        found = found if len(found) == len(places) else []
    else:
        item = cards.item_of(turn, ticket)
        texts = {row.id: checklists.words_of(turn, item, row).casefold() for row in there}
        found = [row for row in there if texts[row.id] == said.casefold()]
        found = found or [row for row in there if said and said.casefold() in texts[row.id]]
        found = found if len(found) == 1 else []
    if not found:
        raise Refused("checks.which", words=said[:40], count=len(there), number=ticket.number)
    return found


def _named(turn: Turn, ticket: Ticket, meant: Sequence[CheckLine]) -> str:
    item = cards.item_of(turn, ticket)
    return checklists.named(turn, [checklists.words_of(turn, item, row) for row in meant])
