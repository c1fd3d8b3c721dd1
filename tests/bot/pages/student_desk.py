"""What the tests of students' pages do over and over: fill in a form, look it over, hand it in, send a file with it."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import func, select

from models.base import new_id
from models.ticket import Ticket
from tests.bad_inputs.place import Place, Said


def key() -> str:
    return new_id(datetime.now(UTC))


def leave(place: Place, **other: str) -> dict[str, str]:
    """A whole leave of one afternoon, on a day of its own."""
    day = (place.now.astimezone(place.school.zone) + timedelta(days=place.next_day)).date().isoformat()
    place.next_day += 1
    whole = {"f-kind": "sick", "f-reason": "看牙", "f-off_campus": "no", "f-span-from": day, "f-span-from_half": "14:00",
             "f-span-to": day, "f-span-to_half": "18:00"}  # fmt: skip
    return whole | {f"f-{name.replace('__', '-')}": value for name, value in other.items()}


def fill(place: Place, who: str, service: str, mark: str, do: str = "check", **given: str) -> Said:
    fields: dict[str, Any] = {"key": mark, "do": do, **given}
    return place.post(f"/services/{service}/fill", who, **fields)


def look(place: Place, who: str, service: str, mark: str) -> tuple[Said, str]:
    page = place.call("GET", f"/services/{service}?step=check&key={mark}", who)
    found = re.search(r'name="seen" value="(\w{16})"', page.text)
    return page, found[1] if found else ""


def hand_in(place: Place, who: str, service: str, mark: str) -> Said:
    return place.post(f"/services/{service}/hand-in", who, key=mark, seen=look(place, who, service, mark)[1])


def count(place: Place, service: str) -> int:
    statement = select(func.count(Ticket.id)).where(Ticket.service == service)
    found: int = place.database.read(lambda session: session.execute(statement).scalar_one())
    return found


def number_in(answer: Said) -> str:
    found = re.search(r"/me/([A-Z]{2}-\d{4}-\d{4,8})", answer.headers.get("location", ""))
    assert found is not None, (answer.status, answer.text[:300])
    return found[1]


def upload(
    place: Place, path: str, who: str, fields: dict[str, str], files: list[tuple[str, str, bytes]], accept: str = "*/*"
) -> Said:
    parts = [f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in ({"token": place.token(who, path)} | fields).items()]  # fmt: skip
    for name, called, data in files:
        head = f'--b\r\ncontent-disposition: form-data; name="{name}"; filename="{called}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    return place.call(
        "POST",
        path,
        who,
        {"content-type": "multipart/form-data; boundary=b", "accept": accept},
        b"".join(parts) + b"--b--\r\n",
    )


def picture(color: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(out, "PNG")
    return out.getvalue()
