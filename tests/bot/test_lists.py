"""Lists that are uploaded: the rows that are read out of spreadsheets and text, and the files that are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from bot.lists import MOST_ROWS, read_list
from bot.sheets import write_sheets
from models.message import Refused

ROWS = (("学号", "姓名"), ("2023001", "李雷"), ("2023002", "韩梅梅"))
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book(rows: tuple[tuple[str | int, ...], ...] = ROWS) -> bytes:
    (head, *rest) = rows
    return write_sheets([("名单", [str(each) for each in head], rest)])


def changed(parts: Mapping[str, str], data: bytes | None = None) -> bytes:
    """A spreadsheet with some of its parts written anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **parts}:
            new.writestr(name, parts.get(name) or old.read(name))
    return out.getvalue()


def sheet(rows: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>'


@pytest.mark.parametrize(
    "data",
    ["学号,姓名\n2023001,李雷\n\n2023002,韩梅梅".encode(), "学号,姓名\r\n2023001,李雷\r\n2023002,韩梅梅".encode("gb18030"),
     "学号\t姓名\n2023001\t李雷\n2023002\t韩梅梅\n".encode("utf-16"), "学号；姓名\n2023001；李雷\n2023002；韩梅梅".replace("；", ";").encode("utf-8-sig"),
     "学号，姓名\n2023001，李雷\n2023002，韩梅梅".encode(), book(),
     book((("学号", "姓名"), (2023001, "李雷"), (2023002, " 韩梅梅\u200b")))],
)  # fmt: skip
def test_it_reads_the_rows_of_text_and_of_spreadsheets(data: bytes) -> None:
    assert read_list(data) == ROWS


def test_it_reads_the_first_sheet_that_is_shown_and_saved_values_im_11() -> None:
    shown = changed({"xl/worksheets/sheet2.xml": sheet(
        '<row r="3"><c r="B3" t="inlineStr"><is><r><t>20230</t></r><r><t>01</t></r></is></c></row>'
        '<row r="9"><c r="A9"><f>HYPERLINK("http://x")</f><v>2023002.0</v></c><c r="C9" t="str"><f>cmd|x</f><v>甲</v></c></row>')},
        changed({"xl/workbook.xml": _hidden()}, write_sheets([("一", ["学号"], [["9"]]), ("二", ["学号"], [["1"]])])))  # fmt: skip
    assert read_list(shown) == (("", "2023001"), ("2023002", "", "甲"))


def _hidden() -> str:
    with zipfile.ZipFile(io.BytesIO(write_sheets([("一", ["学号"], [["9"]]), ("二", ["学号"], [["1"]])]))) as archive:
        return archive.read("xl/workbook.xml").decode().replace('sheetId="1"', 'sheetId="1" state="hidden"')


XXE = sheet('<row r="1"><c t="str"><v>&x;</v></c></row>', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>')


@pytest.mark.parametrize(
    ("data", "key"),
    [(b"", "file.empty"), (b" \n", "file.empty"), (b"\n,,\n", "list_file.no_rows"), (b"\xd0\xcf\x11\xe0" + b"x" * 600, "list_file.old"),
     (b"\x89PNG\r\n\x1a\n\x00\x00", "list_file.kind"), (b"PK\x03\x04broken", "file.broken"), (book()[:-40], "file.broken"),
     (b"1\n" * (MOST_ROWS + 1), "list_file.long"), (b"%PDF-1.7\n\x00\x01", "list_file.kind"),
     (changed({"xl/vbaProject.bin": "x"}), "list_file.kind"), (changed({"xl/worksheets/sheet1.xml": XXE}), "file.broken"),
     (changed({"xl/worksheets/sheet1.xml": "<a>"}), "file.broken"), (changed({"xl/worksheets/sheet1.xml": XXE.encode("utf-16").decode("latin-1")}), "file.broken"),
     (changed({"xl/worksheets/sheet1.xml": " " * 10_000_001}), "file.bomb"),
     (changed({"xl/worksheets/sheet1.xml": sheet('<row r="1"><c t="s"><v>999</v></c></row>')}), "file.broken"),
     (changed({"xl/_rels/workbook.xml.rels": "<Relationships/>"}), "file.broken"),
     (changed({"xl/workbook.xml": f'<workbook {NS}><sheets><sheet name="a"/></sheets></workbook>'}), "file.broken")],
)  # fmt: skip
def test_it_refuses_what_is_no_list_with_a_sentence_im_11(data: bytes, key: str) -> None:
    with pytest.raises(Refused) as caught:
        read_list(data)
    assert caught.value.key == key
