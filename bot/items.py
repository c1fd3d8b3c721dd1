"""Every mistake in the service items' files, each with its line, whatever else is wrong in the same file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from bot import leftover
from bot.settings import Mistake, Settings
from bot.settings.mistakes import Notes, nearest
from bot.settings.reading import read
from handlers import catalogue, limit_mistakes, rules, wording
from models import seasons
from models.checklist import Checklist, Line
from models.guide import Answer, Guide
from models.item import SLUG, FormField, Instead, Item, Option, Promise, Raised, Shape, Signature, When, Words
from models.leave_rules import KindRules, LeaveRules, Raise, Short
from models.rules import Only, Rule, Then, To

_TABLES: Final[dict[str, type[Shape]]] = {
    "title": Words, "about": Words, "basis": Words, "limits": Promise, "limits.instead": Instead, "priority": Raised, "priority.when": When, "fields": FormField, "fields.options": Option, "fields.ask": Words,
    "fields.title": Words, "fields.hint": Words, "approval": Signature, "approval.title": Words, "approval.when": When, "approval.when.all": When,
    "approval.when.any": When, "approval.when.not": When, "fields.when": When, "leave": LeaveRules, "leave.raise": Raise, "leave.short": Short, "leave.short.when": When, "guides": Guide,
    "guides.answer": Answer, "guides.source": Words, "checklist": Checklist, "checklist.when": When,
    "checklist.lines": Line, "when": Rule, "when.if": Only, "when.if.answers": When,
    "when.then": Then, "when.then.give": To, "when.then.tell": To, "when.then.note": Words, "when.then.words": Words,
}  # fmt: skip

_SLIP: Final = (
    0.85  # how like a known role another must be to be told as a slip though a roster may hold it (counsellor)
)


class _File:
    """One item's file as far as it can be read: its tables, the item if it is one, and what is wrong."""

    def __init__(self, path: Path, lang: str) -> None:
        self.path, self.notes = path, Notes(lang)
        self.data: dict[str, Any] = read(path, self.notes) or {}
        self.item: Item | None = None
        if not SLUG.match(path.stem):
            self.notes.add_at(None, path.name, "item_file_name")
        if self.data:
            self._make()

    def _make(self) -> None:
        slug = self.path.stem if SLUG.match(self.path.stem) else "unnamed"
        try:
            self.item = catalogue.made(slug, self.data)
        except ValidationError as error:
            first = error.errors(include_url=False)
            for detail in (*first, *leftover.further(slug, self.data, first)):
                self.notes.add_error("", detail, _known(), self.path.name)
        except (ImportError, AttributeError):
            self.notes.add(("code",), "item_code", code=self.data.get("code"))
        if self.item is not None and not self.notes.mistakes:
            for where in catalogue.untranslated(self.item):
                line = self.notes.outline.line_of(_place(self.item, where))
                self.notes.add_at(line, where, "item_english", fatal=False)

    @property
    def slug(self) -> str:
        return self.path.stem

    def mistakes(self) -> Iterator[Mistake]:
        found = sorted(self.notes.mistakes, key=lambda mistake: (mistake.line or 0, mistake.where))
        return (replace(mistake, file=self.path) for mistake in found)


def _known() -> dict[str, tuple[str, ...]]:
    """Every table of an item's file with its keys as they are written, to suggest from."""
    known: dict[str, tuple[str, ...]] = {name: () for name in Item.model_fields if name != "slug"}
    for table, shape in _TABLES.items():
        known[table] = tuple(field.alias or name for name, field in shape.model_fields.items())
    return known


def _place(item: Item, where: str) -> tuple[str | int, ...]:
    """The place in the file of "fields.KEY.ask", as catalogue.untranslated names it."""
    table, _, rest = where.partition(".")
    key, _, part = rest.partition(".")
    row = next((row for row, field in enumerate(item.fields) if field.key == key), None)
    return (table,) if row is None else (table, row, part.partition(".")[0])


def mistakes(settings: Settings, lang: str, rostered: bool) -> Iterator[Mistake]:
    """Everything that is wrong with the items of a school: in each file, and between them.

    rostered: whether there is a roster, which tells better than a name which roles of good items nobody holds.
    """
    read_ = [_File(path, lang) for path in catalogue.files(settings.services.folders)]
    chosen = {file.slug: file for file in read_}  # A school's file wins over ours of the same name.
    ours = [file for file in read_ if catalogue.OWN in file.path.parents]
    roles = {role for file in ours for role, _ in _roles(file.data)} | {
        settings.crisis.role,
        "clinic",
        *KindRules().books_return,
        *wording.roles(),
    }
    for file in read_:
        if file.slug in settings.services.off and not (file.item and file.item.hidden):
            yield from (mistake for mistake in file.mistakes() if mistake.fatal)
            continue
        if chosen[file.slug] is file:
            _note_seasons(file, {*seasons.NAMES, *(row.name for row in settings.calendar.seasons)})
            _note_prefix(file, [each for each in chosen.values() if each.slug not in settings.services.off])
            _note_titles(file, [each for each in chosen.values() if each.slug not in settings.services.off])
            for found in limit_mistakes.oddities(file.item) if file.item else ():
                file.notes.add(found.place or ("limits",), found.key, fatal=False, **found.values)
            _note_roles(file, roles, near_only=rostered and file.item is not None)
        yield from file.mistakes()


def _note_prefix(file: _File, others: list[_File]) -> None:
    """A prefix of two items: told in the school's file, since ours is not the one to change."""
    prefix = file.data.get("prefix")
    if catalogue.OWN in file.path.parents:
        return
    for other in others:
        if other is not file and isinstance(prefix, str) and other.data.get("prefix") == prefix:
            file.notes.add(("prefix",), "item_clash", prefix=prefix, other=other.slug)
            return


