"""What is said round about: a death, and a night out of the dormitory, as the kind of a leave."""

from __future__ import annotations

import pytest

from handlers.understand.slots import pick
from tests.builders import own_catalogue


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("爷爷走了", "bereavement"), ("爷爷走了 明天请假回家", "bereavement"), ("奶奶去世了，请假", "bereavement"), ("我爷爷昨晚走了，明天要回家", "bereavement"),
        ("外婆没了，请假回去", "bereavement"), ("奶奶昨天不在了，请三天", "bereavement"), ("外公没能挺过来", "bereavement"), ("我爸走了", "bereavement"),
        ("爷爷去世，家里有事，请三天", "bereavement"),
        # Steps, errands and things are no deaths.
        ("爷爷走了过来", None), ("爷爷走了过来，明天请假陪他", None), ("爸爸走了三公里", None), ("我妈走了，我去车站送她", None), ("奶奶没了手机", None),
        ("爷爷去了医院", "personal"),
        ("今晚不回宿舍 和朋友聚会", "night"), ("今晚住外面", "night"), ("今晚不回来了", "night"), ("周六晚上不回寝室，去同学家", "night"),
        ("明天晚上在外面过夜", "night"), ("夜不归宿", "night"), ("中午不回宿舍", None), ("病假，今晚不回宿舍", "sick"), ("今晚住院不回宿舍", None),
    ],
)  # fmt: skip
def test_it_knows_the_kind_from_what_is_said_round_about(words: str, kind: str | None) -> None:
    field = own_catalogue().items["leave"].field("kind")
    assert field is not None
    found = pick(field, words, loosely=False)
    assert (found.key if found else None) == kind
