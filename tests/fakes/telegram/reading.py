"""Requests as the server reads them: parameters as text, whatever way they came, and files."""

from __future__ import annotations

import json
import re
from email.parser import HeaderParser
from urllib.parse import parse_qsl

from aiohttp import web

from tests.fakes.telegram.files import Upload
from tests.fakes.telegram.world import Json, bad


def plain(body: Json) -> dict[str, str]:
    """All parameters as text, as the server keeps them; what is no text is JSON."""
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in body.items()
        if value is not None
    }


async def read(request: web.BaseRequest) -> tuple[dict[str, str], dict[str, Upload]]:
    """Parameters from the query, from JSON, a form or parts, and the files."""
    args = dict(request.query)
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    raw = await request.read()
    if kind == "application/json" and raw:
        try:
            body = json.loads(raw)
        except ValueError:
            raise bad("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad("can't parse JSON object")
        return args | plain(body), {}
    if kind == "application/x-www-form-urlencoded":
        return args | dict(parse_qsl(raw.decode(), keep_blank_values=True)), {}
    if kind == "multipart/form-data":
        parts, files = _parts(request.headers["Content-Type"], raw)
        return args | parts, files
    return args, {}


def _parts(content_type: str, raw: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    boundary = re.search(r'boundary="?([^";]+)', content_type)
    args: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in raw.split(b"--" + boundary[1].encode())[1:-1] if boundary else []:
        head, _, body = part[2:].partition(b"\r\n\r\n")
        headers = HeaderParser().parsestr(head.decode("utf-8", "replace"))
        name = str(headers.get_param("name", "", "content-disposition"))
        filename = headers.get_filename()
        content = body.removesuffix(b"\r\n")
        if filename is None:
            args[name] = content.decode()
        else:
            files[name] = Upload(filename, headers.get_content_type(), content)
    return args, files