def _note_titles(file: _File, others: list[_File]) -> None:
    """A title or another name of two items: whoever says it may get the wrong one. Told in the school's file."""
    if file.item is None or catalogue.OWN in file.path.parents:
        return
    title, alias = "title", "aliases"
    for other in others:
        if other is file or other.item is None:
            continue
        theirs = {each.casefold() for each in (other.item.title.zh, other.item.title.en, *other.item.aliases)}
        for key, said in (
            (title, file.item.title.zh), (title, file.item.title.en), *((alias, each) for each in file.item.aliases),
        ):  # fmt: skip
            if said and said.casefold() in theirs:
                file.notes.add((key,), "item_same_name", fatal=False, name=said, other=other.slug)
                break


def _note_roles(file: _File, known: set[str], *, near_only: bool = False) -> None:
    """Roles that no item of ours names and that have no name in our texts. near_only: those that look like a slip for one,
    since a roster tells of the rest. Only what is very like a known role is taken for a slip: a school has roles of its own."""
    for role, place in _roles(file.data):
        if role not in known:
            near = nearest(role, known)
            if near and difflib.SequenceMatcher(None, role, near).ratio() < _SLIP:
                near = None
            if near_only and not near:
                continue
            remedy = "item_role_near_remedy" if near else "item_role_remedy"
            file.notes.add(place, "item_role", fatal=False, remedy=remedy, role=role, near=near or "")


def _note_seasons(file: _File, known: set[str]) -> None:
    """A season that no day can lie in, because nobody knows its name."""
    item = file.item
    if item is None:
        return
    whens: list[tuple[tuple[str | int, ...], When | None]]
    whens = [(("approval", row, "when"), each.when) for row, each in enumerate(item.approval)]
    whens += [(("fields", row, "when"), field.when) for row, field in enumerate(item.fields)]
    whens += [(("tag", row, "when"), tagged.when) for row, tagged in enumerate(item.tag)]
    whens += [(("route", row, "when"), routed.when) for row, routed in enumerate(item.route)]
    whens += [(("checklist", row, "when"), each.when) for row, each in enumerate(item.checklist)]
    whens += [(("when", row, "if", "answers"), rule.only.answers) for row, rule in enumerate(item.when)]
    whens += [(("leave", row, "when"), when) for row, when in enumerate(item.leave.conditions() if item.leave else ())]
    for place, when in whens:
        for name in when.seasons() if when is not None else ():
            if name not in known:
                where = ("leave",) if place[0] == "leave" else place
                file.notes.add(where, "item_when_season", season=name)


def _roles(data: dict[str, Any]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The roles that a file names, and where."""
    if isinstance(data.get("answers_by"), str):
        yield data["answers_by"], ("answers_by",)
    for row, route in enumerate(rows if isinstance(rows := data.get("route"), list) else []):
        if isinstance(route, dict) and isinstance(route.get("answers_by"), str):
            yield route["answers_by"], ("route", row, "answers_by")
    yield from _ruled(data.get("when"))
    chain = data.get("approval")
    for row, signature in enumerate(chain if isinstance(chain, list) else []):
        if isinstance(signature, dict) and isinstance(signature.get("role"), str):
            yield signature["role"], ("approval", row, "role")
    limits, leave = (table if isinstance(table := data.get(name), dict) else {} for name in ("limits", "leave"))
    short = table if isinstance(table := leave.get("short"), dict) else {}
    yield from _watched(limits.get("back_watch"), ("limits", "back_watch"))
    yield from _watched(short.get("watch"), ("leave", "short", "watch"))
    kinds = own if isinstance(own := leave.get("kinds"), dict) else {}
    for place, own_rules in ((("leave",), leave), *((("leave", "kinds", key), own) for key, own in kinds.items())):
        for key in ("books_return", "checks_proof", "files_for"):
            said = own_rules.get(key) if isinstance(own_rules, dict) else None
            for role in [said] if isinstance(said, str) else said if isinstance(said, list) else []:
                if isinstance(role, str):
                    yield role, (*place, key)


def _watched(pairs: object, place: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The roles that are told of a missing return, and where."""
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], str):
            yield pair[1], place


def _ruled(rows: object) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The roles that rules give to or tell, and where."""
    for row, rule in enumerate(rows if isinstance(rows, list) else []):
        then = rule.get("then") if isinstance(rule, dict) else None
        then = then if isinstance(then, dict) else {}
        tell = then.get("tell")
        for key, to in (("give", then.get("give")), *(("tell", to) for to in (tell if isinstance(tell, list) else ()))):
            if isinstance(to, dict) and isinstance(to.get("role"), str):
                yield to["role"], ("when", row, "then", key)


def school_rules(settings: Settings, lang: str) -> Iterator[Mistake]:
    """Rules of the whole school that name an item which is none, or that hold for no item at all (a warning)."""
    found = {item.slug: item for path in catalogue.files(settings.services.folders) if (item := catalogue.read(path))}
    notes = Notes(lang)
    names: set[str] = set()
    for row, rule in enumerate(settings.services.when):
        place = ("services", "when", row)
        if rule.name in names:
            notes.add((*place, "name"), "item_rule_twice", name=rule.name)
        names.add(rule.name)
        for slug in rule.items:
            if slug not in found:
                notes.add((*place, "items"), "item_rule_unknown", name=rule.name, slug=slug)
        if not any(rules.fits(item, rule) for item in found.values()):
            notes.add(place, "item_rule_nowhere", fatal=False, name=rule.name)
    yield from notes.mistakes
