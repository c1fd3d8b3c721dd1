"""Settings: one file and the environment give one frozen object, or everything that is wrong, each with its line."""

from __future__ import annotations

import base64
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Mistake, Mistakes, Settings, find, load, new_key

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
KEYS = {name: new_key() for name in ("current", "index", "cookie")}
SECTION = "[keys]\n" + "".join(f'{name} = "{key}"\n' for name, key in KEYS.items())
KEYS_IN_ENVIRONMENT = {f"YIZHAN_KEYS__{name.upper()}": key for name, key in KEYS.items()}


def write(folder: Path, content: str | bytes) -> Path:
    """A settings file with this content."""
    path = folder / "config.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    path.chmod(0o600)
    return path


def fatal(folder: Path, content: str | bytes, environ: dict[str, str] | None = None) -> list[Mistake]:
    """The mistakes, warnings left out, for which this content is refused."""
    with pytest.raises(Mistakes) as refused:
        load(write(folder, content), KEYS_IN_ENVIRONMENT | (environ or {}), "en")
    return [mistake for mistake in refused.value.mistakes if mistake.fatal]


def the_one(folder: Path, content: str | bytes, environ: dict[str, str] | None = None) -> Mistake:
    """The only mistake for which this content is refused."""
    [mistake] = fatal(folder, content, environ)
    return mistake


def test_it_loads_an_empty_file_with_the_documented_defaults(tmp_path: Path) -> None:
    settings = load(write(tmp_path, ""), KEYS_IN_ENVIRONMENT)
    assert settings.school.name == "示例大学"
    assert settings.database.sqlite_file == Path("var/yizhan.db")
    assert settings.server.port == 8000
    assert settings.channels.webchat.idle_days == 30
    assert [line.phone for line in settings.crisis.numbers] == ["12356", "110", "119", "120"]
    assert settings.crisis.numbers[0].hours_en == "at least 18 hours a day"
    assert settings.calendar.windows(0)[1].opens == time(14)
    assert settings.calendar.windows(6) == ()
    assert settings.hosts == ("127.0.0.1",)
    assert settings.keys.current.get_secret_value() == base64.b64decode(KEYS["current"])


def test_it_loads_the_example_once_keys_are_filled_in_and_it_says_the_defaults(tmp_path: Path) -> None:
    content = EXAMPLE.read_text("utf-8")
    for name, key in KEYS.items():
        content = content.replace(f'{name} = ""', f'{name} = "{key}"')
    settings = load(write(tmp_path, content), {})
    assert settings == load(write(tmp_path, SECTION), {})


def test_it_refuses_the_example_as_it_is() -> None:
    with pytest.raises(Mistakes) as refused:
        load(EXAMPLE, {}, "en")
    told = [(mistake.where, mistake.what) for mistake in refused.value.mistakes if mistake.fatal]
    assert told == [(f"keys.{name}", "This key is missing.") for name in ("current", "index", "cookie")]


def test_it_documents_every_key_in_the_example() -> None:
    words = EXAMPLE.read_text("utf-8")
    example = tomllib.loads(words)
    assert set(example) == set(Settings.model_fields)
    for section, field in Settings.model_fields.items():
        if section != "channels":
            model: Any = field.annotation
            # Tables of which there may be several stand there behind a #, since an empty list would forbid them.
            shown = {key for key in model.model_fields if f"# [[{section}.{key}]]" in words}
            assert set(example[section]) | shown == set(model.model_fields), section


@pytest.mark.parametrize(
    ("content", "line", "where", "what"),
    [
        ("\n[server]\nprot = 1", 3, "server.prot", "Did you mean server.port?"),
        ("[sever]\nport = 1", 1, "sever", "Did you mean server?"),
        ("port = 1", 1, "port", "Did you mean server.port?"),
        ("[log]\nzzz = 1", 2, "log.zzz", "There is no such setting."),
        ("[channels.webcht]", 1, "channels.webcht", "Did you mean channels.webchat?"),
        ("[channels.webchat]\nidle = 1", 2, "channels.webchat.idle", "Did you mean channels.webchat.idle_days?"),
        ('[server]\nport = "8000"', 2, "server.port", "This should be a whole number, but is text."),
        ("[server]\nport = true", 2, "server.port", "This should be a whole number, but is true or false."),
        ("server = 3", 1, "server", "This should be a table, but is a whole number."),
        ("[[server]]", 1, "server", "This should be a table, but is a list."),
        ("server.hosts = [\n 'a.b',\n 3]", 3, "server.hosts#2", "This should be text, but is a whole number."),
        ("[server]\nport = 0", 2, "server.port", "The number is too small; the least is 1."),
        ("[server]\nport = 65536", 2, "server.port", "the most is 65535."),
        ("[demo]\nlimit_scale = 0", 2, "demo.limit_scale", "greater than 0"),
        ("[school]\nname = ''", 2, "school.name", "This may not be empty."),
        ("[school]\nzone = 'Asia/Peking'", 2, "school.zone", "There is no such time zone."),
        ("[school]\nzone = '../../etc/passwd'", 2, "school.zone", "There is no such time zone."),
        ("[school]\nbase_url = 'x.edu.cn'", 2, "school.base_url", "This is not a whole web address."),
        ("[school]\nbase_url = 'https://a:b@x.edu.cn'", 2, "school.base_url", "This is not a whole web address."),
        ("[school]\nbase_url = 'http://x.edu.cn'", 2, "school.base_url", "has to begin with https://"),
        ("[database]\nurl = 'mysql://h/x'", 2, "database.url", "Only SQLite and PostgreSQL are supported."),
        ("[database]\nurl = 'sqlite:///:memory:'", 2, "database.url", "has to name a file"),
        ("[database]\nurl = 'postgresql://host'", 2, "database.url", "is not whole"),
        ("[server]\ntrusted_proxies = ['*']", 2, "server.trusted_proxies#1", "neither an IP address nor a network"),
        ("[server]\ntrusted_proxies = ['0.0.0.0/0']", 2, "server.trusted_proxies#1", "Not every address"),
        ("[server]\nhosts = ['*']", 2, "server.hosts#1", "This is no host name"),
        ("[calendar.hours]\nmon = ['8-12']", 2, "calendar.hours.mon#1", "This is not a span of hours."),
        ("[calendar.hours]\nmon = ['12:00-08:00']", 2, "calendar.hours.mon#1", "later than the start"),
        ("calendar.hours.mon = ['08:00-12:00', '11:00-13:00']", 1, "calendar.hours.mon", "overlap"),
        ("[calendar]\nholidays = ['2026-10-01']", 2, "calendar.holidays#1", "This should be a date, but is text."),
        ("[calendar]\nholidays=[2026-10-01]\nworkdays=[2026-10-01]", 3, "calendar.workdays", "2026-10-01 is both"),
        ("[log]\nform = 'xml'", 2, "log.form", 'The choices are: "json", "console".'),
        ("[[crisis.numbers]]\nphone = 110", 2, "crisis.numbers#1.phone", "This should be text"),
    ],
)
def test_it_tells_each_mistake_with_its_line(tmp_path: Path, content: str, line: int, where: str, what: str) -> None:
    found = next(mistake for mistake in fatal(tmp_path, content) if mistake.where == where)
    assert found.line == line
    assert what in f"{found.what} {found.remedy}"


