"""Hears what a student says of a matter without its number: stars, an answer to what was asked, that it is not solved."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import select

from handlers import cards, disputing, feedback, kept_words, listed, offers, owned, student, tickets
from handlers.talks import Order, Talk
from handlers.turn import Turn
from handlers.understand.asides import is_wish
from handlers.understand.feedback import read_rating, says_stars
from handlers.understand.intents import command, read_intent
from handlers.understand.orders import read_order
from handlers.understand.questions import is_question
from handlers.understand.remains import without_measure
from models.message import Choice, Reply
from models.ticket import Status, Ticket

Replies = tuple[Reply, ...]
MOST: Final = 5  # matters offered at once, the newest first
_SENTENCE: Final = 6  # characters: shorter words that nobody understands are asked about before they are written down
# What is said to the bot or to nobody: never the answer to what a counselor asked for.
_ELSEWHERE: Final = re.compile(
    r"thanks|greeting|help|human|contact|chitchat|abuse|confirm|deny|cancel|rate|privacy|(?:psych|safety|broadcast)\..*"
    r"|leave\.return|.*\.(?:status|progress|withdraw|howto)"
)


def hear(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """The answer to such words; None where they are none, or no matter of the speaker's can be meant."""
    order = read_order(words)
    verb = order.verb if order is not None and not order.number and not order.tail else ""
    if verb == "show" and order is not None and not order.words:
        return student.mine(turn)
    if verb in ("unhelped", "reopen") and order is not None and not order.words:
        return _unhelped(turn, talk)
    if verb == listed.CALL_OFF and order is not None and not order.words:
        return _called_off(turn, talk)
    if verb == "withdraw" and order is not None and not order.words and (said := withdrawn(turn, talk, words)):
        return said
    return _person(turn, talk, words) or _rated(turn, words, asked=verb == "rate") or _answered(turn, talk, words, verb)


