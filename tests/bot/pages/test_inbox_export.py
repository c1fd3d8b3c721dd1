"""What is listed in the inbox as a table: what it leaves out, who took it out, and no formula in a cell."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from models import migrate
from models.ticket import Ticket
from models.unit import one_snapshot
from tests.bad_inputs.place import Place


def test_it_exports_what_is_listed_without_confidential_matters_ex_06(place: Place) -> None:
    ticket = place.leave_of("owner")
    asked = place.post("/console/bulk", "counselor", do="export", picks="", back="/console?view=all")
    assert "导出 1 件？" in asked.text
    table = place.post("/console/bulk", "counselor", do="export", picks="", back="/console?view=all", sure="1")
    assert table.headers["content-disposition"].startswith("attachment; filename=")
    assert table.headers["cache-control"] == "no-store"
    lines = table.body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("编号,事项,学生,学号")
    assert lines[1].startswith(f"{ticket.number},请假,李雷,N0000")
    assert "家里有事" not in table.text
    place.hear("owner", "我不想活了")
    crisis = place.newest("crisis")
    asked = place.post("/console/bulk", "psych", do="export", picks="", back="/console?view=all")
    assert "不导出的 1 件" in asked.text
    assert (
        crisis.number
        not in place.post("/console/bulk", "psych", do="export", picks="", back="/console?view=all", sure="1").text
    )


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(1)", "+1", "-2+3", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", "\u3000=1", " =1",
             '=HYPERLINK("http://evil","x")', "=cmd|'/c calc'!A1"],
)  # fmt: skip
def test_it_lets_no_cell_become_a_formula_ex_01(cell: str) -> None:
    import csv

    from bot import sheets
    from bot.console.bulk import _csv

    written = _csv([["007", cell, f"a,{cell}", f'a"{cell}', f"a；b-1 {cell[:0]}"]])
    ((number, first, apart, quoted, plain),) = list(csv.reader(io.StringIO(written, newline="")))
    assert (number, plain) == ("007", "a；b-1 ")
    assert first.startswith("'")
    assert "".join(first.split("'")) == "".join(cell.split("'"))  # Nothing is lost beside it.
    for mark, inner in ((",", apart), ('"', quoted)):  # A reader that splits there finds no formula either.
        assert inner.split(mark, 1)[1].lstrip().startswith("'")
    book = zipfile.ZipFile(io.BytesIO(sheets.write_sheets([("a", ["x", "y"], [[cell, "007"]])])))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '<c r="A2" t="s">' in sheet  # A text, whatever it begins with.
    assert '<c r="B2" t="s">' in sheet  # With its zeros.


def test_it_exports_for_excel_with_who_took_it_out_ex_03(place: Place) -> None:
    tickets = [place.leave_of("owner"), place.leave_of("classmate")]
    answer = place.post("/console/bulk", "counselor", do="xlsx", picks="", back="/console?view=all", sure="1")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    words = zipfile.ZipFile(io.BytesIO(answer.body)).read("xl/sharedStrings.xml").decode()
    assert all(ticket.number in words for ticket in tickets)
    assert "导出人：韩老师" in words
    assert "共 2 件" in words
    table = place.post("/console/bulk", "counselor", do="export", picks="", back="/console?view=all", sure="1")
    assert "导出人：韩老师（N0003）" in table.text.splitlines()[-1]
    whole = f"/console?view=all&area=/S/&after=-.{'0' * 22}"  # Whatever an address asks for, the reach decides.
    assert (
        place.leave_of("stranger").number
        not in place.post("/console/bulk", "counselor", do="export", back=whole, sure="1").text
    )


def test_it_exports_one_instant_however_much_goes_on_ex_05(postgresql_url: str, tmp_path: Path) -> None:
    migrate.upgrade(postgresql_url)
    place = Place(postgresql_url, tmp_path)
    try:
        first = place.leave_of("owner")

        def query(session: Any) -> tuple[int, int]:
            one_snapshot(session)
            before = session.execute(select(func.count(Ticket.id))).scalar_one()
            place.leave_of("owner")
            return before, session.execute(select(func.count(Ticket.id))).scalar_one()

        assert place.database.read(query) == (1, 1)
        table = place.post("/console/bulk", "counselor", do="export", back="/console?view=all", sure="1").text
        lines = table.splitlines()
        assert [first.number in table, len(lines) - 3, "共 2 件" in lines[-1]] == [True, 2, True]
    finally:
        place.close()
