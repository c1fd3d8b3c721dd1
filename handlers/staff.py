"""What counselors may say in chat: take, sign, send back, refuse, reply, sign back in, list; by button or by words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from handlers import (
    access,
    asked_first,
    cards,
    colleagues,
    directory,
    echoes,
    enclosures,
    guardians,
    handing_on,
    lists,
    loose_orders,
    marks,
    named_decision,
    own_reminders,
    repeating,
    staff_asides,
    student,
    taking_back,
    tickets,
    undelivered,
)
from handlers.talks import Kept, Order, Talk
from handlers.turn import Turn
from handlers.understand.intents import command
from handlers.understand.orders import Order as Spoken
from handlers.understand.orders import after_name, half_named, read_number, read_order
from models.message import Choice, Incoming, Refused, Reply, Upload
from models.meta import audit
from models.ticket import Ticket

Replies = tuple[Reply, ...]
VERBS: Final = frozenset({"sign", "refuse", "ask", "reply", "progress", "conclude", "unfinished", "take", "resolve", "back", "show", "extend", "priority", "delegate",
                          "send_back", "guardian_link", "guardian_phoned", *colleagues.VERBS})  # fmt: skip
NEEDS_WORDS: Final = frozenset({"refuse", "ask", "reply", "progress", "extend", "priority", "delegate", "send_back"})
ENCLOSES: Final = frozenset({"reply", "progress", "ask", "refuse", "resolve"})  # what the student reads, files and all
ECHOED: Final = frozenset({"sign", "refuse", "ask", "reply", "progress", "conclude", "resolve", "extend"})  # heard of
LEAVES: Final = frozenset(
    {"cancel", "menu", "help", "mine", "human", "duty", "restart", "back", "more", "bind", "language_zh", "language_en",
     "unbind", "unbind_now", "unbind_all", "unbind_all_now", "keep_bound", "console", "web"}
)  # fmt: skip
THERE: Final = frozenset({"refuse", "ask", "reply", "progress", "extend", "send_back", "note", "close", "resolve", "correct",
                          "tag", "untag", "split"})  # fmt: skip # words of weight
WAITS: Final = NEEDS_WORDS | colleagues.WAITS | {"resolve"}
KEEPS: Final = frozenset(
    {"refuse", "ask", "reply", "progress", "note", "resolve", "close", "transfer", "assign", "delegate"}
)  # verbs whose words wait for the press
# Open to more people and times than are offered a button.
SELF_CHECKED: Final = frozenset({"progress", "conclude", "unfinished", "extend", "priority", "delegate", "send_back",
                                 "guardian_link", "guardian_phoned"})  # fmt: skip
# Refusals that no other words would change.
VOID: Final = ("ticket.", "signing.decided", "signing.yours", "urge.", "close.", "merge.", "correct.", "progress.")
MOST_WORDS: Final = 2000
LISTS: Final[dict[str, Callable[[Turn], Reply]]] = {"mine": lists.waiting, "theirs": lists.theirs,
                                                    "own_reminders": own_reminders.listed}  # fmt: skip
HALVES: Final[dict[str, Callable[[Turn], Reply]]] = {"mine": lists.held, "queue": lists.queue}
DO: Final[dict[str, Callable[[Turn, Ticket, str], None]]] = {
    "sign": tickets.sign, "refuse": tickets.refuse, "ask": tickets.ask, "reply": tickets.reply,
    "progress": tickets.progress, "conclude": tickets.conclude, "unfinished": tickets.keep_open, "take": tickets.take,
    "resolve": tickets.resolve, "back": tickets.sign_in, "extend": tickets.extend, "priority": tickets.prioritise,
    "delegate": handing_on.delegate, "send_back": handing_on.send_back, "guardian_phoned": guardians.book,
    "guardian_link": guardians.send,
}  # fmt: skip


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """An order in words, or the words that an order waits for; None when it is neither.

    A verb acts on the ticket whose card is quoted or whose number is named, never on "the latest": with none named
    the open matters are listed. A quotation without a verb is a reply to that ticket.
    """
    if (aside := staff_asides.hear(turn, talk, incoming)) is not None:
        return aside
    order, number, named = _meant(turn, incoming)
    if named is not None and turn.person is not None and named.requester_id == turn.person.id:
        return None  # One's own matter is heard as anybody's is.
    if order is not None and (said := loose_orders.hear(turn, talk, order, named)) is not None:
        return said
    if order is not None and order.verb == "undo":
        return taking_back.hear(turn, talk, order, named)
    words, files = incoming.text.strip(), incoming.files
    if order is None and incoming.quote and (words or files):
        return turn_to(turn, talk, named, "reply", words, files)
    if order is not None and order.verb in VERBS and (order.number or incoming.quote):
        return turn_to(turn, talk, named, order.verb, order.words, files)
    waits = talk.order if talk.order is not None and talk.order.verb in WAITS else None
    if order is not None and order.verb in LISTS and not (waits and order.words):
        talk.order = None
        half = HALVES.get(half_named(incoming.text), LISTS[order.verb])
        return (half(turn),)
    if waits is not None and (words or files) and (order is None or order.verb not in VERBS or order.words):
        if command(incoming.text) in LEAVES:
            # Not the reason of a refusal: something else is wanted, and cancelling says so itself.
            talk.order = talk.order if command(incoming.text) == "cancel" else None
            return None
        return _finish(turn, talk, waits, words, files)
    if order is not None and order.verb in VERBS:
        talk.order = None
        return (_whose(turn, talk, order),)
    return None if talk.draft is not None and not talk.draft.shelved else _loose(turn, incoming, number, named, order)


def _meant(turn: Turn, incoming: Incoming) -> tuple[Spoken | None, str, Ticket | None]:
    """The order in a message, the number that it is about ("" for none), and the ticket of that number."""
    order = named_decision.order_of(turn, _staffs(read_order(incoming.text), incoming.quote), incoming)
    number = (order.number if order else read_number(incoming.text)) or incoming.quote
    named = tickets.by_number(turn, number) if number else None
    if named is None and order is not None and order.tail and not number and order.verb in VERBS | loose_orders.VERBS:
        found = lists.by_tail(turn, order.tail)
        named = tickets.by_number(turn, found.number) if found else None
        order = replace(order, number=found.number, words=order.rest) if found else order
    return order, number, named


def _loose(
    turn: Turn, incoming: Incoming, number: str, named: Ticket | None, order: Spoken | None
) -> Replies | None:  # fmt: skip
    """A file alone, or a number with words that are no order."""
    words = incoming.text.strip()
    if order is None and number and words:
        return loose_orders.numbered(turn, words, named)
    if incoming.files and not words:
        return (Reply(text=turn.say("staff.file_whose")),)
    return None


def _whose(turn: Turn, talk: Talk, order: Spoken) -> Reply:
    """The matters that a verb fits, of the student whose name begins the words, else all; words for one of them are kept
    for the very next press."""
    whom, name = lists.named_first(turn, order.words)
    rest = after_name(order.words, name)
    listed = lists.fitting(turn, order.verb, every=order.every, whom=whom, name=name)
    if not rest or order.every or order.verb not in KEEPS or not listed.choices:
        return listed
    talk.beside = Kept(ask=order.verb, ticket="", words=rest, at=talk.rev)
    return listed.model_copy(update={"text": f"{listed.text}\n{turn.say('loose.words_kept', words=rest[:60])}"})


def _staffs(order: Spoken | None, quote: str) -> Spoken | None:
    """The order as staff mean it: what a student says of an answer (「已解决」), staff say of the work; what a student
    takes back is a wish (「撤回」), what staff take back a decision."""
    if order is not None and order.verb == "correct" and not (order.number or order.tail or quote):
        return None  # An answer in a form is corrected in these words, too.
    if order is not None and order.verb == "fill" and (order.number or quote) and order.words:
        return replace(order, verb="ask")  # 「QJ-… 补充医院证明」, said by staff, asks for it.
    if order is not None and order.verb == "withdraw" and (order.number or order.tail or not order.words):
        return replace(order, verb="undo")
    return replace(order, verb="resolve") if order is not None and order.verb == "helped" else order


def _finish(turn: Turn, talk: Talk, order: Order, words: str, files: tuple[Upload, ...]) -> Replies:
    """The words that an order waited for. One that can be carried out no more is dropped, so that it never stands
    in the way of what is said next: the ticket was decided by somebody else, or is out of the speaker's reach."""
    try:
        return act(turn, talk, reach(turn, tickets.get(turn, order.ticket)), order.verb, words, files)
    except Refused as refused:
        if not refused.key.startswith(VOID):
            raise
        talk.order = None
        return (Reply(text=turn.say(refused.key, **refused.values)),)


