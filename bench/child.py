"""Child processes of the bench: how long one takes to its first answer, and how much memory one keeps."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.table import Row

ROOT = Path(__file__).parent.parent
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
IMPORTS = "import bot.app, bot.__main__, bench.serving, sys; print('ready', flush=True); sys.stdin.read()"


@dataclass(slots=True)
class Child:
    """A running child and the first line it wrote."""

    process: subprocess.Popen[str]
    line: str
    began: float

    def resident(self) -> float:
        """Resident memory in MB."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6

    def cpu(self) -> float:
        """CPU seconds so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def running(arguments: list[str], folder: Path, until: str = "") -> Iterator[Child]:
    """A Python child in a folder, from its start until a line holds a word; ended at the close."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            line = next(line for line in process.stdout or () if until in line)
            yield Child(process, line, began)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def ask(
    port: int, method: str, path: str, fields: dict[str, str] | None = None, cookie: str = "", *, zipped: bool = False
) -> tuple[int, dict[str, str], bytes]:
    """One request to the server: status, headers, and the body as it came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"accept": "application/json", "sec-fetch-site": "same-origin"}
    if zipped:
        headers["accept-encoding"] = "gzip"
    if cookie:
        headers["cookie"] = cookie
    body = urlencode(fields).encode() if fields is not None else None
    if body is not None:
        headers["content-type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


def first_answer(port: int) -> None:
    """Do what a newcomer does: open the first page, choose a student, say something. Raises when it is not answered."""
    _, headers, page = ask(port, "GET", "/")
    cookie, words = headers["set-cookie"].partition(";")[0], page.decode()
    token = re.search(r'name="token" value="([0-9a-f]+)"', words)
    person = re.search(r'name="person"[^>]*value="([0-9a-z]+)"|value="([0-9a-z]+)"[^>]*name="person"', words)
    if token is None or person is None:
        message = "the first page offers nobody to be"
        raise AssertionError(message)
    chosen = {"person": person[1] or person[2], "token": token[1]}
    _, headers, _ = ask(port, "POST", "/chat/enter", chosen, cookie)
    cookie = headers["set-cookie"].partition(";")[0]
    _, _, page = ask(port, "GET", "/chat", None, cookie)
    token = re.search(r'name="token" value="([0-9a-f]+)"', page.decode())
    said = {"text": "菜单", "press": "", "key": "bench-first", "token": token[1] if token else ""}
    status, _, body = ask(port, "POST", "/chat/say", said, cookie)
    if status != 200 or not json.loads(body)["entries"]:
        message = f"the first message was answered with {status}"
        raise AssertionError(message)


def start_rows(folder: Path, rounds: int = 3) -> list[Row]:
    """The start of the demo in an empty folder to its first answer; the median of the rounds."""
    walls, cpus = [], []
    for number in range(rounds):
        with running(["-m", "bot", "demo"], folder / f"start{number}", "http://127.0.0.1:") as child:
            found = re.search(r"127\.0\.0\.1:(\d+)", child.line)
            first_answer(int(found[1]) if found else 0)
            walls.append(time.perf_counter() - child.began)
            cpus.append(child.cpu())
    return [
        Row("start to first answer, wall", median(walls), "s", None, 2.5),
        Row("  its CPU", median(cpus), "s"),
    ]


def page_row(port: int, cookie: str) -> Row:
    """What the chat page weighs with its script and style sheet, compressed as the server does it."""
    _, headers, page = ask(port, "GET", "/chat", None, cookie, zipped=True)
    size = len(page)
    words = (gzip.decompress(page) if headers.get("content-encoding") == "gzip" else page).decode()
    for address in sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css)[^"]*)"', words))):
        size += len(ask(port, "GET", address, None, "", zipped=True)[2])
    return Row("page /chat with script and style", size / 1024, "KB", None, 8, 1)


def imports_only(folder: Path) -> float:
    """Resident memory in MB of an interpreter that imports what the server imports, and does nothing."""
    with running(["-c", IMPORTS], folder, "ready") as child:
        return child.resident()
