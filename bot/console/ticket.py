"""One ticket: everything that is known of it, and every verb of the chat, done only to what the page showed."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, NoReturn

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.addresses import NUMBER, ticket_number
from bot.console import live
from bot.console.frame import ROOT, console_page, draw, go, refusal
from bot.console.hub import presence
from bot.console.inbox import TICKET, turn_of
from bot.console.opened import hand_out
from bot.console.phrases import of_school
from bot.forms import Stop, read_number, read_query
from bot.pages.words import size
from handlers import access, deciding, own_reminders, sorting, splitting
from handlers.texts import sentences, text, together
from handlers.views import ticket, ticket_others
from models.message import Refused
from models.meta import audit

# The inbox's word for a verb that resolves and goes on to the next matter.
NEXT: Final = "next"
TABS: Final = ("reply", "progress", "note", "transfer", "assign")  # boxes that stand side by side above the words
NO_BOX: Final = ("take", "back", "undo", "show", "conclude", "unfinished")  # verbs without words
# box and phrase: for putting in a ready sentence; to and whom: for giving it to somebody; sure: the other of a merge
FIELDS: Final = ("rev", "words", "box", "phrase", "to", "whom", "sure")
MOST_NAME: Final = 40
MOST_TYPED: Final = 200  # of what is kept in a field of its own, a tag or a line, when it was refused
MADE: Final = "+"  # begins the number of what was split off
AT_ONCE: Final = ("sign", "back", "take", "conclude", "unfinished")  # buttons that need no words
KEYS: Final = {
    "sign": "a", "ask": "s", "refuse": "d", "take": "t", "reply": "r", "progress": "w", "resolve": "e", "back": "b", "note": "n",
    "transfer": "m", "assign": "m", "extend": "l", "priority": "i", "escalate": "c", "merge": "y",
}  # fmt: skip


class Written(NamedTuple):
    """What a form of the page holds, so that nothing of it is lost: the words, to whom, who is looked for, and which
    ready sentence is to be put behind the words; and what was typed beside that box (a tag), with its verb."""

    words: str = ""
    to: str = ""
    whom: str = ""
    phrase: str = ""
    beside: str = ""
    typed: str = ""


NOTHING: Final = Written()
AGAIN: Final = "&again=1"  # ends the address of a page that answers a second press


def _written(call: Call) -> Written:
    form = call.form
    return Written(
        form.get("words").strip(), form.get("to")[:MOST_NAME], form.get("whom")[:MOST_NAME], form.get("phrase")
    )


async def show(call: Call) -> Response:
    """The page of a ticket."""
    asked = read_query(call.request)
    return await _draw(
        call, box=asked.get("do", ""), did=asked.get("did", ""), was=asked.get("was", ""),
        before=read_number(asked.get("before", "")),
    )  # fmt: skip


async def _draw(
    call: Call, status: int = 200, *, box: str = "", did: str = "", was: str = "", wrong: str = "",
    written: Written = NOTHING, since: int | None = None, sure: str = "", before: int = 0,
) -> Response:  # fmt: skip
    """The page. since: the revision that somebody saw before, so that it says what is new. written: kept in the form.
    sure: the other matter of a merge that is asked about, or this one where its proof was not opened."""
    number = ticket_number(call.request)
    there, me = presence(call), call.me.person_id

    def query(session: Any) -> tuple[ticket.Shown | None, str]:
        turn = turn_of(call, session)
        shown = ticket.show(turn, number, _verb(box), of_school(call), written.whom, before)
        others = there.others(shown.id, me) if shown is not None else ()
        return shown, live.said(call.lang, others, ticket_others.names(turn, [each.person_id for each in others]))

    shown, others = await call.web.read(query)
    if shown is None:
        await _denied(call, number)
    there.opened(shown.id, me)
    if shown.private and status == 200:
        now = call.web.now()
        await call.web.write(lambda session: audit(session, now, me, "opened", number))
    # The inbox's key says "assign", which is "transfer" once somebody has the matter.
    asked = "transfer" if box == "assign" and "assign" not in shown.verbs else _verb(box)
    # Words that were written for another verb must not lie in the box whose button sends them to the student.
    instead = "note" if written.words and asked != "reply" and "note" in shown.verbs else "reply"
    verb = asked if asked in shown.verbs and asked not in NO_BOX else instead
    wrong = wrong or _not_now(call.lang, shown, asked)
    # Where there is nothing to correct (any more), it says what to do instead.
    if verb in ("correct", "split") and not shown.people:
        verb, wrong = instead, wrong or shown.because
    chosen = next((each.words for each in shown.ready if each.id == written.phrase), "")
    words = "\n".join(part for part in (written.words or shown.aside.said, chosen) if part)
    return draw(
        call, "ticket", status, view=ROOT, it=shown, base=f"{TICKET}{number}", ticket=TICKET, box=verb,
        is_asked=asked == verb or (bool(wrong) and status != 200), goes_on=box == NEXT and verb == "resolve", words=words,
        wrong=wrong, since=since, others=others, live=f"{live.LIVE}{number}", keys=KEYS, at_once=AT_ONCE, size=size,
        did=_did(call.lang, "progress" if did == "reply" and "conclude" in shown.verbs else did, again="again" in read_query(call.request)), to=written.to, whom=written.whom,
        tabs=[each for each in TABS if each in shown.verbs], label=lambda what, each: label(call.lang, what, each),
        was=was if NUMBER.fullmatch(was) else "", asked_did=did,
        sure=sure, kept={written.beside: written.typed} if written.beside else {}, snooze_ways=own_reminders.WAYS, wanted=asked if asked in AT_ONCE and asked != verb else "",
        seconds=int((shown.undo_until - call.web.now()).total_seconds()) if shown.undo_until else 0,
    )  # fmt: skip


def _not_now(lang: str, shown: ticket.Shown, verb: str) -> str:
    """What is said to whoever comes by a key of the inbox for a verb that does not fit: else a reply would be written in its
    place."""
    if verb in shown.verbs or verb not in deciding.VERBS or verb in ("reply", "undo"):
        return ""
    if shown.because:
        return shown.because
    ways = text(lang, "form.or").join(label(lang, "verb", each) for each in shown.verbs[:4])
    return text(lang, "ticket_page.not_now", verb=label(lang, "verb", verb), why=shown.state, ways=ways)


def _did(lang: str, did: str, *, again: bool) -> str:
    said = label(lang, "did", did) if did in deciding.VERBS else ""
    return together(said, text(lang, "ticket_page.did_once")) if said and again else said


def _verb(box: str) -> str:
    return "resolve" if box == NEXT else box


def label(lang: str, what: str, verb: str) -> str:
    """What a box, its button or its end says of a verb: in words of its own, else the verb's name."""
    key = f"ticket_page.{what}_{verb}"
    return text(lang, key if key in sentences("zh") else f"verb.{verb}")


