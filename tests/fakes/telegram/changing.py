"""The bot's methods that change what was sent, react to it or answer a press: what each checks, and what it changes."""

from __future__ import annotations

from tests.fakes.telegram.files import Upload
from tests.fakes.telegram.methods import Args, Methods, true, written
from tests.fakes.telegram.texts import CAPTION_LONGEST, TEXT_LONGEST, read_json, read_markup, units
from tests.fakes.telegram.world import Edit, Json, bad

ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
REACTIONS = set(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)


class Changing(Methods):
    """Everything that changes a message or says something beside it."""

    def edit_message_text(self, args: Args, files: dict[str, Upload]) -> Json:
        """EditMessageText."""
        if not args.get("text"):
            raise bad("message text is empty")
        return self._edit("editMessageText", args, "text")

    def edit_message_caption(self, args: Args, files: dict[str, Upload]) -> Json:
        """EditMessageCaption."""
        return self._edit("editMessageCaption", args, "caption")

    def edit_message_reply_markup(self, args: Args, files: dict[str, Upload]) -> Json:
        """EditMessageReplyMarkup; without a keyboard the old one goes."""
        return self._edit("editMessageReplyMarkup", args, "")

    def _edit(self, method: str, args: Args, key: str) -> Json:
        if args.get("inline_message_id"):
            raise bad("MESSAGE_ID_INVALID")
        markup = read_markup(args.get("reply_markup", ""), inline_only=True)
        chat = self.chat(args)
        kept = self.message(chat, args, "message to edit")
        if not kept.from_bot or kept.sent is None:
            raise bad("message can't be edited")
        old = kept.data
        media = "photo" in old or "document" in old
        if key == "text" and media:
            raise bad("there is no text in the message to edit")
        if key == "caption" and not media:
            raise bad("there is no caption in the message to edit")
        changed = {field: value for field, value in old.items() if field != "reply_markup"}
        if key:
            longest = TEXT_LONGEST if key == "text" else CAPTION_LONGEST
            too_long = "MESSAGE_TOO_LONG" if key == "text" else "MEDIA_CAPTION_TOO_LONG"
            text, entities = self._text(args, key, longest, too_long)
            for field in (key, "entities", "caption_entities"):
                changed.pop(field, None)
            changed |= written(text, entities, None if key == "text" else "caption")
        if markup:
            changed["reply_markup"] = markup
        if changed == old:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        self.limits.admit(chat, method.lower())
        kept.data = changed | {"edit_date": int(self.world.clock.now())}
        words = changed.get("text", changed.get("caption", ""))
        kept.sent.edits.append(Edit(self.world.clock.now(), words, markup, method))
        self.changed()
        return kept.data

    def delete_message(self, args: Args, files: dict[str, Upload]) -> bool:
        """DeleteMessage: younger than 48 hours; in a group the messages of others only as administrator [doc]."""
        chat = self.chat(args)
        kept = self.message(chat, args, "message to delete")
        late = self.world.clock.now() - kept.data["date"] > 48 * 3600
        foreign = not kept.from_bot and chat.kind != "private"
        if (foreign and chat.bot_status != "administrator") or (late and not foreign):
            raise bad("message can't be deleted")
        kept.deleted = True
        if kept.sent is not None:
            kept.sent.deleted = True
        self.changed()
        return True

    def set_message_reaction(self, args: Args, files: dict[str, Upload]) -> bool:
        """SetMessageReaction: at most one, of the common ones [doc]."""
        chat = self.chat(args)
        kept = self.message(chat, args, "message to react")
        reactions = read_json(args.get("reaction") or "[]", "reaction types")
        if not isinstance(reactions, list):
            raise bad("expected an Array of ReactionType")
        if any(not isinstance(one, dict) or one.get("type") != "emoji" for one in reactions):
            raise bad("can't parse ReactionType: invalid reaction type specified")
        if len(reactions) > 1:
            raise bad("REACTIONS_TOO_MANY")
        emoji = [str(one["emoji"]) for one in reactions]
        if any(one.rstrip("\ufe0f") not in REACTIONS for one in emoji):
            raise bad("REACTION_INVALID")
        kept.reactions = emoji
        if kept.sent is not None:
            kept.sent.reactions = emoji
        self.changed()
        return True

    def answer_callback_query(self, args: Args, files: dict[str, Upload]) -> bool:
        """AnswerCallbackQuery: once, in time [srv QUERY_ID_INVALID], up to 200 characters [doc]."""
        if units(args.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        asked = self.queries.pop(args.get("callback_query_id", ""), None)
        if asked is None or self.world.clock.now() - asked > self.callback_seconds:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.answered[args["callback_query_id"]] = {"text": args.get("text", ""), "alert": true(args, "show_alert")}
        self.changed()
        return True

    def send_chat_action(self, args: Args, files: dict[str, Upload]) -> bool:
        """SendChatAction."""
        if args.get("action") not in ACTIONS:
            raise bad("wrong parameter action in request")
        chat = self.chat(args)
        self.thread(chat, args)
        self.world.actions.append((chat.id, args["action"]))
        return True
