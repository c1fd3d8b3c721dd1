"""A second block of own example sentences for each intent, in the words in which students shorten and ramble."""

from __future__ import annotations

from typing import Final

MORE_EXEMPLARS: Final[dict[str, str]] = {
    "leave.request": """
        我妈明天来学校看我想请一天|表哥结婚我想请两天|签证面签在北京去两天|我要出境旅游|我想出去一下午|明晚不回来睡|亲戚家办喜事要回去帮忙|明天的实验课我来不了|姐姐生孩子了想去看看
        要去派出所办身份证请个假|学车考试请半天|晚上有个聚会不回来住了|去外地看演唱会周日回|我想周五下午提前走|家里拆迁要回去签字|陪床照顾妈妈|脚扭了上不了体育课|今天起不来想请一上午|外婆生日回家吃饭
        军训想请假|参加志愿者活动请公假|校队外出比赛两天|社会实践要离校一周|我不舒服想回家休养|拔智齿请一天|要去打疫苗|补办昨天缺课的假|家里出事了现在就得走|i need to see a dentist
        i have to go to the hospital|may i be excused from class|i will not come to school on monday|my grandma passed away i must go home|i want to go out this weekend|please let me off tomorrow
        leave from next monday to wednesday|我要请假|想请个假|请假 明天|请个病假|我要请事假三天|请公假去比赛|能请假吗|老师能不能批我一天假|老师我想明天不来上课|明天的早八我去不了
        头晕得厉害 想回宿舍休息|姥姥过世了|爸爸出车祸了 我要马上回家|我发烧了|拉肚子 上不了课了|来例假 肚子疼 想请半天|要去考驾照 科目二|去火车站接妈妈|周末想出校玩|周五晚上不回宿舍 跟同学出去
        要去实习面试 请一天|参加数学建模 请公假|班里5个人一起请假|帮全班请公假|替室友请个假 他发烧了|我爸住院 得回去照顾|请一周的假去做手术|明天家里有事请假一天望批准|i need a day off tomorrow
        sick leave please|can i take leave on friday|i want to ask for leave|i have a fever and can't go to class|i'd like to request leave for my sister's wedding|going home this friday
        i'll be away this weekend|明天体检 上午课请个假呗|下午要去派出所办证 能准假不|老师 我牙疼得受不了 想去看牙|我妈明天来学校看我 我想请一天|表哥结婚 我想请两天|我要去上海参加漫展 周五走
        脚扭了 走不了路 上不了体育课|家中老人病重 需立即回家|我爷爷走了 要回去奔丧|驾校约了明天考试|身体不适 请求今天休息|想早点走 赶高铁|和家长出去住一晚|申请外出|补请昨天的假|昨天没来上课 想补假条
        我们队6个人去外省比赛 怎么一起请|老师 我可以周五提前走吗|请假回家过端午|我想去医院做个检查|签证面签 在北京 去两天|实习请假一个月|duty leave for a competition|my grandma passed away
        i need to go to the hospital this afternoon|may i be excused from class tomorrow|not feeling well today|后天我姐出嫁 得回去一趟|下周要跟导师去广州开会|肠胃炎 起不来床
        我奶奶住院了 想周末回去看看|想请两节课 去取快递|今晚在同学家过夜可以吗|要去领事馆办签证|代表学校去参加田径赛 三天|班长帮三个同学请假|我这周没法上体育课 膝盖伤了|外公病危 马上走
        周六去考教资 可以离校吗|老师明天早上可以不来吗|要回去参加高中聚会|i won't be able to attend the lecture tomorrow|family emergency, must go home now|can i leave campus this weekend
        明天我要去做核酸 请两节课|爸妈要离婚 让我回去|老师 能不能让我周末回趟老家|昨晚吐了一夜 今天真去不了|去苏州看牙 周三走|因私请假两天|想请下午的假|我哥订婚 请两天假行吗|比赛要封闭训练 这周都不在
        我要外出写生|got the flu, can't attend class|i'm traveling home for a funeral|想请假去接机|请假去参加招聘会|我姐姐要生了 我得去医院陪着|去外地做家教两天|重感冒 上不了早读|眼睛做了手术要休息
        胳膊脱臼了|出去聚餐晚点回宿舍|和家人去旅游三天|要去法院出庭|回家迁户口请两天|给弟弟开家长会|我想休息一天|家里宽带装机要回去一趟|跟乐队去演出 请假|i have a cold|i need to rest today
        i will be away from thursday""",
    "leave.return": """
        我已归校|刚进校门|已经回到宿舍躺下了|平安抵达学校|人已到校老师放心|我回来上课了|just arrived on campus|i am back in my dorm|made it back to school|我要销假|人已到宿舍|老师我到校了 销一下假
        提前回来了|我昨晚就回来了|i'm back|back at school now|got back to campus last night|提前返校|刚到寝室|报告 已安全到校|下车了 马上到学校|销假成功了吗|i have returned to school|到宿舍啦
        我回校了老师|提前一天回校了|现在已经在教室了 可以销假了|i am on campus now|安全返校|老师我已经坐在教室了|我到寝室啦 跟您说一声|安全到达宿舍|刚进宿舍门|back in the dorm|我已经回到班级""",
    "leave.extend": """
        想多住两天院|没抢到票要晚一天到|家里的事还没办完得多待几天|假到期了但回不去|车晚点今晚赶不上|病情加重还要几天|暂时回不了校|暴雨列车停运了|还想在家多住两天|能不能晚点回来|隔离了出不来
        手续没办下来要推迟回校|i'll be back one day later|my train is late i can't return today|can i stay at home longer|the doctor told me to rest more|明天才能返校|还没到学校|续假两天|再请三天
        还没好 想多休息几天|能不能延期到周日|高铁晚点 今晚回不来|大雪封路 回不去了|医生建议再住院一周|extend my leave to sunday|need two more days|flight canceled can't come back tomorrow
        没抢到票 要晚一天到|身体还没恢复 想再请一周|家里的事还没办完 得多待几天|疫情封控 暂时回不了校|可以晚两天回校吗|my flight was delayed till tomorrow|感冒还没好 想延两天
        机票改签到周二了 周一回不来|住院时间要延长|路上堵车 今天晚上到不了|能再给我三天吗|i can't get back until wednesday|医院让再观察两天|还要晚两天才能到学校|后天回不去 票卖完了|续到周三
        飞机延误了回不了学校|要再晚几天回|能多给两天假吗|假延到周一|还需要在医院待几天|late because of the typhoon""",
    "leave.status": """
        我的假现在在哪一级|辅导员批了没|昨天提交的病假怎么样了|审核好了没|老师同意我走了吗|我能走了吗假条下来没|我明天的假算批了吗|提交的申请老师看了没|假被退回来了吗
        did the teacher agree to my leave|is my request approved|假批了吗|请假通过没有|我的假条呢|审批到谁了|假什么时候能批|为什么不批我的假|我的请假被驳回了 为什么|请假还在审核中吗
        where is my leave request|has my leave been approved yet|催一下我的假|请假记录|请假审批进度|假条生效了吗|did you approve my leave|is it approved|假怎么还没批|我的请假到书记那了吗
        今天能批下来吗|上午交的假条看了没|what's the status of my leave|昨天请的假为啥还没过|我的事假审批到哪一步|请假单呢 怎么看不到|any news about my leave|老师审核我的假了吗|怎么还在待审批
        啥时候能给我批|is the leave approved or not""",
    "leave.withdraw": """
        撤了吧不去了|比赛取消了假也取消吧|票退了不走了|计划有变不回家了|把三天改成两天|后面两天不请了|日期选错了重新来|时间要改一下|想把回来的日子提前|plans changed please cancel it
        i picked the wrong dates|假期改到周五|撤销请假|取消我的请假|我不想请假了|请假时间改成下周|我的假要改时间|把假期改短一天|请假日期写错了|会不开了 不用请假了|cancel my leave
        change my leave to friday|i don't need the leave anymore|我没有要请假|不要请假|撤了吧 不去了|比赛取消了 假也取消吧|假条日期填错了 要怎么改|我想把请假从三天改成两天|提前回来 后面两天不请了
        please cancel my leave request|i want to change the dates of my leave|请错日期了|我改主意了 不回家了|请把我的假条作废|不用批了 我不去了|withdraw my application|改签了 假期往后挪一天
        不去比赛了 公假撤掉|请假理由写错了|剩下的假不要了|我要换一天请|假请多了 退一天|搞错了我不是请假""",
    "leave.howto": """
        超过七天的假找谁|迟到算请假吗|节假日离校要报备吗|没请假就走会怎么样|公假要什么手续|病历没有怎么办|在哪里申请请假|谁来批我的假|假期最长多久|周末回家用不用说一声|家长要不要打电话|考试那天能请吗
        请假条在哪里下载|补假有时间限制吗|who approves my leave|do i need a doctor's note|what are the rules for leaving campus|出国交流 要请多久的假|忘记销假了怎么办|什么时候返校|能不销假吗
        销假要带什么|怎么请假|请假流程|病假要什么材料|请假三天谁批|请假要提前几天|周末离校需要请假吗|事假最多几天|请假会扣分吗|请假算旷课吗|一学期能请几次假|how do i ask for leave
        what documents do i need for sick leave|病假条丢了怎么办|期末周能请假吗|没有课要不要请假出校|请假条要家长签字吗|公假怎么申请|who approves leave|请假能请几天|病假要不要病历|周末出省要审批吗
        没销假会有什么后果|请假是不是要找班长|晚自习请假找谁|how long can sick leave be|病假单可以后补吗|请假会影响评奖吗|离校两天要不要交假条|本地学生周末回家要请假不|can i ask for leave by phone
        病假和事假的区别|请假最长几天|请假要不要学院审批|回来晚了会处分吗|假条给任课老师看吗|忘记请假怎么补|what if i return late""",
    "departure.progress": """
        宿管那边还没签|我离校走到哪一步了|还有哪些章没盖|系统显示未完成是什么原因|财务那边通过了吗|离校单能打印了吗|还有几个环节|is my check-out complete|离校手续办完了吗|我离校还差什么
        财务处那项怎么还没过|还有几项没办|is my clearance finished|离校还有几步|我的离校单生成了吗|图书没还 离校过不了|我的离校手续卡住了|离校审批过了没|宿舍退了但系统没更新|离校单上图书馆显示红色
        我毕业流程走完没|办离校手续还剩几步|离校清单怎么还是红的""",
    "departure.howto": """
        毕业要交哪些东西|水卡余额退吗|宿舍押金怎么退|行李怎么寄|毕业典礼什么时候|我想退学怎么办|复学要什么材料|党组织关系转哪里|户口要不要迁|三方协议丢了怎么办|离校那天钥匙给谁
        how do i get my diploma|return library books before leaving|离校流程|毕业离校怎么办|离校手续在哪办|宿舍钥匙交哪里|毕业证什么时候发|档案转递怎么查|报到证还有吗
        how to do the departure procedure|清考还没过影响离校吗|学位证邮寄吗|我要转学|户口怎么迁走|团员档案怎么办|退宿要办什么|how do i transfer my file after graduation|离校系统怎么登录
        毕业档案什么时候寄|欠费影响毕业吗|我想办休学|学费没交清能离校吗|where do i return the keys when leaving|退宿检查找谁|毕业生怎么寄行李|转学要哪些材料|毕业照什么时候拍|离校日期|毕业生离校安排
        参军入伍怎么办手续|班主任叫我办退学""",
    "mailbox.complaint": """
        辅导员从来不回消息|教室空调从来不开|食堂的菜有虫|澡堂又贵又脏|打饭窗口总是排很长的队|保安态度恶劣|班干部徇私|评优不透明|老师上课迟到早退|实验室不让用|小卖部东西过期|学校乱停车|水果店缺斤少两
        隔壁半夜唱歌|作业太多不合理|门禁太早了|垃圾没人收|浴室卫生很差|图书馆空调太冷了|被老师当众羞辱|收了钱不办事|the guard yelled at me|the library is always full|this is unfair|食堂吃出头发了
        投诉三号楼宿管|图书馆占座太严重了|老师乱收费|我要举报有人作弊|宿舍楼下施工太吵|奖学金评定不公平|食堂涨价了凭什么|the food in the canteen is terrible|i want to complain about my roommate
        楼下快递乱放没人管|选课不公平|宿舍天天查 很烦|校车老是迟到|楼道有人抽烟|让我们交钱买资料 强制的|the security guard was rude to me|why is the hot water only available until 9
        宿舍楼下停满电动车出不去|食堂阿姨手抖|老师无故不让我考试|图书馆太吵了|收费不透明|洗衣房太脏|外卖老被偷|体育老师骂人|the dorm is too noisy at night|打印店乱收费|澡堂排队一个小时|宿管乱翻东西
        英语老师天天迟到|楼上半夜拖椅子|保研名单有猫腻|食堂卫生堪忧|why are meals so expensive|同学借钱不还|保安凶人|饭里有石子|窗口阿姨服务差|水有异味|暗箱操作|老师乱扣分|电费收得不对|辅导员推卸责任
        超市宰客|小广告太多|教室太挤没座位|the water tastes awful|网络收费太高""",
    "mailbox.consult": """
        学院有没有出国交流项目|怎么加入社团|想办一个讲座找谁批场地|希望多装几个插座|可以把晚自习时间改短吗|建议早上晚点查寝|大创项目怎么报|怎么入团|竞赛加分怎么算|创业有什么支持|想给学校提个小建议
        志愿时长怎么认定|海报能贴哪里|双学位政策是什么|i have a question about the policy|i would like to give feedback|more outlets in the library please|我有个建议|建议多开几个打饭窗口
        想问一下转专业的事|入党流程是什么|能不能给宿舍装空调|学生会怎么报名|希望食堂增加清真窗口|可以开个跑步打卡吗|想跟院长提意见|怎么申请教室办活动|我想反映个情况
        suggestion: more power outlets in the library|建议多开晚间校车|可以给操场装灯吗|想问问保研政策|怎么成为志愿者|预备党员转正流程|我有话想对校长说|希望周末也开图书馆|可以增设一个咖啡角吗
        请问校庆有什么活动|想给学校提建议 走哪个渠道|党费怎么交|宿舍楼能放自动售货机吗|我有个想法想跟学校说|可不可以开放天台晾衣服|请教一下评奖政策|学生干部怎么竞选|社团想借场地""",
    "mailbox.anonymous": """
        会知道是我举报的吗|写信能不能保密|可以不让别人看到我的名字吗|不实名可以提意见吗|我怕被老师针对|will they know it is me|keep my name secret|匿名投诉|写信能不署名吗|不想留名字
        can i send it anonymously|能不能不写名字投诉|will they know it's me|不公开身份举报|投诉会不会被穿小鞋|能以匿名的方式反映吗|举报会被泄露吗|不想被人知道是我说的|匿名写给书记""",
    "mailbox.status": """
        查一下我的工单|投诉处理结果|信寄出去一周了|交上去的意见呢|问题解决得怎么样|怎么还不回复我|有人在跟进吗|上回那事儿咋样了|when will someone reply to me|did anybody read my letter|催一下老师
        我的投诉有回复了吗|工单处理到哪了|书记回信了吗|我报修的还没人来|any update on my ticket|我的信书记看了吗|报修单三天了没人来|lv-2606-0012到哪了|还没人处理吗|上周的投诉没下文|你们处理了没有
        我的建议采纳了吗|编号ts-2606-0015|is my complaint solved|上次提的意见有结果没|报修三天了还没动静|my ticket number is ts-2606-0044, any progress|工单啥时候处理|我写的信收到没有
        之前的报修单进展|还要等多久才回复""",
    "psych.counsel": """
        想家了|最近什么都不想干|感觉自己很没用|每天都很丧|喘不过气来心慌|室友都不理我|考研压力太大了|跟爸妈吵架了很难过|吃不下饭睡不着觉|没人理解我|对什么都没兴趣|怎么预约咨询师|我好像抑郁了|总想哭
        i need to talk about my feelings|i feel hopeless about my studies|i am homesick|can't focus and feel awful|心情不好|想找心理老师聊聊|最近总是失眠|和室友闹矛盾很难受|i feel so depressed lately
        i'm stressed about finals|压力好大 睡不着|心理咨询室在哪|被室友孤立|感觉很孤独|i feel lonely|i need a counselor to talk about my feelings|考试焦虑怎么办|和爸妈关系很差 很压抑|晚上老做噩梦
        想预约心理老师|心理咨询要钱吗|总感觉别人在议论我|失眠一个月了|my parents keep fighting and i can't stop crying|考研失败了很迷茫|不想见人|我是不是有病总胡思乱想|表白被拒很难受
        做什么都提不起精神|学校有心理老师吗""",
    "safety.fraud": """
        老师总摸我手|有人冒充老师要钱|点了个链接钱没了|让我垫付刷信誉|陌生人要我验证码|网恋对象要我投资|合同里有陷阱扣我身份证|someone keeps following me and texting
        i clicked a fake link and lost money|被骗了2000块|收到一个退款短信是不是诈骗|网贷还不上了|有人一直打骚扰电话|i think i was scammed|接到公安局的电话说我洗钱|兼职要先交押金|有人偷拍女厕
        校园贷催债|网购退款让我转账|someone is harassing me online|qq被盗了 骗我同学钱|说我快递丢了要赔钱 让加微信|裸聊被威胁|陌生人天天打电话骂我|got a call asking for my bank code|收到中奖短信
        花呗套现被坑|someone stole my account|有人用我的照片诈骗|招兼职让交定金|asked to pay a deposit|收到法院传票短信|被陌生人勒索|二手群买东西被骗""",
    "repair": """
        饮水机不出热水|晾衣杆断了|钥匙断锁里了|电梯停了|水龙头拧不紧|投影仪打不开|热水忽冷忽热|窗帘掉了|柜子门掉了|地漏反味|墙上掉皮|电闸跳了|风扇转不动|路由器没信号|床嘎吱响要散架|椅子腿断了
        花洒不出水|灯管闪|楼道灯不亮|房卡刷不开门|空调一直滴水|网口没反应|天花板漏水|my door won't lock|the light keeps flickering|water is leaking from the ceiling|the washing machine is dead
        heater does not work|空调不制冷|水管爆了|厕所堵了|门锁坏了进不去|插座没电|洗衣机坏了|我要报修|5号楼停电了|the light in my room is broken|no internet in my dorm|air conditioner not cooling
        澡堂水忽冷忽热|电脑死机|宿舍的灯一直闪|马桶漏水|窗户关不上|网速好慢|空调外机太响|寝室有蟑螂|the air con is leaking|shower has no hot water|水龙头没水|宿舍灯管坏了要换|空调漏水滴到床上
        网口坏了|阳台门关不严|厕所冲水坏了|热水器不出热水|窗玻璃碎了|教室投影坏了|the toilet won't flush|power outage in building 2|床帘杆掉了|卫生间反臭|电灯开关冒火花|洗手池下水慢|校园网掉线
        风扇有异响|the window is broken|洗衣机不脱水|灯泡不亮|遥控没反应|充电桩坏了|浴室没水|纱窗破了|门把手掉了|the socket is dead|卫生间灯忽明忽暗|宿舍网线接口松了|热水卡刷不出水|教室灯光坏了报给谁""",
    "aid": """
        没钱吃饭了|学费能晚点交吗|家里失火了有补助吗|建档立卡有什么政策|勤工俭学工资多少|奖学金公示名单|助学金发了没|贷款还款找谁|我家很困难|想做兼职赚生活费|how do i get a scholarship
        i cannot pay my tuition|助学金申请|贫困生认定|国家奖学金条件|绿色通道怎么走|生源地贷款回执|有勤工俭学岗位吗|how to apply for financial aid|学费能缓交吗|励志奖学金名单|贷款合同交给谁
        临时困难补助|助学贷款还款|校内有兼职吗|can i delay my tuition|助学金什么时候到账|学费减免怎么办|生源地贷款怎么弄|勤工助学报名|特困补助|part-time job on campus|假期里能打工吗
        家庭困难认定要什么材料|图书馆勤工岗还缺人吗|国家助学金一年多少|我想申请困难补助|遭灾补助|困难生怎么认定|助学贷款续贷|学校有没有资助|勤工岗招人吗|军训服装补助""",
    "certificate": """
        实习要盖章|需要在读证明签证用|成绩单盖章|办护照要学校证明|学信网查不到学籍|考公要政审材料|无犯罪证明怎么开|学历认证|开一份党员证明|英文在读证明|student certificate for visa
        i need an official transcript|开在读证明|打印成绩单|学籍证明在哪开|学生证盖注册章|i need a proof of enrollment|transcript in english|需要在读证明 签证用|开具学籍证明|证件照要求
        学信网学籍查不到|在学证明|开证明盖章找谁|毕业证明丢了|英文成绩证明|优惠卡磁条坏了|需要学校开证明买优惠票|三方协议盖章|打印中文成绩单|转正材料要盖党委章|实习证明|盖章在哪个办公室
        毕业后还能开成绩单吗""",
    "card.lost": """
        图书证补办|门禁卡掉了|校园卡被吞了|卡折断了|水卡没了|身份证不见了|学生证找不到|found a campus card|my id card is gone|校园卡丢了|一卡通补办|饭卡不见了|卡被锁了|捡到校园卡
        my campus card is lost|学生证丢了|一卡通刷不了|校园卡消磁|饭卡挂失|饭卡掉食堂了|卡找不到了 先冻结|学生卡补一张多少钱|i lost my id card|校园卡冻结了|学生证被偷|在食堂捡到一张卡""",
    "course": """
        体测补测|这门课挂了怎么办|老师没来上课怎么办|教室换了吗|明天还上课吗|考场在哪|能不能旁听|补考重修费|实验报告交哪里|网课看不了|学分差两个|论文答辩时间|平时成绩怎么算|作弊会怎么处理
        选课系统进不去|六级准考证|how can i see my grades|is class cancelled today|when does course selection start|i failed a course|课表在哪看|考试时间|什么时候选课|成绩什么时候出|补考怎么报名
        缓考申请|四级报名|when is the exam|how to drop a course|下周停课吗|期末什么时候考|教室在哪|学分不够|重修报名|毕业论文查重|class cancelled today|选课时间|下周二几点上课|考试挂了能补考吗
        成绩有误想查分|体育课换班|when do grades come out|期中考试几号|可以跨专业选课吗|教学楼占用情况|四级没过怎么办|实践学分怎么加|is there class on friday|高数课调到哪天|成绩出了没|选课退课时间
        哪天放榜|课程冲突怎么办|学分认定|调课通知在哪看|作业交给谁|老师电话我没有 怎么交论文|考试带什么证件|几点上早八""",
    "dorm": """
        和室友作息不合想搬走|外卖能送进楼吗|晚上几点断网|男生能进女生宿舍吗|床位能换吗|寝室能装窗帘吗|毕业生住到几号|宿舍能做饭吗|假期能住宿舍吗|回来太晚进不去楼|分宿舍什么时候
        what time does the dorm lock|can my friend stay overnight|我没回宿舍|宿舍几点关门|晚归怎么办|能养猫吗|寒假可以留校吗|门禁时间|can i change my dorm|室友打呼噜|室友不合|晚上十一点半能进宿舍吗
        宿舍断电时间|留校申请|外人能进宿舍吗|能用吹风机吗|dorm closing time|几点查寝|宿舍能放冰箱吗|我能申请单人间吗|晚上门禁几点|暑假留宿|调个安静的宿舍|宿舍可以带朋友住吗|寝室长是谁|几点断电
        换到四人间|宿舍空床位|室友熬夜打游戏|门禁卡刷不开楼门|宿舍楼几点熄灯|女生宿舍能进吗|毕业后还能住宿舍吗|宿舍能不能放洗衣机""",
    "service.find": """
        哪里可以打印|放寒假是几号|超市开到几点|便利店几点关门|校园网怎么连|洗衣机在哪|理发店几点开|充电宝去哪借|健身房要钱吗|电子邮箱怎么申请|怎么缴电费|学校有银行吗|快递柜在哪|到火车站怎么走|医保卡在哪领|学校有心电图吗|修电脑的地方
        自行车哪里修|停车怎么收费|军训服哪里领|where can i buy a sim card|opening hours of the gym|how do i connect to the wifi|热水器着火怎么预防|图书馆开放时间|校医院在哪|校园网账号|快递在哪取
        校车时刻表|体育馆预约|打印店在哪|where is the clinic|how do i reset my email password|游泳馆开门吗|校医院几点上班|校园网密码忘了|快递寄到哪|失物招领在哪|食堂几点开|bus schedule|图书馆周末开吗
        校医院挂号怎么弄|澡堂几点关|一卡通在哪充值|网费怎么交|教务系统密码|where's the printing shop|自习室通宵开吗|校园网怎么缴费|打疫苗去哪|考研教室怎么预约|哪里能修鞋|where is the lost and found
        自助打印机在哪|球场几点关灯|包裹在哪取|体检中心|医药费报销|怎么去高铁站|买药去哪|网球场预约|校园卡充值点|吹头发的地方在哪|复印身份证在哪|where do i get my parcel""",
    "contact": """
        办公室在几楼|学院电话多少|书记叫什么|找谁批条子|晚上找不到人怎么办打给谁|我们专业负责老师是谁|导员微信推一下|whom should i call at night|我辅导员是谁|辅导员电话|值班电话|班主任联系方式
        who is on duty tonight|辅导员办公室在哪|我们班辅导员微信|今晚值班老师是谁|找不到辅导员|学工办电话|my counselor's phone number|辅导员在不在|书记办公室在几楼|值班室号码
        can i have my counselor's number|团委电话|保卫处值班电话多少|我该联系哪位老师|年级辅导员是哪位|值班找谁|财务处电话""",
    "human": """
        别给我发菜单找个人来|能不能来个活人|说不清楚 叫老师接|你听不懂我说话|我要当面和老师说|给我打个电话|get me a person|stop the bot i want a teacher|人工客服|我要找人|找辅导员聊聊|转接老师
        i want to talk to a real person|别跟我说菜单 找个人|我要真人|联系老师|speak to staff|有真人吗|帮我叫老师|要个真人客服|能打电话给我吗|我想跟人说话|叫人来帮我""",
    "bind": """
        怎么注册|换手机了登不上|绑错人了|我是新生还没登记|提示学号已被绑定|名字对不上|link my student id|i can't log in|怎么绑定|学号输错了|verify my account|我要绑定学号|学号不对|验证码收不到
        学号怎么填|怎么认证身份|绑定失败|新手机怎么绑|绑定不了学号""",
    "privacy": """
        把我信息删掉|你们怎么用我的数据|退出账号|聊天记录保存多久|不要存我的电话|谁看得到我写的|导出我的数据|stop storing my data|删我的数据|你会记录聊天吗|注销账号|delete my data|我的信息会泄露吗
        删除账号|我的数据存在哪|不要保留我的记录|注销我的账户|谁能看到我写的内容|聊天记录能删吗""",
    "broadcast.question": """
        开会要穿正装吗|活动几点结束|讲座要签到吗|班会在哪个教室开|可以找人代签吗|通知没看懂|截止到什么时候|is the meeting online|do i have to attend""",
    "greeting": """
        老师好我是新生|有人在线吗|嗨在么|hello is anyone there|老师您好|hello|hi there|晚上好老师""",
    "thanks": """
        好嘞谢谢您|没事啦麻烦了|解决了谢谢|辛苦啦老师再见|thanks for your help|多谢老师|thanks a lot|太感谢了|好的 再见""",
    "help": """
        这里能办什么|你都管哪些事|介绍一下你自己|怎么操作|新生不会用|show me what you can do|你会什么|what can you do|help|你有什么用|使用说明|这个机器人怎么用|你还会做什么|都能问你什么|教教我怎么用""",
    "rate": """
        老师很负责给好评|回复太慢打两分|处理得很快很满意|服务一般|five stars|not satisfied with the answer|rate 5""",
    "chitchat": """
        今天食堂排骨好吃|下雪了好漂亮|终于放假了|考完试好爽|你吃饭了吗|单身狗好惨|哎呀困了|好想放假|我要被高数逼疯了|i am bored|you are cute|这作业要杀了我|困死我了|游戏里又死了|好无聊啊|你是真人吗
        你叫什么|今天好累|我想死你们了|笑死我了|烦死了这破系统|这题难死了|冻死我了 暖气呢|手机没电死机了|哈哈哈笑死|今天好开心啊|烤鱼辣死我了|论文要了我的命|今晚吃啥|我中奖啦|你好可爱|又下雨了
        辣死我了|好想谈恋爱|今天吃了三碗饭|作业好多啊|起床好难|你喜欢我吗""",
    "abuse": """
        什么玩意儿|一问三不知|你是猪吗|废话真多滚|this bot sucks|you are an idiot|垃圾机器人|stupid bot|你去死吧|什么破机器人|你是不是傻|烂机器人""",
    "oos": """
        帮我写检讨书|今天股市怎么样|谁赢了球赛|给我翻译这段英文|红烧肉怎么做|推荐个手机|北京到上海多远|讲个鬼故事|解一下这道题|几点日出|who is the president|write my essay|天气怎么样|写一首诗
        1+1等于几|推荐个电影|帮我做高数题|翻译一下这句话|what's the weather|tell me a joke|自杀式袭击是什么意思|明天下雨吗|背一首李白的诗|帮我翻译|帮我改简历|泰坦尼克号谁演的|1美元等于多少人民币
        算下除法|谁进球了|比赛几比几|世界上最大的海|怎么炒股|写个请假理由|英语作文怎么写|播放音乐|定个闹钟|帮我订外卖""",
    "safety.emergency": """
        宿舍冒烟|有同学晕倒了|有人打架|我被抢劫了|有人跟踪我|同学失踪了|燃气泄漏|there is a fire in building 3|someone fainted in the gym|同学被烫伤了|食堂好多人食物中毒|有人落水了|室友喝多了叫不醒
        电动车起火|有人拿着棍子在宿舍楼下|我被人打了|我室友一晚上没回来 电话关机|help someone is bleeding|宿舍有人昏倒|楼下打群架|有人翻墙进女生宿舍|摔断腿了快来人|实验室爆炸了|有人要打我
        my roommate is missing""",
}
