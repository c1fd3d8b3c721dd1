"""Looks at what is in use: service items and texts for `check`, the database and the machine for `doctor`."""

from __future__ import annotations

import asyncio
import os
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import app, guides
from bot.items import mistakes, school_rules
from bot.settings import Mistake, Settings
from handlers import hooks, roster_gaps
from handlers.roster_gaps import Gap
from handlers.texts import LANGUAGES, sentences, text, together
from models import holding, keys, sending
from models.db import SOUND_SQLITE, Away, Database, sqlite_module
from models.message import Refused
from models.meta import HeadFault, broken_link, head_fault, newest_link
from models.migrate import head, revision
from models.worktime import known, school_calendar

if TYPE_CHECKING:
    from bot.channels.telegram.connection import Connection

RECENT = timedelta(hours=1)  # the platform remembers a failure of the webhook for good; an old one is mended
AHEAD = timedelta(days=60)  # by then a term's limits reach into the next year


def items(settings: Settings, lang: str = "zh") -> Iterable[Mistake]:
    """Every mistake in every service item and guide, prefixes used twice; what lacks English and strange roles are warnings."""
    today = datetime.now(ZoneInfo(settings.school.zone)).date()
    items_ = mistakes(settings, lang, _has_roster(settings))
    return chain(items_, school_rules(settings, lang), guides.mistakes(settings, lang, today))


def _has_roster(settings: Settings) -> bool:
    """Whether there is a database whose roster `roster` looks at."""
    database = Database(settings.database.url.get_secret_value())
    try:
        return _revision(database) == head()
    except Away:
        return False
    finally:
        database.close()


def texts(settings: Settings, lang: str = "zh") -> Iterable[Mistake]:
    """Sentences that one language has and another lacks."""
    every = set().union(*(sentences(each) for each in LANGUAGES))
    for each in LANGUAGES:
        for key in sorted(every - set(sentences(each))):
            what, remedy = text(lang, "run.text_missing"), text(lang, "run.text_missing_remedy")
            yield Mistake(None, f"{each}.{key}", what, remedy, fatal=False)


def years(settings: Settings, lang: str = "zh") -> Iterable[Mistake]:
    """Years of the coming months whose public holidays nobody has entered (a warning)."""
    today = datetime.now(ZoneInfo(settings.school.zone)).date()
    calendar = school_calendar(zone=settings.school.zone)
    entered = {day.year for day in settings.calendar.holidays}
    for year in sorted({today.year, (today + AHEAD).year}):
        if not known(calendar, year) and year not in entered:
            what = text(lang, "run.no_year", year=year)
            yield Mistake(None, "calendar.holidays", what, text(lang, "run.no_year_remedy"), fatal=False)


def around(settings: Settings, lang: str, now: datetime) -> Iterator[str]:
    """How the platforms are, and a line for each year that limits will soon reach and whose holidays nobody has entered."""
    yield from platforms(settings, lang, now)
    for mistake in years(settings, lang):
        yield together(mistake.what, mistake.remedy)


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


class Finding(str):
    """A line of the report that says that something is wrong."""

    __slots__ = ()


def report(database: Database, lang: str, zone: tzinfo = UTC) -> Iterator[str]:
    """How things are, a line each, instants as of `zone`; a Finding where something is wrong.

    Raises Refused ("schema.other") where the database has another schema, or none.
    """
    look_at_schema(database)
    module = sqlite_module()
    sound = module.sqlite_version_info >= SOUND_SQLITE
    yield text(lang, "doctor.schema", revision=head())
    if database.is_sqlite:
        yield text(lang, "doctor.sqlite" if sound else "doctor.sqlite_old", version=module.sqlite_version)
    yield text(lang, "doctor.waiting", count=database.read(sending.waiting), held=len(database.read(sending.held)))
    yield from _inbox(database, lang, zone)
    for hook in database.read(hooks.states):
        yield Finding(hook_words(hook, lang)) if hook.closed else hook_words(hook, lang)
    fits = True
    if database.seal is not None:
        trials, fits = database.read(keys.try_keys)
        for trial in trials:
            line = text(lang, f"doctor.key_{'opens' if trial.opens else 'wrong'}", id=trial.key, count=trial.sealed)
            yield line if trial.opens else Finding(line)
        yield text(lang, "doctor.index_fits") if fits else Finding(text(lang, "doctor.index_wrong"))
    broken = database.read(broken_link)
    if broken is not None:
        yield Finding(text(lang, "doctor.audit_broken", row=broken))
        return
    newest = database.read(newest_link)
    if newest is not None:
        yield text(lang, "doctor.audit_newest", row=newest[0], chain=newest[1])
    fault = _end_of_log(database) if fits else None
    yield text(lang, "doctor.audit") if fault is None else Finding(head_words(fault, lang))


