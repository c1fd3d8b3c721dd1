"""What the sentence of one kind of notice needs beside what every notice says: a moved limit, the other of two matters."""

from __future__ import annotations

from typing import Final

from handlers import corrections, extending, merged, wording
from handlers.turn import Turn
from models.correction import CORRECTED, REVISED, UNENDED
from models.ticket import Event, Ticket

WORDED: Final = frozenset({"signed", "cosigned", "approved", "refused", "returned"})  # beside which words may be given


def values(turn: Turn, ticket: Ticket, event: Event, words: str) -> dict[str, str]:
    """Further parts of the sentence: due of an extension, number, other and note of a merge, former words; {} for all else."""
    if event.kind == "extended":
        until = extending.until(turn, ticket)  # The first answer may be owed earlier, and was not moved.
        return {} if until is None else {"due": wording.soon(until, turn.now, turn.lang, turn.school.zone)}
    if event.kind == "prioritised":
        level = turn.say(f"priority.{ticket.priority}")
        due = wording.soon(ticket.owed_at, turn.now, turn.lang, turn.school.zone) if ticket.owed_at else ""
        return {"level": level, "limit": turn.say("noticed.limit", at=due) if due else ""}
    if event.kind == "split_off":
        return {"other": corrections.raw_of(turn, event)}
    if event.kind == "merged":
        kept = turn.session.get(Ticket, ticket.kept_id) if ticket.kept_id else None
        # The number of somebody else's matter would open nothing for whoever reads it.
        own = kept is not None and kept.requester_id is not None and kept.requester_id == ticket.requester_id
        own_ones = [each.number for each in merged.of_one(turn, ticket, event)]
        return {
            "number": turn.say("merge_many.and").join(own_ones),
            "other": turn.say("noticed.own", number=kept.number) if own and kept else turn.say("noticed.other"),
            "note": turn.say("noticed.note", words=words) if words else "",
        }
    if event.kind == REVISED or event.key == CORRECTED:
        return {"former": corrections.former(turn, ticket, event)}
    return {}


def wrote(turn: Turn, ticket: Ticket, event: Event, sentence: str, words: str) -> str:
    """The words that staff gave along with a decision or a return, as a line of its own for the student, where the sentence
    does not hold them already; "" for none. words: "" where they may not be said here, which is said instead."""
    if event.kind not in WORDED or event.by_id in (None, ticket.requester_id):
        return ""
    if words:
        return "" if words in sentence else "\n" + turn.say("noticed.wrote", words=words)
    there = event.kind != "refused" and (event.words or event.sealed) and event.key != CORRECTED
    return "\n" + turn.say("noticed.wrote_on_page") if there else ""


def as_corrected(event: Event, kind: str, hearer: str) -> str:
    """The kind by which a notice is told whose event puts one decision in the place of another; any other as it is."""
    if event.key in UNENDED:
        return event.key.replace("undid:", "un")
    if event.key != CORRECTED:
        return kind
    return f"corrected_{kind}" if hearer == "requester" else "corrected"