def _person(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """「找老师 我想问奖学金什么时候发」: a person is wanted, and what for is said with it."""
    head, _, rest = _split(words)
    if len(rest) < 2 or command(head) != "human":
        return None
    talk.consult, talk.unheard = False, []
    return student.consult(turn, rest)


def _split(words: str) -> tuple[str, str, str]:
    """The words before and after the first gap or comma."""
    found = re.search(r"[\s,，、:：.。;；!！]+", words)
    return (words, "", "") if found is None else (words[: found.start()], found[0], words[found.end() :].strip())


def _rated(turn: Turn, words: str, *, asked: bool) -> Replies | None:
    """Stars for the matter whose five stars were just shown (「5」, 「满意」); with the word for it (「评分 5」) for the one
    that has ended and that nobody rated."""
    told = read_rating(words)
    shown = [send for _, _, send in (turn.account.offered if turn.account is not None else []) if send.startswith("r:")]
    stars = {send.split(":")[1] for send in shown if send.split(":")[2].startswith("rate")}
    if not (told.named or asked or (stars and told.stars is not None)):
        return None
    if len(stars) == 1:
        found = [ticket for ticket in (tickets.get(turn, stars.pop()),) if ticket is not None]
    else:
        found = _to_rate(turn, told.stars)
    if not found:
        return (Reply(text=turn.say("unnamed.nothing_to_rate")),) if told.named or asked else None
    if len(found) > 1:
        return _which(turn, found, "rate", words=str(told.stars or ""))
    ticket = student.own(turn, tickets.get(turn, found[0].id))
    return (feedback.ask(turn, ticket),) if told.stars is None else feedback.rate(turn, ticket, told.stars, told.rest)


def _to_rate(turn: Turn, stars: int | None) -> list[Ticket]:
    """What stars may be for: what is offered to be rated, else what was answered and waits to hear whether it helped."""
    ended = [(ticket, offers.ended(turn, ticket)) for ticket in _ended(turn)]
    found = [ticket for ticket, ways in ended if "rate" in ways]
    return found or [ticket for ticket, ways in ended if stars is not None and "helped" in ways]


def rated(turn: Turn, words: str, *, free: bool) -> Replies | None:
    """Stars said while a form is open: for what was just shown with its stars, or plainly stars where something waits for
    them. free: the form asks for free words, which may hold stars of their own."""
    told = read_rating(words)
    shown = turn.account is not None and any(
        send.startswith("r:") and send.split(":")[2].startswith("rate") for _, _, send in turn.account.offered
    )
    if told.stars is None or not (shown or (not free and (told.named or says_stars(words)))):
        return None
    if not shown and not _to_rate(turn, told.stars):
        return None
    return _rated(turn, words, asked=True)


def _ended(turn: Turn) -> list[Ticket]:
    """The newest matters of the speaker's own that have ended."""
    statement = select(Ticket).where(
        turn.own(), Ticket.private.is_(False), Ticket.status.in_((Status.resolved, Status.closed))
    )
    return list(turn.session.execute(statement.order_by(Ticket.id.desc()).limit(MOST)).scalars())


def _which(turn: Turn, found: list[Ticket], verb: str, words: str = "") -> Replies:
    """Several can be meant: each as a button, which also says by which words it is named."""
    said = f"{turn.say(f'verb.{verb}')} {{}} {words}"
    offered = tuple(
        Choice(
            label=turn.say("mine.see", number=ticket.number, title=cards.item_of(turn, ticket).title.to(turn.lang)),
            send=f"t:{ticket.id}:{verb}:{ticket.rev}", words=said.format(ticket.number).strip(),
        )
        for ticket in found
    )  # fmt: skip
    return (Reply(text=turn.say("unnamed.which"), choices=offered),)


def _unhelped(turn: Turn, talk: Talk) -> Replies:
    """A bare 「没解决」: the matter that may be opened again, which then asks for the reason; of several a choice."""
    found = [ticket for ticket in _ended(turn) if "unhelped" in offers.ended(turn, ticket)]
    waits = [ticket for ticket in found if ticket.status == Status.resolved or tickets.asked_last(turn, ticket)]
    found = waits if len(waits) == 1 else found
    if len(found) > 1:
        return _which(turn, found, "unhelped")
    if found:
        return student.act(turn, talk, student.own(turn, tickets.get(turn, found[0].id)), "unhelped")
    open_ = [each for each in owned.open_of(turn) if not each.private]
    if len(open_) == 1 and turn.person is not None:
        (ticket,) = open_
        talk.order = Order(verb="added", ticket=ticket.id)
        name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
        cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
        said = turn.say("unnamed.still_open", number=ticket.number, name=name)
        return (Reply(text=said, card=cards.card(turn, ticket, staff=False), choices=(cancel,)),)
    if (ways := disputing.of_newest(turn)) is not None:
        return ways  # 「没解决」 may be said of a refusal: that is not opened again, and has ways of its own.
    reply = student.mine(turn)[-1]
    return (reply.model_copy(update={"text": turn.say("unnamed.none_to_reopen") + "\n" + reply.text}),)


def withdrawn(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """A bare 「撤回」: of several open matters a choice; the one that is open at once in English, whose word is no wish."""
    mine = [each for each in owned.open_of(turn) if not each.private]
    found = [each for each in mine if any(":withdraw:" in way.send for way in cards.choices(turn, each, staff=False))]
    if len(found) > 1:
        return _which(turn, found[:MOST], "withdraw")
    if found and words.isascii():
        mine_ = student.own(turn, tickets.get(turn, found[0].id))
        return student.asking(turn, mine_, "withdraw") or student.act(turn, talk, mine_, "withdraw")
    return None


def _answered(turn: Turn, talk: Talk, words: str, verb: str) -> Replies | None:
    """Words while exactly one matter waits for some: its answer, unless they may well be something else; then it is asked."""
    waiting = [ticket for ticket in owned.open_of(turn) if not ticket.private and student.is_asked(ticket)]
    order = read_order(words)
    if verb == "fill" and order is not None:
        if len(waiting) == 1:
            return student.act(turn, talk, student.own(turn, tickets.get(turn, waiting[0].id)), "fill", order.words)
        return _which(turn, waiting, "fill") if waiting else _one_more(turn, talk, order.words)
    if len(waiting) != 1 or order is not None or command(words) is not None:
        return None
    intent = read_intent(words)
    if _ELSEWHERE.fullmatch(intent.label):
        return None
    item = next((each for each in turn.school.catalogue.offered() if intent.label in each.intents), None)
    (ticket,) = waiting
    wished = is_wish(words[:24]) or is_question(words)
    if item is not None and wished and item.slug != ticket.service:
        return None
    elsewhere = item is not None and item.slug != ticket.service
    if elsewhere or wished or (item is None and len(words) < _SENTENCE):
        return _ask_whether(turn, talk, ticket, words, item.slug if item is not None else "")
    return student.act(turn, talk, student.own(turn, tickets.get(turn, ticket.id)), "fill", words)


def _called_off(turn: Turn, talk: Talk) -> Replies:
    """A bare 「整份取消」: the one list that still may be called off is asked about; of several a choice."""
    found = [each for each in (*owned.open_of(turn), *_ended(turn)) if listed.to_come(turn, each)]
    if not found:
        return (Reply(text=turn.say("list.none_left")),)
    if len(found) > 1:
        return _which(turn, found[:MOST], listed.CALL_OFF)
    ticket = student.own(turn, tickets.get(turn, found[0].id))
    return student.asking(turn, ticket, listed.CALL_OFF) or student.act(turn, talk, ticket, listed.CALL_OFF)


def _one_more(turn: Turn, talk: Talk, words: str) -> Replies:
    """「补充一句 我坐高铁回去」 where nothing was asked for: it goes to the one open matter; of several it is asked to which."""
    words = without_measure(words)
    open_ = [each for each in owned.open_of(turn) if not each.private]
    if not words or not open_:
        return (Reply(text=turn.say("unnamed.nothing_asked")),)
    if len(open_) == 1:
        return student.add(turn, talk, student.own(turn, tickets.get(turn, open_[0].id)), words)
    (shown,) = _which(turn, open_[:MOST], "show")
    said = turn.say("unnamed.add_where", number=open_[0].number, words=words[:60])
    return (shown.model_copy(update={"text": said}),)


def _ask_whether(turn: Turn, talk: Talk, ticket: Ticket, words: str, slug: str) -> Replies:
    choices = kept_words.ask(turn, talk, ticket, "fill", words, slug)
    return (Reply(text=turn.say("unnamed.fill_or_not", number=ticket.number), choices=choices),)
