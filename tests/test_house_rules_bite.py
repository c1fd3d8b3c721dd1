"""The house rules themselves: each one notices the offence that it is for, and lets the right way pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import house, test_house_rules, test_house_words

ASYNC = test_house_rules.test_it_waits_only_in_bot
COMMIT = test_house_rules.test_it_commits_in_one_file
TIME = test_house_rules.test_it_takes_time_as_an_argument
STATUS = test_house_rules.test_it_changes_a_tickets_status_in_one_file
CHINESE = test_house_rules.test_it_keeps_chinese_out_of_the_code
ASSERTS = test_house_rules.test_it_asserts_in_every_test
LONG = test_house_rules.test_it_keeps_functions_short
KEYS = test_house_words.test_it_knows_every_key_that_code_asks_for

Rule = Callable[[], None]

OFFENCES: list[tuple[Rule, str, str]] = [
    (ASYNC, "handlers/x.py", "async def wait(): ..."),
    (COMMIT, "handlers/x.py", "session.commit()"),
    (COMMIT, "bot/x.py", "self.session.commit()"),
    (TIME, "models/x.py", "import datetime as d\nd.datetime.now(d.UTC)"),
    (TIME, "models/x.py", "from datetime import date as day\nday.today()"),
    (TIME, "handlers/x.py", "import time as t\nt.monotonic()"),
    (TIME, "handlers/x.py", "from time import time"),
    (TIME, "models/x.py", "import sqlalchemy as sa\nsa.func.now()"),
    (TIME, "models/x.py", "default = 'CURRENT_TIMESTAMP'"),
    (STATUS, "handlers/x.py", "ticket.status = 1"),
    (STATUS, "handlers/x.py", "self.ticket.status = 1"),
    (STATUS, "handlers/x.py", "update(Ticket).where(Ticket.id == 1).values(status=2)"),
    (STATUS, "bot/x.py", "setattr(ticket, 'status', 1)"),
    (CHINESE, "handlers/x.py", "said = '请假'"),
    (CHINESE, "bot/x.py", "said = f'{n} 天'"),
    (ASSERTS, "tests/test_x.py", "def test_it_runs():\n    run()"),
    (ASSERTS, "tests/test_x.py", "def test_runs():\n    assert run()"),
    (LONG, "bot/x.py", "def long():\n" + "    step()\n" * 51),
    (KEYS, "handlers/x.py", "text(lang, 'nowhere.to_be_found')"),
    (KEYS, "handlers/x.py", "raise Refused('nowhere.to_be_found')"),
    (KEYS, "handlers/x.py", "text(lang, f'check.{key}_to_be_found_nowhere')"),
    (KEYS, "bot/pages/x.html", "<p>{{ t('nowhere.to_be_found') }}</p>"),
]

RIGHT_WAYS: list[tuple[Rule, str, str]] = [
    (ASYNC, "bot/x.py", "async def wait(): ..."),
    (COMMIT, "models/db.py", "session.commit()"),
    (TIME, "handlers/x.py", "def late(now, said_at):\n    return said_at.time() < now.time()"),
    (STATUS, "models/ticket.py", "ticket.status = 1"),
    (STATUS, "models/outbox.py", "row.status = 1"),
    (STATUS, "handlers/x.py", "update(Outbox).values(status=2)"),
    (CHINESE, "handlers/understand/x.py", "said = '请假'"),
    (CHINESE, "handlers/x.py", "'''What 请假 means.'''\nmarks = '，。'"),
    (ASSERTS, "tests/test_x.py", "def test_it_runs():\n    with raises(KeyError):\n        run()"),
    (LONG, "bot/x.py", "def long():\n    '''Say.\n" + "\n" * 60 + "    '''\n"),
]

TEMPLATES = {
    "Chinese text": "<p>请假</p>",
    "a script of its own": "<script>go()</script>",
    "a style of its own": '<p style="color: red">',
    "an event attribute": '<button onclick="go()">',
    "a javascript: address": '<a href="javascript:go()">',
    "a foreign address": '<script src="https://elsewhere.example/x.js"></script>',
}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Put one file into a project that is otherwise empty, and let the rules look there."""

    def put(name: str, content: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")

    monkeypatch.setattr(house, "ROOT", tmp_path)
    for read in (house.source, house.tree, house.walked):
        # The cached readers know the real project's files by the same relative names.
        monkeypatch.setattr(house, read.__name__, read.__wrapped__)
        for module in (test_house_rules, test_house_words):
            if hasattr(module, read.__name__):
                monkeypatch.setattr(module, read.__name__, read.__wrapped__)
    return put


@pytest.mark.parametrize(("rule", "name", "content"), OFFENCES)
def test_it_notices(rule: Rule, name: str, content: str, write: Callable[[str, str], None]) -> None:
    write(name, content)
    with pytest.raises(pytest.fail.Exception):
        rule()


@pytest.mark.parametrize(("rule", "name", "content"), RIGHT_WAYS)
def test_it_lets_the_right_way_pass(rule: Rule, name: str, content: str, write: Callable[[str, str], None]) -> None:
    write(name, content)
    rule()
    assert house.files(house.EVERYTHING) == [Path(name)]


@pytest.mark.parametrize("fault", TEMPLATES)
def test_it_notices_what_templates_must_not_hold(fault: str, write: Callable[[str, str], None]) -> None:
    write("bot/pages/x.html", TEMPLATES[fault])
    with pytest.raises(pytest.fail.Exception):
        test_house_rules.test_it_keeps_templates_plain(fault)
