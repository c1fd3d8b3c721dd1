"""The operator's commands, as an operator meets them: languages, rehearsals, wrong keys, held messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from bot import telling
from handlers.texts import text
from models.db import Database
from models.inbox import Inbox
from models.meta import Audit
from models.migrate import upgrade
from models.outbox import Outbox
from tests.bot.operating import bot, right, wrong
from tests.bot.test_main import school
from tests.killing import free_port, write_config
from tests.models.outgoing import NOW


def test_it_speaks_the_language_of_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert telling.language() == "zh"
    for name, value, lang in (
        ("LANG", "en_US.UTF-8", "en"), ("LC_MESSAGES", "zh_CN.UTF-8", "zh"), ("LC_ALL", "en_GB.UTF-8", "en"),
        ("LC_ALL", "C.UTF-8", "zh"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
        assert telling.language() == lang


def test_it_says_everything_in_english_when_asked(tmp_path: Path) -> None:
    config = school(tmp_path)
    chinese = re.compile(r"[\u4e00-\u9fff]")
    said = [
        right("backup", "--to", tmp_path / "b.tar.gz", "--lang", "en", "--config", config, cwd=tmp_path),
        right("doctor", "--lang", "en", "--config", config, cwd=tmp_path),
        right("restore", tmp_path / "b.tar.gz", "--replace", "--lang", "en", "--config", config, cwd=tmp_path),
        right("held", "--lang", "en", "--config", config, cwd=tmp_path),
        right("import", tmp_path, "--dry-run", "--lang", "en", "--config", config, cwd=tmp_path),
        bot("check", "--config", config, cwd=tmp_path, LC_ALL="en_US.UTF-8").stdout,
        bot("doctor", "--config", config, cwd=tmp_path, LANG="en_US.UTF-8").stdout,
    ]
    for words in said:
        assert words
        # A name of the school's own that has no English stays as it is.
        assert not chinese.search(words.replace("计算机学院", "").replace("计科2301", "")), words
    assert wrong("doctor", "--lang", "fr", cwd=tmp_path).strip() == text("zh", "keys.lang_unknown")


def test_it_rehearses_an_import_and_says_so(tmp_path: Path) -> None:
    config = school(tmp_path)
    people = (tmp_path / "people.csv").read_text("utf-8")
    (tmp_path / "people.csv").write_text(people.replace("李雷", "李蕾"), encoding="utf-8")
    rehearsed, again, written, after = (
        right("import", tmp_path, *more, "--config", config, cwd=tmp_path)
        for more in (("--dry-run",), ("--dry-run",), (), ("--dry-run",))
    )
    change = text("zh", "roster.told_changed", part="people", count=1, some="202301")
    assert rehearsed == again
    assert text("zh", "roster.rehearsed") in rehearsed
    assert text("zh", "roster.rehearsed_end") in rehearsed
    assert change in rehearsed
    assert text("zh", "roster.written") in written
    assert change in written
    assert change not in after
    assert "crisis.office" in rehearsed, "the gaps of the roster are told too"
    (tmp_path / "people.csv").write_text(people.replace("cs2301", "nowhere"), encoding="utf-8")
    assert text("zh", "roster.nothing_written") in wrong("import", tmp_path, "--config", config, cwd=tmp_path)
    (tmp_path / "nofolder").mkdir()
    said = wrong("import", tmp_path / "nofolder", "--config", config, cwd=tmp_path)
    assert said.startswith("nofolder: ")


def keys(config: Path, **changed: str) -> None:
    """Put other keys into a configuration."""
    words = config.read_text("utf-8")
    for name, key in changed.items():
        words = re.sub(rf'(?m)^{name} = ".*"$', f'{name} = "{key}"', words)
    config.write_text(words, encoding="utf-8")


def test_it_refuses_a_wrong_index_key_everywhere(tmp_path: Path) -> None:
    config = school(tmp_path)
    right("code", "202301", "--config", config, cwd=tmp_path)
    right("backup", "--to", tmp_path / "b.tar.gz", "--config", config, cwd=tmp_path)
    before = config.read_text("utf-8")
    new = right("keys", cwd=tmp_path)
    found = re.search(r'index = "(.*)"', new)
    assert found is not None
    keys(config, index=found[1])
    assert wrong("run", "--config", config, cwd=tmp_path).strip() == text("zh", "run.wrong_index")
    refused = wrong("restore", tmp_path / "b.tar.gz", "--replace", "--config", config, cwd=tmp_path)
    assert text("zh", "backup.wrong_index") in refused
    assert not list(tmp_path.glob("*.before-*")), "nothing was touched"
    said = wrong("doctor", "--config", config, cwd=tmp_path)
    assert text("zh", "doctor.index_wrong") in said
    assert text("zh", "doctor.not_fine", count=1) in said
    assert text("zh", "keys.renewed", count=1) in right("keys", "--renew-index", "--config", config, cwd=tmp_path)
    assert text("zh", "doctor.audit") in right("doctor", "--config", config, cwd=tmp_path)
    config.write_text(before, encoding="utf-8")
    assert wrong("code", "202301", "--config", config, cwd=tmp_path).strip() == text("zh", "run.wrong_index")


def waiting(tmp_path: Path, url: str) -> list[str]:
    """A question to a counselor whose notice is held; the ids of what is held."""
    config = tmp_path / "config.toml"
    for number in ("202301", "202302"):
        done = bot("talk", "--as", number, "--config", config, cwd=tmp_path, said="找老师\n奖学金怎么申请？\n")
        assert done.returncode == 0
    database = Database(url)
    hold = update(Outbox).where(Outbox.ticket_id.is_not(None)).values(status="held", reason="restored")
    database.run(lambda session: session.execute(hold))
    ids = database.read(
        lambda session: session.execute(select(Outbox.id).where(Outbox.status == "held")).scalars().all()
    )
    database.close()
    return list(ids)


def test_it_lists_held_messages_and_decides_on_them(tmp_path: Path) -> None:
    config, url = school(tmp_path), f"sqlite:///{tmp_path / 'yizhan.db'}"
    assert text("zh", "held.none") in right("held", "--config", config, cwd=tmp_path)
    ids = waiting(tmp_path, url)
    assert len(ids) >= 2
    listed = right("held", "--config", config, cwd=tmp_path)
    assert all(each in listed for each in ids)
    assert "韩老师（T1）" in listed
    assert "ZX-" in listed
    assert "奖学金" not in listed, "no words of people"
    assert text("zh", "held.unknown", id="nobody") in wrong(
        "held", "--release", "nobody", "--config", config, cwd=tmp_path
    )
    assert wrong("held", "--release", "all", "--drop", "all", "--config", config, cwd=tmp_path).strip() == text(
        "zh", "held.both"
    )
    one = right("held", "--release", ids[0], "--config", config, cwd=tmp_path)
    assert one.strip() == text("zh", "held.released", count=1)
    rest = right("held", "--drop", "all", "--config", config, cwd=tmp_path)
    assert rest.strip() == text("zh", "held.dropped", count=len(ids) - 1)
    database = Database(url)
    rows = dict(database.read(lambda session: session.execute(select(Outbox.id, Outbox.status)).all()))
    verbs = database.read(lambda session: session.execute(select(Audit.verb, Audit.thing)).all())
    database.close()
    assert [rows[each] for each in ids] == ["ready", *["failed"] * (len(ids) - 1)]
    assert {("released", ids[0]), ("dropped", ids[1])} <= {tuple(each) for each in verbs}


def test_it_checks_without_a_database_and_with_one(tmp_path: Path) -> None:
    config = write_config(tmp_path, f"sqlite:///{tmp_path / 'yizhan.db'}", free_port())
    said = right("check", "--config", config, cwd=tmp_path)
    assert text("zh", "gaps.no_database") in said
    assert not (tmp_path / "yizhan.db").exists()
    upgrade(f"sqlite:///{tmp_path / 'yizhan.db'}")
    said = right("check", "--config", config, cwd=tmp_path)
    assert text("zh", "gaps.no_database") not in said
    assert "crisis.office" in said


def test_it_gives_a_code_and_takes_accounts_away(tmp_path: Path) -> None:
    config = school(tmp_path)
    assert re.search(r"[2-9A-Z]{8}", right("code", "202301", "--config", config, cwd=tmp_path))
    said = right("unbind", "202301", "--channel", "telegram", "--config", config, cwd=tmp_path)
    assert said.strip().endswith(text("zh", "run.unbound_none", name="").strip())
    assert wrong("unbind", "nobody", "--config", config, cwd=tmp_path).strip() == text(
        "zh", "run.no_person", number="nobody"
    )


def test_it_lists_updates_that_nobody_could_read_and_drops_one(tmp_path: Path) -> None:
    config, database = school(tmp_path), Database(f"sqlite:///{tmp_path / 'yizhan.db'}")
    row = {
        "id": "u1", "channel": "telegram", "key": "7", "place": 7, "account": "", "album": "", "at": NOW, "due_at": NOW,
        "attempts": 0, "status": "quarantined", "body": b"sealed", "trace": "KeyError\nreading.py:7 read",
    }  # fmt: skip
    database.run(lambda session: session.execute(insert(Inbox).values(**row)))
    database.close()
    listed = right("held", "--config", config, cwd=tmp_path)
    assert "u1  telegram" in listed
    assert "reading.py:7 read" in listed
    assert "reading.py:7 read" in right("doctor", "--config", config, cwd=tmp_path)
    assert right("held", "--drop", "u1", "--config", config, cwd=tmp_path).strip() == text(
        "zh", "held.dropped", count=1
    )
    assert "u1" not in right("held", "--config", config, cwd=tmp_path)
