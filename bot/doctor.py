"""Looks at what is in use: service items and texts for `check`, the database and the machine for `doctor`."""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.settings import Mistake, Settings
from handlers import catalogue
from handlers.texts import LANGUAGES, sentences, text
from models import sending
from models.db import SOUND_SQLITE, Database, sqlite_module
from models.message import Refused
from models.meta import broken_link
from models.migrate import head, revision
from models.worktime import known, school_calendar

AHEAD = timedelta(days=60)  # by then a term's limits reach into the next year


def items(settings: Settings) -> Iterable[Mistake]:
    """Every mistake in every service item, prefixes used twice, and titles that lack English (a warning)."""
    found = catalogue.faults(settings.services.folders, settings.services.off)
    for fault in found:
        where = fault.where or fault.file.stem
        if fault.fatal:
            what = text("zh", "run.item_fault", what=fault.what)
            yield Mistake(None, where, what, text("zh", "run.item_fault_remedy"), file=fault.file)
        else:
            remedy = text("zh", "run.item_english_remedy")
            yield Mistake(None, where, text("zh", "run.item_english"), remedy, fatal=False, file=fault.file)
    loaded = catalogue.load(settings.services.folders, settings.services.off)
    prefixes = Counter(item.prefix for item in loaded.items.values())
    for item in loaded.items.values():
        if prefixes[item.prefix] > 1:
            other = next(each.slug for each in loaded.items.values() if each.prefix == item.prefix and each is not item)
            what = text("zh", "run.item_clash", prefix=item.prefix, other=other)
            yield Mistake(None, f"{item.slug}.prefix", what, text("zh", "run.item_fault_remedy"))


def texts(settings: Settings) -> Iterable[Mistake]:
    """Sentences that one language has and another lacks."""
    every = set().union(*(sentences(lang) for lang in LANGUAGES))
    for lang in LANGUAGES:
        for key in sorted(every - set(sentences(lang))):
            what, remedy = text("zh", "run.text_missing"), text("zh", "run.text_missing_remedy")
            yield Mistake(None, f"{lang}.{key}", what, remedy, fatal=False)


def years(settings: Settings) -> Iterable[Mistake]:
    """Years of the coming months whose public holidays nobody has entered (a warning)."""
    today = datetime.now(ZoneInfo(settings.school.zone)).date()
    calendar = school_calendar(zone=settings.school.zone)
    entered = {day.year for day in settings.calendar.holidays}
    for year in sorted({today.year, (today + AHEAD).year}):
        if not known(calendar, year) and year not in entered:
            what = text("zh", "run.no_year", year=year)
            yield Mistake(None, "calendar.holidays", what, text("zh", "run.no_year_remedy"), fatal=False)


def places(config: Path | None, var: Path) -> tuple[str, Path, Path]:
    """Database address, file store and backup folder, read without the keys: a backup must not need them."""
    if config is None:
        folder = var.resolve()
        return f"sqlite:///{folder / 'yizhan.db'}", folder / "files", folder / "backup"
    data = tomllib.loads(config.read_text("utf-8"))

    def value(section: str, key: str, default: str) -> str:
        return os.environ.get(f"YIZHAN_{section}__{key}".upper(), str(data.get(section, {}).get(key, default)))

    url = value("database", "url", "sqlite:///var/yizhan.db")
    file = os.environ.get("YIZHAN_DATABASE__URL_FILE")
    if file:
        url = Path(file).read_text("utf-8").strip()
    return url, Path(value("store", "folder", "var/files")), Path(value("backup", "folder", "var/backup"))


def report(database: Database, lang: str) -> Iterator[str]:
    """How things are, a line each. Raises Refused ("schema.other") where the database has another schema, or none."""
    file = Path(database.url.database or "")
    exists = not database.is_sqlite or file.exists()  # Looking at a file that is missing would make it.
    found = database.read(lambda session: revision(session.connection())) if exists else None
    if found != head():
        raise Refused("schema.other", found=found or "-", wanted=head())
    module = sqlite_module()
    sound = module.sqlite_version_info >= SOUND_SQLITE
    yield text(lang, "doctor.schema", revision=head())
    if database.is_sqlite:
        yield text(lang, "doctor.sqlite" if sound else "doctor.sqlite_old", version=module.sqlite_version)
    yield text(lang, "doctor.waiting", count=database.read(sending.waiting), held=len(database.read(sending.held)))
    broken = database.read(broken_link)
    yield text(lang, "doctor.audit" if broken is None else "doctor.audit_broken", row=broken or 0)