async def _denied(call: Call, number: str) -> NoReturn:
    """Nothing is there for the reader, who learns no more; the audit keeps who asked for what (ASVS 8.2.2)."""
    now, me = call.web.now(), call.me.person_id
    await call.web.write(lambda session: audit(session, now, me, "denied", number))
    raise Stop(404, "error.not_found")


async def _keep_denied(call: Call, refused: Refused) -> None:
    """The audit keeps that somebody named another matter that is out of reach, or not there (ASVS 8.2.2)."""
    if refused.key == sorting.ELSEWHERE:
        now, me, number = call.web.now(), call.me.person_id, str(refused.values["number"])
        await call.web.write(lambda session: audit(session, now, me, "denied", number))


async def fill_in(call: Call) -> Response:
    """The page again with a ready sentence put in, or with the people that a name fits: what needs no script."""
    return await _draw(call, box=call.form.get("box"), written=_written(call))


async def do(call: Call) -> Response:
    """One verb. What went on meanwhile is shown and nothing done; the words stay in their box."""
    number, asked = ticket_number(call.request), call.request.path_params["verb"]
    verb = _verb(asked)
    if verb not in deciding.VERBS:
        raise Stop(404, "error.not_found")
    rev, written = read_number(call.form.get("rev")), _written(call)

    def unit(session: Any) -> str:
        turn = turn_of(call, session)
        following = ticket.following(turn, number) if asked == NEXT else ""
        to = written.to or written.whom
        try:
            decided = deciding.decide(turn, number, verb, rev, written.words, to, call.form.get("sure"))
            again = ""
        except deciding.Repeated as repeated:
            decided, again = repeated.ticket, AGAIN
        gone = verb == "recuse" and turn.person and not access.may_act(turn.session, turn.person, decided, turn.now)
        if gone:
            return ROOT  # Whoever kept themselves out has no page of it any more.
        return (MADE + splitting.made_by(turn, decided) if verb == "split" else following) + again

    try:
        following = await call.web.write(unit)
    except deciding.Stale as stale:
        what = stale.since.what
        wrong = text(call.lang, "ticket_page.stale_what" if what else "ticket_page.stale", what=what)
        return await _draw(call, 409, box=asked, written=written, wrong=wrong, since=stale.rev)
    except Refused as refused:
        if refused.key == "ticket.not_found":
            await _denied(call, number)
        wrong = refusal(call.lang, refused)
        if verb in sorting.VERBS:
            await _keep_denied(call, refused)
            # What was to be a tag must not lie in the box for words, and must not be lost: it stays in its own field.
            return await _draw(
                call, 422, wrong=wrong, written=Written(beside=verb, typed=call.form.get("words")[:MOST_TYPED])
            )
        await _keep_denied(call, refused)
        if isinstance(refused, deciding.Ahead):
            await call.web.write(lambda session: deciding.look(turn_of(call, session), number))
        asks = isinstance(refused, deciding.Apart | deciding.Unopened)
        sure = str(refused.values["other"]) if asks else ""
        return await _draw(call, 422, box=asked, written=written, wrong=wrong, sure=sure)
    again = AGAIN if following.endswith(AGAIN) else ""
    following = following.removesuffix(AGAIN)
    if following.startswith(MADE):
        return go(f"{TICKET}{number}?did={verb}&was={following.removeprefix(MADE)}{again}")
    if following == ROOT:
        return go(ROOT, "recused")
    return go((f"{TICKET}{following}?did={verb}&was={number}" if following else f"{TICKET}{number}?did={verb}") + again)


async def fetch(call: Call) -> Response:
    """A file of a ticket, for whoever reads its answers."""
    return await hand_out(call, ticket.file)


def routes() -> list[Route]:
    """The ticket's routes."""
    return [
        console_page(f"{TICKET}{{number}}", show),
        console_page(f"{TICKET}{{number}}/files/{{id}}", fetch),
        console_page(f"{TICKET}{{number}}/whom", fill_in, ("POST",), fields=FIELDS),
        console_page(f"{TICKET}{{number}}/phrase", fill_in, ("POST",), fields=FIELDS),
        console_page(f"{TICKET}{{number}}/{{verb}}", do, ("POST",), fields=FIELDS),
    ]
