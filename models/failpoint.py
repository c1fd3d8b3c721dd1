"""Named points at which a test kills the process; without the environment variable they do nothing at all."""

from __future__ import annotations

import os
import signal
from typing import Final

POINTS: Final = ("taken", "received", "answered", "grouped", "committed", "claimed", "sent", "settled", "due",
                 "swept", "ticked")  # fmt: skip
_name, _, _count = os.environ.get("YIZHAN_FAILPOINT", "").partition(":")
_left = int(_count or "1")


def at(name: str) -> None:
    """Die here, as by kill -9, when this point is the named one ("committed:3" dies at the third time)."""
    global _left  # noqa: PLW0603 (a countdown of one process, set by a test from outside)
    if name != _name:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
