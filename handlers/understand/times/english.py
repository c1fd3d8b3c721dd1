"""The English shapes of time, for students who write or mix in English."""

from __future__ import annotations

from handlers.understand.times import english_makers as make
from handlers.understand.times.english_makers import FESTIVALS
from handlers.understand.times.tokens import Pattern, Token, make_word
from handlers.understand.times.words import ENGLISH

COUNT = rf"(?:\d{{1,3}}(?:\.5)?|{'|'.join(sorted(ENGLISH, key=len, reverse=True))})"
WEEKDAY = (
    r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
EDGE = r"(?<![a-z])"
HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
HOUR = rf"(?:\d{{1,2}}|{HOURS})"


ENGLISH_SHAPES: tuple[Pattern, ...] = (
    # Further away than the next week: as said by many, and understood by few in the same way.
    (rf"{EDGE}next (?:next )+(?:weekend|week|month|{WEEKDAY[1:-1]})(?![a-z])", make_word("fuzzy")),
    (rf"{EDGE}(?:the )?(?:weekend|week|month|{WEEKDAY[1:-1]}) after next(?![a-z])", make_word("fuzzy")),
    (rf"{EDGE}(?:today|tomorrow|{WEEKDAY[1:-1]}) (?:week|fortnight)(?![a-z])", make_word("fuzzy")),
    (
        rf"{EDGE}(?<!for )(?:{COUNT}) (?:week|fortnight)s? (?:(?:on|from|after) (?:next |this )?)?(?:today|tomorrow|{WEEKDAY[1:-1]})(?![a-z])",
        make_word("fuzzy"),
    ),
    (
        rf"{EDGE}(?:first|last|next)(?: {COUNT})? (?:lesson|class|period)(?:e?s)?(?![a-z])|{EDGE}{COUNT} (?:lesson|class|period)(?:e?s)?(?![a-z])",
        make_word("fuzzy"),
    ),
    (
        rf"{EDGE}(?:except|excluding|apart from|other than|(?:whole|entire|rest of the|all) (?:week|month))(?![a-z])",
        make_word("fuzzy"),
    ),
    (r"(?:(?<= )|^)-\d+ ?(?:day|week|hour|month|minute)s?(?![a-z])", make_word("fuzzy")),
    (
        rf"{EDGE}(?:an? )?(half|quarter) (past|after|to) ({HOUR})(?![a-z\d])(?: ?([ap])\.?m(?![a-z])\.?| o'clock)?",
        make.make_past,
    ),
    (rf"{EDGE}({HOURS}) ?(?:([ap])\.?m(?![a-z])(?! i(?![a-z]))\.?|o'clock)", make.make_clock),
    (
        rf"{EDGE}at ({HOURS})(?![a-z\d-])(?! (?:day|week|hour|minute|month|of|people|time|point|place|or)s?(?![a-z]))",
        make.make_at,
    ),
    (rf"{EDGE}between {HOUR} and {HOUR}(?![a-z\d:])(?! ?[ap]\.?m)", make_word("fuzzy")),
    (rf"(?<=between )({HOUR})(?= and {HOUR}(?![a-z\d:]))", make.make_bare),
    (
        rf"(?:(?<=to )|(?<=till )|(?<=until ))({HOURS})(?![a-z\d-])(?! (?:day|week|hour|minute|month|of|people|time|point)s?(?![a-z]))",
        make.make_bare,
    ),
    (
        rf"{EDGE}((?:the )?day after tomorrow|(?:the )?day before yesterday|today|tomorrow|tmrw?|tonight|yesterday)(?![a-z])",
        make.make_offset,
    ),
    (rf"{EDGE}({'|'.join(FESTIVALS)})(?![a-z])", make.make_festival),
    (rf"{EDGE}(?:the )?(last day|end) of (?:the |this |(next ))month(?![a-z])", make.make_month_end),
    (
        rf"{EDGE}(?:(?:{COUNT}|the)? ?(?:day|week)s? (?:before|after)(?! (?:yesterday|tomorrow|today))|after tomorrow|before yesterday)(?![a-z])",
        make_word("fuzzy"),
    ),
    # A week from Monday is one that begins then, or the Monday after.
    (rf"{EDGE}(?<!for )(?:{COUNT}) weeks? from (?=today|tomorrow|the day|next|this|{WEEKDAY[1:]}", make_word("fuzzy")),
    (rf"{EDGE}(?:last night|yesterday night)(?![a-z])", make.make_last_night),
    (rf"{EDGE}(next |this |last |the )?weekend(?![a-z])", make.make_weekend),
    (rf"{EDGE}(next |this |last )week(?![a-z])", make.make_week),
    (rf"{EDGE}every ?(?:day|week|{WEEKDAY})s?(?![a-z])", make.make_recurring),
    (
        rf"{EDGE}(next |this |last |the )?{WEEKDAY}(?<!{EDGE}sun)(?<!{EDGE}sat)(?<!{EDGE}mon)(?<!{EDGE}wed)(?![a-z])",
        make.make_weekday,
    ),
    (
        rf"{EDGE}(?:(?<=on )|(?<=from )|(?<=to )|(?<=until )|(?<=till )|(?<=by )|(?<=-)|(?<=off )|(?=next |this |last )|(?=[a-z]{{3}} (?:next|this) week(?![a-z])))(next |this |last )?(mon|wed|sat|sun)(?![a-z])",
        make.make_weekday,
    ),
    (rf"{EDGE}{MONTH}\.? ?(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:|[ap]m)(?:,? ?(20\d\d)(?!\d))?", make.make_month_first),
    (
        rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?= ?(?:-|to|until|till) ?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? ?{MONTH}(?![a-z]))()",
        make.make_day_first,
    ),
    (rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ?{MONTH}(?![a-z])(?:,? ?(20\d\d)(?!\d))?", make.make_day_first),
    (r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)(?![a-z])(?! (?:floor|year|grade|dorm|building|time))", make.make_dom),
    (rf"{EDGE}(noon|midnight)(?![a-z])", make.make_noon),
    (rf"{EDGE}(?:in the |the )?(morning|afternoon|evening|night)(?![a-z])", make.make_part),
    (rf"{EDGE}([ap]m) ?(?=\d{{1,2}}[点:])", make.make_part),
    (
        r"(?<=[\u4e00-\u9fff])([ap]m)(?![a-z])|(?:(?<=day )|(?<=tomorrow )|(?<=tmr )|(?<=tmrw ))([ap]m)(?=$|[ ,.。~\-])(?! (?:i|we|not|sick)(?![a-z]))",
        make.make_half_day,
    ),
    (r"(?<![\d:.])(\d{1,2}) ?(?:([ap])\.?m(?![a-z])\.?|o'clock)", make.make_clock),
    (
        r"(?:(?<=afternoon )|(?<=morning )|(?<=evening )|(?<=tomorrow )|(?<=day ))(?:from )?(\d{1,2})(?= ?(?:to|until|till|-) ?\d{1,2}(?![\d./]))",
        make.make_at,
    ),
    (
        rf"(?<=from )(\d{{1,2}})(?= ?(?:to|until|till|-) ?\d{{1,2}}(?::\d\d| (?:today|tomorrow|tmrw?|tonight|on |in the |this |next |{WEEKDAY[1:-1]})))",
        make.make_at,
    ),
    (rf"{EDGE}at (\d{{1,2}})(?![\d:.\-/]| ?[ap]m)", make.make_at),
    (rf"{EDGE}in ({COUNT}) ?(day|week|fortnight|month|hour|hr|minute|min)s?(?![a-z])", make.make_later),
    (rf"{EDGE}({COUNT}) ?(day|week|fortnight|month|hour|hr|minute|min)s? (?:later|from now)(?![a-z])", make.make_later),
    (rf"{EDGE}({COUNT}) ?(day|week|fortnight|month|hour|hr|minute|min)s? ago(?![a-z])", make.make_ago),
    (
        rf"{EDGE}(?:(?:next|this|last) (?:month|semester|term)|(?:early|mid|late|end of|beginning of|in)[ \-]{MONTH})(?![a-z])",
        lambda groups: Token("fuzzy"),
    ),
    (rf"{EDGE}half(?:[ \-](?:an?|of the|the))?[ \-]?(day|hour)(?![a-z])", make.make_half),
    (
        rf"{EDGE}(?<!\d)({COUNT})( and a half)?[ \-]?(day|week|fortnight|month|hour|hr|minute|min)s?(?![a-z])( and a half)?",
        make.make_length,
    ),
    (rf"{EDGE}(?:couple|few|several)(?: of)? (?:days?|hours?|weeks?)(?![a-z])", make_word("fuzzy")),
    (
        r"(?:(?<=to )|(?<=till )|(?<=til )|(?<=until )|(?<=\d and ))(\d{1,2})(?![\d:./a-z]| ?(?:[ap]\.?m|days?|weeks?|hours?))",
        make.make_bare,
    ),
    (r"(?<![\d.:/-])(\d{1,2})(?= ?(?:to|until|till|-) ?\d{1,2}(?::\d\d)? ?[ap]\.?m)", make.make_bare),
    (rf"{EDGE}(?:all day|whole day)(?![a-z])", make_word("allday")),
    (rf"{EDGE}(?:right now|now)(?![a-z])", make_word("now")),
    (rf"{EDGE}(?:up to|to|until|til|till|through|thru)(?![a-z])", make_word("to")),
    (rf"{EDGE}(?:from|starting|since|beginning)(?![a-z])", make_word("from")),
    (rf"{EDGE}(?:before|by|no later than)(?![a-z])", make_word("latest")),
    (rf"{EDGE}and(?! a half)(?![a-z])|&", make_word("and")),
    (rf"{EDGE}or(?![a-z])", make_word("or")),
)
# Where any of the above may begin: at the first letter of a word.
WORDS = r"(?<![a-z])[a-z]|&"
