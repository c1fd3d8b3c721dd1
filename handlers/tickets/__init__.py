"""Every verb that changes a ticket, split by who acts; each ends in record()."""

from handlers.tickets.answering import ask, before, may_sign, refuse, reply, sign, sign_in, take
from handlers.tickets.passing import escalate, follow_up, look_again, pass_over, remind
from handlers.tickets.record import by_number, events_of, get
from handlers.tickets.requester import add, answer, attach, come_back, confirm, open_ticket, place, reopen, withdraw

__all__ = [
    "add",
    "answer",
    "ask",
    "attach",
    "before",
    "by_number",
    "come_back",
    "confirm",
    "escalate",
    "events_of",
    "follow_up",
    "get",
    "look_again",
    "may_sign",
    "open_ticket",
    "pass_over",
    "place",
    "refuse",
    "remind",
    "reopen",
    "reply",
    "sign",
    "sign_in",
    "take",
    "withdraw",
]
