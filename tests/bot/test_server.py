"""The web server's border: hosts, methods, sizes, headers, errors, and who is let in at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from bot.guard import CSP, Pace, client_address, host_name
from bot.settings.values import _check_network
from models.message import Reply
from tests.bot.website import HAN, LILEI, Site, enter, make_site, say, token_in

JSON = {"accept": "application/json"}


def test_it_shows_a_newcomer_what_this_is_and_both_doors(site: Site) -> None:
    page = site.client().get("/")
    assert page.status_code == 200
    for words in ("有事直接说", "试一试", "我是学生", "我是辅导员", "部署说明", "紧急求助", "李雷", "韩老师"):
        assert words in page.text
    assert "离校生" not in page.text


def test_it_speaks_english_to_who_asks_for_it(site: Site) -> None:
    client = site.client()
    assert "I am a student" in client.get("/", headers={"accept-language": "en-GB,en"}).text
    assert "I am a student" in client.get("/?lang=en").text
    assert "Help now" in client.get("/chat").text
    assert "我是学生" in client.get("/?lang=zh").text


def test_it_has_no_demo_people_where_there_is_no_demo(sqlite_url: str, tmp_path: Path) -> None:
    site = make_site(sqlite_url, tmp_path, demo={"enabled": False})
    client = site.client()
    first = client.get("/")
    assert "李雷" not in first.text
    answer = client.post("/chat/enter", data={"token": token_in(client.get("/chat").text), "person": LILEI})
    assert answer.status_code == 404
    site.database.close()


@pytest.mark.parametrize("person", [LILEI, HAN])
def test_it_leads_to_the_end_of_the_conversation(site: Site, person: str) -> None:
    client = site.client()
    token = token_in(client.get("/").text)
    answer = client.post("/chat/enter", data={"token": token, "person": person}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/chat#end")


@pytest.mark.parametrize(
    "path",
    ["/docs", "/openapi.json", "/metrics", "/.git/HEAD", "/.env", "/debug", "/admin", "/static/", "/static/x.js"],
)
def test_it_has_nothing_where_scanners_look_wb_10(site: Site, path: str) -> None:
    answer = site.client().get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e%2fapp.py", "/static/..%5capp.py", "/%00"])
def test_it_serves_no_path_outside_its_own(site: Site, path: str) -> None:
    assert site.client().get(path).status_code == 404


@pytest.mark.parametrize("host", ["evil.com", "evil.com:8000", "127.0.0.1.evil.com", "", "127.0.0.1@evil.com", "[::1"])
def test_it_answers_to_its_own_names_only_wb_03(site: Site, host: str) -> None:
    answer = site.client().get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_it_builds_no_link_from_a_forwarded_host_wb_03(site: Site) -> None:
    answer = site.client().get("/", headers={"x-forwarded-host": "evil.com", "forwarded": "host=evil.com"})
    assert answer.status_code == 200
    assert "evil.com" not in answer.text


@pytest.mark.parametrize("path", ["/", "/nope", "/chat", "/healthz", "/static/app.css", "/chat/say", "/files/x"])
def test_it_dresses_every_answer_wb_02(site: Site, path: str) -> None:
    headers = site.client().get(path).headers
    assert headers["content-security-policy"] in (CSP, "default-src 'none'; sandbox")
    assert "frame-ancestors 'none'" in CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == (
        "no-store" if path != "/static/app.css" else "public, max-age=31536000, immutable"
    )
    assert "charset=utf-8" in headers["content-type"] or headers["content-type"] == "application/json"


def test_it_binds_cookies_to_https_where_it_is_secure_wb_11(sqlite_url: str, tmp_path: Path) -> None:
    site = make_site(sqlite_url, tmp_path, server={"secure_cookies": True})
    answer = site.client().get("/chat")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-yizhan=v")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    site.database.close()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/chat", "/chat/say", "/nope"])
def test_it_takes_three_methods_only_az_04(site: Site, method: str, path: str) -> None:
    answer = site.client().request(method, path, headers={"x-http-method-override": "GET"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_it_ignores_a_method_override_az_04(site: Site) -> None:
    client = site.client()
    assert client.get("/chat/leave", headers={"x-http-method-override": "POST"}).status_code == 405
    assert client.post("/chat?_method=DELETE", data={"_method": "DELETE"}).status_code == 405


@pytest.mark.parametrize("header", ["x-user-id", "x-forwarded-user", "x-on-behalf-of", "x-remote-user", "remote-user"])
def test_it_takes_nobodys_word_for_who_he_is_az_06(site: Site, header: str) -> None:
    answer = site.client().get("/chat", headers={header: LILEI})
    assert "李雷" not in answer.text
    assert "访客" in answer.text


def test_it_tells_no_bug_to_the_page_and_no_words_to_the_log(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    client = site.client()
    token = enter(client, LILEI)
    site.door.broken = True
    answer = client.post("/chat/say", data={"token": token, "text": "悄悄话", "key": "k" * 20})
    assert answer.status_code == 500
    assert "出错了" in answer.text
    assert "Traceback" not in answer.text
    assert "secret words" not in answer.text
    logged = capsys.readouterr().out
    number = answer.text.split("<b>")[1].split("</b>")[0]
    assert number in logged
    assert "secret words" not in logged
    assert "悄悄话" not in logged


def test_it_says_whether_it_is_well_and_nothing_private(site: Site) -> None:
    site.notify(LILEI, Reply(text="给李雷的话"))
    answer = site.client().get("/healthz")
    assert answer.json() == {"ok": True, "version": "0.0.1", "database": "ok", "outbox_waiting": 0, "inbox_waiting": 0}


def test_it_says_so_when_the_database_is_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import Future

    from models.db import Away

    def away(_query: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(Away())
        return future

    monkeypatch.setattr(site.database, "submit_read", away)
    client = site.client()
    assert client.get("/healthz").status_code == 503
    assert client.get("/healthz").json()["ok"] is False
    client.cookies.set("yizhan", "v" + "a" * 43)
    page = client.get("/chat")
    assert page.status_code == 503
    assert page.headers["retry-after"] == "5"
    assert "连不上数据库" in page.text
    assert client.get("/help").status_code == 200
    assert client.get("/deploy").status_code == 200


def test_it_refuses_what_is_too_large_before_reading_it(site: Site) -> None:
    client = site.client()
    answer = client.post("/chat/say", headers={"content-length": "999999999999999"}, content=b"x")
    assert answer.status_code == 413
    kind = {"content-length": "11534336", "content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/chat/say", headers=kind | {"accept": "application/json"}, content=b"x")
    assert answer.status_code == 413
    assert "文件太大（最多 10 MB）" in answer.text
    odd = client.post("/chat/say", headers={"content-length": "²"}.copy() | {"content-length": "-1"}, content=b"x")
    assert odd.status_code == 400


def test_it_slows_an_address_down_but_never_a_cry_for_help(sqlite_url: str, tmp_path: Path) -> None:
    site = make_site(sqlite_url, tmp_path, rate={"per_address_per_minute": 6})
    client = site.client()
    token = enter(client, LILEI)
    answers = [say(client, token, f"第{number}句") for number in range(8)]
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert "12356" in answers[-1].json()["problem"]
    assert say(client, token, "我不想活了").status_code == 200
    assert client.get("/healthz").status_code == 200
    site.database.close()


def test_it_counts_by_the_minute_and_forgives_after_it() -> None:
    clock = [0.0]
    pace = Pace(2, lambda: clock[0])
    assert [pace.is_over("a") for _ in range(3)] == [False, False, True]
    assert not pace.is_over("b")
    assert pace.wait() == 60
    clock[0] = 61.0
    assert not pace.is_over("a")


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("9.9.9.9", "1.2.3.4", (), "9.9.9.9"),
        ("9.9.9.9", "1.2.3.4", ("10.0.0.0/8",), "9.9.9.9"),
        ("10.0.0.1", "1.2.3.4", ("10.0.0.0/8",), "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", ("10.0.0.0/8",), "1.2.3.4"),
        ("10.0.0.1", "", ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6\n1.2.3.4", ("10.0.0.0/8",), "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4\n10.0.0.2", ("10.0.0.0/8",), "1.2.3.4"),
        ("10.0.0.1", "10.0.0.3\n10.0.0.2", ("10.0.0.0/8",), "10.0.0.1"),
    ],
)
def test_it_believes_forwarded_addresses_from_trusted_proxies_only(
    peer: str, forwarded: str, trusted: tuple[str, ...], expected: str
) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded.splitlines()]
    request = Request({"type": "http", "client": (peer, 1), "headers": headers})
    networks: Any = tuple(_check_network(network) for network in trusted)
    assert client_address(request, networks) == expected


def test_it_reads_host_names_with_and_without_ports() -> None:
    assert [host_name(host) for host in ("A.edu.cn:443", "[::1]:8000", "localhost")] == ["a.edu.cn", "::1", "localhost"]


def test_it_refuses_web_sockets_wb_05(site: Site) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect) as refused, site.client().websocket_connect("/chat/stream"):
        pass
    assert refused.value.code == 1008


def test_it_lets_browsers_keep_the_look_for_ever(site: Site) -> None:
    client = site.client()
    first = client.get("/static/app.js")
    assert first.headers["content-type"].startswith("text/javascript")
    again = client.get("/static/app.js", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_it_stays_small_enough_for_a_bad_network(site: Site) -> None:
    client = site.client()
    weights = [
        int(client.get(path).headers["content-length"]) for path in ("/chat", "/static/app.js", "/static/app.css")
    ]
    assert sum(weights) < 9_000
