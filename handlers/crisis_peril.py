"""Kinds of peril beside the first tables: sexual violence, being held or followed, threats, sudden illness, acid."""

from __future__ import annotations

from typing import Final

from handlers.crisis_rules import Rule

_NEAR: Final = r"(?:男朋友|女朋友|男友|女友|前任|前男友|前女友|对象|老公|继父|后爸|我爸|爸爸|我妈|室友|舍友|他们?|她)"
_EN: Final = (
    r"(?:boyfriend|girlfriend|myex|husband|dad|father|stepdad|he|she|roommate|guy|man|professor|teacher|uncle|they)"
)

PERIL_RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "SEXUAL",
        "act",
        r"被.{0,6}(?:人|男|老师|导师|教练|司机|大叔|变态|学长|老头|他)的?给?(?:摸(?!底|头|鱼|透|奖|排)|乱摸|揩油|非礼|强吻|侵犯|动手动脚|脱)"
        r"|(?:灌醉|断片|迷晕).{0,14}(?:没穿|衣服|裤子|酒店|宾馆|床上|不记得|身体|下面)|醒来.{0,6}(?:没穿[衣裤]|在(?:酒店|宾馆)|旁边[躺睡])"
        r"|手.{0,2}(?:伸|放|搭|摸)[进到在向]?.{0,3}我?的?(?:衣服|裙|裤|大腿|胸|腰|内衣|屁股)"
        r"|(?:逼|强迫|强行|硬要|非要)[我和跟对]{1,2}.{0,2}(?:发生关系|上床|开房|陪睡|脱|拍裸)|硬拉我.{0,6}(?:酒店|宾馆|开房)",
        r"讲座|预防|游戏|小说|电影|新闻|猫|狗|手机",
    ),
    Rule(
        "HELD",
        "act",
        r"(?:男的|男人|陌生人|变态|大叔|黑影|有人|那人|有车)(?:一直|老是|总|又|在|偷偷|从.{0,6})(?:跟着|跟踪|尾随|跟在)我|[躲藏]在.{0,8}不敢[出动回]"
        r"|把(?:我们?|[她他]|室友|同学)[反给]?[锁关绑困囚堵][在进了起住](?!.{0,3}外|.{0,2}群)|锁[了上着住]?[大房]?门.{0,4}不[让许准放]"
        r"|(?:被|自己|我们?|同学|室友)给?反?[锁关困]在.{0,5}(?:实验室|卫生间|厕所|浴室|仓库|教室|楼里|机房|房间|里面|阳台|天台)",
        r"宿管|阿姨|门禁|熄灯|晚归|查寝|账号|密码|快递|选课|系统|手机|校园卡|钥匙|门外|讲座|游戏|密室|书|电脑",
    ),
    Rule(
        "TRAFFICKED",
        "act",
        r"(?:[骗困关拉进]|控制).{0,5}传销|传销.{0,5}(?:窝点|出不|跑不|走不|救)|[我她他学友人]被(?:拐[卖走骗]|绑[架走]|卖到)",
        r"讲座|预防|防范|宣传|游戏",
    ),
    Rule(
        "THREAT",
        "act",
        r"(?:说|扬言|威胁|放话).{0,10}(?:砍|弄死|打死|杀|捅|泼硫酸|废|打断|弄残)了?(?:我|你|[她他]|全家)"
        r"|(?:催债|讨债|要债|高利贷|追债|收账)的?.{0,16}(?:门口|上门|堵|打我|砍|找到|家里|宿舍)"
        r"|[掐勒捂][着住了]?(?:我|[她他])的?(?:脖子|喉|嘴|鼻)"
        rf"|{_NEAR}(?:又|一直|总|昨晚|刚才|刚刚|经常|喝醉了?|动手){{0,2}}(?:打|掐|踹|扇|殴打|家暴)[了过]?我(?!的?电话|招呼|小报告|气|的?分|的?手机)"
        r"|(?:现在|正|正在)在?(?:打人|动手打|砸东西)|[拿用抄][起着]?.{0,4}(?:酒瓶|瓶子|板凳|凳子|椅子|砖|石头|棍|锤|刀|剪刀).{0,3}[砸打敲捅扎]"
        r"(?:人|[我他她]|伤|头|同学|室友)|满[头脸身](?:都)?是?血|血流(?:出来|了一地)|血.{0,2}(?:喷|溅)",
        r"挂科|迟到|论文|开玩笑|哈哈|游戏|剧本|电影|小说|电话|微信|打球|绩点|考不",
    ),
    Rule(
        "SUDDEN",
        "act",
        r"(?:哮喘|癫痫|羊癫疯|心脏病|低血糖)又?(?:犯|发作|复发)|(?:喉咙|嗓子|舌头)[都也]?肿.{0,6}(?:喘|呼吸|说不出|窒息)"
        r"|(?:硫酸|盐酸|硝酸|浓酸|碱液|氢氟酸|强酸|强碱|热油|开水).{0,6}(?:溅|泼|洒|喷|弄)[到在了进]{0,2}.{0,4}(?:眼|脸|身|手|皮肤|腿)"
        r"|刺鼻的?(?:气|味).{0,10}(?:晕|头|恶心|吐|呼吸)|(?:割|切|砍|夹)断了?.{0,2}手指|手指.{0,4}[切割砍夹]断",
        r"请假|病假|讲座|培训|实验报告|预防|之前|上次|历史|病史|体检",
    ),
    Rule(
        "PERIL_EN",
        "act",
        rf"{_EN}(?:just|has|keeps|is|was)?(?:hits?|hitting|beat|beats|beating|punched|choked|choking|slapped|kicked|grabbed|groped"
        r"|touched|threatenedtokill|assaulted)me(?!ss|mo|nt)|(?:he|she|they|boyfriend|myex)wontletme(?:leave|goout)(?:his|her|the(?:apart"
        r"|room|house|car)|$)|lockedmein|(?:someone|aman|aguy|stranger)(?:is|keeps|hasbeen|been)?follow(?:s|ing|ed)me(?!on|back)"
        r"|spikedmydrink|wasdrugged|roofied|anaphyla|throatis(?:swelling|closing)|asthmaattack|findmyinhaler|notmoving|unresponsive",
    ),
    Rule(
        "AT_THE_DOOR",
        "act",
        r"[在正][砸踹撬]我们?的?[房大]?门|从.{0,4}(?:楼梯|台阶).{0,2}[推滚]下|头.{0,2}(?:在|一直)流血|贴着我.{0,2}蹭|对着我(?:自慰|脱|露)"
        r"|[叫约带骗拉]我?[到去进].{0,4}(?:酒店|宾馆|出租屋).{0,8}(?:不让|不许|锁|脱|碰|摸|害怕)|不让我们?下车"
        r"|(?:我的?|私密|裸)(?:照片?|视频).{0,10}(?:不.{0,6}就发|威胁|要挟|勒索)|(?:皮带|棍子|鞭子|衣架|铁棍).{0,3}[抽打揍][我他她]"
        r"|[抽揍打踹]我.{0,6}躲|吃了.{0,8}翻白眼|失去意识|没了?(?:意识|知觉|脉搏)|(?:脸|嘴唇)[发都]{1,2}[紫青黑]"
        r"|(?:氢气|氧气|乙炔|钢瓶|气瓶|液化气|甲烷).{0,4}[漏泄爆]|(?<!香)烟.{0,2}(?:冒出|灌进)来?",
        r"游戏|躲猫猫|捉迷藏|讲座|演练|演习|电话|车费|校车",
    ),
    Rule(
        "AT_THE_DOOR_EN",
        "act",
        r"(?:he|she|they|myex|dad)(?:says?|said|threat[a-z]{3,6}).{0,8}(?:kill|hurt|shoot|stab)me|forced(?:him|her)self|not(?:waking|respond)"
        r"|cantwake(?:him|her)|(?:stranger|drunk|someone)(?:just)?(?:grabbed|attacked|groped|touched)me|machete|gunshot|outsidemydoor.{0,12}(?:scared|knife|leave)",
    ),
)
