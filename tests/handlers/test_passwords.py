"""Which passwords are good enough: long ones, whatever they are made of, that are not one's own name or a known word."""

from __future__ import annotations

import pytest

from handlers import passwords
from models.message import Refused

OWN = ("T2001", "韩老师", "Han Meimei")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "晴天骑车去看海边的日落吧",
        "x7!kQ" * 12 + "abcd",
        "🦊🐟🌵🚲🌧️" * 40,
        "  两头都有空格的一句话  ",
    ],
)
def test_it_takes_long_ones_of_any_kind_au_08(password: str) -> None:
    passwords.check(password, OWN)
    assert passwords.matches(passwords.keep(password), password)
    assert not passwords.matches(passwords.keep(password), password.strip() + ".")


@pytest.mark.parametrize(
    "password",
    ["", "short", "12345678901", "123456789012", "aaaaaaaaaaaaaa", "passwordpassword", "counselor2026", "qwertyuiop123",
     "administrator1", "abcdefghijkl", "Password12345", "woaini5201314", "t2001 的一个秘密词", "韩老师的秘密的密码呀呀", "hanmeimei forever", "x" * 300],
)  # fmt: skip
def test_it_refuses_what_is_guessed_au_08(password: str) -> None:
    with pytest.raises(Refused):
        passwords.check(password, OWN)
