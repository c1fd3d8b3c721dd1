"""Utterances of one more blind round.

words | accepted intents, best first
"""

from __future__ import annotations

from typing import Final

FIFTH: Final = """
姥姥去世，要回去送一程|leave.request
周四要去外省参加保研夏令营三天|leave.request
我脚扭了，医生让卧床两天|leave.request
明天回家拿身份证，下午回校|leave.request
晚上想去网吧通宵，申请不归|leave.request
could you approve two days for my brother's wedding|leave.request
大后天请一天|leave.request
人在学校了，消假|leave.return
销假啦|leave.return
请假结束，人已归队|leave.return
i have come back, sign me in|leave.return
再延两天可以吗，还在输液|leave.extend
今天的火车取消了，得后天才能回|leave.extend
假批得咋样了|leave.status
请假那个流程走完没|leave.status
did my teacher approve my leave|leave.status
请多了，改成一天|leave.withdraw
明天的假退了吧|leave.withdraw
不请假了不好意思|leave.withdraw
请假逾期会有啥后果|leave.howto
事假批准权限是怎么规定的|leave.howto
家长同意书在哪交|leave.howto
how early should i ask for leave|leave.howto
离校会签卡在后勤了|departure.progress
我毕业手续还剩啥|departure.progress
学位服什么时候还|departure.howto
退学要什么手续|departure.howto
保洁不打扫厕所臭死了|mailbox.complaint
辅导员老是阴阳怪气|mailbox.complaint
澡堂排队一个小时|mailbox.complaint
the food is cold and expensive|mailbox.complaint
希望多开几门选修|mailbox.consult
建议设个失物招领角|mailbox.consult
跟书记反映个事|mailbox.consult
能不能不让学院知道是谁写的|mailbox.anonymous
别写我名字，我要投诉|mailbox.anonymous
投诉石沉大海|mailbox.status
我那封信到哪了|mailbox.status
工单编号 TS-2606-0012|mailbox.status
最近做什么都提不起兴趣|psych.counsel
考砸了心态崩了|psych.counsel
宿舍触电了有人倒下|safety.emergency
校门口发生车祸|safety.emergency
投资群让我充值|safety.fraud
假冒客服要验证码|safety.fraud,bind
水压太小洗不了澡|repair
空调漏水漏到床上|repair
抽屉锁坏了|repair
the ceiling light went out|repair
no wifi in building 3|repair
临时困难补助怎么领|aid
校内助管岗位还招吗|aid
开个证明证明我是在校生|certificate
补办毕业证明|certificate,departure.howto
卡被食堂机器吞了|card.lost,mailbox.complaint,repair
水卡不见了|card.lost
选修课学分够不够怎么看|course
考试时间冲突怎么办|course
想搬去别的寝室|dorm
楼下几点查寝|dorm
自行车停哪|service.find
体育馆怎么订场|service.find
校医室电话|service.find,contact
辅导员微信多少|contact
学院值班室电话|contact
跟老师通个话|human
有活人吗|human
i want a human agent|human
学号绑错了|bind
怎么解绑|privacy,bind
谁看得到我的请假理由|privacy
老师您好|greeting
thx|thanks
怎么用你|help
1+1=?|oos,unclear
给我讲讲三国|oos,unclear
困|chitchat
弱智机器人|abuse
啊这|unclear,chitchat
"""
