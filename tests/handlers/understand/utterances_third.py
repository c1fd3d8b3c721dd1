"""A third set of utterances: words that only a dialogue explains, and whole sentences of every kind.

words | accepted intents | context | never these
"""

from __future__ import annotations

from typing import Final

THIRD: Final = """
leave from next Monday to Wednesday|leave.request
tomorrow afternoon to Friday|unclear,leave.request||dorm
remind them|unclear,mailbox.status,human
rate 5|rate|ticket_closed
rate 5|rate
假条|leave.status,leave.howto
改期|leave.withdraw,unclear
假期改到周五|leave.withdraw,leave.extend||leave.request
会|confirm,unclear|form:leave
收到|broadcast.confirm|broadcast
收到谢谢|broadcast.confirm,thanks|broadcast
好的|broadcast.confirm|broadcast
ok|broadcast.confirm|broadcast
知道了|broadcast.confirm|broadcast
已阅|broadcast.confirm|broadcast
1|broadcast.confirm|broadcast
我会参加|broadcast.confirm|broadcast
参加不了|broadcast.question,unclear|broadcast|broadcast.confirm
没收到|broadcast.question,unclear,mailbox.status|broadcast|broadcast.confirm
不收到|unclear,broadcast.question|broadcast|broadcast.confirm
不参加|broadcast.question,unclear,deny|broadcast|broadcast.confirm
几点开始|broadcast.question|broadcast
在哪开会|broadcast.question|broadcast
必须去吗|broadcast.question|broadcast
要带什么|broadcast.question|broadcast
可以请假吗|broadcast.question,leave.request,leave.howto|broadcast|broadcast.confirm
我生病了去不了|broadcast.question,leave.request|broadcast|broadcast.confirm
what time|broadcast.question|broadcast
got it|broadcast.confirm|broadcast
2|unclear,broadcast.question|broadcast|broadcast.confirm
不能去|broadcast.question,unclear,deny,leave.request|broadcast|broadcast.confirm
不明白|broadcast.question,unclear|broadcast|broadcast.confirm
不知道|unclear,broadcast.question|broadcast|broadcast.confirm
不确认|deny,unclear,broadcast.question|broadcast|broadcast.confirm
没看到|unclear,broadcast.question|broadcast|broadcast.confirm
收到没|unclear,broadcast.question,mailbox.status|broadcast|broadcast.confirm
好的|confirm|form:leave
嗯|confirm|form:leave
是|confirm|form:leave
可以|confirm|form:leave
ok|confirm|form:leave
yes|confirm|form:leave
没问题|confirm|form:leave
提交|confirm|form:leave
行|confirm|form:leave
对|confirm|form:leave
不可以|deny,cancel|form:leave|confirm
不对|deny|form:leave|confirm
不是|deny|form:leave|confirm
不行|deny|form:leave|confirm
不是的|deny|form:leave|confirm
没错|confirm|form:leave
不错|confirm,unclear,rate,chitchat|form:leave
错了|deny|form:leave|confirm
不确定|deny,unclear|form:leave|confirm
不太对|deny|form:leave|confirm
不提交|deny,cancel|form:leave|confirm
先不提交|deny,cancel|form:leave|confirm
别提交|deny,cancel|form:leave|confirm
不要提交|deny,cancel|form:leave|confirm
等一下|unclear,deny,cancel|form:leave|confirm
等等 还没好|unclear,deny,cancel|form:leave|confirm
好像不对|deny,unclear|form:leave|confirm
应该是周五|deny,unclear,leave.withdraw|form:leave|confirm
不对 是下周|deny|form:leave|confirm
对吗|unclear,help,deny|form:leave|confirm
可以吗|unclear,help|form:leave|confirm
行不行|unclear,help|form:leave|confirm
好吧|confirm|form:leave
好了|confirm,unclear|form:leave
好麻烦啊|unclear,cancel,chitchat|form:leave|confirm
no no no|deny|form:leave|confirm
not correct|deny|form:leave|confirm
not ok|deny|form:leave|confirm
yes please|confirm|form:leave
don't submit|deny,cancel|form:leave|confirm
取消|cancel|form:leave
算了吧|cancel|form:leave
不请了|cancel,leave.withdraw|form:leave|confirm
不想填了|cancel|form:leave|confirm
退出|cancel|form:leave
quit|cancel|form:leave
不取消|deny,unclear,confirm|form:leave|cancel
别取消|deny,unclear,confirm|form:leave|cancel
不要取消|deny,unclear,confirm|form:leave|cancel
没有取消|deny,unclear,confirm|form:leave|cancel
怎么取消|help,unclear,leave.howto,leave.withdraw|form:leave|cancel
能取消吗|help,unclear,leave.howto,leave.withdraw|form:leave|cancel
5|rate|ticket_closed
满意|rate|ticket_closed
不满意|rate,mailbox.complaint|ticket_closed
很好 谢谢|rate,thanks|ticket_closed
五星好评|rate|ticket_closed
差评|rate,mailbox.complaint|ticket_closed
3分|rate|ticket_closed
一般般吧|rate|ticket_closed
给4星|rate|ticket_closed
4 stars|rate|ticket_closed
very helpful|rate|ticket_closed
还没好呢|mailbox.status,rate,unclear|ticket_closed
五号楼|unclear,dorm|ticket_closed|rate
5点|unclear|ticket_closed|rate
不错 不过灯又坏了|rate,repair|ticket_closed
会|unclear,confirm,broadcast.confirm|broadcast
姥姥过世了|leave.request||chitchat
拉肚子 上不了课了|leave.request||mailbox.complaint
他回来了吗|unclear,human,contact,leave.status,chitchat||leave.return
我还没回来|unclear,leave.extend,leave.status||leave.return
我还没有返校|unclear,leave.extend,leave.status,departure.howto||leave.return
明天才能返校|leave.extend,leave.request||leave.return
还没到学校|leave.extend,unclear,leave.status||leave.return
我没回宿舍|dorm,leave.request,unclear||leave.return
撤销请假|leave.withdraw||leave.request
取消我的请假|leave.withdraw||leave.request,cancel
我不想请假了|leave.withdraw||leave.request
请假时间改成下周|leave.withdraw||leave.request
我的假要改时间|leave.withdraw||leave.request
请假日期写错了|leave.withdraw||leave.request
会不开了 不用请假了|leave.withdraw||leave.request
cancel my leave|leave.withdraw||leave.request
change my leave to friday|leave.withdraw||leave.request
i don't need the leave anymore|leave.withdraw||leave.request
我没有要请假|leave.withdraw,unclear,deny||leave.request
不要请假|leave.withdraw,unclear,deny||leave.request
怎么请假|leave.howto||leave.request
请假流程|leave.howto||leave.request
热死了|chitchat||psych.crisis
困死我了|chitchat||psych.crisis
游戏里又死了|chitchat,unclear,oos||psych.crisis
我要被高数逼疯了|psych.counsel,chitchat,course||psych.crisis
心情不好|psych.counsel||psych.crisis
i'm stressed about finals|psych.counsel||psych.crisis
我想死你们了|chitchat,unclear||psych.crisis
笑死我了|chitchat||psych.crisis
死机了|repair,unclear,chitchat,service.find||psych.crisis
自杀式袭击是什么意思|oos,unclear||psych.crisis
跳楼价|chitchat,oos,unclear,service.find||psych.crisis
电脑死机|repair,unclear,service.find,oos||psych.crisis
烦死了这破系统|chitchat,abuse,mailbox.complaint||psych.crisis
压力好大 睡不着|psych.counsel||psych.crisis
这题难死了|chitchat,course,oos||psych.crisis
冻死我了 暖气呢|chitchat,repair||psych.crisis
手机没电死机了|chitchat,repair,unclear,service.find||psych.crisis
考试焦虑怎么办|psych.counsel,course||psych.crisis
和爸妈关系很差 很压抑|psych.counsel||psych.crisis
收到👌|broadcast.confirm|broadcast
好 一定到|broadcast.confirm|broadcast
嗯嗯收到|broadcast.confirm|broadcast
我可能去不了|broadcast.question,unclear,leave.request|broadcast|broadcast.confirm
在几楼开|broadcast.question|broadcast
what should i bring|broadcast.question|broadcast
几点截止|broadcast.question|broadcast
可以的|confirm|form:leave
嗯 没错|confirm|form:leave
就这样吧|confirm|form:leave
不 改成周五|deny,leave.withdraw|form:leave|confirm
先别|deny,cancel,unclear|form:leave|confirm
不办了|cancel|form:leave|confirm
算了 不请了|cancel,leave.withdraw|form:leave|confirm
解决了 5分|rate|ticket_closed
很差|rate,mailbox.complaint|ticket_closed
👍|rate,thanks|ticket_closed
敷衍了事 2星|rate|ticket_closed
烤鱼辣死我了|chitchat||psych.crisis
论文要了我的命|chitchat,course||psych.crisis
老师我后天要陪姥姥看病 请一天行不行|leave.request
肚子疼得直不起腰 下午的课能请假吗|leave.request,leave.howto
我要去参加挑战杯决赛 周四到周日|leave.request
家里装修要回去看着 请个事假|leave.request
明早体检 第一节课赶不上|leave.request
晚自习能不去吗 我想回寝室躺着|leave.request,leave.howto,dorm,broadcast.question
今晚去亲戚家吃饭 十一点回|leave.request,dorm
和导师出差一周|leave.request
i need leave this thursday for a visa appointment|leave.request
i have a bad cold and want to rest today|leave.request
票改到后天了 再晚两天回|leave.extend
病情反复 还得住几天院|leave.extend
想把假延到周一|leave.extend,leave.withdraw
my doctor says i need three more days|leave.extend
已安全到达宿舍|leave.return
我提前销假|leave.return
老师我回学校啦|leave.return
back in the dorm now|leave.return
我的病假老师看了吗|leave.status
请假申请还在待审批|leave.status
假条批下来了吗 明天要走|leave.status
when will my leave be approved|leave.status
那个假先撤回吧 我记错日子了|leave.withdraw
请假改成明天行吗|leave.withdraw
病好了 剩下两天的假不要了|leave.withdraw,leave.return
i want to cancel the leave i asked for yesterday|leave.withdraw
请假五天需要学院盖章吗|leave.howto
事假和病假有什么区别|leave.howto
外宿一晚要谁同意|leave.howto,dorm,leave.request
what happens if i come back late from leave|leave.howto,leave.extend
离校手续显示财务未通过|departure.progress
我还有哪个处没签字|departure.progress
毕业离校时间是哪天|departure.howto
当兵走要办离校吗|departure.howto
how do i drop out|departure.howto
校门口保安太凶了|mailbox.complaint
食堂米饭里吃到石子|mailbox.complaint
我们班评奖学金暗箱操作|mailbox.complaint,aid
选修课老师点名乱扣分|mailbox.complaint,course
隔壁宿舍天天外放音乐|mailbox.complaint,dorm
water from the dispenser smells bad|mailbox.complaint,repair
建议在宿舍楼下放自动售货机|mailbox.consult
能不能多开一趟校车|mailbox.consult
想请教一下出国交换的政策|mailbox.consult
我想给学校写一封感谢信|mailbox.consult
投诉老师能不透露我是谁吗|mailbox.anonymous
可以匿名给书记写信吗|mailbox.anonymous
我昨天写的信收到没|mailbox.status
投诉一周了没人理|mailbox.status,mailbox.complaint
工单什么时候能处理完|mailbox.status
我感觉快要崩溃了 每天想哭|psych.counsel||psych.crisis
最近老是心慌 睡不踏实|psych.counsel||psych.crisis
考研失败了 不知道怎么办|psych.counsel,course
被喜欢的人拒绝了 很难过|psych.counsel
怎么预约心理咨询|psych.counsel
我不想活下去了|psych.crisis
想用刀割自己|psych.crisis
i can't go on living like this|psych.crisis
食堂的辣椒要命了|chitchat,mailbox.complaint||psych.crisis
隔壁楼着火了 好大烟|safety.emergency
同学在操场晕倒没呼吸了|safety.emergency
有陌生人闯进宿舍|safety.emergency
我刚被骗了三千块怎么办|safety.fraud
有人用我照片骗人|safety.fraud
网上借款被催债|safety.fraud
i was asked to pay a deposit for a part-time job|safety.fraud
宿舍空调遥控没反应|repair
阳台漏雨|repair
床梯松了|repair
洗衣机脱不了水|repair
宿舍wifi连不上|repair
the socket in my room is dead|repair
助学贷款续贷怎么弄|aid
家里遭水灾了有没有补助|aid
图书馆兼职还招吗|aid
开实习证明|certificate
学校公章哪里盖|certificate
出国要中英文成绩单|certificate
饭卡落在教室不见了|card.lost
校园卡补办地点|card.lost
身份证和学生证都丢了|card.lost
下周的高数课调到哪天|course
期末成绩出了没|course
四级准考证在哪打|course
怎么申请重修|course
大一能转专业吗|course,mailbox.consult
想从六人间换到四人间|dorm
宿舍门禁卡几点以后刷不开|dorm,card.lost,repair
室友天天熬夜打游戏怎么办|dorm,mailbox.complaint,psych.counsel
寒假留校住宿怎么申请|dorm
篮球场几点关灯|service.find
哪有自助打印机|service.find
校医院能报销吗|service.find
where can i get my parcel|service.find
学院办公室电话是多少|contact
我们年级的辅导员是哪位|contact
晚上值班找谁|contact
不要机器人 我要老师|human
给我转老师|human
我要跟人说话|human
换了新手机要怎么重新绑|bind
我的学号绑定不了|bind
请删除我的聊天记录|privacy
我发的内容老师都能看到吗|privacy
你除了请假还会什么|help
这个机器人怎么用|help
晚安啦|thanks,greeting,chitchat
你真可爱|chitchat
哎 今天又下雨|chitchat,oos
给我写个请假理由|oos,leave.request,leave.howto
帮忙算下 128 除以 4|oos
梅西进了几个球|oos
你是不是傻|abuse
"""