def hook_words(state: hooks.State, lang: str) -> str:
    """How a webhook stands, in a line."""
    how = text(lang, f"api.hook_{state.closed or 'good'}")
    line = text(lang, "api.hook_line", name=state.name, how=how, waiting=state.waiting, held=state.held)
    return together(line, text(lang, "api.hook_reason", reason=state.reason)) if state.reason else line


def _inbox(database: Database, lang: str, zone: tzinfo) -> Iterator[str]:
    """How many updates wait, and how many nobody could read."""
    found = database.read(holding.count_inbox)
    if found.since is None:
        yield text(lang, "doctor.inbox_empty")
    else:
        yield text(lang, "doctor.inbox", count=found.waiting, since=found.since.astimezone(zone))
    if found.quarantined:
        oldest, newest = found.quarantined[0], found.quarantined[-1]
        yield text(
            lang, "doctor.quarantined", count=len(found.quarantined), oldest=oldest.where, newest=newest.where,
            oldest_at=oldest.since.astimezone(zone), newest_at=newest.since.astimezone(zone),
        )  # fmt: skip


def platforms(settings: Settings, lang: str, now: datetime) -> Iterator[str]:
    """Whether the platforms of the channels that are enabled answer, a line each; a Finding where something is wrong.

    Asks them over the network, each for at most 5 s, and changes nothing there.
    """
    mine = settings.channels.telegram
    if not mine.enabled:
        return
    # Only who has a bot there pays for its library, which is a tenth of the start.
    from telegram.error import InvalidToken, TelegramError

    from bot.channels.telegram.client import Telegram

    async def look() -> Connection:
        token = mine.token.get_secret_value()
        async with Telegram(token, api_base=mine.api_base, proxy=mine.proxy) as bot:
            return await bot.look()

    try:
        found = asyncio.run(look())
    except InvalidToken:
        yield Finding(text(lang, "doctor.telegram_refused"))
        return
    except (TelegramError, TimeoutError) as error:
        because = "late" if isinstance(error, TimeoutError) else "unreached"
        yield Finding(text(lang, f"doctor.telegram_{because}"))
        return
    yield _connection(found, settings, lang, now)


def _connection(found: Connection, settings: Settings, lang: str, now: datetime) -> str:
    """One line on a bot that the platform knows."""
    mine = settings.channels.telegram
    wanted = settings.school.base_url + mine.path if mine.mode == "webhook" else ""
    line = text(lang, "doctor.telegram", name=found.name, mode=mine.mode, count=found.pending)
    wrong = found.webhook != wanted
    if wrong:
        line += text(lang, f"doctor.telegram_{'other' if found.webhook and wanted else 'unset' if wanted else 'set'}")
    if found.failed_at is not None:
        at = found.failed_at.astimezone(ZoneInfo(settings.school.zone))
        line += text(lang, "doctor.telegram_error", at=at, words=found.failure)
        wrong = wrong or now - found.failed_at < RECENT
    return Finding(line) if wrong else line


def look_at_schema(database: Database) -> None:
    """Raise Refused ("schema.other") where the database has another schema than the newest, or none."""
    found = _revision(database)
    if found != head():
        raise Refused("schema.other", found=found or "-", wanted=head())


def _end_of_log(database: Database) -> HeadFault | None:
    seal = database.seal
    return None if seal is None else database.read(lambda session: head_fault(session, seal))


def head_words(fault: HeadFault, lang: str) -> str:
    """What is wrong with the end of the audit log, in one sentence."""
    return text(lang, f"doctor.audit_{fault.kind}", found=fault.found, wanted=fault.wanted)


def _revision(database: Database) -> str | None:
    file = Path(database.url.database or "")
    exists = not database.is_sqlite or file.exists()  # Looking at a file that is missing would make it.
    return database.read(lambda session: revision(session.connection())) if exists else None


def gaps(database: Database, settings: Settings, lang: str, now: datetime) -> list[Gap]:
    """What the roster in a database lacks for the service items; the schema must be the newest."""
    items = app.catalogue_of(settings).items.values()
    zone = ZoneInfo(settings.school.zone)
    return database.read(lambda session: roster_gaps.find_gaps(session, items, now, lang, zone))


def roster(settings: Settings, lang: str = "zh") -> Iterator[Mistake | str]:
    """What the roster lacks for the service items (warnings); one remark instead where there is no database yet."""
    # Looking needs no keys: nothing sealed is read.
    database = Database(settings.database.url.get_secret_value())
    try:
        found = _revision(database)
        if found != head():
            yield text(lang, "gaps.no_database" if found is None else "gaps.other_schema")
            return
        for gap in gaps(database, settings, lang, datetime.now(UTC)):
            yield Mistake(
                None, gap.where, gap.what(lang), gap.remedy(lang), fatal=False, file=Path(text(lang, "gaps.roster"))
            )
    except Away:
        yield text(lang, "gaps.away")
    finally:
        database.close()
