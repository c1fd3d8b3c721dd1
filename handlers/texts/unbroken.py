"""What a line must not break in our sentences: days, times, numbers of tickets, a short name with its number."""

from __future__ import annotations

import re
from typing import Final

# Chinese may break between any two characters, and a date that does is hard to read. Whole are: a day with its weekday
# and its time, a time alone, the same in English, the number of a ticket, and in a list a short name with its number.
_CLOCK = "[0-9]{1,2}:[0-9]{2}"
_TIME = rf"{_CLOCK}(?:–{_CLOCK})?"  # 08:00, 08:00–17:00
_DAY = "[0-9]{1,2}月[0-9]{1,2}日(?:（周[^）]）)?"
_DAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS = "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
WHOLE: Final = re.compile(
    # A day with its hours from to fills a line of a phone: these are two pieces.
    rf"(?:[0-9]{{4}}年)?{_DAY}(?: ?{_CLOCK}(?!–))?"
    rf"|[今明后昨]天 {_TIME}"
    rf"|(?:(?:{_DAYS}),? )?[0-9]{{1,2}} (?:{_MONTHS})\b(?: [0-9]{{4}}\b(?!:)|,? {_CLOCK}(?!–))?"
    rf"|{_TIME}|\b[A-Z]{{1,6}}-[0-9]{{4}}-[0-9]{{4,8}}\b"
    r"|(?:(?<=、)|^)[^\s、（）&;]{1,4}（[0-9A-Za-z]{3,12}）(?=、|$)"
)
