"""Own example sentences for each intent: the likeliest intent by them answers when no rule does."""

from __future__ import annotations

from typing import Final

EXEMPLARS: Final[dict[str, str]] = {
    "leave.request": """
        周五想走一天|明天有事要离开学校|下周要去外地参加比赛|身体不舒服想休息一天|家里有急事我得走|后天去办签证不在学校|周末去亲戚家住两晚|我要陪家人去医院
        今天头晕上不了课|牙疼得去拔牙|下午要去派出所办身份证|想提前一天走|明天能不能不来|表姐结婚要去一趟|骨折了在家养几天|晚上不住学校了|爷爷不行了我要赶回去
        i need two days off|i won't be in class tomorrow|going home this weekend""",
    "leave.return": "已经到学校了报告一下|人在宿舍了|我到了 老师放心|刚下火车到学校|回学校报到|i have arrived at school|returned safely",
    "leave.extend": "票没买到明天才能回|还要再多待两天|病还没好还得休息|飞机取消了今天到不了|雨太大回不了学校|能晚两天回吗|need a few more days",
    "leave.status": "我的假到哪一步了|老师看了我的假没有|批假了没|昨天交的假有结果吗|has my leave been approved|假怎么还没动静",
    "leave.withdraw": "那个假我不想请了|时间改了 假要重新弄|把请的假去掉|我不走了假作废吧|i don't need the leave any more",
    "leave.howto": "请三天以上找谁签字|看病要交什么证明才能准|没课的时候离开也要请吗|周末出去要不要报备|what do i need for sick leave",
    "departure.progress": "我毕业手续还差哪个部门|图书馆那一项怎么还没变绿|离开学校的流程走到哪了|which offices have not signed yet",
    "departure.howto": "毕业后宿舍什么时候清退|档案寄到哪里|团员关系转到哪|押金什么时候退|毕业证几号领|学位服怎么还|how do i check out of the dorm for graduation",
    "mailbox.complaint": "食堂阿姨打菜手抖|老师总拖堂没人管|快递站天天排长队|超市卖过期东西|图书馆有人大声说话|小卖部找错钱还不认|班费去向不明|加分不公开|the canteen staff shouted at me",
    "mailbox.consult": "我觉得操场应该多装几盏灯|想给学院提个想法|可以多开几个窗口吗|晚上路灯能不能亮久一点|自习室座位可以改一下规则|i have an idea for the college",
    "mailbox.anonymous": "可以不写我是谁吗|不想让老师知道是我写的|偷偷反映一件事|用假名可以吗|can i write without my name",
    "mailbox.status": "上次说的那件事有下文了吗|我写的信看到了吗|都一周了怎么没人理我|上个月提的问题解决没|what happened to my complaint",
    "psych.counsel": "最近提不起劲|总是一个人很寂寞|和朋友闹翻了心里堵得慌|想找个人说说话|整晚睡不好胡思乱想|考试前心慌手抖|觉得自己什么都做不好|妈妈总骂我很委屈|i feel down these days",
    "safety.fraud": "有人说我的账户有问题要我转钱|加了个群说做任务返钱|有陌生人一直给我发恶心的消息|借了钱还不上他们天天打电话|接到自称警察的电话|买东西付了钱对方拉黑我|someone asked me to transfer money",
    "repair": "厕所冲不了水|灯一闪一闪的|空调吹热风|门关不上|插头冒火花|洗澡没有热水|电脑连不到网|床板断了|窗户玻璃裂了|the shower does not work|my light is out",
    "aid": "家里条件不好有什么帮助|想找个校内的活干|学费凑不齐|怎么评国家奖|生源地的合同交给谁|can i get help with tuition",
    "certificate": "办签证需要学校开的材料|实习单位要我证明是学生|出国要英文的成绩|打印一份在校的证明|章在哪里敲|i need a letter saying i am a student",
    "card.lost": "饭卡找不着了|卡好像落在食堂了|捡到一张别人的卡|卡刷不出来了想换一张|i can't find my campus card",
    "course": "下周一第几节有课|分数什么时候能看|这学期选不上那门课|挂了一门怎么办|老师调课在哪个教室|四级报名时间|when is the final exam",
    "dorm": "和舍友合不来想搬|晚上几点锁门|十二点以后还能进楼吗|宿舍可以用小冰箱吗|暑假能住校吗|can i move to another room",
    "service.find": "自习室怎么占座|看牙去哪里|取件点在什么地方|羽毛球场怎么订|校园网怎么开户|去火车站坐几路|where can i print|what time does the pool open",
    "contact": "我们班归哪个老师管|导员电话给我一个|晚上有事找谁|学工办在几楼|我该找哪个老师|how can i reach my counselor",
    "human": "我想跟真的人说话|别自动回复了叫老师来|找个管事的|机器听不懂 换人|let me speak with a teacher",
    "bind": "学号填错了怎么改|换了微信怎么重新登记|怎么登记我的身份|提示找不到我的学号|how do i link my account",
    "privacy": "你们会把聊天给别人看吗|我说的话谁能看|把我的东西都删了|退出后信息还在吗|what do you know about me",
    "broadcast.question": "开会穿什么衣服|那个会可以晚到吗|通知里说的地点是哪个楼|请问要带笔吗|我那天有课怎么办|can i skip the meeting",
    "greeting": "老师晚上好呀|你好请问有人在吗|哈喽小助手",
    "thanks": "麻烦你了谢谢|好的没别的事了|辛苦老师啦|great thank you so much",
    "help": "这个东西是干什么的|你都会些什么呢|有哪些事可以在这里办|what is this bot for",
    "rate": "给个五星|回答很好我很满意|处理得太慢了给两分|没帮上忙打一分|really helpful five stars",
    "chitchat": "今天好热啊|周末去哪玩|你叫什么名字呀|我好无聊陪我说话|食堂的鸡腿真好吃|刚睡醒|今天运气真好|are you a robot",
    "abuse": "你怎么这么笨|什么垃圾玩意|没用的机器|you are so dumb",
    "oos": "帮我写一篇作文|明天会下雨吗|一加一等于几|给我讲个故事|推荐一部好看的片子|世界上最高的山|怎么做红烧肉|what is the capital of france",
}
