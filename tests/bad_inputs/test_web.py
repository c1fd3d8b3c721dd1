"""Areas web and authz: whatever a client can send gets an answer in plain words and a closed connection, never a 5xx."""

from __future__ import annotations

import gzip
import json
import re
from typing import Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bad_inputs.place import Place, Said

FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
SAY: Final = "text=hi&key=kkkkkkkkkkkk"
UGLY: Final = (
    "http://[",
    "http://[::1",
    "http://]",
    "//",
    "http://a:b:c",
    "null ",
    "http://[fe80::%25]/",
    "\xff",
    "https://[v1.a]",
    "x" * 9000,
)


def reasoned(answer: Said) -> bool:
    """Whether a refusal says why, in a sentence, without anything of the inside."""
    inside = re.search(r"Traceback|File \"|site-packages|sqlalchemy|\.py\b", answer.text)
    return bool(answer.text.strip()) and not inside


def form(place: Place, port: int, body: bytes, kind: str = FORM["content-type"], **headers: str) -> Said:
    return place.ask(port, "POST", "/chat/say", "classmate", {"content-type": kind, **headers}, body)


@pytest.mark.parametrize(
    "header",
    [
        "origin",
        "referer",
        "sec-fetch-site",
        "cookie",
        "accept-language",
        "x-forwarded-for",
        "range",
        "if-none-match",
        "accept-encoding",
        "content-encoding",
        "expect-ct",
        "last-event-id",
    ],
)
@pytest.mark.parametrize("value", UGLY, ids=range(len(UGLY)))
def test_it_survives_ugly_headers_wb_01_wb_03(place: Place, port: int, header: str, value: str) -> None:
    token = place.token("classmate").encode()
    for method, path, body in (
        ("GET", "/chat", None),
        ("GET", "/chat/poll", None),
        ("POST", "/chat/say", b"token=" + token + b"&" + SAY.encode()),
    ):
        answer = place.ask(port, method, path, "classmate", {**FORM, header: value}, body)
        assert answer.status < 500, (method, path)
        assert answer.status < 400 or reasoned(answer)


@pytest.mark.parametrize(
    ("headers", "path"),
    [({"origin": "https://evil.com"}, "/chat/say"), ({"origin": "http://["}, "/chat/say"), ({"sec-fetch-site": "cross-site"}, "/chat/leave"),
     ({"sec-fetch-site": "same-site"}, "/chat/seen"), ({"origin": "http://127.0.0.1.evil.com"}, "/chat/enter")],
)  # fmt: skip
def test_it_does_nothing_for_another_site_wb_01(place: Place, headers: dict[str, str], path: str) -> None:
    before = place.footprint()
    answer = place.post(path, "owner", headers, **({"text": "你好", "key": "k" * 12} if path == "/chat/say" else {}))
    assert answer.status == 403
    assert reasoned(answer)
    assert place.footprint() == before


def test_it_opens_no_stream_for_another_site_wb_05(place: Place) -> None:
    answer = place.call("GET", "/chat/stream", "owner", {"origin": "https://evil.com"})
    assert answer.status == 403
    assert place.call("GET", "/chat/stream", "owner", {"sec-fetch-site": "cross-site"}).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/openapi.json",
        "/metrics",
        "/.git/HEAD",
        "/.env",
        "/debug",
        "/static/../x",
        "/static/%2e%2e%2fx",
        "/chat/",
        "//chat",
        "/chat//say",
        "/CHAT",
        "/%E8%AF%B7",
        "/a" * 900,
    ],
)
def test_it_has_nothing_there_wb_10(place: Place, port: int, path: str) -> None:
    answer = place.ask(port, "GET", path, "owner")
    assert answer.status == 404
    assert reasoned(answer)


@pytest.mark.parametrize(
    "query",
    [
        "after=1&after=2",
        "after=x",
        "after=-1",
        "after=%00",
        "after=%ED%A0%80",
        "after=" + "9" * 5000,
        "after=1.0",
        "after=1_0",
        "after=%D9%A1",
        "&" * 50 + "after=x",
    ],
)
def test_it_reads_a_number_once_and_strictly_wb_08(place: Place, port: int, query: str) -> None:
    for path in ("/chat/poll", "/chat/stream"):
        answer = place.ask(port, "GET", f"{path}?{query}", "owner")
        assert answer.status == 400
        assert reasoned(answer)


@pytest.mark.parametrize(
    "more",
    [
        "status=approved",
        "assignee_id=1",
        "account_id=2",
        "created_at=1",
        "role=head",
        "person_id=head",
        "rev=1",
        "text=b",
        "key=k",
        "press[]=a",
        "__proto__=1",
        "text%00=1",
        "token=x",
    ],
)
def test_it_takes_no_field_that_the_form_does_not_have_wf_14_wb_08(place: Place, port: int, more: str) -> None:
    before = place.footprint()
    answer = form(place, port, f"token={place.token('classmate')}&{SAY}&{more}".encode())
    assert answer.status in (400, 422)
    assert reasoned(answer)
    assert place.footprint() == before