def reach(turn: Turn, ticket: Ticket | None, verb: str = "") -> Ticket:
    """The ticket if the speaker's duties reach it now; otherwise the same refusal as for one that does not exist."""
    if ticket is None or turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        raise repeating.unreached(turn, ticket, verb)
    return ticket


def turn_to(
    turn: Turn, talk: Talk, ticket: Ticket | None, verb: str, words: str = "", files: tuple[Upload, ...] = ()
) -> Replies:  # fmt: skip
    """One verb on a ticket that was named or pressed. What a prompt waited for before is over, also where the verb is
    refused: what is said next must never go to a student as the words of something that was left.

    Looking at the very matter, or asking for the same once more, leaves the prompt where it is.
    """
    waited = talk.order
    here = ticket is not None and waited is not None and waited.ticket == ticket.id
    if waited is not None and not (here and verb in ("show", "more", waited.verb)):
        talk.order = None
    try:
        found = ticket if verb == "undo" and ticket is not None else reach(turn, ticket, verb)
        return act(turn, talk, found, verb, words, files)
    except Refused as refused:
        if talk.order is waited:
            raise
        return (Reply(text=refusal(turn, refused)),)


def refusal(turn: Turn, refused: Refused) -> str:
    """The reason of a refusal in words; of a matter out of reach staff read where theirs are, not where a student's are."""
    is_staff = turn.person is not None and turn.person.kind == "staff"
    key = "staff.not_reached" if is_staff and refused.key == "ticket.not_found" else refused.key
    return turn.say(key, **refused.values)