def test_it_tells_all_mistakes_in_one_go(tmp_path: Path) -> None:
    content = '[server]\nport = "x"\nport = 3\nprot = 1\n[log]\nlevel = 3\n[database]\nurl = "oracle://x"\n[nobody]\n'
    told = [(mistake.line, mistake.where) for mistake in fatal(tmp_path, content)]
    assert told == [
        (2, "server.port"),
        (3, "server.port"),
        (4, "server.prot"),
        (6, "log.level"),
        (8, "database.url"),
        (9, "nobody"),
    ]


def test_it_tells_mistakes_in_chinese_first(tmp_path: Path) -> None:
    with pytest.raises(Mistakes) as refused:
        load(write(tmp_path, "[server]\nprot = 1"), KEYS_IN_ENVIRONMENT)
    told = [(mistake.what, mistake.remedy) for mistake in refused.value.mistakes if mistake.fatal]
    assert told == [("没有这个设置项。", "是不是想写 server.port？")]


def test_it_warns_without_refusing(tmp_path: Path) -> None:
    warnings = [(mistake.where, mistake.fatal) for mistake in find(write(tmp_path, ""), KEYS_IN_ENVIRONMENT, "en")]
    assert ("crisis.numbers", False) in warnings
    assert ("school.base_url", False) in warnings
    own = "".join(
        f"[[crisis.numbers]]\nname='a'\nname_en='a'\nphone='{phone}'\nhours='a'\nhours_en='a'\nsource='a'\n"
        for phone in ("020-8411 0000", "12356", "110", "120")
    )
    path = write(tmp_path, own + "[school]\nbase_url = 'https://yizhan.example.edu.cn'")
    told = find(path, KEYS_IN_ENVIRONMENT, "en")
    assert not [mistake for mistake in told if mistake.where in ("crisis.numbers", "school.base_url")]
    assert load(path, KEYS_IN_ENVIRONMENT).school.host == "yizhan.example.edu.cn"


def test_it_lets_cookies_be_insecure_only_on_this_machine(tmp_path: Path) -> None:
    assert not load(write(tmp_path, "server.secure_cookies = false"), KEYS_IN_ENVIRONMENT).server.secure_cookies
    for url in ("https://x.edu.cn", "https://127.0.0.1"):
        content = f"[school]\nbase_url = '{url}'\n[server]\nsecure_cookies = false"
        assert the_one(tmp_path, content).where == "server.secure_cookies"


def test_it_keeps_the_web_chat_on_unless_it_is_switched_off(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "[channels.terminal]"), KEYS_IN_ENVIRONMENT)
    assert settings.channels.webchat.enabled
    assert settings.channels.terminal.enabled
    assert not load(write(tmp_path, "channels.webchat.enabled = false"), KEYS_IN_ENVIRONMENT).channels.webchat.enabled


def test_it_is_frozen(tmp_path: Path) -> None:
    settings = load(write(tmp_path, ""), KEYS_IN_ENVIRONMENT)
    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1  # type: ignore[misc]
    assert settings.calendar.holidays == ()


def test_it_reads_dates_and_school_days(tmp_path: Path) -> None:
    content = "[calendar]\nholidays = [2026-11-06]\n[calendar.hours]\nsat = ['13:00-15:00', '09:00-11:30']"
    calendar = load(write(tmp_path, content), KEYS_IN_ENVIRONMENT).calendar
    assert calendar.holidays == (date(2026, 11, 6),)
    assert [window.opens for window in calendar.windows(5)] == [time(9), time(13)]
    assert len(calendar.windows(0)) == 2
