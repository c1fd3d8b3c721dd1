"""What is said in chat of duty: who answers for a student, and who is on duty now or next."""

from __future__ import annotations

from handlers import directory, on_call, wording
from handlers.turn import Turn


def duty(turn: Turn) -> str:
    """Who answers for a student, and who is on duty now."""
    said = now_on_duty(turn)
    if turn.person is None or turn.person.kind == "staff":
        return said
    path = turn.person.academic_path or directory.root_path(turn.session)
    mine = directory.responsible_for(turn.session, path, "counselor", turn.now, turn.person.id)
    if mine is None:
        return said
    away = directory.acted_for(turn.session, mine.id, path, turn.now, "counselor")
    name = directory.name_of(mine, turn.lang)
    yours = turn.say("duty.yours", name=name)
    if away is not None:
        yours = turn.say("duty.yours_acting", name=directory.name_of(away, turn.lang), stand_in=name)
    return f"{yours}\n{said}"


def now_on_duty(turn: Turn) -> str:
    """Who is on duty now where the speaker studies and lives: name, until when, and the duty line; else who is next."""
    root = directory.root_path(turn.session)
    places = [turn.person.academic_path, turn.person.residential_path] if turn.person is not None else []
    lines: list[str] = []
    for path in dict.fromkeys([place for place in places if place] or [root]):
        lines += [line for line in on_duty_at(turn, path) if line not in lines]
    return "\n".join(lines or _nobody(turn, next((place for place in places if place), None) or root))


def _nobody(turn: Turn, path: str) -> list[str]:
    """That nobody is on duty, who is next, and the duty line."""
    lines = [turn.say("duty.nobody")]
    following = on_call.next_watch(turn.session, path, turn.now)
    if following is not None:
        at = wording.soon(following[1].starts_at, turn.now, turn.lang, turn.school.zone)
        lines.append(turn.say("duty.next", name=directory.name_of(following[0], turn.lang), at=at))
    return lines + _line(turn, path)


def on_duty_at(turn: Turn, path: str) -> list[str]:
    """Who is on duty now for a place, until when, and the duty line; [] where nobody is."""
    found = on_call.watch(turn.session, path, turn.now)
    if not found:
        return []
    first = found[0][1]
    names = turn.say("form.or").join(dict.fromkeys(directory.name_of(person, turn.lang) for person, _ in found))
    until = wording.soon(min(shift.ends_at for _, shift in found), turn.now, turn.lang, turn.school.zone)
    said = turn.say("duty.now", names=names)
    area = directory.grid_name(turn.session, first.path, turn.lang)
    return [said, turn.say("duty.until", area=area, at=until), *_line(turn, first.path)]


def _line(turn: Turn, path: str) -> list[str]:
    phone = on_call.duty_line(turn.session, path)
    return [turn.say("duty.line", phone=phone)] if phone else []
