"""Utterances of the same rounds as in utterances_fourth.py about everything else: life on campus, troubles, the bot itself.

words | accepted intents, best first
"""

from __future__ import annotations

from typing import Final

FOURTH_CAMPUS: Final = """
最近总是提不起劲，睡也睡不好|psych.counsel
跟室友闹翻了，心里很难受|psych.counsel
想约一下心理咨询|psych.counsel
i feel really down lately|psych.counsel
实验室着火了|safety.emergency
有同学晕倒了快来人|safety.emergency
有人说我的快递丢了让我加QQ退款|safety.fraud
刷单被骗了两千块|safety.fraud
有陌生人一直跟踪我|safety.emergency,safety.fraud
寝室的灯一闪一闪的|repair
水龙头一直滴水关不紧|repair
我们这层没热水了|repair
洗衣机甩不干|repair
the toilet is blocked|repair
my key broke in the lock|repair
阳台门关不上|repair
助学金什么时候发|aid
想申请困难认定|aid
有没有校内兼职可以做|aid
在读证明在哪里开|certificate
成绩单要盖章找谁|certificate
校园卡掉了|card.lost
饭卡找不到了怎么办|card.lost
i lost my student card|card.lost
期末考试安排出来了吗|course
挂科了怎么补考|course
选课系统什么时候开|course
想换个宿舍|dorm
宿舍几点关门啊|dorm
十二点回来还能进楼吗|dorm
校医院今天开门吗|service.find
去新校区的班车几点|service.find
校园网密码忘了|service.find
where is the gym|service.find
我辅导员是谁呀|contact
今天谁值班|contact
导员的电话给我一下|contact
who is my counselor|contact
我要跟真人说话|human
帮我转人工|human
别让机器人回我了|human
怎么绑定学号|bind
我换手机号了要重新验证|bind
把我的资料都删掉|privacy
你们存了我哪些信息|privacy
你好呀|greeting
谢谢你帮了大忙|thanks
好的知道了，拜拜|thanks
你都会干什么|help
菜单|help
今天天气咋样|oos
帮我写一篇作文|oos
哈哈哈笑死|chitchat
你是男的还是女的|chitchat
什么垃圾玩意|abuse
那个|unclear
明天上午有人在|unclear
感觉自己什么都做不好，好崩溃|psych.counsel
失恋了吃不下饭|psych.counsel
压力大得喘不过气|psych.counsel,safety.emergency
心理中心怎么预约|psych.counsel,service.find
楼道里冒烟了|safety.emergency
有人打架流血了|safety.emergency
室友一直联系不上，一夜没回|safety.emergency
收到短信说我涉嫌洗钱要我转账|safety.fraud
网上贷款被催收了|safety.fraud
空调开了只吹热风|repair
门锁打不开进不去宿舍|repair
窗帘杆掉下来了|repair
路由器连不上网|repair
shower drain is clogged|repair
no electricity in our room|repair
天花板往下滴水|repair
国家奖学金怎么评|aid
家里出事交不起学费|aid
勤工助学岗位怎么报名|aid
how to apply for a scholarship|aid
要开个在校证明办签证|certificate
学生证磁条坏了去哪充磁|certificate,card.lost
四级成绩单丢了能补吗|certificate,course
捡到一张校园卡|card.lost,service.find
一卡通被冻结了怎么解|card.lost
重修要交钱吗|course
这学期几号考试|course
体育课可以换老师吗|course
和室友合不来想换寝室|dorm,psych.counsel
宿舍可以养仓鼠吗|dorm
暑假能留校住吗|dorm
图书馆怎么预约座位|service.find
打印店在哪里|service.find
放寒假是几号|service.find
几点有校车|service.find
值班电话多少|contact
学工办在几楼|contact,service.find
我们班导员叫啥|contact
有人工客服吗|human
我想跟老师聊聊|human
connect me to a person please|human
身份验证不通过|bind
学号输错了怎么改|bind
解除绑定|privacy
谁能看到我写的东西|privacy
老师早上好|greeting
非常感谢|thanks
怎么使用这个机器人|help
你能办哪些事|help
讲个笑话听听|oos,chitchat
一加一等于几|oos
今天好困啊|chitchat
你真笨|abuse
嗯嗯那个就是|unclear
asdf|unclear
整晚失眠，情绪很低落|psych.counsel
觉得自己融不进班级，很孤独|psych.counsel
心理老师在哪里可以找到|psych.counsel
feeling anxious about exams|psych.counsel
宿舍有烧焦的味道|safety.emergency
有人溺水了|safety.emergency
同学被车撞了|safety.emergency
室友被骗去做传销|safety.fraud,safety.emergency
接到假冒公安的电话|safety.fraud
someone scammed me online|safety.fraud
插座冒火花|repair,safety.emergency
厕所冲不了水|repair
热水器不出热水|repair
风扇转不动了|repair
床梯松了很晃|repair
wifi is down on our floor|repair
the window won't close|repair
贫困生补助怎么申请|aid
生源地贷款续贷怎么办|aid
勤工俭学工资什么时候发|aid,mailbox.consult
打印成绩单在哪|certificate
需要学院盖个公章|certificate
学籍证明能线上开吗|certificate
饭卡丢了里面还有钱|card.lost
学生证补办流程|card.lost,certificate
校园卡消磁刷不了|card.lost
缓考怎么办理|course
这门课能退吗|course
教室改到哪了|course
调宿舍找谁|dorm
晚上几点熄灯|dorm
宿舍能不能用小冰箱|dorm
超市开到几点|service.find
怎么去高铁站|service.find
校医院电话是多少|service.find,contact
how do i use the vpn|service.find
怎么联系我的辅导员|contact
周末谁在值班|contact
班主任手机号|contact
找真人客服|human
让老师联系我|human
i'd like to talk to a real person|human
绑定失败怎么办|bind
验证码收不到|bind
我的聊天记录会被别人看到吗|privacy
注销我的账号|privacy
早|greeting
hello|greeting
多谢老师|thanks
ok 谢谢|thanks
有哪些功能|help
what can you do|help
推荐一部电影|oos
世界杯谁赢了|oos
无聊死了|chitchat
你几岁啦|chitchat
傻瓜机器人|abuse
呃|unclear,chitchat
嗯？|unclear
我好想家，晚上偷偷哭|psych.counsel
最近焦虑得吃不下东西|psych.counsel
i can't stop crying|psych.counsel
宿舍煤气味很重|safety.emergency
有人拿刀进了楼|safety.emergency
网恋对象让我投资|safety.fraud
同学冒充我借钱|safety.fraud
有人偷拍我|safety.fraud
空调遥控器没反应|repair
浴室地漏返水|repair
宿舍跳闸了|repair
椅子腿断了|repair
the light in room 305 keeps flickering|repair
our sink is leaking|repair
助学贷款还款怎么弄|aid
奖学金名单什么时候公布|aid
想找份勤工助学|aid
办护照需要的在校证明|certificate
成绩单英文版怎么开|certificate
学位证明书补办|certificate,departure.howto
一卡通落在食堂了|card.lost
补一张学生证多少钱|card.lost,certificate
my campus card doesn't work|card.lost,repair
四六级报名什么时候|course
老师调课了在哪看|course
绩点怎么算|course
申请四人间|dorm
宿舍楼十一点以后能进吗|dorm
换寝室流程|dorm
游泳馆周末开不开|service.find
快递代收点在哪|service.find
怎么连校园网|service.find
where do i buy a bus ticket|service.find
今晚值班老师电话|contact
谁管我们班|contact
辅导员办公室在几楼|contact
来个真人|human
我要找老师当面说|human
operator please|human
怎么验证身份|bind
绑定微信|bind
删掉我的聊天记录|privacy
我的信息安全吗|privacy
下午好|greeting
辛苦您了|thanks
使用帮助|help
你会什么|help
帮我解一道高数题|oos
明天会下雨吗|oos
哈哈|chitchat
想你了|chitchat
滚|abuse
这|unclear
然后|unclear
"""
