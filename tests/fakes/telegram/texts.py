"""Texts, entities and keyboards as the server reads them, with the sentences that it refuses them with."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from tests.fakes.telegram.world import Json, bad

TEXT_LONGEST, CAPTION_LONGEST, MOST_ENTITIES = 4096, 1024, 100  # facts §1.4, after entity parsing, in UTF-16 units
MOST_BUTTONS, MOST_IN_A_ROW, LONGEST_DATA = 100, 8, 64  # facts §1.4; the data in bytes
TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote",
}  # fmt: skip
KINDS = set(TAGS.values()) | {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "text_mention", "custom_emoji",
    "expandable_blockquote", "date_time",
}  # fmt: skip
MARKS = {
    "*": "bold",
    "_": "italic",
    "__": "underline",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
    "```": "pre",
}
RESERVED = set("_*[]()~`>#+-=|{}.!")  # [doc] MarkdownV2
COMMAND = re.compile(r"(?<![\w/])/([A-Za-z0-9_]{1,64})(?:@\w+)?")
TARGETS = {
    "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "callback_game", "pay", "copy_text",
}  # fmt: skip


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def commands_in(text: str) -> list[Json]:
    """The bot_command entities that the server finds by itself."""
    return [
        {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in COMMAND.finditer(text)
    ]


def read_json(raw: str, what: str) -> Any:
    """A parameter that is JSON [srv: Can't parse … JSON object]."""
    try:
        return json.loads(raw)
    except ValueError:
        raise bad(f"can't parse {what} JSON object") from None


def read_text(raw: str, parse_mode: str, entities: str, longest: int, too_long: str) -> tuple[str, list[Json]]:
    """The text that people see and its entities.

    The order of the checks is the server's: parse, then look at the entities, then measure [srv get_formatted_text,
    td fix_formatted_text].
    """
    if len(raw.encode("utf-8", "surrogatepass")) > 1 << 15:
        raise bad("text is too long")
    if any("\ud800" <= character <= "\udfff" for character in raw):
        raise bad("text must be encoded in UTF-8")
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        text, found = raw, _given(raw, entities)
    elif mode == "html":
        text, found = _html(raw)
    elif mode in {"markdown", "markdownv2"}:
        text, found = _markdown(raw, strict=mode == "markdownv2")
    else:
        raise bad("unsupported parse_mode")
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    for entity in found:  # The text was trimmed on both sides; what stands on nothing now goes.
        end = min(entity["offset"] - lead + entity["length"], units(text))
        entity["offset"] = max(0, entity["offset"] - lead)
        entity["length"] = end - entity["offset"]
    found = [entity for entity in found if entity["length"] > 0]
    if units(text) > longest:
        raise bad(too_long)
    # The server's own parser drops what is over; a list of more is ENTITIES_TOO_LONG further in.
    if len(found) > MOST_ENTITIES:
        raise bad("ENTITIES_TOO_LONG")
    return text, sorted([*found, *commands_in(text)], key=lambda entity: (entity["offset"], -entity["length"]))


def _given(text: str, raw: str) -> list[Json]:
    if not raw:
        return []
    entities = read_json(raw, "entities")
    if not isinstance(entities, list):
        return []  # [srv get_input_entities]: anything but an array is no list of entities.
    size = units(text)
    encoded = text.encode("utf-16-le", "surrogatepass")
    kept = []
    for entity in entities:
        _check_shape(entity)
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["length"] <= 0 or start < 0:
            continue  # td drops them silently.
        if start >= size:
            raise bad(f"entity begins after the end of the text at UTF-16 offset {start}")
        if end > size:
            raise bad(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )
        if any(0xDC00 <= int.from_bytes(encoded[at * 2 : at * 2 + 2], "little") < 0xE000 for at in (start, end)):
            at = start or end
            raise bad(f"entity beginning at UTF-16 offset {at} begins in a middle of a UTF-16 symbol")
        kept.append(dict(entity))
    return kept


def _check_shape(entity: Any) -> None:
    what = "can't parse MessageEntity: "
    if not isinstance(entity, dict):
        raise bad(what + "expected an Object")
    for key in ("offset", "length"):
        if key not in entity:
            raise bad(f'{what}Can\'t find field "{key}"')
        if not isinstance(entity[key], int):
            raise bad(f'{what}Field "{key}" must be of type Number')
    if entity.get("type") not in KINDS:
        raise bad(what + "Unsupported type specified")
    if entity["type"] == "text_link" and "url" not in entity:
        raise bad(what + 'Can\'t find field "url"')


def _html(raw: str) -> tuple[str, list[Json]]:
    text, entities, open_tags = "", [], list[tuple[str, int, Json]]()
    at = 0
    while at < len(raw):
        byte = len(raw[:at].encode())
        if raw[at] != "<":
            end = raw.find("<", at)
            piece = raw[at : end if end >= 0 else len(raw)]
            text += html.unescape(piece)
            at += len(piece)
            continue
        end = raw.find(">", at)
        if end < 0:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {byte}")
        inside = raw[at + 1 : end]
        at = end + 1
        name = re.split(r"[\s>/]", inside.lstrip("/"), maxsplit=1)[0].lower()
        if inside.startswith("/"):
            if not open_tags:
                raise bad(f"can't parse entities: Unexpected end tag at byte offset {byte}")
            opened, start, entity = open_tags.pop()
            if name not in {"", opened}:
                raise bad(
                    f'can\'t parse entities: Unmatched end tag at byte offset {byte}, expected "</{opened}>", found "</{name}>"'
                )
            if units(text) > start:
                entities.append(entity | {"offset": start, "length": units(text) - start})
            continue
        if name not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {byte}')
        entity = {"type": TAGS[name]}
        if name == "a":
            href = re.search(r"""href\s*=\s*["']?([^"'\s]+)""", inside)
            entity["url"] = html.unescape(href[1]) if href else ""
        open_tags.append((name, units(text), entity))
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    return text, [entity for entity in entities if entity.get("url") != ""]


def _markdown(raw: str, *, strict: bool) -> tuple[str, list[Json]]:
    """Enough of both Markdown modes to refuse what the server refuses: reserved characters and what never ends."""
    text, opened = "", list[tuple[str, int, int]]()
    entities: list[Json] = []
    at = 0
    while at < len(raw):
        character = raw[at]
        code = bool(opened) and opened[-1][0] in {"`", "```"}
        mark = next((m for m in ("```", "||", "__", "*", "_", "~", "`") if raw.startswith(m, at)), "")
        if not strict and mark in {"||", "__", "~"}:
            mark = "_" if mark == "__" else ""
        if character == "\\" and at + 1 < len(raw):
            text, at = text + raw[at + 1], at + 2
        elif code and mark != opened[-1][0]:
            text, at = text + character, at + 1
        elif mark and opened and opened[-1][0] == mark:
            _, start, _ = opened.pop()
            entities.append({"type": MARKS[mark], "offset": start, "length": units(text) - start})
            at += len(mark)
        elif mark:
            opened.append((mark, units(text), len(raw[:at].encode())))
            at += len(mark)
        elif character == "[" and (link := re.match(r"\[([^\]]*)\]\(([^)]*)\)", raw[at:])):
            words = link[1].replace("\\", "")
            entities.append({"type": "text_link", "offset": units(text), "length": units(words), "url": link[2]})
            text, at = text + words, at + link.end()
        elif strict and character in RESERVED and not (character == ">" and (not text or text.endswith("\n"))):
            raise bad(
                f"can't parse entities: Character '{character}' is reserved and must be escaped with the preceding '\\'"
            )
        else:
            text, at = text + character, at + 1
    if opened:
        byte, name = opened[-1][2], MARKS[opened[-1][0]].capitalize()
        what = f"Can't find end of {name} entity at byte offset {byte}"
        legacy = f"Can't find end of the entity starting at byte offset {byte}"
        raise bad(f"can't parse entities: {what if strict else legacy}")
    return text, [entity for entity in entities if entity["length"] > 0]


def read_markup(raw: str, *, inline_only: bool = False) -> Json | None:
    """A reply_markup, checked [srv get_reply_markup, get_inline_keyboard_button]; None if there is none."""
    if not raw:
        return None
    markup = read_json(raw, "reply keyboard markup")
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        if inline_only and markup:
            raise bad("inline keyboard expected")
        return markup or None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    shown = [[_button(button) for button in row] for row in rows if row]
    # Where the clients and the server stop is not documented; facts §1.4 carry the constants that libraries use.
    if sum(map(len, shown)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in shown):
        raise bad("reply markup is too long")
    return {"inline_keyboard": shown} if shown else None


def _button(button: Any) -> Json:
    what = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(what + "InlineKeyboardButton must be an Object")
    words = button.get("text")
    if not isinstance(words, str):
        raise bad(f'{what}Can\'t find field "text"' if words is None else f'{what}Field "text" must be of type String')
    if not words.strip():
        raise bad("inline keyboard button text must be non-empty")
    target = [key for key in button if key in TARGETS and button[key] not in (None, "", False)]
    if not target:
        raise bad(what + "Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if isinstance(data, str) and len(data.encode()) > LONGEST_DATA:
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url") or (button.get("web_app") or {}).get("url")
    if url is not None and not re.match(r"(https?|tg|tel|mailto)://?\S", url):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if "web_app" in button and not str(url).startswith("https://"):
        raise bad(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    return dict(button)
