"""What staff say in chat of a student who calls or comes by (「代 2023010101 请假」): the way to the form on the console."""

from __future__ import annotations

from typing import Final

from handlers import access, behalf, directory
from handlers.turn import Turn
from handlers.understand.orders import read_whose
from models.message import Link, Refused, Reply

NAMED: Final = 100.0  # a score of the catalogue's by which a name of the service stands in the words


def hear(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """The form of what is to be done for a student, or the student's page; None where the words are something else.

    Nothing is opened here: what a student says on the telephone is looked over as a whole before it is handed in.
    """
    number, rest = read_whose(words)
    if not number:
        return None
    person = directory.by_number(turn.session, number)
    if person is None or turn.person is None or not access.reaches(turn.session, turn.person, person, turn.now):
        raise Refused("staff.no_such_student", number=number)
    named = [item for item, score in turn.school.catalogue.find(rest, 1) if score >= NAMED and behalf.may_open(item)]
    page = f"{turn.school.base_url}/console/students/{person.number}"
    if not named:
        link = Link(label=turn.say("behalf.page"), url=page)
        return (Reply(text=turn.say("behalf.on_page", number=person.number), link=link),)
    title = named[0].title.to(turn.lang)
    link = Link(label=turn.say("behalf.form", title=title), url=f"{page}/open/{named[0].slug}")
    return (Reply(text=turn.say("behalf.on_form", number=person.number, title=title), link=link),)
