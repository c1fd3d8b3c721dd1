"""Sentences of three later rounds, written down as those of guide_lines_blind.py were, in the same form."""

from __future__ import annotations

from typing import Final

BLIND_LATER: Final = """
请假必须本人申请吗 | none,how
半天假也要书记批吗 | who
十天的事假要过几关 | who,none
丧假审批人是哪位 | who
没带病历本可以拍处方吗 | evidence,none
陪家人看病算事假还是病假 | none,need
考研请假有没有特别规定 | none,how
请假材料传错了怎么换 | none,other
证明要原件还是照片 | evidence,none
临时有事来不及提前请怎么办 | lead,makeup,none,how
事假最早能提前多久交 | lead,none
五一前后请假严不严 | none
婚假有吗 | none
一个月内请两次病假行吗 | most,none,form:leave
我上学期请假多少次 | total,none
剩余的事假天数怎么查 | total,how,none
父母在国外怎么确认 | guardian,none
家长确认的链接点不开 | none,other
销假以后还能改回来吗 | back,none
早回来一天也得销假吗 | back,need
飞机延误晚到学校会记违纪吗 | late,none
没销假下次还让请吗 | late,none
补假超过时间了还有办法吗 | makeup,none,late
续假是原来的老师批吗 | extend,who
跨周末请假周六日扣不扣 | count,none
下午请到第二天中午算一天吗 | count,none
周日提交请假周一能有结果吗 | limits,form:leave,none
假单审批一直没人理找谁 | who,other,none
辅导员拒绝了我找谁申诉 | who,none
写给团委的信谁看 | who,none,other
信写完能撤回吗 | none,other
报修可以指定时间上门吗 | none,limits
水电费在哪交 | none
快递站几点下班 | none
怎么查四级成绩 | none
宿舍几个人一间 | none
开在读证明要多久 | certificate/enrolment,none
充饭卡在哪里 | card/topup
借的书超期了罚多少 | library/borrow,none
can my parents confirm by phone | guardian
我嗓子发炎了能请明天的假吗 | form:leave
这周五能不能批我早走 | form:leave
可以让我请一周假照顾爸爸吗 | form:leave
请问怎么帮我请一下明天的假 | form:leave,how
周三面试，能请半天不 | form:leave
想周末去趟北京，可以吗 | form:leave
我现在肚子很疼，能不上晚自习吗 | form:leave
后天想补个假行吗，上周发烧没请 | form:leave
能给我报个公寓假吗，今晚住姑姑家 | form:leave
蹲坑冲不下去能找人通一下吗 | form:dorm-repair
洗手池下面漏了，谁能来 | form:dorm-repair
宿舍断网一天了什么时候恢复 | form:dorm-repair
空调一直嗡嗡响要不要报修啊 | form:dorm-repair,none
衣柜门合页坏了能换吗 | form:dorm-repair
灯管闪得眼睛疼，能来看看不 | form:dorm-repair
能不能反映下食堂阿姨手抖的问题 | form:youth-mailbox
希望体育馆晚点关，可以跟学校提吗 | form:youth-mailbox
我们队六个人下周比赛能一起请假吗 | form:group-leave,form:leave
may i have a day off on monday? my sister is getting married | form:leave
can you send someone to check our leaking tap | form:dorm-repair
病假两天谁批准 | who
超过七天的假书记同意就行了吗 | who,none
副书记不在谁代签 | who,none
出国请假要经过几个部门 | who,none
公假要提供红头文件吗 | evidence,none
急诊没有挂号单咋办 | evidence,none
病假证明最晚什么时候补交 | evidence
丧假要死亡证明吗 | evidence
周一的假周日晚上交来得及吗 | lead
提前多长时间请实习假 | lead
事假可以请十天吗 | most,form:leave
一年里病假有上限吗 | most
目前为止我请假几次了 | total
我的事假额度还有多少 | total,most,none
哪些情况要通知家长 | guardian,none
家长不同意还能请吗 | guardian,none
销假需要上传车票吗 | back,evidence
回来了怎么跟系统说 | back,how,none
请假到期当天必须销假吗 | back,late,lead,none
迟两个小时返校要紧吗 | late,none
没请假离校被发现怎么处理 | none,late,makeup
补请病假有期限吗 | makeup
上周三的课能补请假吗 | makeup,form:leave
假期延长到下周要谁同意 | extend,who
元旦放假那天算请假天数吗 | count,none
请了三天中间有个周日算几天 | count
一般多久给答复 | limits,none
报修晚上有人接吗 | none,limits,who
网坏了归谁修 | who,none,form:dorm-repair
书信多久能得到回复 | limits,none
给团委提意见会得罪人吗 | youth-mailbox/signed,none
学费可以分期吗 | none
校园卡余额在哪看 | card/topup,none
图书馆能带水进去吗 | none
热水几点停 | dorm/hotwater
宿舍能装路由器吗 | none,dorm/appliances
辅修怎么报名 | none
几月份放暑假 | calendar/terms,none
where can I print my transcript | certificate/transcript
who has to approve five days of leave | who
下午两点到四点能请个假吗去拔牙 | form:leave
可不可以给我三天假 | form:leave
我家里出事了今天能走吗 | form:leave
想跟您请个假可以不 | form:leave
明晚不回宿舍行吗，去外婆家 | form:leave
帮我问下能不能请周五的假 | form:leave
参加婚礼能请事假吗，下周六 | form:leave
考驾照要请一天假，可以吗 | form:leave
请问我要怎么请明天的病假 | form:leave,how
能补昨天下午的假吗，当时在医院 | form:leave,makeup
厕所门反锁了打不开咋办 | form:dorm-repair
我们屋暖气不热谁管 | form:dorm-repair
阳台灯泡碎了能给换不 | form:dorm-repair
床摇得厉害能修修吗 | form:dorm-repair
水管一直滴水有人管没 | form:dorm-repair
我可以投诉宿管吗，态度很差 | form:youth-mailbox
建议增开一趟晚班车行不行 | form:youth-mailbox
全班周五去参观能统一请假吗 | form:group-leave,form:leave
can you give me leave on friday | form:leave
my window won't close, who can repair it? | form:dorm-repair
请假是先找班长还是直接找辅导员 | who,none,how
两天半的事假要到哪一级 | who,none
公寓假由谁来签 | who
周末没人上班假谁批 | who,none
病假发票能当材料吗 | evidence,none
事假需要上传什么东西吗 | evidence
去实习要不要公司盖章 | evidence,none
今天的假今天申请行不行 | lead,none,form:leave
提前一小时请假算晚吗 | lead,none
暑假前最晚哪天可以请假 | lead,none
丧假有几天 | most
一周最多请几次 | most,none
连续请假不能超过多少天 | most,none
我总共请了几天病假 | total
这学期还有几天事假可用 | total,most,none
需要家长签字的是哪种假 | guardian,none
家长电话换了怎么改 | none,guardian
到学校怎么点销假 | back,how
销假截止到几点 | back,late,limits,none
没回来但是假到期了怎么办 | late,extend,none
如果晚归没报备会怎样 | late,none
请假批了又不去还要销假吗 | back,none
上个月没请的假现在能不能补 | makeup
补假几天内有效 | makeup,none
续假能在网上办吗 | extend,none
住院延期出院假不够怎么续 | extend
只请上午算零点五天吗 | count,none
双休日要不要算进去 | count,none
请假被拒绝了多久能重新提交 | none,limits
晚上十点报修会不会有人看到 | limits,none,who
修空调大约等几天 | limits,none
信是书记亲自看吗 | who,none
校车周末有吗 | around/bus,none
食堂几点收摊 | around/canteen,none
医院报销需要哪些单据 | clinic/reimburse,none
借书卡丢了要赔吗 | none,card/lost,library/borrow
校园网一个月多少钱 | none
自习室通宵吗 | none
how long does a repair take | limits
do weekends count as leave days | count
给请个假呗老师，发烧38度 | form:leave
能让我下午早走一会儿吗 | form:leave
下午有个讲座想去听，能不能请假 | form:leave
我奶奶过生日，周日能回家不 | form:leave
可以申请后天到大后天的公假吗 | form:leave
今天牙疼得厉害，可以不去上课吗 | form:leave
想补一下周一的病假，行吗 | form:leave
国庆多请一天可以吗 | form:leave
想出国交流一个月怎么申请 | form:leave,how,none
我想晚归一次，今晚看演出能报备吗 | form:leave
插排烧了能换新的吗 | form:dorm-repair
三楼饮水机不出水了有没有人修 | form:dorm-repair
窗帘掉下来了咋办 | form:dorm-repair
网线口松了能上门看看吗 | form:dorm-repair
门卡刷不开宿舍门怎么办 | form:dorm-repair,none,card/lost
我想反映保安的问题可以吗 | form:youth-mailbox
能否给食堂提点意见 | form:youth-mailbox
可以帮我们社团二十个人请公假吗 | form:group-leave,form:leave
could i get leave for next monday and tuesday? | form:leave
there is no hot water, when will it be back? | form:dorm-repair
"""
