"""Every verb that changes a ticket, split by who acts; each ends in record()."""

from handlers.tickets.amending import amend
from handlers.tickets.answering import ask, before, reply, resolve, sign_in, take
from handlers.tickets.decisions import delegate, refuse, send_back, sign, steps_back
from handlers.tickets.extend import extend, prioritise
from handlers.tickets.passing import escalate, follow_up, look_again, pass_over, remind
from handlers.tickets.record import by_number, events_of, get
from handlers.tickets.requester import (
    add,
    answer,
    attach,
    come_back,
    confirm,
    keep_to_limit,
    open_ticket,
    place,
    reopen,
    withdraw,
)
from handlers.tickets.transferring import assign, note, transfer
from handlers.tickets.undoing import newest_of, undo

__all__ = [
    "add",
    "amend",
    "answer",
    "ask",
    "assign",
    "attach",
    "before",
    "by_number",
    "come_back",
    "confirm",
    "delegate",
    "escalate",
    "events_of",
    "extend",
    "follow_up",
    "get",
    "keep_to_limit",
    "look_again",
    "newest_of",
    "note",
    "open_ticket",
    "pass_over",
    "place",
    "prioritise",
    "refuse",
    "remind",
    "reopen",
    "reply",
    "resolve",
    "send_back",
    "sign",
    "sign_in",
    "steps_back",
    "take",
    "transfer",
    "undo",
    "withdraw",
]
