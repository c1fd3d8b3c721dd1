"""What stands around an alarming word: whose life, a negation, a topic, a quotation, a harmless idiom, a low mood."""

from __future__ import annotations

import re
from typing import Final

from handlers.crisis_rules import Rule

PERSON: Final = re.compile(
    r"室友|同学|朋友|舍友|闺蜜|对象|[男女]友|班[上里]|有(?:个)?人|别人|他们|她们|他|她|ta(?![a-z])"
    r"|学[弟妹姐长]|弟弟|妹妹|哥哥|姐姐|我[妈爸弟妹姐哥]"
    r"|对床|上铺|下铺|邻床|舍长|[表堂][弟妹哥姐]|师[弟妹兄姐]|女孩|男孩|邻居|隔壁|前任|网友|同桌|老乡|发小|女生|男生|roommate|friend|classmate|girl|guy|boyfriend|someone|somebody|brother"
    r"|sister|(?<![a-z])s?he(?:s|is|wants|said)"
)
# "My friend left and I want to": the speaker, whoever was named before.
ENGLISH_I: Final = re.compile(r"(?<![a-z]h)(?<!sh)i(?:m|am|just|really)?$")
# A person after one of these is not the one who wants to die: 和室友吵架不想活了.
NOT_SUBJECT: Final = "和跟被与对把因为由向像"
PERSON_AFTER: Final = re.compile(r"的?(?:那个|这个|女|男)?(?:同学|室友|舍友|朋友|学生|女生|男生|姐妹|网友|兄弟)")

# Right before the words: 没有想自杀, 不会去死; but not 为什么不去死, 有没有想死, 忍不住, 不如.
NEGATED: Final = re.compile(
    r"(?<!要)(?<!么)(?<!怎)(?<!还)(?<!何)(?<!有)(?<!是)(?<!会)(?:没有|没|不|(?<![特告个分])别|未|勿|[^a-z]not|dont|never|wont"
    r"|didnt|^not|amnot|imnot)"
    r"(?:是|真的?|会|想过?|要|打算|准备|考虑过?|在|至于|可能|愿意?|可以|用|做|什么|那种|go(?:ing)?to|goingto"
    r"|want(?:ing)?to|wanna|thinkingof|thinkingabout|feeling|to|be){0,4}$"
)
# The topic of talk, not the state of the speaker; for deeds that are merely named.
TOPIC_BEFORE: Final = re.compile(
    r"新闻|报道|热搜|微博|电影|电视剧|小说|歌词|首歌|歌里|书[里中上]|剧[里情本中]|讲座|预防|防范|干预|宣传"
    r"|选修课|课程|课[上件]?讲|课文|论文|课题|研究(?!生)|案例|话题|辩论|演讲|海报"
    r"|数据|保险|历史|古代|作家|诗人|明星|演员|角色|主角|[男女]主|游戏|动漫|纪录片|知识|鲁迅|三毛|海子|屈原"
    r"|川端|太宰|涂尔干|手册|条款|问卷|量表|转发|主题班会|话剧|密室|恐怖本|排练|珍爱生命|movie|film|news|lyric|song|novel|lecture|prevent"
)
TOPIC_AFTER: Final = re.compile(
    r"^.{0,5}(?:讲座|预防|防范|干预|率|论(?!坛|文[没写])|的?新闻|的?电影|式|小[队分]|研究(?!生)|倾向量表|话题"
    r"|案例|识别|宣传|知识|课程|培训|急救|.{0,2}角色|prevention|squad|mission|bydurkheim|lecture|rate|awareness)"
)
WANTING: Final = re.compile(
    r"(?:想|要|打算|准备|试图|尝试|忍不住|考虑|wantto|to|feel|feeling|am|im)(?:去|过|着|要|commit)?$"
)
# A direct quotation: what follows within a few characters are somebody else's words.
QUOTED: Final = re.compile(
    r"(?:歌词|台词|歌名|片名|书名|网名|昵称|首歌|那句|标题|题目|原句|剧情|小说|电影|新闻)(?:里|中"
    r"|上)?(?:面)?(?:是|说|写|唱|叫|那句|这句|就)+(?:(?!我也|我真|我现在|我都|我好|我就|我想).){0,6}$"
)

# Idioms that contain an alarming word and mean nothing of the kind; they are taken out before the rules look.
BENIGN: Final = re.compile(
    r"(?:学|写|背|考|练|跑|改|做)得我?生不如死|笑不活|笑得?(?:我)?不想活|笑活|想死[你他她]们?(?:了|啦|$)"
    r"|想死我了(?!结)|自杀式|跳楼[机价]|跳楼大甩卖"
    r"|跳楼甩卖|死(?:线|机(?!会)|党|角|板|磕|守|记硬背|循环|忠|敌|锁|活(?!着)|背|档|皮赖脸|缠烂打|心塌地|水一"
    r"|火山|海|对头|缓|飞|工资|数据|链)"
    r"|活(?:动(?!力)|跃|泼|该|页|儿|期|佛|宝|水)|火(?:锅|车|腿|爆|龙果|影|柴|箭|候|山|焰|星)|该死的|死亡证明"
    r"|脑死亡|(?:困|饿|热|冷|冻|渴|尴尬|无聊|社死)得(?:我)?(?:都)?想死|笑得?(?:我)?想死|自杀干预热?线?课"
    r"|轻声(?:点|说|一)|不活络|活字|子?进程自杀|课程作业(?:如何|怎么|是|题).{0,6}自杀|活着就是为了(?:[吃喝玩等看追])"
    r"|还活着勿念|打我的?(?:电话|手机|微信)|(?:队友|对面|对手)(?:都|又)?[让叫骂]我去死|(?:怕|担心|小心|以免|防止|容易|万一)有?人?.{0,4}(?:掉|摔|滑)(?:下去?|下来)"
    r"|窗户?(?:关不|坏).{0,8}掉下|被?.{0,1}(?:作业|论文|ddl|考试|文件)(?:给)?淹[死没]|远离(?:轻生|自杀|自残)|(?:同学|朋友|室友)的[爸妈]{1,2}自杀"
    r"|原地去世|当场去世|打火机|灭火器|(?:考|毕业|放假|下课|答辩|军训|交|做|写)完.{0,8}解脱"
    r"|wanttodielaugh\w{0,3}|diary|ending(?:credits)?song"
)

# Said without a clear sign: help is offered softly, nobody is woken.
SOFT_RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "HYPERBOLE",
        "will",
        r"(?<![热饿困累冷笑忙急渴辣疼痛吵挤])(?:我|我们)(?:真的|感觉|好像)?(?:快要|快|要)死了|生无可恋|心如死灰"
        r"|杀了我吧|killme",
    ),
    Rule(
        "HOPELESS",
        "will",
        r"绝望|看不到(?:任何)?希望|没(?:有)?人(?:在乎|需要|在意|爱|关心|喜欢)我|(?:什么|一切|干啥|做什么"
        r"|全)都?没(?:有)?(?:什么)?意思|生活没(?:有)?(?:什么)?(?:意思|劲)|我(?:真的?)?没用|我(?:就"
        r"|真)?是(?:个)?废物|hopeless|worthless|nobodycares",
    ),
)
