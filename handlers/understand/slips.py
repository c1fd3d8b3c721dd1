"""Words that ask for the slip of a leave (假条), not for a leave and not how one is written."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SLIP: Final = re.compile(
    r"(?:老师|你好|您好|请问?|麻烦|帮我|给我|把|我想?要?|想|要|查?看一?下?|看看|打开|下载|打印|出示|找|发|生成|调出|[\s,，。:：/])*"
    r"(?:我的?|那张|这张|上次的?|电子|请假的?|的|\s)*(?:请?假条|请假单|假单)(?:的)?\s*(?:链接|二维码|页面|电子版|pdf(?:版|文件)?)?"
    r"(?:给我|发我|发一下|看一?下|看看|打印|呢|在哪(?:里|儿)?(?:看|找|打印)?|怎么(?:看|打开|打印|下载|出示|找)|有(?:吗|没有)|[\s,，。.!！?？~～谢]|一下|吧|了|老师|链接|二维码)*"
    r"|(?:please |show |open |print |where(?:'s| is) |get |see |send |me |a )*(?:my |the )?(?:leave )?(?:slip|leave (?:slip|note|pass|permit))(?: link| please)?[.?! ]*",
    re.IGNORECASE,
)


def wants_slip(words: str) -> bool:
    """Whether words ask to see a slip (「假条」, 「假条在哪里看」); 「请假条怎么写」 asks something else."""
    return len(words) <= 40 and _SLIP.fullmatch(unicodedata.normalize("NFKC", words).strip()) is not None
