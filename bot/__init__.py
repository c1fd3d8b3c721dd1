"""Wires: doors, courier, clock; everything that waits or touches a network."""

import gc
import os
import signal
import sys
from types import FrameType


def leave(_signal: int = signal.SIGINT, _frame: FrameType | None = None) -> None:
    """End at once on Ctrl-C: nothing is open yet, and a trace of imports tells nobody anything."""
    os._exit(0 if {"run", "demo"} & set(sys.orig_argv) else 128 + signal.SIGINT)


# `python -m bot` comes through here first; its imports take a second, in which Ctrl-C may come already.
if sys.argv[:1] == ["-m"] and "bot" in sys.orig_argv:
    signal.signal(signal.SIGINT, leave)
    gc.disable()  # What is imported stays, and looking through it again and again is a tenth of the start.
