"""The shape of the settings: every section, key, default and bound, as frozen pydantic models."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from bot.settings import values
from bot.settings.hooks import Webhook
from bot.settings.hours import Area, Course, Makeup, Quiet, Season, Term
from bot.settings.values import Several
from handlers.texts import text
from models.rules import Rule

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Folder = Annotated[Path, Field(strict=False)]


class Section(BaseModel):
    """What all sections share: frozen, strict, unknown keys are errors, and errors never show a value."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class School(Section):
    """Whose bot this is; every link that is sent starts with base_url."""

    name: values.Name = Field(default_factory=lambda: text("zh", "check.example_school"))
    name_en: values.Name = Field(default_factory=lambda: text("en", "check.example_school"))
    zone: values.Zone = "Asia/Shanghai"
    base_url: values.BaseUrl = "http://127.0.0.1:8000"

    @property
    def host(self) -> str:
        """The host name in base_url, without port, lower case."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def is_loopback(self) -> bool:
        """Whether base_url leads to this machine only."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")


class Database(Section):
    """Where everything is kept; the address may hold a password and is therefore a secret."""

    url: values.DatabaseUrl = Field(default="sqlite:///var/yizhan.db", validate_default=True)

    @property
    def sqlite_file(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        url = self.url.get_secret_value()
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


class Keys(Section):
    """Secret keys of 32 bytes each; `get_secret_value()` gives the bytes, printing never does."""

    current: values.Key
    previous: Several[values.Key] = ()
    index: values.Key
    cookie: values.Key


class Server(Section):
    """The web server, and what it believes of the network around it."""

    host: values.Name = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    trusted_proxies: Several[values.Network] = ()
    max_body_bytes: int = Field(default=65_536, ge=1_024, le=16_777_216)
    max_file_bytes: int = Field(default=10_485_760, ge=1_024, le=104_857_600)
    secure_cookies: bool = True
    hosts: Several[values.HostName] = ()


class ChannelSettings(Section):
    """What every channel has; a row of [channels.NAME]."""

    enabled: bool = True
    idle_days: int = Field(default=30, ge=1, le=366)


class TelegramSettings(Section):
    """One bot of Telegram.

    name: the bot's user name, for links to it. api_base: another server of the Bot API. proxy: an http address. path: of
    the webhook, under base_url. sensitive: whether what an item calls sensitive may be sent there, which is abroad.
    """

    enabled: bool = False
    token: values.Secret = SecretStr("")
    name: values.BotName = ""
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: values.Secret = SecretStr("")
    path: values.WebPath = "/telegram"
    api_base: values.BaseUrl = "https://api.telegram.org"
    proxy: values.ProxyUrl = ""
    per_second: float = Field(default=25.0, ge=1.0, le=1000.0)
    sensitive: Literal["link", "send"] = "link"


class Channels(Section):
    """Where people write to the bot."""

    webchat: ChannelSettings = Field(default_factory=ChannelSettings)
    terminal: ChannelSettings = Field(default_factory=ChannelSettings)
    telegram: TelegramSettings = Field(default_factory=TelegramSettings)


class Services(Section):
    """Folders with the school's own service items, items that are switched off (by slug), folders with guides, and rules
    that hold for every item, or for some."""

    folders: Several[Folder] = ()
    off: Several[values.Slug] = ()
    guides: Several[Folder] = ()
    when: Several[Rule] = ()


class HelpLine(Section):
    """A number that the crisis answer shows. `source` says where the number was read."""

    name: values.Name
    name_en: values.Name
    phone: values.Phone
    hours: values.Name
    hours_en: values.Name
    source: str = Field(min_length=1, max_length=300)


def _national_lines() -> tuple[HelpLine, ...]:
    """The national numbers. 12356 answers at least 18 hours a day, which is not 24."""

    def line(phone: str, hours: str) -> HelpLine:
        return HelpLine(
            name=text("zh", f"helplines.name_{phone}"),
            name_en=text("en", f"helplines.name_{phone}"),
            phone=phone,
            hours=text("zh", f"helplines.{hours}"),
            hours_en=text("en", f"helplines.{hours}"),
            source=text("zh", f"helplines.source_{phone}"),
        )

    return (line("12356", "hours_18"), *(line(phone, "hours_24") for phone in ("110", "119", "120")))


NATIONAL_PHONES = frozenset({"12356", "12355", "110", "119", "120"})


class Crisis(Section):
    """The crisis lane: the numbers shown at once, and whom to page if nobody took over in time (wall clock)."""

    numbers: Several[HelpLine] = Field(default_factory=_national_lines)
    page_after_minutes: int = Field(default=3, ge=1, le=60)
    role: values.Slug = "psych-duty"


class WeekHours(Section):
    """Office hours by weekday; an empty list is a day off."""

    mon: Several[values.Hours] = Field(default=("08:00-12:00", "14:00-18:00"), validate_default=True)
    tue: Several[values.Hours] = Field(default=("08:00-12:00", "14:00-18:00"), validate_default=True)
    wed: Several[values.Hours] = Field(default=("08:00-12:00", "14:00-18:00"), validate_default=True)
    thu: Several[values.Hours] = Field(default=("08:00-12:00", "14:00-18:00"), validate_default=True)
    fri: Several[values.Hours] = Field(default=("08:00-12:00", "14:00-18:00"), validate_default=True)
    sat: Several[values.Hours] = ()
    sun: Several[values.Hours] = ()

    @field_validator(*WEEKDAYS)
    @classmethod
    def _in_order(cls, windows: tuple[values.Window, ...]) -> tuple[values.Window, ...]:
        return values.order_windows(windows)


class Calendar(Section):
    """Which hours count for time limits, beside the public holidays and make-up days of China."""

    hours: WeekHours = Field(default_factory=WeekHours)
    holidays: Several[date] = ()
    workdays: Several[date] = ()
    terms: Several[Term] = ()
    seasons: Several[Season] = ()
    lessons: Several[values.Hours] = ()  # the timetable, first lesson first: "08:00-08:45"
    areas: Several[Area] = ()
    makeup: Several[Makeup] = ()  # which day's plan a make-up day has
    courses: Several[Course] = ()  # who gives which lessons to which class

    def windows(self, weekday: int) -> tuple[values.Window, ...]:
        """Office hours of a weekday (0 = Monday, as in datetime), in order."""
        found: tuple[values.Window, ...] = getattr(self.hours, WEEKDAYS[weekday])
        return found


class Limits(Section):
    """Limits that hold for every service."""

    reopen_days: int = Field(default=7, ge=0, le=366)
    most_reopens: int = Field(default=2, ge=1, le=20)
    urge_days: int = Field(default=1, ge=1, le=30)
    undo_minutes: int = Field(default=10, ge=0, le=1_440)  # for so long students take back their own 销假 and 撤回
    most_open_per_person: int = Field(default=20, ge=1, le=1_000)
    quiet: Quiet = "22:00-07:00"


class Rate(Section):
    """How fast one account, one address and one account's files may come in."""

    messages_per_minute: int = Field(default=30, ge=1, le=10_000)
    per_address_per_minute: int = Field(default=600, ge=1, le=1_000_000)
    files_per_hour: int = Field(default=30, ge=1, le=10_000)


class Phrase(Section):
    """A ready sentence that the school offers its staff for answering. service, verb: where; "" everywhere."""

    name: values.Name
    words: str = Field(min_length=1, max_length=1_000)
    service: values.Slug | Literal[""] = ""
    verb: Literal["", "reply", "progress", "note", "ask", "refuse", "resolve"] = ""


class Console(Section):
    """The counselors' pages: who needs a second factor, how long a browser stays signed in, unused and at most, and the
    school's ready sentences, which take the place of ours."""

    phrases: Several[Phrase] = ()
    second_factor: Literal["administrators", "everybody"] = "administrators"
    idle_minutes: int = Field(default=120, ge=5, le=1_440)
    most_hours: int = Field(default=12, ge=1, le=168)


class Api(Section):
    """How much one token of another system may ask for (without any there is no API), and which systems hear of events."""

    per_minute: int = Field(default=120, ge=1, le=100_000)
    webhooks: Several[Webhook] = ()


class Store(Section):
    """Where students' files lie, and for how many days one stays that became part of no ticket."""

    folder: Folder = Path("var/files")
    keep_days: int = Field(default=30, ge=1, le=3_660)


class Log(Section):
    """How loud the log is, and whether machines or people read it."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["json", "console"] = "json"


class Backup(Section):
    """Where backups are written."""

    folder: Folder = Path("var/backup")


class Demo(Section):
    """The demo mode: limits are multiplied by limit_scale so that a newcomer sees a reminder within two minutes."""

    enabled: bool = False
    limit_scale: float = Field(default=0.005, gt=0, le=1)


class Settings(Section):
    """All settings, frozen. Printing or logging them shows no secret."""

    school: School = Field(default_factory=School)
    database: Database = Field(default_factory=Database)
    keys: Keys
    server: Server = Field(default_factory=Server)
    channels: Channels = Field(default_factory=Channels)
    services: Services = Field(default_factory=Services)
    crisis: Crisis = Field(default_factory=Crisis)
    calendar: Calendar = Field(default_factory=Calendar)
    limits: Limits = Field(default_factory=Limits)
    rate: Rate = Field(default_factory=Rate)
    console: Console = Field(default_factory=Console)
    api: Api = Field(default_factory=Api)
    store: Store = Field(default_factory=Store)
    log: Log = Field(default_factory=Log)
    backup: Backup = Field(default_factory=Backup)
    demo: Demo = Field(default_factory=Demo)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every Host header that is answered: that of base_url, and those of server.hosts, lower case."""
        return tuple(dict.fromkeys((self.school.host, *(host.lower() for host in self.server.hosts))))
