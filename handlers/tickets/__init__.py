"""Every verb that changes a ticket, split by who acts; each ends in record()."""

from handlers.tickets.amending import amend
from handlers.tickets.answering import ask, before, reply, resolve, sign_in, take
from handlers.tickets.calling_off import call_off
from handlers.tickets.checking import add_line, drop_line, tick, untick
from handlers.tickets.climbing import read_ahead
from handlers.tickets.continuing import continue_in, resume
from handlers.tickets.correcting import before_correct, correct, decided, is_bare
from handlers.tickets.decisions import delegate, refuse, send_back, sign, steps_back
from handlers.tickets.duplicates import kept_of
from handlers.tickets.extend import before_extend, before_prioritise, extend, prioritise
from handlers.tickets.for_student import acknowledge, answer_for, object_to, opened_by, withdraw_for
from handlers.tickets.judging import asked_last, before_close, close, confirm, rate, reopen, settle, stars_of
from handlers.tickets.keeping import book_back, may_book
from handlers.tickets.merging import before_join, before_merge, may_merge, merge
from handlers.tickets.onward import conclude, keep_open, progress
from handlers.tickets.passing import escalate, follow_up, look_again, pass_over, remind
from handlers.tickets.pressing import before_call_up, call_up, nudge, promise, urge
from handlers.tickets.record import FOLLOWING, RECKONED_LATER, by_number, events_of, get, last_of, write_out
from handlers.tickets.recusing import readmit, recuse
from handlers.tickets.requester import (
    LISTED,
    add,
    answer,
    attach,
    come_back,
    keep_to_limit,
    open_ticket,
    place,
    tell,
    withdraw,
)
from handlers.tickets.ruling import STEPS, come_due, follow, plan, said
from handlers.tickets.snoozing import snooze, unsnooze
from handlers.tickets.splitting import before_split, is_sealed, relate, split, unrelate
from handlers.tickets.tagging import retag, tag, untag
from handlers.tickets.transferring import assign, note, transfer
from handlers.tickets.undoing import is_split, may_undo, newest_of, undo
from handlers.tickets.unending import unbook, unreturn, unwithdraw, unwithdraw_along
from handlers.tickets.watching import miss, watch

FOLLOWING.append(follow)

__all__ = [
    "LISTED",
    "RECKONED_LATER",
    "STEPS",
    "acknowledge",
    "add",
    "add_line",
    "amend",
    "answer",
    "answer_for",
    "ask",
    "asked_last",
    "assign",
    "attach",
    "before",
    "before_call_up",
    "before_close",
    "before_correct",
    "before_extend",
    "before_join",
    "before_merge",
    "before_prioritise",
    "before_split",
    "book_back",
    "by_number",
    "call_off",
    "call_up",
    "close",
    "come_back",
    "come_due",
    "conclude",
    "confirm",
    "continue_in",
    "correct",
    "decided",
    "delegate",
    "drop_line",
    "escalate",
    "events_of",
    "extend",
    "follow_up",
    "get",
    "is_bare",
    "is_sealed",
    "is_split",
    "keep_open",
    "keep_to_limit",
    "kept_of",
    "last_of",
    "look_again",
    "may_book",
    "may_merge",
    "may_undo",
    "merge",
    "miss",
    "newest_of",
    "note",
    "nudge",
    "object_to",
    "open_ticket",
    "opened_by",
    "pass_over",
    "place",
    "plan",
    "prioritise",
    "progress",
    "promise",
    "rate",
    "read_ahead",
    "readmit",
    "recuse",
    "refuse",
    "relate",
    "remind",
    "reopen",
    "reply",
    "resolve",
    "resume",
    "retag",
    "said",
    "send_back",
    "settle",
    "sign",
    "sign_in",
    "snooze",
    "split",
    "stars_of",
    "steps_back",
    "tag",
    "take",
    "tell",
    "tick",
    "transfer",
    "unbook",
    "undo",
    "unrelate",
    "unreturn",
    "unsnooze",
    "untag",
    "untick",
    "unwithdraw",
    "unwithdraw_along",
    "urge",
    "watch",
    "withdraw",
    "withdraw_for",
    "write_out",
]
