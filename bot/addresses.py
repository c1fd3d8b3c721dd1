"""What stands in the address of a page: the number of a ticket, the id of a file."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

from bot.forms import Stop

# Of a ticket: its item's prefix, the month, and the count in it, as handlers/tickets/requester.py gives it.
NUMBER: Final = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{4,8}", re.ASCII)
# PostgreSQL refuses a NUL with an error, so nothing that can be no id is looked up.
FILE: Final = re.compile(r"[0-9a-z]{22}", re.ASCII)


def ticket_number(request: Request) -> str:
    """The number of the ticket in an address; one that can be none is answered like what does not exist. Raises Stop."""
    number: str = request.path_params["number"]
    if not NUMBER.fullmatch(number):
        raise Stop(404, "error.not_found")
    return number