def act(
    turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str = "", files: tuple[Upload, ...] = ()
) -> Replies:  # fmt: skip
    """One verb on one ticket; asks for the words where the verb needs them, and echoes student, number and dates.

    files: sent with the words. They become the ticket's with what the student reads; with all else they are left, and
    that is said, since a student sees whatever belongs to the ticket.
    """
    if files and verb not in ENCLOSES:
        (first, *more) = act(turn, talk, ticket, verb, words)
        return (first.model_copy(update={"text": f"{turn.say('staff.file_left')}\n{first.text}"}), *more)
    if verb == "show":
        if ticket.private:
            audit(turn.session, turn.now, turn.person.id if turn.person else None, "opened", ticket.number)
        return student.show(turn, ticket, staff=True)
    if verb == "undo":
        return taking_back.undo(turn, ticket)
    if verb == "guardian_link":
        return (guardians.offer(turn, ticket, words),)
    if verb not in VERBS:
        raise Refused("form.stale")
    verb, words = asked_first.meant(turn, ticket, verb, enclosures.named(turn, words, files))
    if len(words) > MOST_WORDS:
        raise Refused("form.too_long", most=MOST_WORDS, count=len(words))
    asked = asked_first.ask(turn, talk, ticket, verb, words)
    asked = asked or (None if words else _instead(turn, talk, ticket, verb))
    if asked is not None:
        return asked
    if verb in colleagues.VERBS:
        return colleagues.act(turn, talk, ticket, verb, words)
    # Somebody in distress reads words from a person, never the bare end of a matter.
    needed = verb in NEEDS_WORDS or (verb == "resolve" and cards.item_of(turn, ticket).urgent)
    if needed and not words:
        tickets.before(turn, ticket, verb)
        talk.order = Order(verb=verb, ticket=ticket.id)
        cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
        return (Reply(text=turn.say(f"staff.{verb}_words", names=cards.names(turn, ticket)), choices=(cancel,)),)
    DO[verb](turn, ticket, words)
    enclosures.join(turn, ticket, files)
    talk.order = None
    return _done(turn, ticket, verb, words)


