"""Values that only the running service can read: AES-256-GCM with a key id, bound to their table, column and row."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
_NONCE: Final = 12
_ID: Final = 4
_FORMAT: Final = b"\x01"
CHECK_PLACE: Final = "meta.value:key-check"
CHECK_WORD: Final = "yizhan"


class WrongKey(Exception):
    """A sealed value that none of the keys opens: another key, or a value moved to another place."""


def key_id(key: bytes) -> bytes:
    """Four bytes that name a key without telling it."""
    return hashlib.sha256(b"yizhan key id" + key).digest()[:_ID]


class Seal:
    """Seals with the current key, opens with the current and the previous ones.

    A place is "table.column:row"; it is authenticated with the value, so a value copied to another row or column
    does not open. Keys are 32 bytes each; ValueError otherwise.
    """

    __slots__ = ("_current", "_index", "_keys")

    def __init__(self, current: bytes, previous: Sequence[bytes] = (), index: bytes = b"") -> None:
        for key in (current, *previous):
            if len(key) != KEY_BYTES:
                message = f"a key has {KEY_BYTES} bytes, this one {len(key)}"
                raise ValueError(message)
        self._current = key_id(current)
        self._keys = {key_id(key): AESGCM(key) for key in (*previous, current)}
        self._index = index or hashlib.sha256(b"yizhan index" + current).digest()

    def __repr__(self) -> str:
        return f"Seal({self._current.hex()}, {len(self._keys)} keys)"

    def close(self, place: str, words: str) -> bytes:
        """Seal a text for a place."""
        nonce = os.urandom(_NONCE)
        sealed = self._keys[self._current].encrypt(nonce, words.encode("utf-8", "replace"), place.encode())
        return _FORMAT + self._current + nonce + sealed

    def open(self, place: str, value: bytes) -> str:
        """Open a text that was sealed for this place; WrongKey if no key fits or the place differs."""
        value = bytes(value)
        key = self._keys.get(value[1 : 1 + _ID])
        if value[:1] != _FORMAT or key is None:
            raise WrongKey(place.partition(":")[0])
        start = 1 + _ID
        try:
            opened = key.decrypt(value[start : start + _NONCE], value[start + _NONCE :], place.encode())
        except (InvalidTag, ValueError):  # ValueError: cut so short that not even a nonce is left
            raise WrongKey(place.partition(":")[0]) from None
        return opened.decode()

    def index(self, column: str, value: str) -> str:
        """A blind index: the same value in the same column gives the same 32 hex digits, and tells nothing else."""
        return hmac.new(self._index, f"{column}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]
