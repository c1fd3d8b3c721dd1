"""Who is on an uploaded list: by numbers and by names, in columns anywhere; who is not found, and who is not meant for sure."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import list_files
from handlers.understand.list_heads import head_of
from models.base import new_id
from models.item import FormField
from models.message import Refused
from models.person import Person
from tests.builders import turn_of

ASKED = FormField.model_validate({"key": "people", "type": "people", "ask": "谁去？", "most": 4})
A, B, C = "2023001", "2023002", "2023101"  # 李雷 and 韩梅梅 of one class, 林涛 of another


@pytest.mark.parametrize(
    ("rows", "numbers", "lost", "twice", "apart"),
    [([["学号", "姓名"], [A, "李雷"], [C, "林涛"]], [A, C], [], [], []),
     ([["2026 年比赛名单"], ["序号", "班级", "姓名", "学 号（必填）"], ["1", "计科", "李雷", A], ["2", "计科", "韩梅梅", B]], [A, B], [], [], []),
     ([["姓名"], ["李雷"], ["林涛"], ["李雷"]], [A], ["林涛"], [], []),
     ([["Name", "Student ID"], ["Li Lei", A], ["x", "2099999"]], [A], ["2099999"], [], []),
     ([["学号", "姓名"], [A, "韩梅梅"], [B, "小韩"]], [B], [], [], [f"{A} 韩梅梅"]),
     ([["姓名", "学号"], ["李雷", ""], ["", B], ["学号", "姓名"], ["", ""]], [A, B], [], [], []),
     ([["学号", "姓名", "学号", "姓名"], [A, "李雷", B, "韩梅梅"]], [A, B], [], [], []),
     ([["指导教师姓名", "学号"], ["韩老师", A]], [A], [], [], []),
     ([[A], [B]], [A, B], [], [], []), ([["李雷"], ["王伟"]], [A], [], ["王伟"], []),
     ([["1", "李雷", A], ["2", "林涛", C]], [A, C], [], [], [])],
)  # fmt: skip
def test_it_finds_who_is_on_a_list_and_says_who_is_not(
    session: Session, rows: list[list[str]], numbers: list[str], lost: list[str], twice: list[str], apart: list[str]
) -> None:
    turn = turn_of(session, "李雷")
    assert turn.person is not None
    for number in ("2023091", "2023092"):
        session.add(
            Person(
                id=new_id(turn.now), number=number, name="王伟", kind="student", academic_path=turn.person.academic_path
            )
        )
    session.flush()
    found = list_files.match(turn, ASKED, rows)
    assert (found.numbers, found.lost, found.twice, found.apart) == (numbers, lost, twice, apart)
    assert found.is_whole == (not (lost or twice or apart))


@pytest.mark.parametrize(
    ("rows", "key"),
    [([["学号", "姓名"]], "list_file.nobody"), ([["班级", "电话"], ["计科", "校内"]], "list_file.no_head"),
     ([["学号"], *([str(2023001 + each)] for each in range(5))], "form.many_people"), ([[""]], "list_file.nobody")],
)  # fmt: skip
def test_it_refuses_a_table_that_is_no_list(session: Session, rows: list[list[str]], key: str) -> None:
    with pytest.raises(Refused) as caught:
        list_files.match(turn_of(session, "李雷"), ASKED, rows)
    assert caught.value.key == key


def test_it_finds_nobody_who_left(session: Session) -> None:
    turn = turn_of(session, "李雷")
    gone = session.execute(select(Person).where(Person.number == B)).scalar_one()
    gone.active = False
    session.flush()
    assert list_files.match(turn, ASKED, [["学号"], [A], [B]]).lost == [B]


@pytest.mark.parametrize(
    ("cell", "head"),
    [("学号", "number"), ("学生学号*", "number"), ("Student No.", "number"), ("姓 名", "name"), ("学生姓名：", "name"), ("队员", "name"), ("家长姓名", ""),
     ("指导老师姓名", ""), ("紧急联系人姓名", ""), ("班级", ""), ("学院名称", ""), ("李雷", ""), ("2023001", ""), ("", "")],
)  # fmt: skip
def test_it_knows_the_heads_of_columns(cell: str, head: str) -> None:
    assert head_of(cell) == head
