"""Telegram: the Bot API spoken well, of which nothing below knows."""

from __future__ import annotations

import logging

# At its lowest level the library logs the address with the token, and every text with it. No setting may switch that on.
for _name in ("telegram.Bot", "telegram.request.BaseRequest"):
    logging.getLogger(_name).addFilter(lambda record: record.levelno >= logging.WARNING)
