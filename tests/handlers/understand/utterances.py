"""A second set of student utterances, written after the rules: words | accepted intents | context | never these."""

from __future__ import annotations

from typing import Final

UTTERANCES: Final = """
老师我明天要去牙科 请一天假|leave.request
周三到周五不在校 去杭州面试|leave.request
想回趟家 妈妈生病了|leave.request
Can I take Friday off for a wedding|leave.request
我发烧39度 今天的课去不了|leave.request
这周末在校外同学家过夜|leave.request,dorm
补一张昨天的病假|leave.request,leave.howto
假期不够 想续两天|leave.extend
航班取消 明天才能到学校|leave.extend
could i get two more days|leave.extend
我到学校了,销假|leave.return
我回学校了|leave.return
I'm back on campus|leave.return
刚下高铁 已到校|leave.return
怎么销假|leave.howto,leave.return
昨天交的请假批了吗|leave.status
我的请假到哪个老师那了|leave.status
why was my leave rejected|leave.status
请假时间填错了 想改成周四|leave.withdraw
把我的请假撤了|leave.withdraw||leave.request
行程变了 不请假了|leave.withdraw||leave.request
请假超过三天要谁签字|leave.howto
事假需要家长同意吗|leave.howto
how many days of leave can i take|leave.howto
我离校手续办到哪一步了|departure.progress
还差几个部门没盖章|departure.progress
毕业档案寄到哪里去了|departure.howto,departure.progress
团组织关系怎么转|departure.howto
how do i return my dorm key when i graduate|departure.howto
党员组织关系转出要找谁|departure.howto
我要举报隔壁寝室天天半夜打游戏|mailbox.complaint,dorm
三食堂的饭又贵又难吃|mailbox.complaint
选课系统天天崩 没人管吗|mailbox.complaint,course
希望操场晚上多开灯|mailbox.consult
能不能在二教装个饮水机|mailbox.consult
怎么给校长写信|mailbox.consult
想匿名反映一个老师|mailbox.anonymous,mailbox.complaint
投诉不想让他知道是我|mailbox.anonymous
我上周投诉的事处理了吗|mailbox.status
TS-2606-0031 有结果了吗|mailbox.status
我最近老是失眠 很焦虑|psych.counsel||psych.crisis
和男朋友分手了 一直哭|psych.counsel||psych.crisis
期末压力大到崩溃|psych.counsel||psych.crisis
how do i book a counseling session|psych.counsel
我感觉自己活着就是个错误|psych.crisis
不想活了 帮我请个假|psych.crisis
我同学说他想从天台跳下去|psych.crisis
i feel like ending my life|psych.crisis
死了就不用考试了|psych.crisis
作业死线是几号|course,oos,unclear||psych.crisis
笑不活了哈哈哈|chitchat||psych.crisis
饿死了 食堂几点开饭|service.find,chitchat||psych.crisis
实验楼冒烟了|safety.emergency
我室友昏过去了怎么办|safety.emergency
有人在校门口打架流血了|safety.emergency
somebody got hit by a car outside gate 2|safety.emergency
我室友从昨晚到现在联系不上|safety.emergency
有人加我微信说刷单返现|safety.fraud
被网贷催收天天打电话|safety.fraud||psych.crisis
学长一直发骚扰短信|safety.fraud
5栋302空调滴水|repair
宿舍断网两天了|repair
厕所灯坏了|repair
no hot water in building 7|repair
助学贷款怎么申请|aid
奖学金什么时候发|aid
想在学校找份勤工俭学|aid
开一份在读证明|certificate
英文成绩单去哪打|certificate,course
一卡通掉了|card.lost
学生证补办要多久|card.lost
lost my student card|card.lost
补考什么时候|course
四级成绩出来了吗|course
想退掉一门选修课|course
想换宿舍|dorm
宿舍几点锁门|dorm
晚归会被记名字吗|dorm
校医院周末开门吗|service.find
羽毛球馆怎么预约|service.find
vpn连不上怎么办|service.find,repair
我们学院辅导员电话多少|contact
今晚谁值班|contact
找辅导员|human,contact
不想跟机器人说 给我接真人|human
talk to a person|human
怎么绑定学号|bind
没收到验证码|bind,unclear||broadcast.confirm
你们存了我哪些信息|privacy
解除绑定|privacy,bind
收到|broadcast.confirm|broadcast
好的收到 谢谢老师|broadcast.confirm,thanks|broadcast
明天的体测在哪集合|broadcast.question|broadcast
我那天有考试可以不去吗|broadcast.question|broadcast
没收到通知啊|broadcast.question,unclear,mailbox.status|broadcast|broadcast.confirm
没有收到短信|bind,unclear,mailbox.status|none|broadcast.confirm
你好呀|greeting
早上好老师|greeting
多谢啦|thanks
拜拜|thanks
帮助|help
你会做什么|help
嗯嗯|confirm|form:leave
是的没错|confirm|form:leave
不对,是周四|deny|form:leave
no|deny|form:mailbox
取消吧不请了|cancel|form:leave
退出|cancel|form:leave
取消请假|leave.withdraw||cancel
给个好评|rate|ticket_closed
4|rate|ticket_closed
处理太慢了,不满意|rate,mailbox.complaint|ticket_closed
怎么还没人回我|mailbox.status|ticket_open
哈哈哈哈|chitchat
今天真无聊|chitchat
滚|abuse
你个废物|abuse
今天天气怎么样|oos
帮我写个python作业|oos
12*34等于多少|oos
嗯那个|unclear
？？？|unclear,chitchat
需要|confirm,unclear|none
我想问下体检在哪|service.find
身份证丢了怎么办|card.lost,service.find
女朋友生日送什么|chitchat,oos,unclear
医保怎么报销|service.find,aid
转专业要什么条件|course,mailbox.consult
宿舍里能用电饭锅吗|dorm
想当兵 学籍怎么保留|departure.howto,mailbox.consult,service.find,certificate
电动车在哪充电|service.find
捡到一个钱包|service.find,card.lost,mailbox.consult,unclear
下下周要去深圳参加竞赛 能走吗|leave.request,leave.howto
我胃疼 上午两节课来不了|leave.request
奶奶住院了 想回去照顾几天|leave.request
导师说这周去工地实习要不要请假|leave.howto,leave.request
我还得再住院三天|leave.extend
火车晚点了今晚到不了学校|leave.extend,leave.request,dorm
老师 我回到宿舍了|leave.return
病假批下来没|leave.status
假条在哪看|leave.status,leave.howto
我填错日期了 请假单能改吗|leave.withdraw,leave.howto
不用请了 会议取消|leave.withdraw
周末回家要请假吗|leave.howto
离校单还有哪项没过|departure.progress
图书馆那项什么时候能变成已完成|departure.progress,mailbox.status,departure.howto
毕业生宿舍钥匙交给谁|departure.howto
二楼窗口打饭阿姨给的量越来越少|mailbox.complaint
我们寝室隔壁一直放音响|mailbox.complaint,dorm
建议把晚自习取消|mailbox.consult
我有意见想跟学院说|mailbox.consult,mailbox.complaint
能匿名吗|mailbox.anonymous
我的建议有人看吗|mailbox.status
最近情绪很差 想找人聊聊|psych.counsel,human
压力大睡不好|psych.counsel
有人冒充辅导员找我借钱|safety.fraud
淋浴喷头坏了|repair
空调遥控器不见了|repair,service.find,unclear
门锁打不开|repair
家里突然失业了 学费交不上|aid
勤工助学岗位还招人吗|aid
在读证明能线上开吗|certificate
想要中英文成绩单各一份|certificate
饭卡被我弄丢了|card.lost
下学期什么时候选课|course
期末考试安排在哪看|course,service.find
挂科了怎么重修|course
室友太吵能换吗|dorm,mailbox.complaint
今晚十二点回来还能进吗|dorm
校医院电话|service.find,contact
快递站几点关|service.find
我班主任叫什么|contact
值班室电话|contact
叫个老师来|human
换手机了要重新绑定吗|bind
我想注销账号|privacy
老师您好|greeting
非常感谢!|thanks
你都能干啥|help
五分好评|rate
你好笨啊|abuse
北京今天几度|oos
给我推荐本小说|oos
帮我算一下 356+78|oos
今天好开心|chitchat,unclear
那个啥|unclear
will my leave be approved today|leave.status
when does the library close|service.find
how do i apply for a scholarship|aid
the toilet is clogged|repair
who is my counselor|contact
i lost my campus card|card.lost
thank you|thanks
"""
