"""A strict fake of Telegram's Bot API on loopback: people, updates, webhook, methods, limits, files, faults.

[srv] marks what was read in the Bot API server's source, [td] in its library's, [doc] in the official documentation.
"""

from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.limits import Pace
from tests.fakes.telegram.people import JPEG, Group, Person
from tests.fakes.telegram.server import TOKEN, TelegramFake
from tests.fakes.telegram.world import Clock, Sent

__all__ = ["JPEG", "TOKEN", "Clock", "Fault", "Group", "Pace", "Person", "Sent", "TelegramFake"]
