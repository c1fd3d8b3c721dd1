"""The settings of a bot of Telegram: what its addresses may be, and a token without quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Mistakes, load
from tests.bot.test_settings import KEYS_IN_ENVIRONMENT, fatal, the_one, write

BOT = "[channels.telegram]\nenabled = true\nname = 'my_school_bot'\ntoken = '123456789:AAAAAAAAAAAA'\n"
WEBHOOK = BOT + "mode = 'webhook'\nwebhook_secret = 'aaaaaaaaaaaaaaaaaaaa'\n"


@pytest.mark.parametrize("host", ["127.0.0.1:8081", "[::1]:8081", "localhost:8081", "bot.localhost"])
def test_it_takes_http_for_a_server_on_this_machine(tmp_path: Path, host: str) -> None:
    settings = load(write(tmp_path, f"{BOT}api_base = 'http://{host}'"), KEYS_IN_ENVIRONMENT)
    assert settings.channels.telegram.api_base == f"http://{host}"


@pytest.mark.parametrize("host", ["api.telegram.org", "10.0.0.5:8081", "localhost.example.edu.cn"])
def test_it_refuses_http_for_any_other_server(tmp_path: Path, host: str) -> None:
    mistake = the_one(tmp_path, f"{BOT}api_base = 'http://{host}'")
    assert (mistake.line, mistake.where) == (5, "channels.telegram.api_base")
    assert "read on the way" in mistake.what
    assert "https" in mistake.remedy


@pytest.mark.parametrize("port", ["", ":443", ":80", ":88", ":8443"])
def test_it_takes_the_ports_that_a_webhook_may_have(tmp_path: Path, port: str) -> None:
    content = f"{WEBHOOK}[school]\nbase_url = 'https://yizhan.example.edu.cn{port}'"
    assert load(write(tmp_path, content), KEYS_IN_ENVIRONMENT).channels.telegram.mode == "webhook"


def test_it_refuses_any_other_port_unless_another_server_calls(tmp_path: Path) -> None:
    school = "[school]\nbase_url = 'https://yizhan.example.edu.cn:9443'"
    mistake = the_one(tmp_path, WEBHOOK + school)
    assert (mistake.where, "9443" in mistake.what) == ("school.base_url", True)
    own = f"{WEBHOOK}api_base = 'http://127.0.0.1:8081'\n{school}"
    assert load(write(tmp_path, own), KEYS_IN_ENVIRONMENT).school.base_url.endswith(":9443")
    assert load(write(tmp_path, BOT + school), KEYS_IN_ENVIRONMENT).channels.telegram.mode == "polling"


def test_it_says_that_a_token_needs_quotes(tmp_path: Path) -> None:
    (mistake,) = fatal(tmp_path, "[channels.telegram]\nenabled = true\ntoken = 123")
    assert (mistake.line, mistake.where) == (3, "channels.telegram.token")
    assert mistake.what == "This should be text, but is a whole number."
    assert "quot" in mistake.remedy


def test_it_hides_no_mistake_behind_a_field_of_a_wrong_shape(tmp_path: Path) -> None:
    wrong = WEBHOOK.replace("123456789:AAAAAAAAAAAA", "abc").replace("aaaaaaaaaaaaaaaaaaaa", "short")
    found = fatal(tmp_path, wrong + "api_base = 'http://relay.example'\nper_second = 'fast'\n")
    assert {mistake.where.rpartition(".")[2] for mistake in found} >= {
        "token", "webhook_secret", "api_base", "per_second",
    }  # fmt: skip


def test_it_warns_of_a_pace_that_is_not_free_and_of_what_goes_abroad(tmp_path: Path) -> None:
    with pytest.raises(Mistakes) as refused:
        load(
            write(tmp_path, f"{BOT}per_second = 100\nsensitive = 'send'\n[server]\nport = 0\n"),
            KEYS_IN_ENVIRONMENT,
            "en",
        )
    warned = {mistake.where.rpartition(".")[2] for mistake in refused.value.mistakes if not mistake.fatal}
    assert {"per_second", "sensitive"} <= warned
