"""Utterances of rounds in which the labels were written down before the reader was asked.

words | accepted intents, best first
"""

from __future__ import annotations

from typing import Final

FOURTH: Final = """
老师我明天要去医院拔智齿，请一天假|leave.request
家里老人过寿，周六想回去一趟|leave.request
下午第三四节去不了，有点中暑|leave.request
想请两天，参加表哥婚礼|leave.request
周五晚上想出去住一晚，报备|leave.request
need to go home this weekend, grandma is ill|leave.request
i'd like friday off please|leave.request
老师，我到宿舍了|leave.return
已经返校，请销假|leave.return
人回来了，假可以结束了|leave.return
i have returned to campus|leave.return
刚下火车回到学校|leave.return
医生让再休息两天，想多请两天|leave.extend
票没买到，晚一天回来可以吗|leave.extend
还没好利索，能再给两天假吗|leave.extend
can i stay home two more days|leave.extend
我的请假怎么还没动静|leave.status
老师给我批假了没|leave.status
昨天提交的假到哪一步了|leave.status
has my leave been approved yet|leave.status
不想请假了，帮我撤了吧|leave.withdraw
假请错了日子，想改一下|leave.withdraw
行程取消，假不用了|leave.withdraw
please cancel my leave application|leave.withdraw
病假需要交什么证明|leave.howto
请假得提前几天说|leave.howto
请五天假要谁签|leave.howto
销假具体怎么操作|leave.howto
how many days can i take off|leave.howto
离校手续我还差几个章|departure.progress
图书馆那项怎么还是未完成|departure.progress
毕业离校先办哪个|departure.howto
退宿押金怎么退|departure.howto
档案会寄到哪里去|departure.howto
食堂二楼的菜里有头发|mailbox.complaint
宿管阿姨对我们大吼大叫|mailbox.complaint
隔壁寝室天天半夜打游戏吵死了|mailbox.complaint
the canteen staff was very rude to me|mailbox.complaint
希望图书馆能延长到十一点|mailbox.consult
能不能在操场多装几盏灯|mailbox.consult
我有个建议想跟学校说|mailbox.consult
我想举报但是不想让别人知道是我|mailbox.anonymous
可以不写名字投诉吗|mailbox.anonymous
上周写的信有回音了吗|mailbox.status
我报的修怎么没人来|mailbox.status,repair
投诉处理得怎么样了|mailbox.status
any news about my complaint|mailbox.status
催一下报修|mailbox.status,repair
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
明早的课上不了了，昨晚吐了一夜|leave.request
下周要去参加省赛，走三天|leave.request
表姐结婚，周末回老家|leave.request
想出趟校门去配眼镜，下午回|leave.request
能不能准我半天假|leave.request
今晚去亲戚家住不回寝室|leave.request
requesting leave for June 12 due to a family matter|leave.request
can't make it to class today, i have a fever|leave.request
我从家里回来了|leave.return
提前一天到校了|leave.return
假期结束，人已在宿舍|leave.return
我已经坐在教室了，销一下假|leave.return
i'm back at school now|leave.return
want to sign back in|leave.return
家里的事没办完，想再请三天|leave.extend
病没好，得续几天|leave.extend
航班取消，明天才能返校|leave.extend
could i extend my leave until monday|leave.extend
请假条批下来没有|leave.status
辅导员同意我的假了吗|leave.status
为什么我的假被打回来了|leave.status
where is my leave request now|leave.status
我不去了，假撤掉|leave.withdraw
请假时间写错了能改吗|leave.withdraw
把周五的假改成周六|leave.withdraw,leave.extend
我想取消刚才的请假|leave.withdraw
i want to withdraw my leave|leave.withdraw
丧假一般给几天|leave.howto
忘了销假会怎样|leave.howto
周末出市要请假吗|leave.howto
考试周允许请假么|leave.howto
do i need a doctor's note for sick leave|leave.howto
离校单现在走到哪了|departure.progress
还有哪几个部门没给我签|departure.progress
毕业生怎么办离校|departure.howto
户口迁移要怎么弄|departure.howto
党组织关系转到哪里|departure.howto
保安态度恶劣还骂人|mailbox.complaint
澡堂又涨价了，太黑了|mailbox.complaint
老师无故扣我平时分|mailbox.complaint
宿舍楼道有人抽烟没人管|mailbox.complaint
the dorm is too noisy at night|mailbox.complaint
建议食堂开个素食窗口|mailbox.consult
想给校长写封信|mailbox.consult
请问转专业政策在哪看|mailbox.consult,course
匿名提意见可以吗|mailbox.anonymous
别让老师知道是我说的|mailbox.anonymous
我的工单处理到哪了|mailbox.status
反映的问题三天了还没回|mailbox.status
什么时候给我回复啊|mailbox.status
did anyone read my letter|mailbox.status
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
我奶奶住院，想明天回去看她|leave.request
崴了脚，这两天不能上体育课|leave.request,course
要去驾校考科目三，周四请假|leave.request
下午想溜出去办个护照，请两小时|leave.request
申请离校三天回家办户口|leave.request
i have to attend a wedding on saturday, may i be absent|leave.request
sick today, staying in bed|leave.request
我到学校门口了，销假|leave.return
已从家返校，特此报告|leave.return
回校了|leave.return
landed and back in dorm|leave.return
想把假续到周日|leave.extend
我爸手术推迟了，还得多待两天|leave.extend
封路了今天回不了学校|leave.extend
need three more days, still in hospital|leave.extend
假批好了吗老师|leave.status
查一下我的假|leave.status
书记签字了没有|leave.status
is my sick leave ok'd|leave.status
请假取消|leave.withdraw
帮我把昨天那个假作废|leave.withdraw
我病好了不用请了|leave.withdraw
change my leave to next week|leave.withdraw
请假可以请几天|leave.howto
谁可以批一周以上的假|leave.howto
校外实习请假需要哪些材料|leave.howto
晚上请假能第二天走吗|leave.howto,leave.request
what is the procedure for asking leave|leave.howto
会签还剩财务处没过|departure.progress
我的离校手续办完了吗|departure.progress
离校时宿舍钥匙还给谁|departure.howto
休学怎么申请|departure.howto
毕业证什么时候发|departure.howto
食堂大锅菜吃出虫子|mailbox.complaint
校车司机开车打电话|mailbox.complaint
快递站乱收费|mailbox.complaint
the library staff ignored us|mailbox.complaint
洗衣房刷卡被多扣钱没人管|mailbox.complaint
能不能在宿舍楼下装个自动售货机|mailbox.consult
建议把体测时间往后挪|mailbox.consult
i suggest adding more buses|mailbox.consult
我想匿名举报作弊|mailbox.anonymous
写信能不留名字吗|mailbox.anonymous
我提的建议采纳了吗|mailbox.status
ZX-2606-0003 怎么样了|mailbox.status
报修单到哪一步了|mailbox.status
what happened to my ticket|mailbox.status
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
老师，周五下午最后两节课我得先走|leave.request
带妹妹去办入学，请一天|leave.request
我需要请一周病假做手术|leave.request
军训受伤了想休息几天|leave.request
明天体检要空腹抽血，上午不来上课|leave.request
i'll be away from 12 to 14 june for a competition|leave.request
请半天假去银行|leave.request
我已到校，麻烦销假|leave.return
昨晚回寝室了|leave.return
报告老师我回来啦|leave.return
back on campus, please close my leave|leave.return
医院说还要观察三天，假能延吗|leave.extend
再给我批两天吧|leave.extend
我这边雪太大赶不回去了|leave.extend
can my leave be extended by a day|leave.extend
请假有没有通过|leave.status
假条在谁手里卡着|leave.status
我请的假批了没|leave.status
any update on my leave|leave.status
这个假不请了|leave.withdraw
帮我把假期改到下周一|leave.withdraw,leave.extend
请假理由写错，想重新填|leave.withdraw
病假和事假的区别|leave.howto
请假材料要交原件吗|leave.howto
多少天以上要书记批|leave.howto
怎么补假|leave.howto
is parents' consent required for leave|leave.howto
离校系统里宿舍那项一直红的|departure.progress
毕业手续办到第几步了|departure.progress
图书没还能办离校吗|departure.howto
三方协议丢了影响离校吗|departure.howto
食堂打饭阿姨爱答不理|mailbox.complaint
自习室总有人外放音乐|mailbox.complaint
体育馆乱收费|mailbox.complaint
teacher never shows up on time, very unfair|mailbox.complaint
校园里电动车乱停太危险|mailbox.complaint
可不可以周末也开放实验室|mailbox.consult
想提个意见给学院|mailbox.consult
it would be nice to have more microwaves|mailbox.consult
举报老师能不能保密|mailbox.anonymous
不想实名反映|mailbox.anonymous
上次投诉有结果吗|mailbox.status
我的信老师看了吗|mailbox.status
报修都两天了还没动静|mailbox.status
has anyone looked at my request|mailbox.status
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
