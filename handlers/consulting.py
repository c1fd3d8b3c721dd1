"""Words for a person (咨询): opened with what is written already, unless it has to be asked first whom they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from handlers import abroad, access, cards, directory, enclosures, foreseen, form_about, limits, tickets, wording
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Choice, Refused, Reply, Upload
from models.person import Person

Replies = tuple[Reply, ...]
CONSULT: Final = "consult"


def receiver(turn: Turn) -> Person | None:
    """Who would get words for a person that are addressed to nobody."""
    path = (turn.person.academic_path if turn.person else None) or directory.root_path(turn.session)
    return directory.responsible_for(turn.session, path, "counselor", turn.now, turn.person.id if turn.person else None)


def ask(turn: Turn, talk: Talk, *, to: Person | None = None, head: str = "", about: str = "") -> Replies:
    """Ask what to say to a person: the next words are that, and go to them (to) or to whoever answers.

    head: what is said before the question. about: the number of the matter that the words are about, which stands before them.
    """
    person = to or receiver(turn)
    talk.consult, talk.consult_to, talk.consult_about = True, to.id if to is not None else "", about
    name = directory.name_of(person, turn.lang) or turn.say("card.nobody")
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    said = "\n".join(filter(None, (head, turn.say("consult.ask", name=name))))
    if turn.abroad and turn.school.catalogue.items[CONSULT].stays_home:
        said = f"{said}\n{turn.say('abroad.consult_hint')}"
        if turn.person is None:
            return (Reply(text=said, link=abroad.link(turn)),)
        return (Reply(text=said, choices=(abroad.way(turn, "chat"), cancel)),)
    return (Reply(text=said, choices=(cancel,)),)


def about(turn: Turn, talk: Talk, words: str) -> str:
    """The words that were waited for, with the number of the matter that they are about before them."""
    number, talk.consult_about = talk.consult_about, ""
    return turn.say("consult.about", number=number, words=words) if number else words


def addressed(turn: Turn, talk: Talk) -> str:
    """Whom the words that are waited for are for, by id, and forget it; "" for whoever answers, also where the one who was
    named answers for the student no longer."""
    to_id, talk.consult_to = talk.consult_to, ""
    person = turn.session.get(Person, to_id) if to_id else None
    if person is None or turn.person is None or not access.reaches(turn.session, person, turn.person, turn.now):
        return ""
    return person.id


def consult(
    turn: Turn, words: str, *, because: str = "", own: str = "", files: Iterable[Upload] = (), talk: Talk | None = None,
    to: str = "",
) -> Replies:  # fmt: skip
    """Open a 咨询 ticket with words that are already written, to the student's counselor or whoever is on duty.

    own: what of them the student wrote, where that is not all; it is shown as the student's words. files: sent with them.
    because: why the bot sends what it gathered, which may be cut, and shows that. Refused for longer words of one's own.
    talk: where it may be asked first whether they are about somebody of staff (handlers/form_about.py).
    to: the id of whom they are for, who answers for the student; "" for whoever does.
    """
    item = turn.school.catalogue.items[CONSULT]
    files = tuple(files)
    words, most = words.strip(), item.fields[0].most
    if len(words) > most and not because:
        raise Refused("form.too_long", most=most, count=len(words))
    words = words if len(words) <= most else f"{words[: most - 1]}…"
    asked = form_about.hold(turn, talk, item, words, files, to) if talk is not None else None
    if asked is not None:
        return (asked,)
    answers = {item.fields[0].key: words, **form_about.unasked(turn, item, turn.person, words)}
    if to:
        answers[foreseen.TO] = to
    ticket = tickets.open_ticket(turn, item, answers)
    enclosures.join(turn, ticket, files)
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    at = wording.soon(ticket.owed_at or limits.before(turn, item), turn.now, turn.lang, turn.school.zone)
    key = "abroad.consult_opened" if cards.withheld(turn, ticket) else "consult.opened"
    said = turn.say(key, number=ticket.number, name=name, at=at, words=own or words) + form_about.told(
        turn, ticket, item, answers
    )
    said = f"{because}\n{said}" if because else said
    card, choices = cards.card(turn, ticket, staff=False), cards.choices(turn, ticket, staff=False)
    return (Reply(text=said, card=card, choices=choices),)
