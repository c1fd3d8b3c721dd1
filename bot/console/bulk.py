"""What is done with several tickets of the inbox at once: approve, take that back, export; each asked for once."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from bot import sheets
from bot.access import Call
from bot.console.frame import ROOT, console_page, draw, go, inside
from bot.console.inbox import turn_of
from bot.forms import Stop
from handlers import approvals
from handlers.approvals import Pick
from handlers.texts import text
from handlers.turn import Turn
from handlers.views import inbox
from handlers.views.inbox_filter import Filter, read, read_place
from models.meta import audit
from models.unit import one_snapshot

MOST_EXPORTED: Final = 5_000
PICKED: Final = tuple(f"p{place}" for place in range(1, inbox.SIZE + 1))  # the boxes of a page's rows
_PICK: Final = re.compile(r"([0-9a-z]{22})\.([0-9]{1,9})")
HEADS: Final = (
    "number",
    "item",
    "student",
    "student_number",
    "place",
    "about",
    "status",
    "who",
    "opened",
    "owed",
    "tags",
)
# With the full-width forms, which some spreadsheets take for the same.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where a spreadsheet that splits by another mark, or minds no quotes, would begin a cell of its own (ASVS 1.2.10).
_INNER: Final = re.compile(r"""([,;|\t\r\n"][ \u3000]*)(?=[=+@＝＋－＠-])""")


async def do(call: Call) -> Response:
    """Approve or export what was picked, all of the page where nothing was; more than one is asked for first."""
    verb = call.form.get("do")
    if verb == "approve":
        return await _approve(call)
    if verb in ("export", "xlsx"):
        return await _export(call)
    raise Stop(422, "error.request")


async def _approve(call: Call) -> Response:
    back, picks = inside(call.form.get("back")), picked(call)
    sure = call.form.get("sure") == "1"
    if not sure:
        judged = await call.web.read(lambda session: _judge(call, session, picks, back))
        # What is not theirs is left out without a word, and the audit keeps who asked for it.
        if len(judged) < len(picks):
            await call.web.write(lambda session: _keep_denied(call, session, picks))
        fit = [each for each in judged if not each.flag]
        if len(picks) != 1 or len(fit) != 1:
            left_out = [each for each in judged if each.flag]
            return draw(call, "bulk", verb="approve", fit=fit, left_out=left_out, back=back,
                        picks=" ".join(f"{each.pick.id}.{each.pick.rev}" for each in fit), count=len(fit), most=0, whole=not picks)  # fmt: skip
    done = await call.web.write(lambda session: approvals.approve(turn_of(call, session), picks))
    more = f"bulk={done.bulk}" + (f"&left={len(done.left_out)}" if done.left_out else "")
    return go(f"{back}{'&' if '?' in back else '?'}{more}")


def _judge(call: Call, session: Any, picks: Sequence[Pick], back: str) -> list[approvals.Judged]:
    """What is asked about, one student's together and in the order of their numbers, since each adds to those before it."""
    turn = turn_of(call, session)
    judged = approvals.judge(turn, picks or _of_page(turn, back))
    whose = [each.names.partition(" · ")[0] for each in judged]
    return sorted(judged, key=lambda each: (whose.index(each.names.partition(" · ")[0]), each.number))


def _keep_denied(call: Call, session: Any, picks: Sequence[Pick]) -> None:
    approvals.picked(turn_of(call, session), picks, lambda _ticket, _pick: "", lock=True)


def _of_page(turn: Turn, back: str) -> list[Pick]:
    """Every ticket of the page that one came from that asks for a signature."""
    asked, after = _asked(back)
    rows = inbox.inbox(turn, asked, read_place(after)).rows
    return [Pick(row.id, row.rev) for row in rows if row.to_sign]


def _asked(back: str) -> tuple[Filter, str]:
    values = dict(parse_qsl(urlsplit(back).query))
    return read(values), values.get("after", "")


def picked(call: Call) -> list[Pick]:
    """What was picked: by the script in one field, without it by the rows' own boxes. Raises Stop."""
    words = [call.form.get("picks"), *(call.form.get(name) for name in PICKED)]
    return list({pick.id: pick for pick in _picks(" ".join(words))}.values())


def _picks(value: str) -> list[Pick]:
    """What a form names: ids with revisions, apart by spaces. Raises Stop."""
    found = []
    for word in value.split():
        pick = _PICK.fullmatch(word)
        if pick is None:
            raise Stop(422, "error.request")
        found.append(Pick(pick[1], int(pick[2])))
    return found


async def undo(call: Call) -> Response:
    """Take one's own bulk approval back while nobody was told of it."""
    back, bulk = inside(call.form.get("back")), call.form.get("bulk")
    count = await call.web.write(lambda session: approvals.take_back(turn_of(call, session), bulk))
    return go(f"{back}{'&' if '?' in back else '?'}undone={count}")


# -- export


async def _export(call: Call) -> Response:
    back, picks = inside(call.form.get("back")), picked(call)
    rows, more = await call.web.read(lambda session: _rows(call, session, picks, back))
    fit = [row for row in rows if not row.private]
    if call.form.get("sure") != "1":
        left_out = [row for row in rows if row.private]
        return draw(call, "bulk", verb="export", fit=(), left_out=left_out, back=back, count=len(fit),
                    picks=" ".join(f"{pick.id}.{pick.rev}" for pick in picks), most=MOST_EXPORTED if more else 0)  # fmt: skip
    now, me, zone = call.web.now(), call.me, ZoneInfo(call.web.settings.school.zone)
    await call.web.write(lambda session: audit(session, now, me.person_id, "exported", f"{len(fit)} tickets"))
    name, cells = f"tickets-{now.astimezone(zone):%Y%m%d-%H%M}", _cells(call.lang, fit, zone)
    # Who took it out of the house and when stands in the file itself.
    by = text(call.lang, "inbox.export_by", name=me.name, number=me.number, at=_local(now, zone), count=len(fit))
    if call.form.get("do") == "xlsx":
        width = len(cells[0])
        sheet = (text(call.lang, "console.inbox"), cells[0], [*cells[1:], [""] * width, [by, *[""] * (width - 1)]])
        # Five thousand rows take a third of a second, in which nobody else should wait.
        return _file(f"{name}.xlsx", sheets.MEDIA, await asyncio.to_thread(sheets.write_sheets, [sheet]))
    # With the mark of its encoding, without which Excel takes Chinese for something else.
    return _file(f"{name}.csv", "text/csv; charset=utf-8", ("\ufeff" + _csv([*cells, [], [by]])).encode())


def _file(name: str, media: str, data: bytes) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(data, media_type=media, headers=headers)


def _rows(call: Call, session: Any, picks: Sequence[Pick], back: str) -> tuple[tuple[inbox.Row, ...], bool]:
    one_snapshot(session)  # However much goes on meanwhile, the file is of one instant.
    turn = turn_of(call, session)
    if picks:
        return inbox.rows_of(turn, [pick.id for pick in picks]), False
    ids, more = inbox.all_ids(turn, _asked(back)[0], MOST_EXPORTED)
    rows: list[inbox.Row] = []
    for start in range(0, len(ids), 500):
        rows += inbox.rows_of(turn, ids[start : start + 500])
    return tuple(rows), more


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _cells(lang: str, rows: Sequence[inbox.Row], zone: ZoneInfo) -> list[list[str]]:
    """The heads, and a line of cells for each row."""
    heads = [text(lang, f"inbox.head_{name}") for name in HEADS]
    return [heads, *([row.number, row.title, row.student, row.student_number, row.place, row.about, row.said, row.who,
                      _local(row.opened_at, zone), _local(row.owed_at, zone), " ".join(row.tags)] for row in rows)]  # fmt: skip


def _csv(lines: Sequence[Sequence[str]]) -> str:
    """Lines as CSV. What a spreadsheet would reckon out is kept a text by an apostrophe (OWASP)."""
    paper = io.StringIO()
    sheet = csv.writer(paper, lineterminator="\r\n")
    for line in lines:
        sheet.writerow([_harmless(cell) for cell in line])
    return paper.getvalue()


def _harmless(cell: str) -> str:
    told = _INNER.sub(r"\1'", cell)
    return f"'{told}" if cell.lstrip(" \u3000").startswith(_FORMULA) else told


def routes() -> list[Route]:
    """The routes of what is done with several tickets."""
    return [
        console_page(f"{ROOT}/bulk", do, ("POST",), fields=("do", "picks", "back", "sure", *PICKED)),
        console_page(f"{ROOT}/bulk/undo", undo, ("POST",), fields=("bulk", "back")),
    ]
