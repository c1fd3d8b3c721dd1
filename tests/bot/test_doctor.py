"""The looks of check and doctor: items that are wrong or half translated, and how a database in use is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, update

from bot import doctor
from bot.settings import Mistake, demo_settings
from bot.settings.shape import Database as SchoolDatabase
from handlers import texts
from handlers.texts import text
from models import keys, migrate
from models.db import Database
from models.meta import Audit, audit, newest_link
from models.migrate import head
from models.outbox import Outbox
from models.seal import Seal, key_id
from tests.models.outgoing import KEY, NOW, post

INDEX = b"i" * 32
GOOD = 'title = { zh = "借教室", en = "Borrow a room" }\nprefix = "JS"\n'


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY, index=INDEX))
    yield database
    database.close()


def settings(tmp_path: Path, files: dict[str, str]) -> Any:
    """A demo's settings with a folder of service items."""
    folder = tmp_path / "items"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    found = demo_settings(tmp_path / "var")
    services = found.services.model_copy(update={"folders": (folder,)})
    return found.model_copy(update={"services": services})


def test_it_is_content_with_our_own_items(tmp_path: Path) -> None:
    found = settings(tmp_path, {"rooms.toml": GOOD + "limits = { respond = '4h' }\n"})
    assert list(doctor.items(found)) == []
    assert list(doctor.texts(found)) == []


def test_it_names_every_mistake_of_an_item(tmp_path: Path) -> None:
    files = {
        "rooms.toml": GOOD + "titel = 1\n[limits]\nrespond = 'soon'\n",
        "halls.toml": "title = ",
        "Big Halls.toml": GOOD,
        "clash.toml": GOOD.replace("JS", "QJ"),
        "coded.toml": 'code = "no_such"\n' + GOOD.replace("JS", "JX"),
        "half.toml": 'title = "半个"\nprefix = "BG"\n',
    }
    found = list(doctor.items(settings(tmp_path, files)))
    fatal = {(each.file.name if each.file else "", each.where) for each in found if each.fatal}
    assert fatal == {
        ("rooms.toml", "titel"), ("rooms.toml", "limits"), ("halls.toml", "halls.toml"),
        ("Big Halls.toml", "Big Halls.toml"), ("coded.toml", "code"), ("clash.toml", "prefix"),
        ("Big Halls.toml", "prefix"), ("rooms.toml", "prefix"),
    }  # fmt: skip
    warned = {(each.file.name if each.file else "", each.where) for each in found if not each.fatal}
    assert ("half.toml", "title") in warned
    assert all(each.what and each.remedy for each in found)


