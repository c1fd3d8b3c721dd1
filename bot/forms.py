"""Reads what a browser posts: two encodings, known fields only, each once, in sound UTF-8; all else is refused."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from models.message import Refused

MOST_FIELDS: Final = 20
MOST_FILES: Final = 9  # of one input
OVERHEAD: Final = 65_536  # what a form with a file may hold beside the file
# What it warns of is answered with a reason; its own lines would stand unstructured in the log.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
_CODE = re.compile(r"[a-z_-]*", re.ASCII)  # what a choice of a form sends, which nobody wrote
_NAME = re.compile(r"[a-z_-]{1,48}")


class Stop(Exception):
    """A request cannot be served: the HTTP status, and the key of the sentence that says why and what to do."""

    def __init__(self, status: int, key: str, headers: Mapping[str, str] | None = None, **values: object) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.headers = dict(headers or {})
        self.values = values
        self.unsent = ""  # what was written on the page that could not be served, to be copied


def of_refusal(refused: Refused) -> Stop:
    """What the core refused, as an answer of the web: 422, for the same reason."""
    stop = Stop(422, refused.key)
    stop.values = refused.values
    return stop


@dataclass(frozen=True, slots=True)
class Sent:
    """A posted file: the name that the browser gave, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form: text fields by name, at most one file, and further files by the names of their inputs."""

    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    file: Sent | None = None
    files: Mapping[str, Sequence[Sent]] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, name: str) -> str:
        """A field's text, "" when it was not sent."""
        return self.fields.get(name, "")


def written(form: Form) -> str:
    """What somebody wrote into a form of matters: its words and its answers, and no password, code or choice."""
    own = (value for name, value in form.fields.items() if name == "words" or name.startswith("f-"))
    return "\n".join(value.strip() for value in own if not _CODE.fullmatch(value.strip()))


async def read_form(
    request: Request, known: Collection[str], most_bytes: int, most_file: int = 0, files: Collection[str] = ()
) -> Form:
    """The form in a request. most_file: bytes of all files (0: none is taken); files: inputs that take several each.

    Raises Stop: 415 for another content type, 413 when too large, 400 for broken encodings and repeated fields, 422
    for fields that the form does not have.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"multipart/form-data" and options.get(b"boundary"):
        body = await read_body(request, most_file + OVERHEAD if most_file else most_bytes)
        fields, sent = _multipart(body, options[b"boundary"], most_bytes, max(MOST_FIELDS, 2 * len(known) + MOST_FILES))
    elif kind == b"application/x-www-form-urlencoded":
        fields, sent = _urlencoded(await read_body(request, most_bytes), max(MOST_FIELDS, len(known))), []
    else:
        raise Stop(415, "error.content")
    one, more = _sorted(sent, files, most_file)
    return Form(_checked(fields, known), one, more)


async def read_body(request: Request, most: int) -> bytes:
    """The body, never more of it in memory than is allowed; raises Stop, 413."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Stop(413, "error.too_large")
        parts.append(part)
    return b"".join(parts)


def _urlencoded(body: bytes, most: int) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most)
    except ValueError:
        raise Stop(400, "error.encoding") from None


class _Parts:
    """Collects what the multipart parser calls back with."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.found: list[tuple[dict[str, bytes], bytearray]] = []
        self._name = bytearray()
        self._value = bytearray()

    def begin(self) -> None:
        self.found.append(({}, bytearray()))
        if len(self.found) > self._most:
            raise Stop(400, "error.encoding")

    def data(self, data: bytes, start: int, end: int) -> None:
        self.found[-1][1].extend(data[start:end])

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name.extend(data[start:end])

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value.extend(data[start:end])

    def header_end(self) -> None:
        self.found[-1][0][self._name.decode("latin-1").lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()


def _multipart(
    body: bytes, boundary: bytes, most_text: int, most: int
) -> tuple[list[tuple[str, str]], list[tuple[str, Sent]]]:
    """The text fields and the files, each with the name of its input."""
    parts = _Parts(most)
    ended: list[bool] = []
    try:
        parser = MultipartParser(boundary, {
            "on_part_begin": parts.begin, "on_part_data": parts.data, "on_header_field": parts.header_field,
            "on_header_value": parts.header_value, "on_header_end": parts.header_end,
            "on_end": lambda: ended.append(True),
        })  # fmt: skip
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise Stop(400, "error.encoding") from None
    if not ended:
        raise Stop(400, "error.encoding")
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, Sent]] = []
    for headers, data in parts.found:
        disposition, options = parse_options_header(headers.get("content-disposition", b""))
        if disposition != b"form-data":
            raise Stop(400, "error.encoding")
        name = options.get(b"name", b"").decode("ascii", "replace")
        if b"filename" in options:
            # A browser sends an empty file for an untouched field.
            if data or options[b"filename"]:
                files.append((name, Sent(options[b"filename"].decode("utf-8", "replace"), bytes(data))))
            continue
        if len(data) > most_text:
            raise Stop(413, "error.too_large")
        try:
            fields.append((name, data.decode("utf-8")))
        except UnicodeDecodeError:
            raise Stop(400, "error.encoding") from None
    return fields, files


def _checked(fields: list[tuple[str, str]], known: Collection[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in fields:
        if name not in known:
            shown = name if _NAME.fullmatch(name) else "?"
            raise Stop(422, "error.unknown_field", name=shown)
        if name in found:
            raise Stop(400, "error.twice")
        if "\0" in value:
            raise Stop(400, "error.encoding")
        found[name] = value.replace("\r\n", "\n")
    return MappingProxyType(found)


def _sorted(
    sent: list[tuple[str, Sent]], known: Collection[str], most: int
) -> tuple[Sent | None, Mapping[str, Sequence[Sent]]]:
    """The one file of a form's input "file", and those of the inputs that take several; raises Stop."""
    ones: list[Sent] = []
    more: dict[str, list[Sent]] = {}
    for name, file in sent:
        if not most or (name not in known and (known or name != "file")):
            raise Stop(422, "error.unknown_field", name=name if _NAME.fullmatch(name) else "?")
        if len(file.data) > most:
            raise Stop(413, "error.file_too_large", most=most // 1_048_576)
        if known:
            more.setdefault(name, []).append(file)
        else:
            ones.append(file)
    if len(ones) > 1:
        raise Stop(422, "error.one_file")
    if any(len(files) > MOST_FILES for files in more.values()):
        raise Stop(422, "error.many_files", most=MOST_FILES)
    return ones[0] if ones else None, MappingProxyType(more)


def read_query(request: Request) -> Mapping[str, str]:
    """The query's parameters, each at most once; unknown ones are left alone (links carry them). Raises Stop."""
    try:
        pairs = parse_qsl(
            request.scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict",
            max_num_fields=MOST_FIELDS,
        )  # fmt: skip
    except ValueError:
        raise Stop(400, "error.encoding") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Stop(400, "error.twice")
        found[name] = value
    return MappingProxyType(found)


def read_number(value: str, most: int = 2**31 - 1) -> int:
    """A number of a stream, 0 when it was not sent; ASCII digits only. Raises Stop."""
    if not value:
        return 0
    if not re.fullmatch(r"[0-9]{1,10}", value) or int(value) > most:
        raise Stop(400, "error.digits")
    return int(value)
