"""Asks once, before a form is handed in, whether it is about somebody of staff whom its words name; and says to whom it went."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from handlers import complained_offices, complaints, directory, foreseen, marks, owing, recusals, signing, tickets
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.complaints import says_yes
from models.item import Item
from models.message import Choice, Refused, Reply, Upload
from models.person import Person
from models.ticket import Ticket

ASKING: Final = "about"  # as Draft.asking: whether it is about somebody
FILES: Final = "_files"  # as a key of a draft's answers: ids of files that came with words that are no form's


class Readings(NamedTuple):
    """The names of those whom a form may be about, who would get it if it is, and who if it is not; office: that they are
    an office as a whole, whose business the form may be, too."""

    names: str
    yes: str
    no: str
    office: bool = False


def question(turn: Turn, talk: Talk, draft: Draft, item: Item) -> Reply | None:
    """Whether it is about somebody, where the words leave both readings; None where they do not, or it was said."""
    open_ = readings(turn, item, draft.answers)
    if open_ is None:
        return None
    draft.asking = ASKING
    choices = tuple(
        Choice(
            label=turn.say(f"recusal.{answer}", name=name),
            send=f"f:{talk.rev}:{ASKING}:{answer}", words=turn.say(f"recusal.{answer}_words"),
        )
        for answer, name in zip(("yes", "no"), (open_.yes, open_.no), strict=True)
    )  # fmt: skip
    cancel = Choice(label=turn.say("way.cancel"), send=f"f:{talk.rev}:cancel:", words=turn.say("way.cancel"))
    asked = turn.say("recusal.ask_office" if open_.office else "recusal.ask", names=open_.names)
    return Reply(text=asked, choices=(*choices, cancel))


def readings(turn: Turn, item: Item, answers: dict[str, Any]) -> Readings | None:
    """What is asked of it; None where nothing is."""
    unsure = complaints.read(turn, item, turn.person, answers).unsure
    if not unsure:
        return None
    found = []
    for about in (sorted(unsure), []):
        path = tickets.place(turn, item, answers)
        person = foreseen.responsible(turn, item, path, {**answers, complaints.ABOUT: about})
        found.append(directory.name_of(person, turn.lang) or turn.say("recusal.office"))
    offices, left = complained_offices.asked(turn, item, complaints.free_words(item, answers), unsure)
    names = [*offices, *([recusals.names(turn, left)] if left else [])]
    return Readings(turn.say("form.or").join(names), found[0], found[1], bool(offices))


def settle(turn: Turn, draft: Draft, item: Item, said: str) -> None:
    """Take the answer, by its button or in words; from here on the form is as it was before the question. Refused for what
    is neither yes nor no."""
    yes = says_yes(said)
    if yes is None:
        raise Refused("recusal.yes_or_no")
    found = complaints.read(turn, item, turn.person, draft.answers).unsure if yes else ()
    draft.answers[complaints.ABOUT] = sorted(found)
    draft.asking = "confirm"


def receipt(turn: Turn, ticket: Ticket, name: str) -> str:
    """The key of a receipt: who answers by when, that nobody was found (name ""), or that it is in force without an answer."""
    if signing.registers(turn, ticket):
        return "form.receipt_registered"
    return "form.receipt" if name else "form.receipt_unowned"


def told(turn: Turn, ticket: Ticket, item: Item, answers: dict[str, Any]) -> str:
    """What a receipt says besides, with a line break before it: what is still to be shown, and to whom it went where
    somebody is kept out; "" for nothing."""
    kept = recusals.of(turn, ticket)
    owed = owing.line(turn, ticket) if ticket.answers.get("evidence_due") else ""
    if not kept:
        return f"\n{owed}" if owed else ""
    name = marks.who(turn, ticket.assignee_id) or turn.say("recusal.office")
    return "\n" + recusals.told(
        turn, "recusal.told", kept, complaints.said_of(turn, item, turn.person, answers).sure, name=name
    )


def hold(turn: Turn, talk: Talk, item: Item, words: str, files: tuple[Upload, ...], to: str) -> Reply | None:
    """Keep words for a person (to, by id) as a form that waits for this answer, where it has to be asked; None where it has not."""
    draft = Draft(service=item.slug, answers={item.fields[0].key: words, **({foreseen.TO: to} if to else {})})
    asked = question(turn, talk, draft, item)
    if asked is not None:
        draft.answers[FILES] = [file.id for file in files]
        talk.drafts.append(draft)
    return asked


def attach(turn: Turn, draft: Draft, ticket: Ticket) -> None:
    """Files that came with the words go along with them."""
    for file_id in draft.answers.get(FILES) or ():
        tickets.attach(turn, ticket, str(file_id))


def unasked(turn: Turn, item: Item, person: Person | None, words: str) -> dict[str, list[str]]:
    """As an answer, where nobody can be asked: whoever it might be about is taken for it, since nothing is lost by that."""
    reading = complaints.read(turn, item, person, {item.fields[0].key: words})
    return {complaints.ABOUT: sorted(reading.unsure)} if reading.unsure else {}
