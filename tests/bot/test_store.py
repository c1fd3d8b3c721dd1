"""The store: what counts as which kind, what a picture loses, and what stays outside."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from bot.store import Store, make_safe, safe_name, sniff
from models.db import Database
from models.message import Refused
from models.outbox import Attachment
from models.person import Account
from models.seal import Seal
from tests.bot.website import NOW


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 30), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, form, **options)
    return out.getvalue()


def office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def kept(folder: Path) -> list[Path]:
    """Every file in the store."""
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


@pytest.fixture
def database(database_url: str) -> Any:
    database = Database(database_url, Seal(b"k" * 32))
    database.run(lambda session: session.add(Account(id="a1", channel="webchat", key="v1", used_at=NOW)))
    yield database
    database.close()


def test_it_keeps_a_file_under_a_random_name_and_gives_it_back(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        store = Store(tmp_path / "files", database)
        upload = await store.keep(b"%PDF-1.7 hello", "证明.pdf", "a1", NOW)
        assert (upload.name, upload.kind, upload.size) == ("证明.pdf", "application/pdf", 14)
        assert await store.read(upload.id) == b"%PDF-1.7 hello"
        (path,) = kept(tmp_path)
        assert path.name == upload.id
        assert path.stat().st_mode & 0o077 == 0
        store.remove(upload.id)
        assert await store.read(upload.id) is None

    asyncio.run(story())


def test_it_keeps_an_hours_share_and_no_more(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        store = Store(tmp_path / "files", database, per_hour=2)
        for _ in range(2):
            await store.keep(b"%PDF-1.7", "a.pdf", "a1", NOW)
        with pytest.raises(Refused) as refused:
            await store.keep(b"%PDF-1.7", "a.pdf", "a1", NOW)
        assert (refused.value.key, refused.value.values) == ("file.too_many", {"most": 2})
        await store.keep(b"%PDF-1.7", "a.pdf", "a1", NOW + timedelta(hours=2))

    asyncio.run(story())
    assert len(kept(tmp_path)) == 3
    assert database.read(lambda session: session.execute(select(func.count(Attachment.id))).scalar()) == 3


@pytest.mark.parametrize(
    ("data", "key"), [(b"", "file.empty"), (b"x" * 101, "file.too_large"), (b"plain", "file.kind")]
)
def test_it_refuses_before_it_writes(database: Database, tmp_path: Path, data: bytes, key: str) -> None:
    with pytest.raises(Refused) as refused:
        asyncio.run(Store(tmp_path / "files", database, most_bytes=100).keep(data, "x", "a1", NOW))
    assert refused.value.key == key
    assert kept(tmp_path) == []


@pytest.mark.parametrize("file_id", ["../../etc/passwd", "", "0" * 21, "0" * 22, "\x00" * 22])
def test_it_reads_nothing_but_its_own_files(database: Database, tmp_path: Path, file_id: str) -> None:
    assert asyncio.run(Store(tmp_path / "files", database).read(file_id)) is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/gif"),
        (b"%PDF-1.4", "application/pdf"),
        (office("[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)  # fmt: skip
def test_it_knows_a_kind_by_content(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (office("a.exe"), "file.kind"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "file.kind"),
        (office(*(f"{number}" for number in range(2001))), "file.bomb"),
        (b"PK\x03\x04broken", "file.broken"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "file.heic"),
        (b"II*\x00tiff", "file.kind"),
        (b"<svg/>", "file.kind"),
        (b"\xff\xd8\xff\xe0 cut off", "file.broken"),
        (picture("JPEG")[:200], "file.broken"),
        (picture("PNG")[:60], "file.broken"),
    ],
)
def test_it_refuses_what_it_does_not_know_fl_09(data: bytes, key: str) -> None:
    with pytest.raises(Refused) as refused:
        make_safe(data)
    assert refused.value.key == key


def test_it_refuses_a_picture_that_unfolds_too_far() -> None:
    with pytest.raises(Refused) as refused:
        make_safe(picture("PNG", (8000, 8000)))
    assert refused.value.key == "file.bomb"


def test_it_takes_place_and_time_out_of_a_photo_and_turns_it_upright_fl_09() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "maker of the phone"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 0.0)
    kind, clean = make_safe(picture("JPEG", (60, 30), exif=exif))
    again = Image.open(io.BytesIO(clean))
    assert kind == "image/jpeg"
    assert again.size == (30, 60)
    assert not again.getexif()
    assert b"maker of the phone" not in clean


def test_it_keeps_the_first_frame_only_fl_09() -> None:
    frames = [Image.new("P", (10, 10), color) for color in range(30)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    kind, clean = make_safe(out.getvalue())
    assert kind == "image/png"
    assert getattr(Image.open(io.BytesIO(clean)), "n_frames", 1) == 1


def test_it_takes_a_photo_made_for_print_fl_09() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (10, 10)).save(out, "JPEG")
    assert Image.open(io.BytesIO(make_safe(out.getvalue())[1])).mode == "RGB"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../../etc/cron.d/x", "x.pdf"),
        ("..\\..\\x", "x.pdf"),
        ("/abs", "abs.pdf"),
        ("C:\\x", "x.pdf"),
        ("a%2e%2e%2fb", "a_2e_2e_2fb.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("名" * 300 + ".pdf", "名" * 80 + ".pdf"),
        ("CON.txt", "file.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("张三\u202efdp.exe", "张三fdp.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("比赛 通知.pdf", "比赛 通知.pdf"),
    ],
)
def test_it_shows_harmless_names_fl_01(name: str, shown: str) -> None:
    assert safe_name(name, "application/pdf") == shown
