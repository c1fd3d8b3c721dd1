"""Folds what a person typed into the one spelling that the recognisers compare: plain, small, simplified."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# A title's brackets survive the squeezing as two letters that no language of ours uses.
TITLE_OPENS: Final = "ǀ"
TITLE_ENDS: Final = "ǁ"

# Traditional and simplified characters in pairs: only those that the words we look for are written with.
_PAIRS: Final = (
    "殺杀樓楼沒没遺遗書书結结燒烧藥药傷伤殘残離离開开這这個个們们來来無无義义麼么會会記记覺觉對对難难過过還还請请長长"
    "時时間间請请說说話话給给讓让從从為为爲为嗎吗誰谁條条發发現现壓压鬱郁憂忧慮虑愛爱憶忆惱恼煩烦腦脑臉脸縫缝"
    "歡欢聲声聽听見见覺觉親亲認认識识讀读學学園园國国圖图場场塊块壞坏報报墜坠墮堕墳坟處处備备復复後后徑径徵征應应態态"
    "戀恋戰战戲戏掛挂採采撐撑擁拥擊击擋挡據据擾扰攜携數数斷断於于晝昼暈晕曆历歷历歸归殺杀氣气決决沖冲淚泪淨净渾浑"
    "湧涌溫温滅灭滾滚漢汉潔洁澀涩濕湿灘滩災灾為为煙烟熱热燈灯爐炉爭争牆墙獨独獄狱獎奖瑣琐環环產产異异當当癢痒瘋疯療疗"
    "癮瘾盡尽監监盤盘盜盗眾众礙碍禍祸禮礼種种稱称穩稳窮穷竄窜筆笔節节範范簡简簽签籤签類类糧粮紅红紙纸級级"
    "細细終终組组絕绝"
    "統统經经綠绿維维網网緊紧線线練练總总繩绳績绩繼继續续罵骂罷罢習习聞闻職职膽胆臟脏腫肿舉举舊旧莊庄萬万葉叶葯药"
    "蘇苏虧亏蟲虫衛卫衝冲補补裝装複复襲袭規规視视覽览計计訊讯討讨訓训託托訴诉詐诈評评詞词試试詢询該该詳详"
    "語语誤误課课調调"
    "談谈論论諮咨講讲謝谢證证譯译議议護护變变負负財财責责貨货貼贴費费資资賠赔賬账賴赖贈赠贏赢趙赵趕赶跡迹踐践車车軟软"
    "輕轻載载輔辅輪轮輸输轉转辦办辭辞農农迴回連连進进遊游運运違违遠远適适選选遲迟邊边鄉乡醫医釋释針针釘钉"
    "銀银銷销鋼钢錄录"
    "錢钱錯错鎖锁鍵键鐘钟門门閉闭問问閃闪閱阅闆板關关陽阳陰阴陣阵陸陆階阶隊队際际隨随險险隱隐雖虽雙双雜杂電电靈灵靜静"
    "響响頁页項项順顺須须預预頭头題题顆颗願愿顧顾飛飞飯饭飲饮館馆騙骗騷骚驗验驚惊髒脏體体鬆松鬧闹魚鱼鯊鲨鳥鸟黨党點点"
    "龍龙嗎吗嚇吓嚴严嚨咙單单喪丧問问啞哑員员嘗尝圍围執执墊垫夠够夢梦奪夺妳你媽妈婦妇嬌娇孫孙宮宫寢寝實实"
    "寫写寬宽審审尋寻"
    "著着導导層层屬属崗岗嶺岭幣币帳帐幫帮幹干幾几庫库廁厕廚厨廠厂張张強强彈弹彎弯恥耻悶闷惡恶憐怜懶懒憤愤懷怀懸悬"
)
_TABLE: Final[dict[int, str]] = {ord(_PAIRS[i]): _PAIRS[i + 1] for i in range(0, len(_PAIRS), 2)}
_TABLE.update(
    {
        ord("亖"): "死",
        ord("🔪"): "刀",
        ord("🗡"): "刀",
        ord("💊"): "药",
        ord("🩸"): "血",
        ord("🔥"): "火",
        ord("🍵"): "茶",
    }
)
_TABLE.update(zip(map(ord, "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"), "aaaaeeeeiiiioooouuuuvvvvv", strict=True))
_TABLE.update({ord("《"): TITLE_OPENS, ord("》"): TITLE_ENDS, ord("\u2019"): "'", ord("ｰ"): "-"})

_NOT_WORD: Final = re.compile(r"[\W_]+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+")


def fold(words: str) -> str:
    """The words in NFKC, lower case, simplified characters, without invisible ones; spaces and punctuation stay.

    Never raises on a str; lone surrogates are left alone. Time is linear in the length.
    """
    plain = unicodedata.normalize("NFKC", words).lower().translate(_TABLE)
    return plain if plain.isascii() else _INVISIBLE.sub("", plain)


def squeeze(folded: str) -> str:
    """Letters, digits and characters only: what is left when a word is hidden between dots, spaces or strokes."""
    return _NOT_WORD.sub("", folded)
