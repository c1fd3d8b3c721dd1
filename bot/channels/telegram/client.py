"""One bot of Telegram: sends and edits what the courier claims, fetches updates and files, answers presses, sets itself up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import structlog
import telegram
from telegram.error import TelegramError

from bot.channels.telegram.connection import Connection, read_connection
from bot.channels.telegram.drawing import Message, draw, mark
from bot.channels.telegram.failures import BARE, PLAIN, SEND_NEW, outcome_of, read_fate
from bot.channels.telegram.menus import LANGUAGES, PUBLIC, STAFF, listed
from bot.channels.telegram.request import AiohttpRequest, OutcomeUnknown, TooLarge
from handlers.texts import text
from models.message import Refused
from models.sending import Claim, Outcome

log = structlog.get_logger()
API_BASE: Final = "https://api.telegram.org"
LEAST_AT_ONCE: Final = 20  # in flight; a kill leaves no more in doubt
MOST_AT_ONCE: Final = 30  # unless the owner asks for more: at the pace that the platform sells a kill could double 100
MOST_FILE: Final = 20 * 1_048_576  # bytes that the Bot API lets a bot download
MOST_STRIPS: Final = 64  # old keyboards waiting to be taken away; beyond it they stay, which does no harm
MOST_FILES: Final = 4  # fetched at once, so that the poller always finds a connection
LOOK_SECONDS: Final = 5.0  # an operator waits for the answer
POLL_SLACK: Final = 15.0  # seconds that a long poll may take beyond what it asked the server to wait
MOST_REFS: Final = 150  # characters of the numbers of parts, of 200 that their column holds; the rest goes in one go
MOST_BESIDE: Final = 1_500  # characters; what was longer may have been sent in parts
MOST_TOAST: Final = 200  # characters of the word that answers a press
# Everything the door understands; what is not named here keeps its former setting on the server.
UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")


class Telegram:
    """A bot of Telegram as the courier's channel, and what its doors need.

    per_second: under the 30 a second that bulk sending is told to keep (facts of the FAQ; measured: an even pace draws no
    429). at_once: by default a tenth of a second's pace, for so long the platform takes, between 20 and 30. api_base:
    another server of the Bot API. proxy: an http address. base_url: the school's own pages. commands: everybody's.
    Use it with `async with`; the requests belong to the running loop.
    """

    name = "telegram"

    def __init__(
        self, token: str, *, base_url: str = "", api_base: str = API_BASE, proxy: str = "", per_second: float = 25.0,
        chat_gap: float = 1.0, chat_burst: int = 3, at_once: int = 0, commands: Sequence[str] = PUBLIC,
    ) -> None:  # fmt: skip
        at_once = at_once or max(LEAST_AT_ONCE, min(MOST_AT_ONCE, int(per_second / 10)))
        self.per_second, self.chat_gap, self.chat_burst, self.at_once = per_second, chat_gap, chat_burst, at_once
        root = api_base.rstrip("/").removesuffix("/bot")
        self._methods = f"{root}/bot{token}/"
        self._files = f"{root}/file/bot{token}/"
        self._pages = base_url
        self._commands = commands
        self._sending = AiohttpRequest(pool=at_once + 12, proxy=proxy)
        self._fetching = AiohttpRequest(pool=MOST_FILES + 4, proxy=proxy)
        self._bot = telegram.Bot(
            token, f"{root}/bot", f"{root}/file/bot", request=self._sending, get_updates_request=self._fetching
        )
        self._downloads = asyncio.Semaphore(MOST_FILES)
        self._strips: set[asyncio.Task[None]] = set()
        self._quiet_until = 0.0  # by the loop's clock: until then nothing that can be left out is sent

    async def __aenter__(self) -> Self:
        await self._sending.initialize()
        await self._fetching.initialize()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._strips:
            task.cancel()
        await asyncio.gather(*self._strips, return_exceptions=True)
        await self._sending.shutdown()
        await self._fetching.shutdown()

    # --- sending ----------------------------------------------------------------------------------------------------

    async def send(self, claim: Claim) -> Outcome:
        """Send one reply, or change the card that it renews where that was the message just pressed.

        A reply of several parts goes on after those that claim.refs names, a few at a time ("partly"). A part that may
        have arrived before is marked so. Buttons of messages that this one makes stale are taken away afterwards, outside of the outcome.
        """
        messages = draw(claim.reply, claim.lang, self._pages)
        refs = list(claim.refs)
        try:
            if _renews(claim, messages) and await self._edit(claim, messages[0]):
                return Outcome(claim.id, "sent", refs=(claim.shown,))
            if claim.unsure and len(refs) < len(messages):
                messages[len(refs)] = mark(messages[len(refs)], text(claim.lang, "telegram.twice"))
            most = self.chat_burst if len(" ".join(refs)) < MOST_REFS else len(messages)
            for message in messages[len(refs) :][:most]:
                refs.append(await self._say(claim.account, message))  # noqa: PERF401 (an error must leave what arrived)
        except TelegramError as error:
            outcome = outcome_of(claim, error)
            self._hush(outcome.wait)
            return _with_refs(outcome, refs)
        if len(refs) < len(messages):
            # A chat takes a few messages at once and then one a second, whether they are parts of one or not.
            return Outcome(claim.id, "partly", wait=self.chat_gap * most, refs=tuple(refs))
        for stale in {claim.shown, claim.pressed} - {"", *refs}:
            self._strip(claim.account, stale, _left_behind(claim) if stale == claim.shown else "")
        return Outcome(claim.id, "sent", refs=tuple(refs))

    async def _edit(self, claim: Claim, message: Message) -> bool:
        """Change the shown card; False when the platform cannot, and another message is to be sent. Raises
        TelegramError for everything else. An edit twice is the same as once, so it is never marked."""
        values = message.values() | {"chat_id": _chat(claim.account), "message_id": int(claim.shown)}
        try:
            await self._call("editMessageText", values)
        except TelegramError as error:
            fate = read_fate(error).kind
            if fate not in ("sent", SEND_NEW, PLAIN, BARE):
                raise
            return fate == "sent"
        return True

    async def _say(self, account: str, message: Message) -> str:
        """Send one message; its id. Markup and buttons that the platform refuses are left away rather than the words."""
        values = message.values() | {"chat_id": _chat(account)} | ({"protect_content": True} if message.guarded else {})
        while True:
            try:
                sent = await self._call("sendMessage", values)
                return str(sent["message_id"])
            except TelegramError as error:
                dropped = {PLAIN: "entities", BARE: "reply_markup"}.get(read_fate(error).kind, "")
                if values.pop(dropped, None) is None:
                    raise
                log.warning("telegram_left_away", part=dropped)

    def _strip(self, account: str, ref: str, words: str = "") -> None:
        """Take the buttons from an older message, in the background: an outcome must never wait for it, nor fail by it."""
        if len(self._strips) < MOST_STRIPS and asyncio.get_running_loop().time() >= self._quiet_until:
            task = asyncio.create_task(self._take_buttons(account, ref, words))
            self._strips.add(task)
            task.add_done_callback(self._strips.discard)

    async def _take_buttons(self, account: str, ref: str, words: str) -> None:
        """words: what stays of the message, whose card stands further down now; without them only the buttons go."""
        values = {"chat_id": _chat(account), "message_id": int(ref)} | ({"text": words} if words else {})
        try:
            await self._call("editMessageText" if words else "editMessageReplyMarkup", values)
        except TelegramError as error:
            self._hush(read_fate(error).wait)

    def _hush(self, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        self._quiet_until = max(self._quiet_until, now + seconds)

    async def _call(self, method: str, values: dict[str, Any]) -> Any:
        return await self._sending.call(self._methods + method, values)

    # --- receiving --------------------------------------------------------------------------------------------------

    async def get_updates(self, offset: int | None, timeout: int) -> list[dict[str, Any]]:  # noqa: ASYNC109 (the server's)
        """The next updates as they came, at most 100; the server waits up to `timeout` seconds (at most 50) for one.

        offset: the first update wanted; all before it are forgotten by the server, so commit them first. Raises
        TelegramError; Conflict where another polls or a webhook is set.
        """
        values: dict[str, Any] = {"timeout": timeout, "limit": 100, "allowed_updates": UPDATES}
        if offset is not None:
            values["offset"] = offset
        found = await self._fetching.call(self._methods + "getUpdates", values, timeout + POLL_SLACK)
        if not isinstance(found, list):
            raise OutcomeUnknown("the answer makes no sense")
        return [update for update in found if isinstance(update, dict)]

    async def answer(self, callback_id: str, words: str = "") -> bool:
        """End the waiting sign on a pressed button, with a word or without. Never raises: a press too old to be answered
        (150 s) has had its effect already. Whether it was in time."""
        values = {"callback_query_id": callback_id} | ({"text": words[:MOST_TOAST]} if words else {})
        try:
            return bool(await self._call("answerCallbackQuery", values))
        except TelegramError as error:
            self._hush(read_fate(error).wait)
            return False

    async def delete(self, account: str, message: str) -> bool:
        """Take away what somebody wrote where others read along. Never raises: only an administrator of a group may."""
        try:
            return bool(await self._call("deleteMessage", {"chat_id": _chat(account), "message_id": int(message)}))
        except TelegramError as error:
            self._hush(read_fate(error).wait)
            return False

    async def download(self, file_id: str, most_bytes: int) -> bytes:
        """A file that somebody sent. Raises Refused (file.too_large), TelegramError.

        Its address holds the token and is never shown to anybody.
        """
        most = min(most_bytes, MOST_FILE)
        async with self._downloads:
            try:
                found = await self._fetching.call(self._methods + "getFile", {"file_id": file_id})
                if int(found.get("file_size") or 0) > most:
                    raise TooLarge("said before")
                return await self._fetching.fetch(self._files + quote(str(found["file_path"])), most)
            except TelegramError as error:
                if isinstance(error, TooLarge) or "file is too big" in error.message.lower():
                    raise Refused("file.too_large", most=max(most // 1_048_576, 1)) from None
                raise

    # --- setting up -------------------------------------------------------------------------------------------------

    async def me(self) -> str:
        """The bot's user name, for links to it (https://t.me/NAME?start=…). Raises TelegramError."""
        return (await self._bot.get_me()).username or ""

    async def look(self) -> Connection:
        """How the platform sees this bot now, within 5 s; changes nothing. Raises TelegramError, TimeoutError."""
        async with asyncio.timeout(LOOK_SECONDS):
            me = await self._call("getMe", {})
            info = await self._call("getWebhookInfo", {})
        return read_connection(me, info)

    async def set_up(
        self, *, webhook: str = "", secret: str = "", connections: int = 40
    ) -> None:  # fmt: skip
        """Say the commands in every language and choose how updates come: to the webhook, or by polling without one.

        Waiting updates are never dropped. May be repeated at every start. Raises TelegramError.
        """
        scope = telegram.BotCommandScopeAllPrivateChats()
        for code, lang in LANGUAGES:
            await self._bot.set_my_commands(listed(self._commands, lang), scope=scope, language_code=code or None)
        await self._bot.set_chat_menu_button(menu_button=telegram.MenuButtonCommands())
        if webhook:
            await self._bot.set_webhook(
                webhook, allowed_updates=list(UPDATES), secret_token=secret or None, max_connections=connections
            )
        else:
            await self._bot.delete_webhook()

    async def commands_for(self, chat_id: str, lang: str, staff: bool) -> None:
        """The commands of one chat: those of staff or everybody's, in the language that this person chose. Never raises:
        they are a convenience, and the next start says them again."""
        try:
            await self._bot.set_my_commands(
                listed(STAFF if staff else self._commands, lang), scope=telegram.BotCommandScopeChat(_chat(chat_id))
            )
        except TelegramError as error:
            self._hush(read_fate(error).wait)


def _renews(claim: Claim, messages: list[Message]) -> bool:
    """Whether the answer to a press on a card is that card again, as one message."""
    return bool(claim.shown) and claim.shown == claim.pressed and len(messages) == 1


def _left_behind(claim: Claim) -> str:
    """What stays of the older message whose card this one renews: its own words, and where the card went. One that was
    sent in parts keeps its text."""
    card = claim.reply.card
    if card is None or claim.beside is None or len(claim.beside) > MOST_BESIDE:
        return ""
    return "\n\n".join(part for part in (claim.beside, text(claim.lang, "telegram.moved", title=card.title)) if part)


def _chat(account: str) -> int | str:
    """An account's key as the platform wants it."""
    return int(account) if account.lstrip("-").isdecimal() else account


def _with_refs(outcome: Outcome, refs: list[str]) -> Outcome:
    """The outcome of a message of which these parts arrived."""
    return Outcome(
        outcome.id, outcome.kind, outcome.reason, outcome.wait, tuple(refs), closed=outcome.closed, moved=outcome.moved
    )
