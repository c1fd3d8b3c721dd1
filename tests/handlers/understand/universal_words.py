"""Universal words with the command that each of them is; under the empty name, look-alikes that are none."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = {
    "menu": """
        菜单|0|主菜单|menu|/start|开始|返回菜单|看看菜单|回到首页""",
    "back": """
        返回|上一步|back|返回上一步|回到上一步""",
    "cancel": """
        取消|算了|不办了|/cancel|取消吧|算了吧|不弄了|退出|先不办了|算了不请了
        cancel,please|nevermind|我不想办了""",
    "restart": """
        重新开始|重来|重填|start over|我要重新填|重新来一遍""",
    "help": """
        帮助|/help|怎么用|你能干嘛|你能做什么?|你会干什么|help|有什么功能""",
    "mine": """
        我的|我的办事|进度|我的请假|查进度|my tickets|/status|查一下进度
        查询进度|我的工单""",
    "human": """
        找老师|人工|转人工|找辅导员|human please|人工服务|我要人工|帮我转人工
        请转人工客服|talk to a human|找人""",
    "skip": """
        跳过|没有|skip|无|跳过吧|跳过这一步|没有了""",
    "confirm": """
        好|好的|对|嗯|可以|行|ok|yes|没错|对的|好的好的|嗯嗯|是的,没错|OK!
        👍|👍🏻|确认提交|嗯,好的|提交吧|可以的""",
    "deny": """
        不|不对|不是|no|不是的|不行|不用了|不要|错了""",
    "return": """
        销假|我回来了|已返校|到校了|I'm back|我到校了|我要销假|帮我销假
        已经到学校了|我回学校了""",
    "duty": """
        现在谁值班|值班电话|今晚谁值班?|值班老师是谁|谁值班|值班电话是多少""",
    "language_en": """
        English|英文|switch to english|切换英文|说英语""",
    "language_zh": """
        中文|切换到中文|chinese|说中文""",
    "": """
        你好|怎么销假|取消请假|我的室友|没有水|没有热水|找老师投诉|好的吗|好吃
        对了我想请假|不请了|不舒服|返校时间|开始时间|帮助同学|可以请假吗|可以吗|行李
        没有收到|好难受|是我|中文系|英文成绩单|返回几点|收到|收到了吗|我不想活了
        你能干嘛呢我要投诉|无聊|停水了|重新请假|算命|0点|不好意思|嗯那个|结束时间
        明天回来|我明天到校|不回来了""",
}
