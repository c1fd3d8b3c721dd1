"""Which button words mean that the last answer offered: its number, its label, or a yes or no to its question."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

from handlers import staff, student
from handlers.turn import Turn
from handlers.understand.intents import command
from handlers.understand.orders import read_number
from models.message import Incoming

_HEAD: Final = re.compile(r"[(,]")  # the name that begins a label ends here; both stand in it as `plain` writes them
_ENDS: Final = " .!~\u3002\uff61"  # full stops and the like, which nobody means by a label


def picked(turn: Turn, incoming: Incoming) -> Incoming:
    """A number or a label that the last answer offered counts as its button; what was offered counts for one turn.

    A bare verb of staff's (「同意」) is nobody's button: a notice about another matter may stand above the input by now,
    so it acts only with a number or on a quotation. Numbers stand before labels that name their matter, and a notice
    has none of its own (handlers/notices.py), so a number never means anything but the list that shows it.
    """
    if incoming.press or turn.account is None or not turn.account.offered:
        return incoming
    said = plain(incoming.text[:80])
    if not said:
        return incoming
    numbered = [entry for entry in turn.account.offered if not entry[1]]
    if said.isascii() and said.isdigit() and 0 < int(said) <= len(numbered) and len(said) < 3:
        return replace(incoming, press=numbered[int(said) - 1][2])
    shown = _folded("\0".join(part for label, words, _ in turn.account.offered for part in (label, words)))
    if said not in shown and command(said) not in ("confirm", "deny"):
        return incoming  # As mostly: it stands on no button, and says neither yes nor no.
    for label, words, send in turn.account.offered:
        if said in (plain(label), plain(words)) and not _names_nothing(turn, said, send):
            return replace(incoming, press=send)
    meant = _consented(said, [entry for entry in turn.account.offered if not entry[2].startswith(("f:", "t:"))])
    return replace(incoming, press=meant) if meant else incoming


def _consented(said: str, others: list[list[str]]) -> str:
    """「是」 and 「好的」 are the one button that is pressed by a word of consent, a name or the beginning of a label is the one
    that begins with it, and 「不是」 leaves what the other button would do. What that button sends, "" for none."""
    word = command(said) if others else None
    said_by = {send: command(words) for _, words, send in others} if word in ("confirm", "deny") else {}
    meant = [
        send for label, _, send in others
        if (word is not None and said_by.get(send) == word) or said == _HEAD.split(plain(label))[0].strip()
    ]  # fmt: skip
    if word == "deny" and not meant and "confirm" in said_by.values():
        meant = [send for send, each in said_by.items() if each == "cancel"]
    return meant[0] if len(meant) == 1 else ""


def plain(words: str) -> str:
    """Words as they are compared: marks and letters in one width, no full stop at the end."""
    folded = _folded(words).strip()
    return folded.rstrip(_ENDS) or folded


def _folded(words: str) -> str:
    return unicodedata.normalize("NFKC", words).lower()


def _names_nothing(turn: Turn, said: str, send: str) -> bool:
    """Whether words are a verb of staff's on a ticket that they do not name, or a student's 撤回 while several are open."""
    if send.startswith("t:") and (send.split(":")[2], command(said)) in (("back", "return"), ("appeal", "human")):
        return turn.person is not None and turn.person.kind != "staff"  # It may be asked about (leave.returning).
    if send.startswith("t:") and send.split(":")[2] == "withdraw" and not read_number(said):
        return turn.person is not None and turn.person.kind != "staff" and student.open_ones(turn) > 1
    if turn.person is None or turn.person.kind != "staff" or not send.startswith("t:"):
        return False
    return send.split(":")[2] in staff.VERBS - {"bare"} and not read_number(said)
