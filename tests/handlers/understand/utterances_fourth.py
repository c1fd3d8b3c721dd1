"""Utterances about leave, departure and letters, of rounds in which the labels were written down before the reader was asked.

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
"""