@pytest.mark.parametrize(
    "body",
    [
        b'{"days":0}',
        b'{"days":true}',
        b'{"days":1e309}',
        b"[]",
        b"null",
        b"NaN",
        b"[" * 100_000,
        b'{"a":' * 5000,
        b"9" * 5000,
        b'{"text":"\\ud800"}',
        b"<a/>",
        b"\x80\x04.",
    ],
)
@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "text/plain",
        "text/xml",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=gbk",
        "*/*",
        ";;;",
    ],
)
def test_it_answers_other_kinds_of_content_with_a_reason_wb_09_wb_01(
    place: Place, port: int, body: bytes, kind: str
) -> None:
    answer = form(place, port, body, kind)
    assert 400 <= answer.status < 500
    assert reasoned(answer)


def multipart(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


PARTS: Final = {
    "deep": b'Content-Disposition: form-data; name="text"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n' + b"--c\r\n" * 3000,
    "odd-name": b'Content-Disposition: form-data; name="\xff\xfe"\r\n\r\nx',
    "star-name": b"Content-Disposition: form-data; name*=UTF-8''text\r\n\r\nx",
    "empty-file": b'Content-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n',
    "false-picture": b'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\nxxxx',
    "script-file": b'Content-Disposition: form-data; name="file"; filename="../../a.html"\r\n\r\n<script>',
    "gzip-part": b'Content-Disposition: form-data; name="text"\r\nContent-Encoding: gzip\r\n\r\n' + gzip.compress(b"x" * 1000),
    "long-header": b"X: " + b"a" * 50_000 + b"\r\n\r\nx",
    "no-colon": b"abc\r\n\r\nx",
    "lone-surrogate": b'Content-Disposition: form-data; name="text"\r\n\r\n\xed\xa0\x80',
}  # fmt: skip


@pytest.mark.parametrize("case", PARTS)
def test_it_survives_odd_multipart_wb_09_fl(place: Place, port: int, case: str) -> None:
    token = place.token("classmate").encode()
    ours = [
        b'Content-Disposition: form-data; name="token"\r\n\r\n' + token,
        b'Content-Disposition: form-data; name="key"\r\n\r\nkkkkkkkkkkkk',
    ]
    for body in (
        multipart(*ours, PARTS[case]),
        multipart(PARTS[case]),
        multipart(*ours, *[PARTS[case]] * 40),
        multipart(*ours, PARTS[case], end=b""),
    ):
        answer = form(place, port, body, "multipart/form-data; boundary=b")
        assert 400 <= answer.status < 500, answer.text[-300:]
        assert reasoned(answer)


def test_it_does_not_unpack_bodies(place: Place, port: int) -> None:
    body = gzip.compress(f"token={place.token('classmate')}&{SAY}".encode())
    answer = form(place, port, body, **{"content-encoding": "gzip"})
    assert answer.status in (400, 403, 415)
    assert reasoned(answer)


BYTES: Final = st.binary(max_size=300) | st.text(max_size=80).map(lambda words: words.encode("utf-8", "surrogatepass"))
FIELD: Final = st.sampled_from(["text", "press", "key", "seen", "seq", "person", "token", "file", "after", "x"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/chat/say", "/chat/poll", "/chat/seen", "/chat/enter", "/files/" + "0" * 22, "/chat/stream", "/"]),
    pairs=st.lists(st.tuples(FIELD, BYTES), max_size=4), method=st.sampled_from(["GET", "POST", "HEAD"]), signed=st.booleans(),
)  # fmt: skip
def test_it_answers_any_query_and_any_form_without_a_5xx(
    place: Place, port: int, path: str, pairs: list[tuple[str, bytes]], method: str, signed: bool
) -> None:
    if path == "/chat/enter" and method == "POST":
        pairs = [(name, value) for name, value in pairs if name != "person"]
    words = "&".join(f"{name}={quote(value)}" for name, value in pairs)
    token = f"token={place.token('visitor')}&" if signed else ""
    body = (token + words).encode() if method == "POST" else None
    shown = path if method == "POST" else f"{path}?{words}"
    if path == "/chat/stream":
        answer = place.call(method, shown, "visitor")
    else:
        answer = place.ask(port, method, shown, "visitor", dict(FORM), body)
    assert answer.status < 500
    assert answer.status < 400 or method == "HEAD" or reasoned(answer)
    assert place.quarantined() == []


def test_it_says_the_same_to_a_script_as_json(place: Place) -> None:
    answer = place.post("/chat/say", "owner", {"accept": "application/json"}, text="", key="k" * 12)
    assert answer.status == 422
    assert json.loads(answer.text)["problem"]