def _done(turn: Turn, ticket: Ticket, verb: str, words: str) -> Replies:
    """What a verb did, to whom it was told, and the card as it stands now."""
    bare = verb == "resolve" and not words
    words = guardians.phoned(turn, ticket, words) if verb == "guardian_phoned" else words
    shown = turn.say("abroad.words") if words and cards.withheld(turn, ticket) else words
    name = cards.student(turn, ticket)
    # What says that somebody was told never stands beside a word that they could not be.
    unheard = undelivered.foretell(turn, ticket) if verb in ECHOED else ""
    said = turn.say("staff.resolve_done_bare" if bare else f"staff.{verb}_done", names=cards.names(turn, ticket),
                    name=name, words=shown, told=unheard or turn.say("staff.told", name=name))  # fmt: skip
    more = echoes.done(turn, ticket, verb)
    said = more if verb == "delegate" else f"{said}\n{more}" if more else said
    if verb == "sign" and ticket.is_open and ticket.back_at is None:
        said += "\n" + turn.say("staff.next_signature", name=marks.owing(turn, ticket))
    if verb in ("reply", "progress") and unheard:
        said += "\n" + unheard
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=True),
              choices=(*cards.choices(turn, ticket, staff=True), *taking_back.offer(turn, ticket, verb))),
    )  # fmt: skip


def _instead(turn: Turn, talk: Talk, ticket: Ticket, verb: str) -> Replies | None:
    """What is said in place of a verb's usual question for words; None where there is no such thing.
    Words about what stays at home are not asked for where messages leave the country: the card leads to the page.
    """
    if verb not in THERE or cards.item_of(turn, ticket).urgent:
        return None
    if not cards.withheld(turn, ticket):
        return colleagues.ask_result(turn, talk, ticket) if verb == "resolve" else None
    if verb in NEEDS_WORDS | {"resolve"}:
        tickets.before(turn, ticket, verb)
    talk.order = None
    bare = Choice(label=turn.say("verb.bare"), send=f"t:{ticket.id}:bare:{ticket.rev}")
    said = turn.say("abroad.staff_there", names=cards.names(turn, ticket), verb=turn.say(f"verb.{verb}"))
    others = tuple(each for each in cards.choices(turn, ticket, staff=True) if f":{verb}:" not in each.send)
    choices = (bare, *others) if verb == "resolve" else others
    return (Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=choices),)


def greet(turn: Turn, key: str = "") -> Reply:
    """What a member of staff can do here, and how much waits."""
    if turn.person is None:
        raise Refused("ticket.not_found")
    mine = lists.waiting(turn)
    duty = directory.on_duty(turn.session, turn.person.academic_path or directory.root_path(turn.session), turn.now)
    names = turn.say("form.or").join(directory.name_of(person, turn.lang) for person in duty)
    # Where nobody is on the roster, nothing is said of it.
    said = turn.say("staff.hello_duty", duty=names) if names else ""
    head = turn.say("staff.hello", name=directory.name_of(turn.person, turn.lang), duty=said)
    head = turn.say(key) if key else head
    return mine.model_copy(update={"text": f"{head}\n{mine.text}"})
