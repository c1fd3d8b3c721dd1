"""Leave 请销假: its rules are data of the item; here is what follows them, from counting to the return."""

from handlers.services.leave.counting import days
from handlers.services.leave.returning import back
from handlers.services.leave.service import Leave

SERVICE = Leave

__all__ = ["SERVICE", "Leave", "back", "days"]
