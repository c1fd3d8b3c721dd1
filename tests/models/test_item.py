"""Service items: what is refused with which words, both spellings, limits, conditions, and the name of a wording."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from models.deadline import Limit
from models.item import FormField, Item, Option, Promise, When, Words

FIELD = {"key": "what", "type": "text", "ask": "哪里坏了？"}
CHOICE = {**FIELD, "type": "choice", "options": ["水", {"key": "power", "label": {"zh": "电", "en": "Power"}}]}


def item(**values: Any) -> Item:
    return Item.model_validate({"slug": "repair", "title": "宿舍报修", "prefix": "BX", **values})


def faults(**values: Any) -> list[tuple[str, str]]:
    """Where and what is wrong."""
    with pytest.raises(ValidationError) as error:
        item(**values)
    return [(".".join(map(str, each["loc"])), each["msg"]) for each in error.value.errors()]


@pytest.mark.parametrize(
    ("values", "where", "what"),
    [
        ({"titel": "x"}, "titel", "Extra inputs are not permitted"),
        ({"title": ""}, "title.zh", "at least 1 character"),
        ({"title": "字" * 201}, "title.zh", "at most 200 characters"),
        ({"title": 5}, "title", "a sentence, or one for each language"),
        ({"prefix": "bx"}, "prefix", "match pattern"),
        ({"prefix": "BXX"}, "prefix", "match pattern"),
        ({"slug": "Repair"}, "slug", "match pattern"),
        ({"tree": "family"}, "tree", "'academic', 'residential' or 'office'"),
        ({"tree": "office"}, "", "an item answered by an office names it: office = …"),
        ({"approval": [{"role": "counselor"}]}, "", "promises by when it is decided: limits.resolve"),
        ({"approval": [{"role": ""}], "limits": {"resolve": "1d"}}, "approval.0.role", "at least 1 character"),
        ({"fields": [FIELD, FIELD]}, "fields", "two fields have the same key"),
        ({"fields": [{**FIELD, "key": "What"}]}, "fields.0.key", "match pattern"),
        ({"fields": [{**FIELD, "type": "colour"}]}, "fields.0.type", "'text', 'long', 'choice'"),
        ({"fields": [{"key": "what", "ask": "？"}]}, "fields.0.type", "Field required"),
        ({"fields": [{**FIELD, "options": ["水"]}]}, "fields.0", "a choice has options, and nothing else has"),
        ({"fields": [{**FIELD, "type": "choice"}]}, "fields.0", "a choice has options, and nothing else has"),
        ({"fields": [{**CHOICE, "options": ["水", "水"]}]}, "fields.0", "two options have the same key"),
        ({"fields": [{**FIELD, "most": 3001}]}, "fields.0.most", "less than or equal to 3000"),
        ({"fields": [{**FIELD, "least": -1}]}, "fields.0.least", "greater than or equal to 0"),
        ({"fields": [{**FIELD, "least": 9, "most": 5}]}, "fields.0", "least 9 is more than most 5"),
        ({"fields": [{**FIELD, "sensitiv": True}]}, "fields.0.sensitiv", "Extra inputs are not permitted"),
        ({"limits": {"respond": "soon"}}, "limits", "respond = soon is no limit"),
        ({"limits": {"respond": "0h"}}, "limits", "respond = 0h is no limit"),
        ({"limits": {"respond": "-4h"}}, "limits", "respond = -4h is no limit"),
        ({"limits": {"respond": "400d calendar"}}, "limits", "respond = 400d calendar is no limit"),
        ({"limits": {"escalate": ["-1h"]}}, "limits", "escalate = -1h is no limit"),
        ({"limits": {"back_escalate": ["-1h"]}}, "limits", "back_escalate = -1h is no limit"),
        ({"limits": {"remind": ["1x"]}}, "limits", "remind = 1x is no limit"),
        ({"limits": {"clock": "moon"}}, "limits.clock", "'work', 'calendar' or 'wall'"),
        ({"limits": {"answer": "1d"}}, "limits.answer", "Extra inputs are not permitted"),
    ],
)
def test_it_says_what_is_wrong_and_where(values: dict[str, Any], where: str, what: str) -> None:
    found = faults(**values)
    assert any(place == where and what in words for place, words in found), found


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ({"field": "days"}, "a condition says over, at_least or one_of"),
        ({"field": "colour", "over": 3}, "a condition names a field of the form: there is no 'colour'"),
    ],
)
def test_it_refuses_conditions_that_cannot_decide(when: dict[str, Any], what: str) -> None:
    chain = {"approval": [{"role": "dean", "when": when}], "limits": {"resolve": "1d"}, "fields": [FIELD]}
    assert any(what in words for _, words in faults(**chain))
    if "over" in when:
        assert item(**chain, code="leave").approval  # Code may derive an answer that no field asks for.


def test_it_takes_both_spellings() -> None:
    written = FormField.model_validate({**FIELD, "type": "long"})
    coded = FormField(key="what", kind="long", ask=Words(zh="哪里坏了？"))
    assert written == coded
    assert item(title="报修") == item(title={"zh": "报修"})
    options = FormField.model_validate(CHOICE).options
    assert options == (Option(key="水", label=Words(zh="水")), Option(key="power", label=Words(zh="电", en="Power")))


def test_it_speaks_two_languages() -> None:
    words = Words(zh="请假", en="Leave")
    assert (words.to("zh"), words.to("en"), Words(zh="请假").to("en")) == ("请假", "Leave", "请假")
    field = FormField.model_validate(CHOICE)
    assert (field.label("zh"), field.label("en")) == ("哪里坏了", "哪里坏了")
    assert field.option("power") == field.options[1]
    assert field.option("gas") is None
    assert item(fields=[FIELD]).field("what") == FormField.model_validate(FIELD)
    assert item().field("what") is None


def test_it_reads_limits_by_their_words() -> None:
    limits = Promise(
        respond="4h", resolve="1d wall", remind=("-1h",), escalate=("+0h", "+4h calendar"), follow_up="7d calendar",
        back="2h", back_remind=("-2h",), back_escalate=("+1d work",),
    ).limits()  # fmt: skip
    assert (limits.respond, limits.resolve) == (Limit(4 * 3600, "work"), Limit(86_400, "wall"))
    assert limits.remind == (Limit(-3600, "work"),)
    assert limits.escalate == (Limit(0, "work"), Limit(4 * 3600, "calendar"))
    assert limits.follow_up == Limit(7 * 86_400, "calendar")
    # A return is an instant of the calendar on the wall, so its offsets are too.
    assert (limits.back, limits.back_remind) == (Limit(7200, "wall"), (Limit(-7200, "wall"),))
    assert limits.back_escalate == (Limit(8 * 3600, "work"),)
    assert Promise(clock="wall", respond="3m").limits().respond == Limit(180, "wall")
    assert Promise().limits().respond == Limit(timedelta(hours=8).seconds, "work")


@pytest.mark.parametrize(
    ("when", "answers", "holds"),
    [
        ({"over": 3}, {"days": 3.5}, True), ({"over": 3}, {"days": 3}, False), ({"at_least": 3}, {"days": 3}, True),
        ({"at_least": 3}, {"days": 2.5}, False), ({"over": 3}, {}, False), ({"at_least": 3}, {}, False),
        ({"over": 3}, {"days": "four"}, False), ({"one_of": ["a", "b"]}, {"days": "b"}, True),
        ({"one_of": ["a"]}, {"days": "b"}, False), ({"one_of": ["a"]}, {}, False),
        ({"over": 1, "at_least": 5}, {"days": 3}, False),
    ],
)  # fmt: skip
def test_it_decides_by_one_answer(when: dict[str, Any], answers: dict[str, Any], holds: bool) -> None:
    assert When.model_validate({"field": "days", **when}).holds(answers) is holds


def test_it_names_every_wording_differently_and_reads_back_what_it_stored() -> None:
    first = item(fields=[CHOICE])
    others = [item(), item(fields=[CHOICE], title="报修"), item(fields=[{**CHOICE, "ask": "哪里坏了?"}]),
              item(fields=[CHOICE], limits={"respond": "5h"}), item(fields=[{**CHOICE, "required": False}])]  # fmt: skip
    names = [each.version() for each in (first, *others)]
    assert len(set(names)) == len(names)
    assert {len(name) for name in names} == {12}
    assert item(fields=[CHOICE]).version() == first.version()
    stored = first.body()
    assert stored["fields"][0]["type"] == "choice"
    assert Item.model_validate(stored) == first
    assert Item.model_validate(stored).version() == first.version()
