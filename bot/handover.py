"""The command by which all that a leaving counselor has is given to another: shown first, resumable, undone within a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot import app
from bot.commands import cli
from bot.telling import Config, Lang, fail, language, plainly, say, settings_of
from handlers import directory, handing
from handlers.texts import text
from handlers.turn import Turn
from models.message import Refused


@cli.command(name="hand-over")
def hand_over(
    number: Annotated[str, typer.Argument(help="The staff number of whoever leaves.")],
    to: Annotated[str, typer.Option("--to", help="The staff number of whoever takes over.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would move.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Give back what was handed over within a day.")] = False,
    config: Config = None,
    lang: Lang = "",
) -> None:  # fmt: skip
    """Give all open tickets, roles, shifts to come and absences to stand in for to a colleague; each student is told once."""
    settings = settings_of(config)
    with plainly():
        parts = app.put_together(settings)

        def unit(work: Callable[[Turn, Any, Any], Any]) -> Any:
            def whole(session: Any) -> Any:
                now = datetime.now(UTC)
                turn = Turn(session, parts.school, now, now, lang=language())
                return work(turn, _staff(turn, number), _staff(turn, to))

            return parts.database.run(whole)

        try:
            _undo(unit, number, to) if undo else _go(unit, number, to, dry=dry_run)
        except Refused as refused:
            fail(text(language(), refused.key, **refused.values))
        finally:
            parts.database.close()


def _staff(turn: Turn, number: str) -> Any:
    found = directory.by_number(turn.session, number)
    if found is None:
        raise Refused("run.no_person", number=number)
    if found.kind != "staff":
        raise Refused("handing.a_student", number=number)
    return found


def _go(unit: Callable[[Any], Any], number: str, to: str, *, dry: bool) -> None:
    def look(turn: Turn, giver: Any, taker: Any) -> tuple[Any, bool]:
        handing.check(turn, giver, taker, by_operator=True)
        newest = handing.newest_of(turn, giver.id)
        return handing.weigh(turn, giver), newest is not None and newest.done_at is None

    load, is_begun = unit(look)
    say(
        "handing.preview", giver=number, taker=to, tickets=load.tickets, students=load.students, duties=load.duties,
        shifts=load.shifts, absences=load.absences,
    )  # fmt: skip
    if load.is_empty and not is_begun:
        say("handing.nothing", giver=number)
        return
    if dry:
        say("handing.dry")
        return
    handover_id: str = unit(lambda turn, giver, taker: handing.begin(turn, giver, taker, by_operator=True).id)
    total = 0
    while moved := unit(lambda turn, *_: handing.go_on(turn, handover_id, by_operator=True)):
        total += moved
        say("handing.progress", tickets=total)
    say("handing.done", tickets=total, giver=number, taker=to)


def _undo(unit: Callable[[Any], Any], number: str, to: str) -> None:
    def find(turn: Turn, giver: Any, taker: Any) -> str:
        newest = handing.newest_of(turn, giver.id)
        return newest.id if newest is not None and newest.to_id == taker.id else ""

    handover_id = unit(find)
    if not handover_id:
        raise Refused("handing.none_to_undo", giver=number, taker=to)
    total = 0
    while back := unit(lambda turn, *_: handing.undo(turn, handover_id, by_operator=True)):
        total += back
    say("handing.undone", tickets=total)
