"""Forms of services that were taken out of service while they were half-filled."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from handlers.talks import Talk
from handlers.turn import Turn
from models.item import Words
from models.meta import ItemVersion

_LAST = (
    select(ItemVersion.body).where(ItemVersion.service == bindparam("service")).order_by(ItemVersion.at.desc()).limit(1)
)


def drop_gone(turn: Turn, talk: Talk) -> str:
    """Drop the forms of services that were taken out of service meanwhile; the sentence that says so, "" for none."""
    gone = [draft.service for draft in talk.drafts if draft.service not in turn.school.catalogue.items]
    if not gone:
        return ""
    talk.drafts = [draft for draft in talk.drafts if draft.service not in gone]
    titles = []
    for service in gone:
        body = turn.session.execute(_LAST, {"service": service}).scalar()
        titles.append(Words.model_validate(body["title"]).to(turn.lang) if body else service)
    return turn.say("form.dropped", titles=turn.say("form.or").join(titles))
