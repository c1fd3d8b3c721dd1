"""The bot's methods about itself and its groups: commands, menu, descriptions, topics, members, files."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.telegram.changing import Changing
from tests.fakes.telegram.files import Upload
from tests.fakes.telegram.methods import Args, number
from tests.fakes.telegram.texts import read_json
from tests.fakes.telegram.world import Chat, Json, Topic, bad

SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators", "chat_member"}  # fmt: skip
NAME = re.compile(r"[a-z0-9_]{1,32}")  # [doc] "lowercase English letters, digits and underscores"
MOST_COMMANDS, TOPIC_NAME_LONGEST = 100, 128
ICON_COLORS = {7322096, 16766590, 13338331, 9367192, 16749490, 16478047}  # [doc]


class Settings(Changing):
    """What a bot sets up once, and its forum topics."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.commands: dict[tuple[str, str, str, str], list[Json]] = {}  # (scope, chat, user, language)
        self.menus: dict[int, Json] = {}  # chat, or 0 for all
        self.descriptions: dict[tuple[str, str], str] = {}  # (method, language)

    def get_me(self, args: Args, files: dict[str, Upload]) -> Json:
        """GetMe."""
        rights = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        more = {"can_connect_to_business": False, "has_main_web_app": False}
        return self.world.bot.json() | rights | more

    # --- commands, menu, descriptions -------------------------------------------------------------------------------

    def set_my_commands(self, args: Args, files: dict[str, Upload]) -> bool:
        """SetMyCommands [td set_commands, in its order and words]."""
        commands = read_json(args.get("commands") or "[]", "commands")
        if not isinstance(commands, list):
            raise bad("expected an Array of BotCommand")
        key = self._scope(args)
        checked = [_command(command) for command in commands]
        if len(checked) > MOST_COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        if any(not NAME.fullmatch(command["command"]) for command in checked):
            raise bad("BOT_COMMAND_INVALID")
        self.commands[key] = checked
        return True

    def get_my_commands(self, args: Args, files: dict[str, Upload]) -> list[Json]:
        """GetMyCommands: of exactly this scope and language."""
        return self.commands.get(self._scope(args), [])

    def delete_my_commands(self, args: Args, files: dict[str, Upload]) -> bool:
        """DeleteMyCommands."""
        self.commands.pop(self._scope(args), None)
        return True

    def commands_for(self, user_id: int, chat_id: int) -> list[str]:
        """The names that a person sees in a chat, by the order of scopes that the documentation gives."""
        user, chat = self.world.users[user_id], self.world.chats[chat_id]
        admin = chat.members.get(user_id) == "administrator"
        here = str(chat_id)
        scopes = [("chat_member", here, str(user_id))] if chat.kind != "private" else []
        scopes += [("chat_administrators", here, "")] if admin else []
        scopes += [("chat", here, "")]
        scopes += [("all_chat_administrators", "", "")] if admin else []
        scopes += [("all_private_chats" if chat.kind == "private" else "all_group_chats", "", ""), ("default", "", "")]
        for scope in scopes:
            for language in (user.language_code[:2], ""):
                if found := self.commands.get((*scope, language)):
                    return [command["command"] for command in found]
        return []

    def _scope(self, args: Args) -> tuple[str, str, str, str]:
        """Scope and language of a list of commands [srv get_bot_command_scope, td validate_bot_language_code]."""
        language = args.get("language_code", "")
        scope = read_json(args["scope"], "BotCommandScope") if args.get("scope") else {"type": "default"}
        what = "can't parse BotCommandScope: "
        if not isinstance(scope, dict):
            raise bad(what + "BotCommandScope must be an Object")
        kind = scope.get("type")
        if kind is None:
            raise bad(what + 'Can\'t find field "type"')
        if kind not in SCOPES:
            raise bad(what + "Unsupported type specified")
        chat = user = ""
        if kind.startswith("chat"):
            chat = str(scope.get("chat_id") or "")
            if not chat:
                raise bad(what + ("Empty chat_id specified" if "chat_id" in scope else 'Can\'t find field "chat_id"'))
            self.chat({"chat_id": chat}, write=False)
        if kind == "chat_member":
            user = str(scope.get("user_id", ""))
            if not user.isdecimal() or int(user) <= 0:
                raise bad(what + "Invalid user_id specified")
        if language and not re.fullmatch("[a-z]{2}", language):
            raise bad("invalid language code specified")
        return str(kind), chat, user, language

    def set_chat_menu_button(self, args: Args, files: dict[str, Upload]) -> bool:
        """SetChatMenuButton: for one private chat or for all."""
        button = read_json(args["menu_button"], "menu button") if args.get("menu_button") else {"type": "default"}
        if not isinstance(button, dict):
            raise bad("can't parse menu button: MenuButton must be an Object")
        if button.get("type") not in {"default", "commands", "web_app"}:
            raise bad("can't parse menu button: MenuButton has unsupported type")
        if button["type"] == "web_app":
            url = str((button.get("web_app") or {}).get("url", ""))
            if not url.startswith("https://"):
                raise bad(f"menu button web app URL '{url}' is invalid: Only HTTPS links are allowed")
        chat = number(args, "chat_id")
        if chat and (chat not in self.world.chats or self.world.chats[chat].kind != "private"):
            raise bad("chat not found")
        self.menus[chat] = button
        return True

    def get_chat_menu_button(self, args: Args, files: dict[str, Upload]) -> Json:
        """GetChatMenuButton."""
        return self.menus.get(number(args, "chat_id"), self.menus.get(0, {"type": "commands"}))

    def set_my_description(self, args: Args, files: dict[str, Upload]) -> bool:
        """SetMyDescription: at most 512 characters [doc]."""
        return self._describe("description", args, 512)

    def set_my_short_description(self, args: Args, files: dict[str, Upload]) -> bool:
        """SetMyShortDescription: at most 120 characters [doc]."""
        return self._describe("short_description", args, 120)

    def _describe(self, key: str, args: Args, longest: int) -> bool:
        if len(args.get(key, "")) > longest:
            raise bad("BOT_DESCRIPTION_TOO_LONG" if key == "description" else "BOT_SHORT_DESCRIPTION_TOO_LONG")
        self.descriptions[key, args.get("language_code", "")] = args.get(key, "")
        return True

    # --- topics -----------------------------------------------------------------------------------------------------

    def create_forum_topic(self, args: Args, files: dict[str, Upload]) -> Json:
        """CreateForumTopic: it is a message about its creation, and counts as one (levlam, tdlib/td#2592)."""
        chat = self._forum(args)
        name = _topic_name(args)
        color = number(args, "icon_color") or 7322096
        if color not in ICON_COLORS:
            raise bad("TOPIC_ICON_COLOR_INVALID")
        self.limits.admit(chat, "createforumtopic")
        topic = Topic(self.world.next_id(chat), name, color)
        chat.topics[topic.id] = topic
        created = {"forum_topic_created": {"name": name, "icon_color": color}}
        place = {"message_thread_id": topic.id, "is_topic_message": True}
        self.world.keep(chat, self.world.bot, created | place, message_id=topic.id)
        self.changed()
        return {"message_thread_id": topic.id, "name": name, "icon_color": color}

    def edit_forum_topic(self, args: Args, files: dict[str, Upload]) -> bool:
        """EditForumTopic: its change is a service message too, so it counts."""
        chat, topic = self._topic(args)
        name = _topic_name(args) if args.get("name") else topic.name
        if name == topic.name and not args.get("icon_custom_emoji_id"):
            raise bad("TOPIC_NOT_MODIFIED")
        self.limits.admit(chat, "editforumtopic")
        topic.name = name
        return self._note(chat, topic, "forum_topic_edited", {"name": name})

    def close_forum_topic(self, args: Args, files: dict[str, Upload]) -> bool:
        """CloseForumTopic."""
        return self._close(args, closed=True)

    def reopen_forum_topic(self, args: Args, files: dict[str, Upload]) -> bool:
        """ReopenForumTopic."""
        return self._close(args, closed=False)

    def _close(self, args: Args, *, closed: bool) -> bool:
        chat, topic = self._topic(args)
        if topic.closed == closed:
            raise bad("TOPIC_NOT_MODIFIED")
        self.limits.admit(chat, "closeforumtopic")
        topic.closed = closed
        return self._note(chat, topic, "forum_topic_closed" if closed else "forum_topic_reopened", {})

    def delete_forum_topic(self, args: Args, files: dict[str, Upload]) -> bool:
        """DeleteForumTopic, with all its messages."""
        chat, topic = self._topic(args)
        self.drop_topic(chat, topic)
        return True

    def drop_topic(self, chat: Chat, topic: Topic) -> None:
        """A topic goes, whoever deleted it; the bot is not told [doc: there is no such update]."""
        topic.deleted = True
        for kept in chat.messages.values():
            if kept.thread == topic.id:
                kept.deleted = True
                if kept.sent is not None:
                    kept.sent.deleted = True

    def _note(self, chat: Chat, topic: Topic, event: str, body: Json) -> bool:
        place = {"message_thread_id": topic.id, "is_topic_message": True}
        self.world.keep(chat, self.world.bot, {event: body} | place)
        self.changed()
        return True

    def _forum(self, args: Args) -> Chat:
        chat = self.chat(args)
        if chat.kind != "supergroup":
            raise bad("the chat is not a supergroup")
        if not chat.forum:
            raise bad("the chat is not a forum")
        if chat.bot_status != "administrator":
            raise bad("not enough rights to manage topics")
        return chat

    def _topic(self, args: Args) -> tuple[Chat, Topic]:
        chat = self._forum(args)
        topic = chat.topics.get(number(args, "message_thread_id"))
        if topic is None or topic.deleted or topic.lost:
            raise bad("TOPIC_ID_INVALID")
        return chat, topic

    # --- members and files ------------------------------------------------------------------------------------------

    def get_chat(self, args: Args, files: dict[str, Upload]) -> Json:
        """GetChat, as far as anybody here asks."""
        return self.chat(args, write=False).json() | {"accent_color_id": 0, "max_reaction_count": 11}

    def get_chat_member(self, args: Args, files: dict[str, Upload]) -> Json:
        """GetChatMember."""
        chat = self.chat(args, write=False)
        user = self.world.users.get(number(args, "user_id"))
        if user is None:
            raise bad("invalid user_id specified" if not args.get("user_id") else "user not found")
        return self.membership(chat, user.id)

    def membership(self, chat: Chat, user_id: int, status: str = "") -> Json:
        """The ChatMember object."""
        own = "member" if chat.kind == "private" else chat.bot_status
        status = status or (own if user_id == self.world.bot.id else chat.members.get(user_id, "left"))
        member: Json = {"user": self.world.users[user_id].json(), "status": status}
        if status == "kicked":
            member["until_date"] = 0
        if status == "administrator":
            rights = (
                "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
                "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
                "can_edit_stories", "can_delete_stories", "can_manage_topics", "can_pin_messages",
            )  # fmt: skip
            given = {"can_manage_chat", "can_delete_messages", "can_manage_topics", "can_pin_messages"}
            member |= {right: right in given for right in rights}
        return member

    def get_file(self, args: Args, files: dict[str, Upload]) -> Json:
        """GetFile: a link for an hour."""
        if not args.get("file_id"):
            raise bad("file_id not specified")
        return self.files.link(args["file_id"])


def _command(command: Any) -> Json:
    what = "can't parse BotCommand: "
    if not isinstance(command, dict):
        raise bad(what + "expected an Object")
    for key in ("command", "description"):
        if key not in command:
            raise bad(f'{what}Can\'t find field "{key}"')
    name, about = str(command["command"]).strip().removeprefix("/"), str(command["description"]).strip()
    if not name:
        raise bad("command must be non-empty")
    if len(name) > 32:
        raise bad("command length must not exceed 32")
    if not about:
        raise bad("command description must be non-empty")
    if len(about) > 256:
        raise bad("command description length must not exceed 256")
    return {"command": name, "description": about}


def _topic_name(args: Args) -> str:
    """1–128 characters [doc]. The server may cut a longer one silently; nobody should lean on that."""
    name = args.get("name", "").strip()
    if not name:
        raise bad("TOPIC_TITLE_EMPTY")
    if len(name) > TOPIC_NAME_LONGEST:
        raise bad("TOPIC_TITLE_TOO_LONG")
    return name
