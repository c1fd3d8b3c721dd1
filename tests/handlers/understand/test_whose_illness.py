"""Who is ill: the speaker (病假), or somebody who is looked after (事假)."""

from __future__ import annotations

import pytest

from handlers.understand.slots import pick
from handlers.understand.whose_illness import of_others
from tests.builders import own_catalogue

OTHERS = [
    "爷爷住院我要回家照顾，明天到周三", "我要请假去医院陪我妈，12月1日至12月3日", "室友发烧了，我陪他去医院，请假明天上午",
    "妈妈生病了想请假回家", "我奶奶住院了，明天请假", "我女朋友生病了请假明天照顾她", "带孩子去医院看病，明天请假",
    "我爸要做手术，下周请假三天", "my mother is ill, leave tomorrow", "leave tomorrow to take care of my grandmother in hospital",
    "妹妹发高烧，我得回去", "家里人生病了，请假", "去看望住院的奶奶", "舍友骨折了要我送医院", "姥姥病重",
]  # fmt: skip
OWN = [
    "我住院了，我妈陪我", "我发烧了，室友陪我去医院，请假明天", "发烧了，室友送我去医院", "妈妈带我去医院看病", "我和室友都发烧了",
    "被室友传染感冒了", "生病请假", "明天去医院复查", "我妈叫我去医院", "我爸爸来接我去医院做手术", "肚子疼，同学陪我去校医院",
    "I am ill, my mother takes me to hospital", "感冒了，想请假", "明天去医院拔牙，妈妈陪我",
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kind"), [*((each, "personal") for each in OTHERS), *((each, "sick") for each in OWN)]
)
def test_it_asks_for_no_certificate_of_the_one_who_is_not_ill(words: str, kind: str) -> None:
    field = own_catalogue().items["leave"].field("kind")
    assert field is not None
    found = pick(field, words, loosely=False)
    assert found is not None
    assert (of_others(words), found.key) == (kind == "personal", kind)


@pytest.mark.parametrize("words", ["朋友结婚明天请假", "陪奶奶过生日", "室友一起去面试"])
def test_it_hears_no_illness_where_none_is_told(words: str) -> None:
    assert not of_others(words)
