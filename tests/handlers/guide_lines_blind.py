"""Sentences of three rounds that were written down, with what they should come to, before the bot was asked.

sentence | what is right: "form:SLUG" its form, a guide's id or the end of one, an aspect of the rules, "none" an honest
word, "other" what is told without a form or a guide (one's own matters, the menu).
"""

from __future__ import annotations

from typing import Final

BLIND: Final = """
请事假最多能请多少天 | most
病假超过三天要谁批 | who
请假一次最长多久 | most
期末考试周能不能请假 | who,lead,most,need,none
请假要几个人批 | who
丧假要交什么材料 | evidence
公假谁审批啊 | who
病假条必须是三甲医院的吗 | evidence,none
没有病历能请病假吗 | evidence,none
请假条在哪里看 | leave/slip,other,how
假批下来之后能改时间吗 | none,other
请假被驳回了还能再申请吗 | none
请假没批就走了算什么 | none
逾期没销假有啥后果 | late
晚回来半天要重新请假吗 | late
火车晚点回来迟了怎么办 | late
提前回来了要做什么 | back
销假要本人去办公室吗 | back,who
怎么算请了一天还是半天 | count
法定节假日算在请假里吗 | count
请假当天申请可以吗 | lead
几点之前申请明天的假来得及 | lead
辅导员不在假谁来批 | who,none
书记什么时候要签字 | who,none
请假超过一周要家长打电话吗 | guardian
我今年还剩几天事假 | total
这学期我请过几次病假 | total
补假材料什么时候交 | evidence,makeup
事后多久之内可以补假 | makeup
续假要重新审批吗 | extend
住院了要延长假期怎么操作 | extend
离校不满一天要不要报备 | need,lead,who,none
晚归几点算 | dorm/hours,none
请假会不会影响奖学金 | none
上课迟到三次算旷课吗 | none
报修完多长时间会来 | limits
修东西收不收费 | none
给书记写信匿名吗 | youth-mailbox/signed,none
洗衣房在哪 | none
宿舍几点断电 | dorm/hours,none
能请三天假吗 | form:leave
明天可以请假不 | form:leave
宿舍灯坏了能修吗 | form:dorm-repair
想请假需要怎么弄 | form:leave,how
下周一能不能请一天事假呀 | form:leave
我想请病假行不行 | form:leave
能帮我报个修吗，水管爆了 | form:dorm-repair
厕所堵了咋办啊 | form:dorm-repair
可以申请周末离校吗 | form:leave
今晚能不能不回宿舍 | form:leave
老师，我肚子疼，下午的课能请假吗 | form:leave
空调遥控器没反应了有人能看看吗 | form:dorm-repair
请个公假要参加运动会，可以吧 | form:leave
麻烦问下周五下午我能请假回家不 | form:leave
想给学校提个建议可以吗 | form:youth-mailbox
食堂太贵了能不能反映一下 | form:youth-mailbox
爷爷去世了，我可以请丧假吗 | form:leave
窗户玻璃碎了谁来换 | form:dorm-repair
能批我两天假吗，去看牙 | form:leave
can I have tomorrow off? I have a dentist appointment | form:leave
事假跟病假有什么区别 | none,how,most
实习假要准备哪些东西 | evidence,how,none
请一天假要谁同意 | who
七天以上的病假谁有权批 | who
辅导员批完还要给谁看 | who,none
出国假要提前多久办 | lead
今天晚上请明早的假还来得及么 | lead
节假日前能请假吗 | who,lead,need,most,none,count
丧假最多批几天 | most
一学期最多能请几次假 | most
我已经请了多少天了 | total
这个月我请了几次假来着 | total
请假超时会不会有处分 | late,none
没销假会被通报吗 | late
回来以后忘记销假怎么补救 | late
晚一天返校算不算旷课 | late,none
销假在哪里点 | back,who,how
请假要不要爸妈签字 | guardian
病假单可以后面再补吗 | evidence,makeup
没来得及开证明可以先请吗 | evidence,makeup,none
补请昨天的假最迟什么时候 | makeup
周末请假算几天 | count
请半天怎么算 | count
续假最多能续几次 | extend,most
假没休完能提前回来吗 | back,none
批假一般要等多长时间 | limits
晚上提交的请假什么时候有人看 | limits
请假审批走什么流程 | how
维修师傅周末上班吗 | limits,none,who
报修之后谁会联系我 | who,limits,none
给青年信箱写信会公开吗 | youth-mailbox/signed,none
建议多久会有回音 | limits,none
校园卡补办多少钱 | card/lost,none
图书馆考试周延长开放吗 | library/hours,none
宿舍可以用吹风机吗 | dorm/appliances
教务处电话多少 | none
奖学金什么时候评 | none
游泳馆要带什么证 | none
去年的成绩单还能打吗 | certificate/transcript,none
体测没过怎么办 | none
我能不能请个病假 | form:leave
可以帮我请明天上午的假吗 | form:leave
后天能请事假么，家里有事 | form:leave
请问可以请三天假回趟老家吗 | form:leave
我可以提前两天回家吗，机票便宜 | form:leave
卫生间灯不亮了，能换个灯泡吗 | form:dorm-repair
热水出不来，什么时候能修好 | form:dorm-repair
寝室空调滴水怎么办呀 | form:dorm-repair
网速太慢了能处理一下吗 | form:dorm-repair,form:youth-mailbox
想办个离校手续出去两天怎么弄，周五走周日回 | form:leave,how
周六要去外地考试，能准假吗 | form:leave
我感冒了，今天下午能不去上课吗 | form:leave
能不能给我们班集体请个假去看展览 | form:group-leave
我想去书记信箱反映问题行不行 | form:youth-mailbox
可不可以建议学校多开几个窗口 | form:youth-mailbox
床板断了能不能马上来人 | form:dorm-repair
今晚住校外可以吗，报备 | form:leave
妈妈住院了，我能请几天假去陪护吗 | form:leave
could you fix the light in my room? | form:dorm-repair
is it possible to take two days off next week for a wedding? | form:leave
请个假得找几个老师签字 | who
超过一周的事假归谁审 | who
公假是不是要先交通知 | evidence,none
住院请假拿什么当证明 | evidence
病假没有假条医院不给开怎么办 | evidence,none
上午请下午的假行得通吗 | lead,none
实习提前几天报 | lead,none
端午前一天请假会不会不批 | none,who
事假有没有天数限制 | most
病假能请一个月吗 | most,form:leave
累计请假多少天会被退学 | none,most
查一下我请过多少假 | total,other
还能再请几天 | total,most
家长要打电话还是写信 | guardian,none
请假家长会收到通知吗 | guardian,none
到校以后多久要销假 | back,limits,late
忘记销假了现在补还行吗 | late
如果火车停运没赶回来怎么办 | late,extend,none,form:leave
假期结束当天晚上回来算迟吗 | late,none
没有请假就回家了能补吗 | makeup
补假要不要写检讨 | makeup,none,evidence
周五下午到周一早上算几天 | count,none
假期里包含端午怎么计算 | count
延长假期怎么申请 | extend
假条可以给班主任看吗 | none,leave/slip
请假的时候可以出市吗 | none,need,who
领导出差了请假还能批吗 | who,none
我的请假给谁批 | who,none
辅导员一般几点上班 | none,other
报修一次大概几天修好 | limits
宿舍维修坏了东西要赔钱吗 | none
投诉会不会被老师知道 | youth-mailbox/signed,none,other
信箱几个工作日回复 | limits
校医院能刷医保吗 | clinic/reimburse,none
早上几点能进图书馆 | library/hours
宿舍楼能用充电宝吗 | dorm/appliances,none
寒假几号开始 | calendar/terms
什么时候能领毕业证 | none,other
评优要看请假次数吗 | none
what happens if I come back late | late
可以给我请个假吗 我拉肚子 | form:leave
明后两天能不能请假 | form:leave
请事假一天可以的吧 | form:leave
想问下周四能请一天病假吗 | form:leave
我周末想回家行不行 | form:leave
老师我能早退吗，牙疼 | form:leave
今天能请假吗 | form:leave
有没有人来修一下厕所的灯 | form:dorm-repair
柜子门掉了怎么弄啊 | form:dorm-repair
宿舍没网了怎么回事 | form:dorm-repair
电费充了还是没电咋整 | form:dorm-repair
请问漏水找谁修 | form:dorm-repair,who
请假半天去打疫苗要怎么办 | form:leave,how
外公走了我能回去几天吗 | form:leave
下周想出国旅游可以批吗 | form:leave
能帮全班请个公假吗，周三参观博物馆 | form:group-leave
我能写封信给团委吗 | form:youth-mailbox
可以反映一下宿舍太吵的问题吗 | form:youth-mailbox
i feel sick, may i skip class today? | form:leave
the heater is broken, when can it be fixed? | form:dorm-repair
"""
