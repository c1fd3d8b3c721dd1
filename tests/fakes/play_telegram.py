"""A phone in the terminal: the invented school's bot on a fake Telegram, to be talked to without any account.

    python -m tests.fakes.play_telegram [--folder var/play/before] [--port 8000]

Every start is a school of its own in a new folder, unless --folder names an older one to go on with. What you type is written to the bot. Beside that:
    #2          press the second button of the newest message that has buttons
    >words      answer the bot's newest message
    @韩老师      be somebody else from now on; a name nobody has yet makes a new account
    !code 2026… get a binding code for a school number, as the office would
    !photo !file !album !voice !sticker !place   send one
    !block !unblock !start [payload] !lose (the next answer of Telegram is lost) !count !quit
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.fakes.telegram import JPEG, Fault, Person, Sent, TelegramFake

QUIET = 0.7  # seconds without a word from the bot, after which the next line is read from a pipe
LONGEST = 8.0


class Phone:
    """What one person at a time sees and does; `show` gets every line for the screen."""

    def __init__(self, fake: TelegramFake, show: Callable[[str], None], name: str = "李雷") -> None:
        self._fake, self._show = fake, show
        self.person: Person = fake.person(name)
        self.people = {name: self.person.id}
        self._seen: dict[tuple[int, int], str] = {}
        self._toasts: set[str] = set()

    def look(self) -> bool:
        """Show what is new for this person; whether anything was."""
        news = []
        for sent in self._fake.sent:
            drawn = self._draw(sent)
            key = (sent.chat_id, sent.message_id)
            if sent.chat_id == self.person.id and self._seen.get(key) != drawn:
                news.append(drawn if key not in self._seen else f"(改了) {drawn}")
                self._seen[key] = drawn
        for query, answer in self._fake.methods.answered.items():
            if query not in self._toasts and answer["text"]:
                news.append(f"  〔{answer['text']}〕")
            self._toasts.add(query)
        for line in news:
            self._show(line)
        return bool(news)

    def do(self, line: str) -> None:
        """One line from the keyboard; what cannot be done is said."""
        try:
            self._do(line)
        except (ValueError, IndexError) as mistake:
            self._show(f"  ✗ {mistake}")

    def _do(self, line: str) -> None:
        person, sign, words = self.person, line[:1], line[1:].strip()
        if sign == "#":
            card = [sent for sent in person.sees() if sent.buttons][-1]
            person.press(card, card.buttons[int(words) - 1]["text"])
        elif sign == ">":
            person.reply(person.sees()[-1], words)
        elif sign == "@":
            self.person = self._fake.person(words)
            self.people[words] = self.person.id
            self._show(f"  —— {words} ——")
        elif sign == "!":
            self._act(*words.partition(" ")[::2])
        elif line:
            person.write(line)

    def _act(self, verb: str, rest: str) -> None:
        person = self.person
        acts: dict[str, Callable[[], object]] = {
            "start": lambda: person.start(rest),
            "photo": lambda: person.send_photo(caption=rest),
            "file": lambda: person.send_document(b"%PDF-1.7", rest or "证明.pdf"),
            "album": lambda: person.send_album([JPEG, JPEG, JPEG], rest),
            "voice": person.send_voice,
            "sticker": person.send_sticker,
            "place": lambda: person.send_location(30.5, 114.3),
            "block": person.block,
            "unblock": person.unblock,
            "lose": lambda: self._fake.faults.add(Fault("reset_after", "sendMessage")),
            "count": lambda: self._show(json.dumps(self._fake.statistics(), ensure_ascii=False, indent=2)),
        }
        if verb not in acts:
            unknown = f"!{verb}: {' '.join('!' + act for act in acts)} !code !quit"
            raise ValueError(unknown)
        acts[verb]()

    @staticmethod
    def _draw(sent: Sent) -> str:
        if sent.deleted:
            return "  (删了)"
        file = f" [{sent.media['kind']} {sent.media['file_name']}]" if sent.media else ""
        buttons = [f"#{place} {one['text']}" for place, one in enumerate(sent.buttons, 1)]
        mark = " ".join(sent.reactions)
        lines = [f"驿站 ▸{file} {sent.now} {mark}".rstrip(), *([f"    [{' | '.join(buttons)}]"] if buttons else [])]
        return "\n".join(lines)


def write_config(folder: Path, fake: TelegramFake, port: int) -> Path:
    """Settings of the invented school with this Telegram as its channel; everything lies in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, dict[str, object]] = {
        "database": {"url": f"sqlite:///{folder.resolve() / 'yizhan.db'}"},
        "server": {"port": port, "secure_cookies": False},
        "channels.webchat": {"enabled": True},
        "channels.telegram": {
            "enabled": True, "token": fake.token, "mode": "polling", "api_base": fake.root_url,
            "name": fake.world.bot.username,
        },
        "store": {"folder": str(folder.resolve() / "files")},
        "log": {"form": "console", "level": "warning"},
        "demo": {"enabled": True},
    }  # fmt: skip
    config = folder / "config.toml"
    rows = [f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in section.items()) for name, section in values.items()]  # fmt: skip
    config.write_text("\n".join(rows), "utf-8")
    config.chmod(0o600)
    return config


