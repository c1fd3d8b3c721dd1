"""The crisis lane: fixed help at once and the duty paged, before any form, menu, quota or identity."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from handlers import cards, enclosures, tickets
from handlers.crisis_afar import RULE as FAMILY
from handlers.crisis_words import Alarm
from handlers.texts import text
from handlers.turn import HelpLine, School, Turn
from handlers.understand.absences import may_part
from handlers.understand.asides import is_thanks
from handlers.understand.language import has_chinese
from models.message import Choice, Incoming, Refused, Reply
from models.ticket import OPEN, Status, Ticket

SERVICE = "crisis"
NEAREST = ("119", "110", "120")  # what comes first in a danger that is there now
SOOTHING = ("12356",)  # … and where somebody's own life is in question: people who listen
STAYS = timedelta(hours=1)  # for so long what somebody in distress writes goes to whoever answers, without a menu


def help_text(school: School, lang: str, alarm: Alarm) -> Reply:
    """The fixed, reviewed words with the school's numbers; needs no database, so it works when that is away."""
    lines = [text(lang, f"crisis.{alarm.kind}")]
    first = NEAREST if alarm.kind == "danger" else SOOTHING
    phones = [line.phone for line in school.help_lines]
    ordered = sorted(zip(phones, school.help_lines, strict=True), key=lambda pair: _rank(pair[0], first))
    lines += [_line(line, lang) for _, line in ordered]
    return Reply(text="\n".join(lines))


def _rank(phone: str, first: tuple[str, ...]) -> int:
    return first.index(phone) if phone in first else len(first)


def _line(line: HelpLine, lang: str) -> str:
    hours = line.hours.to(lang)
    key = "crisis.line_hours" if hours else "crisis.line"
    return text(lang, key, name=line.name.to(lang), phone=line.phone, hours=hours)


def soft_help(turn: Turn) -> Reply:
    """The same numbers for somebody who feels low, without an alarm, and the way to a person."""
    lines = [turn.say("crisis.soft"), *(_line(line, turn.lang) for line in turn.school.help_lines)]
    human = Choice(label=turn.say("way.human"), send="w:human", words=turn.say("way.human"))
    return Reply(text="\n".join(lines), choices=(human,))


def is_aside(turn: Turn, alarm: Alarm) -> bool:
    """Whether what was heard is a student's reason for leave, so that the wish is answered, with the numbers beside it."""
    return alarm.rule == FAMILY and turn.person is not None and turn.person.kind == "student"


def beside(turn: Turn) -> str:
    """A kind word and the numbers of people who listen, in one or two lines above the answer to a wish."""
    listening = [line for line in turn.school.help_lines if line.phone not in NEAREST]
    return "\n".join((turn.say("crisis.beside"), *(_line(line, turn.lang) for line in listening)))


