"""What stays off channels whose messages leave the country: a link to the web page stands there instead.

The rule of an item is `Item.stays_home`, the channels are the school's (`School.abroad`). PIPL, articles 28 to 30 and
38 to 40: sensitive personal information, and what leaves the country, ask for a consent of their own, which a message
to a bot is not.
"""

from __future__ import annotations

from typing import Final

from handlers.turn import Turn
from models.item import FormField, Item
from models.message import Choice, Link, Refused, Reply
from models.ticket import Ticket

# Notices that quote words have a sentence without them, for channels whose messages leave the country.
WITHOUT_WORDS: Final = frozenset({
    "asked_requester", "nudged_requester", "answered_assignee", "added_assignee", "replied_requester",
    "progressed_requester", "kept_open_requester", "resolved_requester", "refused_requester", "reopened_assignee",
    "extended_requester", "paged_to", "delegated_to", "sent_back_to", "assigned_to", "transferred_to", "noted_assignee",
    "noted_to", "urged_assignee", "urged_to", "merged_requester", "concluded_requester", "closed_requester",
    "rated_assignee", "rated_to", "supervised_to", "supervised_assignee", "amended_assignee", "amended_former",
    "reopened_up_assignee",
    "revised_requester", "corrected_refused_requester", "corrected_asked_requester", "corrected_resolved_requester",
    "corrected_signed_requester", "corrected_former", "corrected_approved_requester",
    "corrected_approved_back_requester", "corrected_taken_requester", "lapsed_requester", "rule_told_to",
    "rule_warned_requester",
})  # fmt: skip


def stays_home(turn: Turn, ticket: Ticket) -> bool:
    """Whether answers and words of a ticket stay off channels that leave the country; an item's newest wording may only
    add to what it said when the ticket was opened."""
    newest = turn.school.catalogue.items.get(ticket.service)
    item = turn.school.catalogue.item(turn.session, ticket.service, ticket.version)
    return item.stays_home or (newest is not None and newest.stays_home)


def kept(turn: Turn, item: Item, field: FormField) -> bool:
    """Whether a question of an item is not to be asked, nor its answer shown, where this turn speaks."""
    return turn.abroad and item.keeps_home(field)


def guard(turn: Turn, item: Item, field: FormField) -> None:
    """Refuse an answer that is not to be given here; nothing of it enters the form."""
    if kept(turn, item, field):
        raise Refused("abroad.not_stored", label=field.label(turn.lang))


def link(turn: Turn, path: str = "/chat") -> Link:
    """The page where the whole is read and written."""
    return Link(label=turn.say("abroad.open"), url=f"{turn.school.base_url}{path}")


def way(turn: Turn, target: str) -> Choice:
    """The button that answers with a one-time link (handlers/page_links.py): made when it is pressed, so that none ages
    in a stored message. target: a matter's number, a service's slug, or "chat"."""
    words = turn.say("web_link.words", target=target if target[:1].isupper() else "").strip()
    return Choice(label=turn.say("web_link.open"), send=f"w:web:{target}", words=words)


def question(turn: Turn, item: Item, field: FormField, head: str) -> Reply:
    """What stands in the place of a question that is not asked here: the way to the same form as a page.

    head: which question of which form it is.
    """
    said = turn.say("abroad.not_here", label=field.label(turn.lang))
    return Reply(text=f"{head}\n{said}", choices=(way(turn, item.slug),))


def announce(turn: Turn, item: Item, answers: dict[str, object]) -> str:
    """At the start of a form: which of its questions are asked on the web page only; "" where none is."""
    asked = (field for field in item.fields if field.asked(answers, turn.school.seasons))
    labels = [field.label(turn.lang) for field in asked if kept(turn, item, field) and field.key not in answers]
    return turn.say("abroad.begins", labels=turn.say("form.or").join(labels)) if labels else ""


def linked(turn: Turn, reply: Reply, *, bound: bool) -> Reply:
    """A reply whose card says less here than on the web page, with the way there; bound: the reader has an account there."""
    if reply.card is None or not reply.card.elsewhere:
        return reply
    if not bound:
        said = "\n".join(filter(None, (reply.text, turn.say("abroad.unbound"))))
        return reply.model_copy(update={"text": said, "link": link(turn)})
    return reply.model_copy(update={"choices": (*reply.choices, way(turn, reply.card.ticket)), "link": None})
