"""Sentences about staff, written before the reader was run on them: who must not get them unasked, and who may.

Each is a sentence and the people in it by their letters: "h" 韩老师 (counselor), "w" 王书记 (leads the college), "z" 周老师, "l" 罗主任
(leads logistics), "d" 邓师傅. "!h" is complained of for certain, "h" at least asked about, "-h" neither.
"""

from __future__ import annotations

from typing import Final

BLIND: Final[tuple[tuple[str, str], ...]] = (
    # Two and more.
    ("韩老师和王书记一起克扣我们的助学金，我要投诉", "!h !w"), ("我要举报韩老师跟王书记串通改成绩", "!h !w"),
    ("我要投诉韩老师还有王书记，他们收钱", "!h !w"), ("Ms Han and Secretary Wang took our money, I want to report them", "h w"),
    ("投诉：韩老师、周老师和王书记都骂人", "!h !z !w"), ("投诉我们辅导员和书记", "!h !w"),
    ("韩老师和周老师体罚学生我要投诉", "!h !z"), ("我们辅导员韩老师和王书记一起收红包", "!h !w"), ("王书记贪污，还有罗主任", "!w l"),
    ("举报韩老师以及王书记乱收费", "!h !w"), ("韩老师与王书记合伙骗我们", "!h !w"), ("韩老师同王书记一起打压我们", "!h !w"),
    ("韩老师伙同王书记私吞班费", "!h !w"), ("王书记包庇韩老师，我要举报", "w h"), ("韩老师、王书记态度恶劣", "!h !w"),
    ("投诉韩老师，还有王书记", "!h !w"), ("投诉韩老师，王书记也是一伙的", "!h w"), ("我要投诉罗主任、邓师傅", "!l !d"),
    ("邓师傅和罗主任修东西收钱", "!d !l"), ("I want to complain about Ms Han as well as Secretary Wang", "!h !w"),
    ("Ms Han, Mr Zhou and Secretary Wang shouted at us", "h z w"), ("complaint against Mr Zhou and Ms Han", "!z !h"),
    ("韩老师跟周老师都骂过我", "!h !z"), ("我被韩老师和王书记骂了", "!h !w"), ("对韩老师和王书记都有意见", "!h !w"),
    ("韩老师收钱，王书记也收钱", "!h !w"), ("韩老师和王书记勾结起来改奖学金名单", "!h !w"), ("韩老师连同王书记扣了我的补助，我要投诉", "h w"),
    ("书记和辅导员不作为", "!w !h"), ("投诉韩老师或者王书记都行，反正都收钱", "h w"), ("我要投诉：1.韩老师 2.王书记", "h w"),
    ("王书记让韩老师威胁我们", "w h"), ("韩老师听王书记的，逼我们捐款", "h w"), ("韩老师+王书记，收钱，举报", "h w"),
    # Told to somebody about somebody.
    ("我跟王书记说了韩老师的事", "h -w"), ("我和王书记反映过，韩老师总骂人", "!h -w"), ("我要投诉韩老师，已经跟王书记说过了", "!h -w"),
    ("我告诉王书记了，韩老师收钱", "!h -w"), ("我向王书记反映过韩老师的问题", "h -w"), ("我找过王书记，他说韩老师不对，我要投诉韩老师", "!h -w"),
    ("我和王书记说过韩老师打人", "!h -w"), ("I told Secretary Wang that Ms Han shouted at me", "h -w"),
    ("我给王书记写过信，投诉韩老师", "!h -w"), ("请王书记处理韩老师骂人的事", "h -w"),
    # What is done to or with somebody is no telling.
    ("我们被迫给韩老师送礼", "h"), ("韩老师逼我们给王书记送红包", "!h w"), ("有韩老师收钱的证据，举报", "h"), ("每次找韩老师签字都被骂", "h"),
    ("和韩老师吵架了", "h"), ("替韩老师干私活，不干就威胁我们", "h"), ("陪王书记喝酒，不去就穿小鞋", "w"), ("问韩老师问题她就骂我", "h"),
    ("跟韩老师请假她不让，还骂我", "h"), ("请韩老师吃饭才批助学金，太不公平", "h"), ("向韩老师申诉反而被威胁", "h"),
    ("I had to give money to Ms Han, this is harassment, she threatened me", "h"),
    # Nicknames.
    ("我对老韩有意见，她总骂我们", "h"), ("老韩收钱", "h"), ("投诉小韩", "h"), ("韩姐天天骂人", "h"), ("韩哥打人", "h"), ("投诉韩导", "!h"),
    ("韩辅不公平", "h"), ("举报韩某乱收费", "h"), ("姓韩的骂我", "h"), ("那个姓韩的老师骂我", "h"), ("韩某某索要红包", "h"), ("韩主任收礼", "h"),
    ("老王书记收礼", "w"), ("老王和老韩都收钱", "w h"), ("Teacher Han shouts at us", "h"), ("Han laoshi insulted me", "h"),
    ("Mr. Han is very rude", "h"), ("韩大姐态度很差", "h"), ("投诉韩sir", "h"), ("H老师骂人", "h"),
    # Spoken to, thanked, merely named.
    ("韩老师和王书记好，我想请假", "-h -w"), ("感谢韩老师和王书记的帮助", "-h -w"), ("感谢韩老师和王书记，但是食堂太差，我要投诉食堂", "-h -w"),
    ("Dear Ms Han and Secretary Wang, I would like to ask for leave", "-h -w"), ("韩老师、王书记您好，我要投诉食堂", "-h -w"),
    ("跟韩老师和王书记说过了，食堂还是很差，我要投诉食堂", "-h -w"), ("老韩在吗", "-h"), ("韩老师和王书记今天都在吗", "-h -w"),
    ("想问问韩姐奖学金什么时候发", "-h"), ("我和韩老师约了明天见面", "-h"), ("请韩老师和王书记帮我投诉宿舍热水", "-h -w"),
    ("小韩同学好", "-h"), ("韩老师与我聊过了，很有帮助", "-h"), ("有事找韩老师和王书记吗", "-h -w"),
    # A second set, of ways round the first.
    ("韩老师背后是王书记，他俩收钱", "h w"), ("我要投诉两个人，一个是韩老师，一个是王书记", "h w"), ("韩老师替王书记收钱", "h w"),
    ("韩老师和她的上司王书记都收礼", "h !w"), ("韩、王两位老师收钱", "h w"), ("韩王二人贪污", "h w"), ("王书记韩老师一起骂我", "!h !w"),
    ("我和韩老师反映王书记收钱，她也不管", "h !w"), ("跟王书记说了，他不管，还骂我", "w"), ("反映给王书记没用，他包庇韩老师", "h w"),
    ("找王书记反映韩老师的问题，他让我闭嘴，我要投诉他们", "!h w"), ("Secretary Wang helped Ms Han to cheat", "w h"),
    ("I'd like to report my counselor and the secretary", "!h !w"), ("I complained to Secretary Wang about Ms Han but he ignored me", "w h"),
    ("report: Han, Wang", "h w"), ("王书记指使韩老师克扣助学金，举报", "w h"), ("我要举报书记跟导员，乱扣分", "!h !w"),
    ("室友偷东西，我和韩老师说过，她说报警", "-h"), ("同学作弊，我向韩老师举报过", "-h"), ("图书馆占座太过分，我问过韩老师", "-h"),
    ("我是韩老师班上的李雷，投诉外卖被偷", "-h"), ("老师您好，我是韩老师班的学生，想投诉楼下施工太吵", "-h"),
)  # fmt: skip