def respond(turn: Turn, incoming: Incoming, alarm: Alarm) -> tuple[Reply, ...]:
    """Help first; then a ticket of the crisis lane, which pages the duty now and climbs by the wall clock.

    A quotation or a lecture title ("review") gets the help softly and pages nobody. Whatever form is open stays. Neither does
    a farewell of staff's that may only mean an empty chair (「下周我不在了」): it is asked which, with the numbers beside it.
    """
    if turn.person is not None and turn.person.kind == "staff" and may_part(incoming.text):
        soft = soft_help(turn)
        return (soft.model_copy(update={"text": f"{turn.say('crisis.parting')}\n\n{soft.text}"}),)
    reply = help_text(turn.school, turn.lang, alarm)
    if turn.lang != "zh" and has_chinese(incoming.text):
        # Whoever cries for help in Chinese reads it, whatever language the account was set to.
        reply = Reply(text=f"{help_text(turn.school, 'zh', alarm).text}\n\n{reply.text}")
    if alarm.level != "page":
        return (reply,)
    ticket = _open_matter(turn)
    if ticket is None:
        item = turn.school.catalogue.items[SERVICE]
        try:
            ticket = tickets.open_ticket(turn, item, {"words": incoming.text}, kind="paged", words=incoming.text)
        except Refused:
            # No school was imported yet, so nobody can be paged; the numbers are given all the same.
            return (reply,)
    else:
        tickets.add(turn, ticket, incoming.text)
    for file in incoming.files:
        tickets.attach(turn, ticket, file.id)
    name = cards.who(turn, ticket.assignee_id)
    # Whom nobody knows nobody can call, so the answer comes here; a number is a gift, never a condition.
    key = "crisis.told" if turn.person is not None else "crisis.told_unbound"
    told = turn.say(key, name=name) if name else turn.say("crisis.told_nobody")
    choices = (
        Choice(label=turn.say("crisis.safe"), send=f"c:{ticket.id}:safe", words=turn.say("crisis.safe")),
        Choice(label=turn.say("crisis.write"), send=f"c:{ticket.id}:write", words=turn.say("crisis.write")),
    )
    return (reply.model_copy(update={"text": f"{reply.text}\n{told}", "choices": choices}),)


def _open_matter(turn: Turn) -> Ticket | None:
    """The speaker's crisis matter that is still open, so that a second message does not open a second one."""
    statement = select(Ticket).where(Ticket.service == SERVICE, turn.own(), Ticket.status.in_(OPEN)).limit(1)
    return turn.session.execute(statement).scalar()


def _answered_matter(turn: Turn) -> Ticket | None:
    """The speaker's newest crisis matter that was answered and not closed yet."""
    mine = (Ticket.service == SERVICE, turn.own(), Ticket.status == Status.resolved)
    statement = select(Ticket.id).where(*mine).order_by(Ticket.opened_at.desc()).limit(1)
    found = turn.session.execute(statement).scalar()
    return tickets.get(turn, found) if found else None


def press(turn: Turn, ticket_id: str, verb: str) -> tuple[Reply, ...]:
    """The two buttons under the help: I am in a safe place, or I would rather write."""
    ticket = tickets.get(turn, ticket_id)
    mine = ticket is not None and (
        (turn.person is not None and ticket.requester_id == turn.person.id)
        or (turn.account is not None and ticket.account_id == turn.account.id)
    )
    if ticket is None or not mine or ticket.service != SERVICE or verb not in ("safe", "write"):
        return (Reply(text=turn.say("ticket.not_found")),)
    if ticket.is_open:
        tickets.add(turn, ticket, turn.say(f"crisis.{verb}"))
    return (Reply(text=turn.say("crisis.safe_answer" if verb == "safe" else "crisis.write_answer")),)


def write_on(turn: Turn, incoming: Incoming) -> tuple[Reply, ...] | None:
    """What somebody in a crisis matter writes or sends next goes to whoever answers for it, without a menu between; None
    when there is no such matter or the words are an order to the bot.

    A reply does not end that: what is written after it takes the matter up again, so that somebody reads it at once.
    """
    ticket = _open_matter(turn) or _answered_matter(turn)
    words = incoming.text.strip()
    if ticket is None or not (words or incoming.files) or turn.now - ticket.opened_at > STAYS:
        return None
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    menu = Choice(label=turn.say("way.menu"), send="w:menu", words=turn.say("way.menu"))
    if not ticket.is_open and not incoming.files and is_thanks(words):
        return (Reply(text=turn.say("crisis.go_on", name=name), choices=(menu,)),)
    said = enclosures.named(turn, words, incoming.files)
    if ticket.is_open:
        tickets.add(turn, ticket, said)
    else:
        try:
            tickets.reopen(turn, ticket, said)
        except Refused:  # Nobody is left above to take it; a call for help by its words opens another matter.
            return None
    enclosures.join(turn, ticket, incoming.files)
    return (Reply(text=turn.say("crisis.passed_on", name=name), choices=(menu,)),)
