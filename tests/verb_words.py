"""The words of every verb, and the three ways to say one: a press, words with a number, a quotation."""

from __future__ import annotations

from typing import Final

from models.ticket import Ticket

NOBODY: Final = "0" * 22
# "" where a verb is a button only.
WORDS: Final = {
    "sign": "同意", "refuse": "不同意", "ask": "退回补充", "reply": "回复", "take": "接单", "back": "代销假", "show": "详情",
    "fill": "补充", "withdraw": "撤回", "helped": "解决了", "unhelped": "没解决",
    "resolve": "办结", "acknowledge": "是我要办的", "object": "我没有要办", "extend": "延期", "priority": "优先级",
    "delegate": "转签", "send_back": "退回上一步", "transfer": "转办", "assign": "派单", "note": "备注", "escalate": "督办",
    "merge": "合并", "close": "不予受理", "urge": "催办", "rate": "评价", "more": "", "bare": "",
    "guardian_link": "发家长链接", "guardian_phoned": "电话核实", "prolong": "", "correct": "更正", "tag": "标签", "untag": "去掉标签", "split": "拆分",
    "relate": "关联", "unrelate": "取消关联", "snooze": "提醒我", "unsnooze": "取消提醒", "unreturn": "", "unwithdraw": "",
    "tick": "清单", "untick": "取消勾选", "progress": "进展", "conclude": "这就是答复", "unfinished": "还没办完", "line": "清单加", "unline": "清单去掉", "recuse": "回避", "readmit": "取消回避", "nudge": "提醒学生", "call_off": "",
}  # fmt: skip


def ways(ticket: Ticket | None, verb: str) -> dict[str, dict[str, str]]:
    """The three ways to do a verb, to a ticket or to one that does not exist."""
    number = ticket.number if ticket else "QJ-2001-9999"
    ticket_id, rev = (ticket.id, ticket.rev) if ticket else (NOBODY, 1)
    if not WORDS[verb]:
        return {"press": {"press": f"t:{ticket_id}:{verb}:{rev}"}}
    return {
        "press": {"press": f"t:{ticket_id}:{verb}:{rev}"},
        "words": {"words": f"{WORDS[verb]} {number} 请看一下"},
        "quotation": {"words": f"{WORDS[verb]} 请看一下", "quote": number},
    }
