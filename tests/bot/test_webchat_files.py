"""Files in the web chat: who may send what, who gets it back, and how it is handed out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from models.outbox import Attachment
from tests.bot.website import HAN, HANMEI, LILEI, Site, enter, make_site

JSON = {"accept": "application/json"}


def picture(form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "green").save(out, form)
    return out.getvalue()


def send(client: Any, token: str, data: bytes, name: str = "照片.png", **more: str) -> Any:
    fields = {"token": token, "text": "", "key": "k" * 20, **more}
    return client.post("/chat/say", data=fields, files={"file": (name, data)}, headers=JSON)


def ids(site: Site) -> list[str]:
    return list(site.database.read(lambda session: session.execute(select(Attachment.id)).scalars().all()))


def test_it_keeps_a_photo_and_gives_it_back_to_its_owner_only_fl_07(site: Site) -> None:
    client = site.client()
    answer = send(client, enter(client, LILEI), picture())
    assert answer.status_code == 200
    assert "照片.png" in answer.json()["entries"][0]["html"]
    (file_id,) = ids(site)
    got = client.get(f"/files/{file_id}")
    assert got.status_code == 200
    assert Image.open(io.BytesIO(got.content)).size == (40, 20)
    for other in (HANMEI, HAN):
        stranger = site.client()
        enter(stranger, other)
        assert stranger.get(f"/files/{file_id}").status_code == 404
    assert site.client().get(f"/files/{file_id}").status_code == 404


@pytest.mark.parametrize("file_id", ["0" * 22, "1", "..%2f..%2fetc%2fpasswd", "%00", "x" * 300])
def test_it_has_no_file_under_a_guessed_id_fl_07(site: Site, file_id: str) -> None:
    client = site.client()
    enter(client, LILEI)
    assert client.get(f"/files/{file_id}").status_code == 404


def test_it_hands_files_out_to_be_saved_fl_01(site: Site) -> None:
    client = site.client()
    send(client, enter(client, LILEI), picture(), "../../etc/cron.d/证 明\r\n.htaccess.png")
    headers = client.get(f"/files/{ids(site)[0]}").headers
    assert headers["content-disposition"].startswith("attachment; filename=\"file\"; filename*=UTF-8''")
    assert "cron.d" not in headers["content-disposition"]
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"


def test_it_ignores_ranges_fl_08(site: Site) -> None:
    client = site.client()
    send(client, enter(client, LILEI), picture())
    ranges = "bytes=" + ",".join(f"{start}-{start + 1}" for start in range(3000))
    got = client.get(f"/files/{ids(site)[0]}", headers={"range": ranges})
    assert got.status_code == 200
    assert got.headers["accept-ranges"] == "none"


@pytest.mark.parametrize(
    "data", [b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", b"MZ\x90\x00", b"<svg onload=alert(1)>", b"#!/bin/sh", b"GIF8", b"\x89PNG\r\n\x1a\nbroken"]
)  # fmt: skip
def test_it_refuses_other_files_with_a_sentence_fl_05(site: Site, data: bytes) -> None:
    client = site.client()
    answer = send(client, enter(client, LILEI), data)
    assert answer.status_code == 422
    assert "文件" in answer.json()["problem"] or "照片" in answer.json()["problem"]
    assert ids(site) == []
    assert site.door.heard == []


def test_it_refuses_two_files_and_large_ones(sqlite_url: str, tmp_path: Path) -> None:
    site = make_site(sqlite_url, tmp_path, server={"max_file_bytes": 4096})
    client = site.client()
    token = enter(client, LILEI)
    assert send(client, token, b"\xff\xd8\xff" + b"x" * 5000).status_code == 413
    assert send(client, token, b"\xff\xd8\xff" + b"x" * 500_000).status_code == 413
    two = [("file", ("a.png", picture())), ("file", ("b.png", picture()))]
    answer = client.post("/chat/say", data={"token": token, "key": "k" * 20}, files=two, headers=JSON)
    assert answer.status_code == 422
    site.database.close()


def test_it_keeps_a_file_once_however_often_it_is_sent(site: Site) -> None:
    client = site.client()
    token = enter(client, LILEI)
    first, again = send(client, token, picture()), send(client, token, picture())
    assert first.json() == again.json()
    assert len(ids(site)) == 1


def test_it_helps_even_when_the_file_beside_the_cry_is_refused(site: Site) -> None:
    client = site.client()
    answer = send(client, enter(client, LILEI), b"not a picture", text="我不想活了")
    assert answer.status_code == 200
    assert site.door.heard[0].file is None