def test_it_names_a_sentence_that_one_language_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = dict(texts.sentences("zh"))
    less = {key: value for key, value in every.items() if key != "door.more"}
    monkeypatch.setattr(doctor, "sentences", lambda lang: less if lang == "en" else every)
    (found,) = doctor.texts(settings(tmp_path, {}))
    assert (found.where, found.fatal) == ("en.door.more", False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_tells_how_a_database_is(database: Database, lang: str) -> None:
    post(database, "李雷", "m")
    post(database, "韩梅梅", "m")
    held = post(database, "王书记", "m")
    database.run(lambda session: session.execute(update(Outbox).where(Outbox.id == held).values(status="held")))
    database.run(lambda session: audit(session, NOW, None, "opened", "QJ-1"))
    lines = list(doctor.report(database, lang))
    assert lines[0] == text(lang, "doctor.schema", revision=head())
    assert text(lang, "doctor.waiting", count=2, held=1) in lines
    assert text(lang, "doctor.key_opens", id=key_id(KEY).hex(), count=3) in lines
    number, chain = database.read(newest_link) or (0, "")
    newest = text(lang, "doctor.audit_newest", row=number, chain=chain)
    assert (number, len(chain)) == (1, 64)
    assert lines[-3:] == [text(lang, "doctor.index_fits"), newest, text(lang, "doctor.audit")]
    assert len(lines) == (8 if database.is_sqlite else 7)
    assert not any(isinstance(line, doctor.Finding) for line in lines)
    database.run(lambda session: session.execute(update(Audit).values(verb="closed")))
    last = list(doctor.report(database, lang))[-1]
    assert last == text(lang, "doctor.audit_broken", row=1)
    assert isinstance(last, doctor.Finding)


def findings(database: Database) -> list[str]:
    return [line for line in doctor.report(database, "zh") if isinstance(line, doctor.Finding)]


def test_it_says_plainly_which_key_is_wrong(database: Database, database_url: str) -> None:
    database.run(keys.remember_keys)
    post(database, "李雷", "m")
    database.run(lambda session: audit(session, NOW, None, "opened", "QJ-1"))
    right = key_id(KEY).hex()
    for seal, said in (
        (Seal(b"o" * 32, index=INDEX), [text("zh", "doctor.key_wrong", id=right, count=1)]),
        (Seal(KEY, index=b"j" * 32), [text("zh", "doctor.index_wrong")]),
    ):
        other = Database(database_url, seal)
        assert findings(other) == said
        other.close()


def test_it_misses_the_newest_audit_rows(database: Database) -> None:
    for number in range(3):
        database.run(lambda session, n=number: audit(session, NOW, None, "opened", f"QJ-{n}"))  # type: ignore[misc]
    database.run(lambda session: session.execute(delete(Audit).where(Audit.id == 3)))
    assert findings(database) == [text("zh", "doctor.audit_cut", wanted=3, found=2)]


# --- the roster -------------------------------------------------------------------------------------------------------


def test_it_looks_at_the_roster_only_where_there_is_one(tmp_path: Path) -> None:
    found = demo_settings(tmp_path / "var")
    assert list(doctor.roster(found, "en")) == [text("en", "gaps.no_database")]
    assert not (tmp_path / "var" / "yizhan.db").exists()
    migrate.upgrade(found.database.url.get_secret_value())
    gaps = list(doctor.roster(found, "en"))
    assert {"leave.approval", "crisis.office"} <= {gap.where for gap in gaps if isinstance(gap, Mistake)}
    assert not any(isinstance(gap, Mistake) and gap.fatal for gap in gaps)
    away = found.model_copy(update={"database": SchoolDatabase(url=SecretStr("postgresql://127.0.0.1:9/x"))})
    assert list(doctor.roster(away, "zh")) == [text("zh", "gaps.away")]


def test_it_warns_of_an_unsound_sqlite(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old = SimpleNamespace(sqlite_version_info=(3, 40, 1), sqlite_version="3.40.1")
    database = Database(sqlite_url, Seal(KEY))
    monkeypatch.setattr(doctor, "sqlite_module", lambda: old)
    assert text("zh", "doctor.sqlite_old", version="3.40.1") in list(doctor.report(database, "zh"))
    database.close()


def test_it_finds_the_places_without_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("YIZHAN_DATABASE__URL", "YIZHAN_DATABASE__URL_FILE", "YIZHAN_STORE__FOLDER", "YIZHAN_BACKUP__FOLDER"):
        monkeypatch.delenv(name, raising=False)
    var = tmp_path / "var"
    assert doctor.places(None, var) == (f"sqlite:///{var}/yizhan.db", var / "files", var / "backup")
    config = tmp_path / "config.toml"
    config.write_text('[store]\nfolder = "elsewhere"\n', "utf-8")
    assert doctor.places(config, var) == ("sqlite:///var/yizhan.db", Path("elsewhere"), Path("var/backup"))
    monkeypatch.setenv("YIZHAN_STORE__FOLDER", "mounted")
    (tmp_path / "url").write_text("postgresql:///yizhan\n", "utf-8")
    monkeypatch.setenv("YIZHAN_DATABASE__URL_FILE", str(tmp_path / "url"))
    assert doctor.places(config, var)[:2] == ("postgresql:///yizhan", Path("mounted"))
