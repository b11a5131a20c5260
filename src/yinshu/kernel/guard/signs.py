"""What the characters of a reading may be part of, so that patterns are tried only where they can hold."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.guard.characters import CODE_POINTS

Flags = NDArray[np.uint16]
Marks = NDArray[np.bool_]
SHORT_CHARS = 2_000
"""A text up to this length is searched as a whole: preparing the search would take longer."""
DIGIT, HAN_DIGIT, LETTER, GRAPHIC = 1, 2, 4, 8
PROVINCE, SURNAME, BREAK, HOUSE_UNIT, NUMERAL, SPACE = 16, 32, 64, 128, 256, 512
HAN_DIGITS = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符"
    "舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席"
    "卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝阎赖常漕骆淳郗桓幸竺晁卓栗冼佟揭"
)
COMPOUND_SURNAMES = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|长孙|宇文|端木|南宫"
BREAKS = ",，。;；:：、|(（"
HOUSE_UNITS = "号弄栋幢座单组室"
HOUSE_NUMERALS = "一二三四五六七八九十百甲乙丙-"
_SPACES_BELOW = 0x3100


@lru_cache(maxsize=1)
def sign_table() -> Flags:
    """For each code point the sum of the flags above that hold for it, shape (CODE_POINTS,)."""
    table = np.zeros(CODE_POINTS, dtype=np.uint16)
    table[ord("0") : ord("9") + 1] |= DIGIT | NUMERAL
    table[ord("!") : ord("~") + 1] |= GRAPHIC
    for first in "aA":
        table[ord(first) : ord(first) + 26] |= LETTER | NUMERAL
    for flag, signs in (
        (HAN_DIGIT, HAN_DIGITS),
        (PROVINCE, PROVINCES),
        (SURNAME, SURNAMES + "".join(name[0] for name in COMPOUND_SURNAMES.split("|"))),
        (BREAK, BREAKS),
        (HOUSE_UNIT, HOUSE_UNITS),
        (NUMERAL, HOUSE_NUMERALS),
    ):
        table[[ord(sign) for sign in set(signs)]] |= flag
    table[[code for code in range(_SPACES_BELOW) if chr(code).isspace()]] |= SPACE | BREAK
    return table


def has_run(marks: Marks, least: int) -> bool:
    """Whether `least` marked characters stand side by side."""
    length = 1
    while length < least and len(marks):
        step = min(length, least - length)
        marks = marks[:-step] & marks[step:]
        length += step
    return bool(marks.any())


def stretches(marks: Marks, *, least: int, gap: int, after: int) -> list[tuple[int, int]]:
    """Where `least` or more marked characters follow each other no further than `gap` apart: [start, end + after)."""
    places = np.flatnonzero(marks)
    if len(places) < least:
        return []
    breaks = np.flatnonzero(np.diff(places) > gap)
    firsts = np.concatenate(([0], breaks + 1))
    lasts = np.concatenate((breaks, [len(places) - 1]))
    long = lasts - firsts + 1 >= least
    return [
        (int(places[first]), min(int(places[last]) + 1 + after, len(marks)))
        for first, last in zip(firsts[long], lasts[long], strict=True)
    ]


def around(places: list[int], before: int, after: int) -> list[tuple[int, int]]:
    """Stretches from `before` a place to `after` it, those that touch joined; places in rising order."""
    found: list[tuple[int, int]] = []
    for place in places:
        low, high = max(0, place - before), place + after
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def occurrences(text: str, words: tuple[str, ...]) -> list[int]:
    """Where any of the words begins, in rising order."""
    found: list[int] = []
    for word in words:
        at = text.find(word)
        while at != -1:
            found.append(at)
            at = text.find(word, at + 1)
    return sorted(found)
