"""Students by their numbers as an answer: what is read out of a pasted list, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import catalogue, field_people
from models.grid import Duty
from models.item import FormField
from models.message import Refused
from tests.builders import turn_of

ASKED = FormField.model_validate({"key": "people", "type": "people", "ask": "谁去？", "most": 3})


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("2023001", ["2023001"]), ("2023001 李雷，2023002 韩梅梅", ["2023001", "2023002"]),
     ("1. 2023001\n2. 2023101\n3. 2023001", ["2023001", "2023101"]), ("２０２３００１、2023002", ["2023001", "2023002"])],
)  # fmt: skip
def test_it_reads_numbers_out_of_a_list(session: Session, words: str, numbers: list[str]) -> None:
    assert field_people.read(turn_of(session, "李雷"), ASKED, words) == numbers


@pytest.mark.parametrize(
    ("words", "key"),
    [("我们几个", "form.no_people"), ("李雷、欧阳㛃", "form.unknown_names"), ("全班", "form.whole_class"),
     ("2023001 韩梅梅", "form.people_apart"), ("2023001、韩梅梅", "form.people_apart"), ("2023001 9999999", "form.unknown_people"), ("T001", "form.unknown_people"),
     ("2023001 2023002 2023101 2023102", "form.many_people")],
)  # fmt: skip
def test_it_refuses_what_is_no_list_of_students(session: Session, words: str, key: str) -> None:
    with pytest.raises(Refused) as caught:
        field_people.read(turn_of(session, "李雷"), ASKED, words)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("李雷、韩梅梅", ["2023001", "2023002"]), ("韩梅梅和李雷", ["2023002", "2023001"]), ("计科2301 李雷同学", ["2023001"])],
)  # fmt: skip
def test_it_takes_classmates_by_their_names(session: Session, words: str, numbers: list[str]) -> None:
    assert field_people.read(turn_of(session, "李雷"), ASKED, words) == numbers


def test_it_takes_the_whole_class_from_a_class_officer_alone(session: Session) -> None:
    turn = turn_of(session, "韩梅梅")
    assert turn.person is not None
    session.add(Duty(id="monitor", person_id=turn.person.id, path=str(turn.person.academic_path), role="monitor",
                     leads=False, from_at=turn.now - timedelta(days=1)))  # fmt: skip
    session.flush()
    everybody = field_people.read(turn, ASKED, "我们班全班")
    assert {"2023001", "2023002"} <= set(everybody)
    assert field_people.read(turn, ASKED, "全班，除了李雷") == [each for each in everybody if each != "2023001"]
    with pytest.raises(Refused):
        field_people.read(turn, ASKED, "全班，除了李雷和韩梅梅")


@pytest.mark.parametrize(
    ("words", "numbers", "left", "said"),
    [("集体公假，2023001 李雷、2023002 韩梅梅 周六去比赛", ["2023001", "2023002"], "集体公假, 周六去比赛", ""),
     ("集体公假：2023001、2023999，周六去参观", None, "集体公假: ,周六去参观", "2023999"),
     ("我们班20个人，周六8点去比赛，电话13800001111", None, "我们班20个人，周六8点去比赛，电话13800001111", "")],
)  # fmt: skip
def test_it_takes_a_list_out_of_a_sentence(
    session: Session, words: str, numbers: list[str] | None, left: str, said: str
) -> None:
    """What names students by their numbers is the list and no part of a reason; a wrong number is said and takes nothing."""
    found = field_people.in_sentence(turn_of(session, "李雷"), catalogue.load().items["group-leave"], words)
    assert found.answers == ({} if numbers is None else {"people": numbers})
    assert found.left == left
    assert said in found.said
    assert bool(found.said) == bool(said)
