"""Writes a delivery down with the answer that it got, sealed, so that the same delivery gets the same answer again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from handlers import cards
from handlers.texts import text
from models.db import seal_of
from models.message import Incoming, Reply, pack
from models.person import Account
from models.receiving import keep


def label_of(account: Account, press: str) -> str:
    """What stood on the button that was pressed, as far as the last answer or its verb tells."""
    for label, _, send in account.offered:
        if send == press:
            return str(label)
    kind, _, rest = press.partition(":")
    verb = rest.split(":")[1] if kind == "t" and rest.count(":") > 1 else ""
    return text(account.lang or "zh", f"verb.{verb}") if verb in cards.VERBS else ""


def write(
    session: Any, incoming: Incoming, account: Account, seq: int, replies: tuple[Reply, ...], at_: datetime, row_id: str,
    *, status: str = "done", trace: str = "", label: str = "",
) -> None:  # fmt: skip
    """Keep a delivery; `seq` is its number in the account's stream, label what stood on the button that was pressed."""
    said: dict[str, Any] = {"text": incoming.text}
    if incoming.press:
        said |= {"press": incoming.press, "label": label}
    if incoming.file is not None:
        said["file"] = {"id": incoming.file.id, "name": ", ".join(file.name for file in incoming.files)}
    if incoming.quote:
        said["quote"] = incoming.quote
    seal = seal_of(session)
    keep(session, {
        "id": row_id, "channel": incoming.channel, "key": incoming.key, "account_id": account.id, "seq": seq, "at": at_,
        "status": status, "trace": trace,
        "body": seal.close(f"received.body:{row_id}", json.dumps(said, ensure_ascii=False)),
        "answer": seal.close(f"received.answer:{row_id}", pack(replies)),
    })  # fmt: skip
