"""Half-filled forms beside the chat: what was entered on a page is kept with what was said, so that either goes on with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select, update

from handlers import binding, talks
from handlers.sheet import inputs_of
from handlers.talks import Draft
from handlers.turn import Turn
from models.item import Item
from models.outbox import Attachment
from models.person import Account, Person

MOST_TYPED: Final = 4_096  # characters of one input; no answer may be longer


def begun(turn: Turn, item: Item) -> Draft | None:
    """The form of an item as far as the speaker has filled it in, here or in chat; None for one that was not begun."""
    return next((draft for draft in talks.peek(turn).drafts if draft.service == item.slug), None)


def answered(turn: Turn, item: Item) -> dict[str, Any]:
    """What the speaker has answered so far, locked until the unit ends."""
    found = next((draft for draft in talks.load(turn).drafts if draft.service == item.slug), None)
    return dict(found.answers) if found is not None else {}


def keep(turn: Turn, item: Item, answers: dict[str, Any], given: Mapping[str, str] | None = None) -> None:
    """Keep the answers of a page as the speaker's half-filled form, and what was typed there and is none yet (given: by
    the names of inputs). Words in chat are no answer to it until it is gone on with there; buttons that chat showed
    before are old from now on."""
    talk = talks.load(turn)
    draft = next((each for each in talk.drafts if each.service == item.slug), None)
    if draft is None:
        draft = Draft(service=item.slug)
        talk.drafts.insert(0, draft)
    draft.settle()
    draft.answers = {each.key: answers[each.key] for each in item.fields if each.key in answers}
    given = given or {}
    open_ = [name for each in item.fields if each.key not in draft.answers for name in inputs_of(each, given)]
    draft.typed = {name: given[name][:MOST_TYPED] for name in open_ if given[name].strip()}
    draft.asked, draft.asking, draft.heard = list(draft.answers), "", None
    draft.shelved = talk.draft is draft  # One that lies below another comes up by itself.
    talks.save(turn, talk)


def drop(turn: Turn, service: str) -> bool:
    """Let a half-filled form go; whether there was one."""
    talk = talks.load(turn)
    left = [draft for draft in talk.drafts if draft.service != service]
    if len(left) == len(talk.drafts):
        return False
    talk.drafts = left
    talks.save(turn, talk)
    return True


def take_along(turn: Turn, person: Person, account: Account) -> None:
    """Give what a visitor's account has half said to the person who signs in with the same browser, and the files of
    it to that person's own account. turn: the visitor's, whom nobody is bound to."""
    if turn.account is None or turn.person is not None or talks.peek(turn).is_empty:
        return
    loose = select(Attachment.id).where(Attachment.account_id == turn.account.id, Attachment.ticket_id.is_(None))
    turn.session.execute(update(Attachment).where(Attachment.id.in_(loose)).values(account_id=account.id))
    binding.hand_over(turn, person)
