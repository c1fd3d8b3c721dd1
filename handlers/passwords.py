"""Passwords of staff: which are good enough, how they are kept, and whether one is right."""

from __future__ import annotations

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.message import Refused

# OWASP's cheat sheet asks for at least 19 MiB and two passes; a third costs a few milliseconds.
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
LEAST: Final = 12  # characters; ASVS 5.0 6.2.1 asks for 8 and recommends 15
MOST: Final = 256  # characters; ASVS 5.0 6.2.9 asks for at least 64. Longer ones are refused before they are hashed.
_FEWEST_DIFFERENT: Final = 5
# Words from which people make passwords that look long; what is left without them must still be long enough.
_COMMON: Final = (
    "password", "passw0rd", "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "zxcvbnm", "1qaz2wsx", "1q2w3e4r", "iloveyou",
    "woaini", "5201314", "abc123", "abcdefg", "administrator", "admin", "welcome", "letmein", "counselor", "counsellor",
    "fudaoyuan", "teacher", "laoshi", "student", "xuesheng", "school", "xuexiao", "yizhan", "university", "daxue",
)  # fmt: skip
_RUNS: Final = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
# Compared with where there is no password, so that an unknown number takes as long as a known one.
NOBODYS: Final = _HASHER.hash("nobody's password")


def keep(password: str) -> str:
    """A password as it is stored: Argon2id with its salt, in one line. Slow and hungry (19 MiB) on purpose."""
    return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one kept; "" (none is kept) takes as long, and is never right."""
    try:
        _HASHER.verify(kept or NOBODYS, password[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept) and len(password) <= MOST


def check(password: str, known: tuple[str, ...] = ()) -> None:
    """Refuse a password that is too short, too long, made of one's own number or name, or easily guessed.

    known: number and names of the person. It is taken as it is: not trimmed, and no kinds of characters are demanded
    (ASVS 5.0 6.2.4 to 6.2.12). Raises Refused.
    """
    if len(password) < LEAST:
        raise Refused("console.password_short", least=LEAST)
    if len(password) > MOST:
        raise Refused("console.password_long", most=MOST)
    if len(set(password)) < _FEWEST_DIFFERENT:
        raise Refused("console.password_common")
    plain = password.casefold()
    for word in known:
        folded = "".join(word.casefold().split())
        if len(folded) >= 2 and folded in plain:
            raise Refused("console.password_own")
    rest = plain
    for word in _COMMON:
        rest = rest.replace(word, "")
    if len(_without_runs(rest)) < LEAST // 2:
        raise Refused("console.password_common")


def _without_runs(words: str) -> str:
    """Words without stretches of four and more that stand next to each other in the alphabet or on the keyboard."""
    kept, at = "", 0
    while at < len(words):
        end = at + 1
        while end < len(words) and any(words[at : end + 1] in run or words[at : end + 1] in run[::-1] for run in _RUNS):
            end += 1
        if end - at < 4:
            kept += words[at:end]
        at = end
    return kept
