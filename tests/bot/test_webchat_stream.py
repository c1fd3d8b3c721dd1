"""The web chat's stream on a real server: numbers, resuming, the limit of windows, sign-out, and a quick stop."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models.message import Reply
from tests.bot.website import HANMEI, LILEI, Site, make_site, serve, token_in


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Any:
    site = make_site(database_url, tmp_path)
    yield site
    site.database.close()


@contextmanager
def browser(address: str, person: str) -> Iterator[tuple[httpx2.Client, str]]:
    with httpx2.Client(base_url=address, timeout=10, follow_redirects=True) as client:
        page = client.post("/chat/enter", data={"token": token_in(client.get("/").text), "person": person})
        yield client, token_in(page.text)


def read(lines: Iterator[str], count: int) -> list[tuple[int, str]]:
    """The next entries of a stream as (number, html)."""
    found: list[tuple[int, str]] = []
    for line in lines:
        if line.startswith("data: "):
            item = json.loads(line[6:])
            found.append((item["seq"], item["html"]))
            if len(found) == count:
                break
    return found


def test_it_streams_notices_as_they_are_committed(site: Site) -> None:
    with serve(site) as address, browser(address, LILEI) as (client, _), client.stream("GET", "/chat/stream") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["x-accel-buffering"] == "no"
        assert stream.headers["cache-control"] == "no-store"
        assert "content-encoding" not in stream.headers
        lines = stream.iter_lines()
        assert next(lines) == "retry: 5000"
        for number in range(1, 4):
            site.notify(LILEI, Reply(text=f"第{number}条"))
            ((seq, html),) = read(lines, 1)
            assert (seq, f"第{number}条" in html) == (number, True)
    assert site.statuses()[:2] == ["sent", "sent"]  # The last was read, and the page gone, perhaps before it was noted.


def test_it_goes_on_after_the_last_number_that_was_shown(site: Site) -> None:
    for number in range(1, 6):
        site.notify(LILEI, Reply(text=f"第{number}条"))
    with serve(site) as address, browser(address, LILEI) as (client, _):
        with client.stream("GET", "/chat/stream?after=1", headers={"last-event-id": "3"}) as stream:
            assert [seq for seq, _ in read(stream.iter_lines(), 2)] == [4, 5]
        with client.stream("GET", "/chat/stream?after=2") as stream:
            assert [seq for seq, _ in read(stream.iter_lines(), 3)] == [3, 4, 5]


def test_it_catches_up_with_a_long_absence(site: Site) -> None:
    for number in range(1, 151):
        site.notify(LILEI, Reply(text=f"第{number}条"))
    with (
        serve(site) as address,
        browser(address, LILEI) as (client, _),
        client.stream("GET", "/chat/stream?after=1") as stream,
    ):
        assert [seq for seq, _ in read(stream.iter_lines(), 149)] == list(range(2, 151))


def test_it_tells_one_person_nothing_of_another(site: Site) -> None:
    with (
        serve(site) as address,
        browser(address, HANMEI) as (client, _),
        client.stream("GET", "/chat/stream") as stream,
    ):
        lines = stream.iter_lines()
        site.notify(LILEI, Reply(text="给李雷的"))
        site.notify(HANMEI, Reply(text="给韩梅梅的"))
        ((seq, html),) = read(lines, 1)
        assert (seq, "给韩梅梅的" in html) == (1, True)


def test_it_closes_the_oldest_of_six_windows_wb_05(site: Site) -> None:
    with serve(site) as address, browser(address, LILEI) as (client, _):
        streams = [client.stream("GET", "/chat/stream") for _ in range(6)]
        opened = []
        for stream in streams:
            response = stream.__enter__()
            opened.append(response.iter_lines())
            assert next(opened[-1]) == "retry: 5000"
        assert list(opened[0]) == [""]
        site.notify(LILEI, Reply(text="还在"))
        assert read(opened[-1], 1)[0][0] == 1
        assert site.app.state.streams.count() <= 5
        for stream in streams:
            stream.__exit__(None, None, None)


def test_it_ends_a_stream_when_the_browser_signs_out_wb_05(site: Site) -> None:
    with (
        serve(site) as address,
        browser(address, LILEI) as (client, token),
        client.stream("GET", "/chat/stream") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "retry: 5000"
        client.post("/chat/leave", data={"token": token})
        site.notify(LILEI, Reply(text="给李雷的"))
        assert not any(line.startswith("data:") for line in lines)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.com"}, {"sec-fetch-site": "cross-site"}])
def test_it_streams_to_no_other_site_wb_05(site: Site, headers: dict[str, str]) -> None:
    with serve(site) as address, browser(address, LILEI) as (client, _):
        assert client.get("/chat/stream", headers=headers).status_code == 403


def test_it_stops_at_once_with_open_streams(site: Site) -> None:
    with stopping(site) as lines:
        assert next(lines) == "retry: 5000"
        started = time.monotonic()
        assert not any(line.startswith("data:") for line in lines)
    assert time.monotonic() - started < 5


@contextmanager
def stopping(site: Site) -> Iterator[Iterator[str]]:
    """A stream whose server begins to stop as soon as the first line was read."""
    with serve(site) as address, browser(address, LILEI) as (client, _), client.stream("GET", "/chat/stream") as stream:
        lines = stream.iter_lines()

        def until_stopped() -> Iterator[str]:
            yield next(lines)
            site.app.state.streams._loop.call_soon_threadsafe(site.closing.set)
            yield from lines

        yield until_stopped()


def test_it_takes_a_body_without_a_length_only_up_to_its_limit(site: Site) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(400):
            yield b"x" * 65_536

    with serve(site) as address, browser(address, LILEI) as (client, _):
        try:
            answer = client.post(
                "/chat/say", content=endless(), headers={"content-type": "application/x-www-form-urlencoded"}
            )
        except httpx2.TransportError:
            return  # The server said 413 and hung up while the rest was on its way.
        assert answer.status_code == 413
