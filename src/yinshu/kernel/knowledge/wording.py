"""One spelling for all: normal form of text, numerals as digits, and the terms that are searched."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from yinshu.kernel.evidence.numerals import ARABIC_NUMERAL, CHINESE_NUMERAL, read_number

EMBEDDED_CHARS = 1_600
"""Longest text that is embedded whole; the rest of a longer clause adds time and blurs its vector."""
_ROMAN = {0x2160 + i: str(i + 1) for i in range(12)} | {0x2170 + i: str(i + 1) for i in range(12)}
_VARIANTS = dict.fromkeys(map(ord, "帐帳賬"), "账")
"""Older rules write 帐户 for 账户."""
_MARKS = {
    ord(mark): plain
    for mark, plain in zip("，。；：？！（）【】〔〕［］、“”‘’—－～", ",.;:?!()()()(),\"\"''--~", strict=True)
}


@lru_cache(maxsize=1)
def _characters() -> dict[int, str]:
    """Single characters: traditional to simplified, Roman numerals to digits, Chinese marks to plain ones."""
    ideographs = [chr(code) for code in range(0x3400, 0xA000)]
    converted = OpenCC("t2s").convert("\n".join(ideographs)).split("\n")
    simplified = {ord(old): new for old, new in zip(ideographs, converted, strict=True) if old != new}
    return {**simplified, **_VARIANTS, **_ROMAN, **_MARKS}


_CJK = "\u3400-\u9fff"
_SPACE = re.compile(r"\s")
_SPACE_BETWEEN = re.compile(rf"(?<=[{_CJK}\d.,;:()%])\s+(?=[{_CJK}\d(),;:])")
_ASCII_CLASS = re.compile(r"(?<![a-z])(i{1,3}|iv|v)(?=[类级型户])")
_CLASS_DIGIT = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_SHARED_CLASS = re.compile(r"(\d)[,和及或](?=(\d)(类|级))")
_PERCENT = re.compile(rf"(百|千|万)分之(?P<number>{CHINESE_NUMERAL}|{ARABIC_NUMERAL})")
_PERCENT_SIGN = {"百": "%", "千": "‰", "万": "‱"}
_NUMERAL = re.compile(rf"{CHINESE_NUMERAL}|{ARABIC_NUMERAL}")


def normalise(text: str) -> str:
    """Simplified characters, half width, lower case, no space inside Chinese text; numerals stay as written."""
    folded = unicodedata.normalize("NFKC", text.translate(_characters())).lower()
    return _SPACE_BETWEEN.sub("", folded) if _SPACE.search(folded) else folded


def _as_digits(numeral: str) -> str:
    value = read_number(numeral)
    if value is None:
        return numeral
    return f"{value.normalize():f}"


def _percent(match: re.Match[str]) -> str:
    return _as_digits(match["number"]) + _PERCENT_SIGN[match[1]]


def canonical(text: str) -> str:
    """The normal form with every numeral as digits: 三年内 and 3 年内 are one, 五千万元 and 5000万元, Ⅱ类 and 二类."""
    plain = normalise(text)
    # Most texts hold none of these marks, and looking for a mark is much quicker than looking for a pattern.
    if "分之" in plain:
        plain = _PERCENT.sub(_percent, plain)
    plain = _NUMERAL.sub(lambda match: _as_digits(match[0]), plain)
    if "i" in plain or "v" in plain:
        plain = _ASCII_CLASS.sub(lambda match: _CLASS_DIGIT[match[1]], plain)
    return _SHARED_CLASS.sub(lambda match: f"{match[1]}{match[3]},", plain)


_TOKEN = re.compile(rf"(?P<number>\d+(?:\.\d+)?[%‰‱]?)|(?P<word>[a-z][a-z0-9]*)|(?P<han>[{_CJK}]+)|(?P<gap>[^\s])")
_SIGN_NAMES = {"%": "pct", "‰": "pml", "‱": "pmy", ".": "p"}


def _spell(number: str) -> str:
    """A number as a term that every engine keeps in one piece: 0.5% is 0p5pct."""
    return "".join(_SIGN_NAMES.get(sign, sign) for sign in number)


def grams_of_canonical(text: str) -> list[str]:
    """Terms of a text in canonical form, in its order: pairs of characters, numbers with their unit, Latin words."""
    found: list[str] = []
    before = ""
    single = ""
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup, match[0]
        if kind == "han":
            if before:
                found.append(before + piece[0])
            found.extend([piece[at : at + 2] for at in range(len(piece) - 1)])
            single = "" if before or len(piece) > 1 else piece
            before = piece[-1]
            continue
        if single:
            found.append(single)
            single = ""
        before = ""
        if kind == "number":
            piece = _spell(piece)
            if len(piece) > 1:
                found.append(piece)
            before = piece
        elif kind == "word":
            found.append(piece)
    if single:
        found.append(single)
    return found


_SIGNS = {name: sign for sign, name in _SIGN_NAMES.items() if sign != "."}


def plain_gram(gram: str) -> str:
    """A term as it stands in canonical text: 0p5pct is 0.5%."""
    if not gram[0].isdigit() or gram.isdigit():
        return gram
    for name, sign in _SIGNS.items():
        gram = gram.replace(name, sign)
    return re.sub(r"(?<=\d)p(?=\d)", ".", gram)


def grams(text: str) -> list[str]:
    """Terms of a text as written; see `grams_of_canonical`."""
    return grams_of_canonical(canonical(text))


_FILLERS = (
    "请问|请教一下|请教|麻烦问一下|麻烦问下|想问一下|想问下|想问问|问一下|问下|想咨询|咨询一下|咨询|我想知道|想知道|想了解|了解一下|告诉我|帮我查一下|帮忙查一下"
    "|帮我看看|谢谢|你好|您好|老师|领导|那个|这个|这种情况下|这种情况|这种|那种|这样|那样|这些|那些|的话|到底|究竟|具体|一般来说|按理说|理论上"
    "|我们银行|我们行里|我们行|咱们行|咱行|我行|你们行|你们银行|贵行|本人|我们|咱们|你们|他们|她们|人家|别人|自己|大家|有人|有个|有一个|我|你|您|咱|他|她"
    "|怎么办理|怎么办|咋办|怎么处理|怎么弄|怎么做|怎么样|怎么算|怎么|咋样|咋|如何|怎样"
    "|能不能|可不可以|是不是|要不要|用不用|需不需要|行不行|对不对|好不好|有没有|算不算|该不该|会不会|是否|能否|可否|可以吗|行吗|吗|呢|吧|啊|呀|嘛|哦|么"
    "|没错吧|对吧|是吧|对吗|据说|听说|都说|不是说|应该是|应该"
    "|多少天|几天|多久|多长时间|什么时候|啥时候|何时|哪天|哪一天|几年|几个月|几小时|多少钱|多少元|多少|几次|几张|几个|几家|几类|几种|几条"
    "|哪些|哪几|哪种|哪类|哪个|哪里|哪儿|哪|什么|啥|谁|为什么|为啥|干嘛|几"
    "|现在|目前|如今|眼下|今年|最近|已经|其中|然后|之后|以后|后来|还是|或者|而且|但是|不过|可是|如果|要是|假如|万一|因为|所以|于是|就是|就算|其实|一直|刚刚|刚"
    "|最多|最少|最低|最高|最晚|最迟|最长|最短|至少|至多|顶多|大概|差不多|左右|分别|各是|各自|一共|总共"
    "|可以|需要|得要|必须|一定要|一定|都要|都得|要求|规定的|规定|说的|写的|按照|根据|依照|照着|对于|关于|想要|打算|准备|愿意|能够|想|了|的|是|也|还|又|就|才|都|得|要|给|让|被|把|在|和|跟"
)
_FILLER = re.compile("|".join(sorted(_FILLERS.split("|"), key=len, reverse=True)))
_KEEP_BEFORE_FILLER = 2
KEPT_WORDS = re.compile(
    "目的|的士|标的|得到|取得|所得|获得|购得|不得|要求|要素|要约|重要|主要|必要|摘要|概要|需要量|纪要|给付|支给|自给|供给|转让|让渡|出让|受让|存在|在途|在岸|在职|在建|现在|了结|了解|未了|和解"
    "|调和|饱和|跟踪|跟单|就业|就近|就地|成就|都市|还款|还本|偿还|归还|返还|退还|清还|发还|又名|被保险|被执行|被担保|被投资|把关|国是|我国|本外币|自己人|他项|他行|其他|其它|他人|吉他|他国"
    "|自有|可以书|刚性|规定期限|应该|个人|哪吒|几何|想象|设想|思想|才能|人才|财务|他方|你方|我方|抵押给|借给|判给|刚需|几率"
)


def without_fillers(question: str) -> str:
    """The question without the words of talk (请问, 我们行, 能不能, 怎么办); each becomes a space.

    Words that only contain such a character (其他, 取得, 要素) stay whole.
    """
    kept = [(match.start(), match.end()) for match in KEPT_WORDS.finditer(question)]

    def blank(match: re.Match[str]) -> str:
        inside = any(start < match.end() and match.start() < end for start, end in kept)
        return match[0] if inside and len(match[0]) <= _KEEP_BEFORE_FILLER else " "

    return _FILLER.sub(blank, question)


_ORDER_TITLE = re.compile(
    r"^.{2,80}?(?:令|公告)\s*[〔\[（(]?\s*\d{4}\s*[〕\]）)]?\s*(?:年)?第?\s*\d+\s*号\s*[（(](.{4,120})[）)]\s*$"
)
_TRAILING_NUMBER = re.compile(r"\s*[（(][^（()）]*\d+\s*号[^（()）]*[）)]\s*$")
_PROMULGATES = re.compile(r"(?:关于)?(?:印发|发布|公布|下发|转发|颁布|颁发)[^《]{0,20}《([^《》]{4,80})》(?!.*《)")
_ISSUERS_OF_TITLE = re.compile(r"^[^《]{2,80}?(?=关于)")
_PATH_STEP_CHARS = 40


def short_title(title: str) -> str:
    """A title by its matter: without issuers, order number and the words of promulgation.

    中国人民银行令〔2001〕第4号（中国人民银行行政复议办法） is 中国人民银行行政复议办法, and
    中国人民银行关于印发《支付结算办法》的通知（银发〔1997〕393号） is 支付结算办法.
    """
    plain = _TRAILING_NUMBER.sub("", " ".join(title.split()))
    if order := _ORDER_TITLE.match(plain):
        plain = order[1]
    if promulgated := _PROMULGATES.search(plain):
        return promulgated[1]
    return _ISSUERS_OF_TITLE.sub("", plain).strip() or title.strip()


def embedding_text(title: str, path: tuple[str, ...], text: str, lead: str = "") -> str:
    """What is embedded of a clause: short title and path on one line, the governing sentence, then its words."""
    return f"{_before(title, path, text, lead)}{text}"[:EMBEDDED_CHARS]


def text_offset(title: str, path: tuple[str, ...], text: str, lead: str = "") -> int:
    """Where the clause's own words begin in its embedded text."""
    return len(_before(title, path, text, lead))


def _before(title: str, path: tuple[str, ...], text: str, lead: str) -> str:
    matter = short_title(title)
    steps = ["".join(step.split())[:_PATH_STEP_CHARS] for step in path]
    head = " ".join([matter, *(step for step in steps if step not in matter and matter not in step)])
    return f"{head}\n{lead}\n" if lead and lead not in text else f"{head}\n"


def vector_key(embedded: str) -> str:
    """The key under which the vector of an embedded text is stored: its SHA-256 in hexadecimal."""
    return hashlib.sha256(embedded.encode("utf-8")).hexdigest()