BOT = (sys.executable, "-m", "bot", "run", "--config")


async def play(options: argparse.Namespace, command: tuple[str, ...] = BOT) -> int:
    """Run the bot, read lines until !quit or the end of the input, and stop the bot; 1 if it did not even begin."""
    # A folder of an earlier start knows its updates by their numbers, so the numbers must go on growing.
    async with TelegramFake(port=options.api_port, first_update=int(time.time())) as fake:
        config = write_config(options.folder, fake, options.port)
        known = options.folder / "people.json"
        people = json.loads(known.read_text("utf-8")) if known.exists() else {}
        for name, number in people.items():
            fake.person(name, number, started=True)
        phone = Phone(fake, _say, options.name)
        log = (options.folder / "bot.log").open("ab")
        bot = await asyncio.create_subprocess_exec(
            *command, str(config),
            stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()
        try:
            _say(f"Telegram {fake.root_url}   log {options.folder / 'bot.log'}   !quit")
            begun = await _converse(fake, phone, config, bot)
        finally:
            known.write_text(json.dumps(people | phone.people, ensure_ascii=False), "utf-8")
            if bot.returncode is None:
                bot.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(bot.wait(), 10)
            if bot.returncode is None:
                bot.kill()
    return 0 if begun else 1


async def _converse(fake: TelegramFake, phone: Phone, config: Path, bot: asyncio.subprocess.Process) -> bool:
    watching = asyncio.create_task(_watch(phone))
    try:
        await fake.until(lambda: bot.returncode is not None or any(m == "getupdates" for _, m, _ in fake.requests), 60)
        if bot.returncode is not None:
            _say((config.parent / "bot.log").read_text("utf-8")[-2000:])
            return False
        phone.do("/start")
        while line := await asyncio.to_thread(sys.stdin.readline):
            words = line.strip()
            if words == "!quit":
                break
            if words.startswith("!code"):
                await _code(words.split()[1:], config)
            else:
                phone.do(words)
            if not sys.stdin.isatty():
                await _settle(fake)
        return True
    finally:
        watching.cancel()
        phone.look()


async def _watch(phone: Phone) -> None:
    while True:
        phone.look()
        await asyncio.sleep(0.1)


async def _settle(fake: TelegramFake) -> None:
    """From a pipe: give the bot time to answer before the next line."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST):
            count = -1
            while fake.updates.pending or count != len(fake.sent):
                count = len(fake.sent)
                await asyncio.sleep(QUIET)


async def _code(numbers: list[str], config: Path) -> None:
    command = [sys.executable, "-m", "bot", "code", *numbers, "--config", str(config)]
    told = await asyncio.create_subprocess_exec(*command, env=os.environ.copy())
    await told.wait()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(f"var/play/{time.strftime('%Y%m%d-%H%M%S')}"))
    parser.add_argument("--name", default="李雷")
    parser.add_argument("--port", type=int, default=8000, help="of the bot's own pages")
    parser.add_argument("--api-port", type=int, default=0, help="of the fake; 0 takes a free one")
    return parser.parse_args()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(play(read_options())))
