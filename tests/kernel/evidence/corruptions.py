"""Makes wrong sentences out of right ones, one kind of error at a time, and faithful shortenings of them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from yinshu.kernel.evidence.quantities import parse_all

Corruption = Callable[[str, random.Random], str | None]


def _swap_words(pairs: list[tuple[str, str]]) -> Corruption:
    def corrupt(sentence: str, chance: random.Random) -> str | None:
        present = [pair for pair in pairs if pair[0] in sentence]
        if not present:
            return None
        old, new = chance.choice(present)
        places = [match.start() for match in re.finditer(re.escape(old), sentence)]
        place = chance.choice(places)
        return sentence[:place] + new + sentence[place + len(old) :]

    return corrupt


def change_number(sentence: str, chance: random.Random) -> str | None:
    figures = [q for q in parse_all(sentence) if q.kind in ("money", "ratio", "period", "count", "multiple", "age")]
    if not figures:
        return None
    figure = chance.choice(figures)
    digits = re.search(r"\d+|[一二三四五六七八九]", figure.text)
    if digits is None:
        return None
    old = digits.group()
    new = (
        str(int(old) + chance.choice([1, 2, 10]))
        if old.isdigit()
        else chance.choice([c for c in "二三四五六七八九" if c != old])
    )
    return sentence[: figure.start] + figure.text.replace(old, new, 1) + sentence[figure.end :]


def change_date(sentence: str, chance: random.Random) -> str | None:
    dates = [q for q in parse_all(sentence) if q.kind == "date" and q.moment and q.moment.year]
    if not dates:
        return None
    figure = chance.choice(dates)
    assert figure.moment is not None
    return (
        sentence[: figure.start]
        + f"{(figure.moment.year or 0) + 1}年{figure.moment.month or 3}月{figure.moment.day or 9}日"
        + sentence[figure.end :]
    )


def drop_negation(sentence: str, chance: random.Random) -> str | None:
    places = list(
        re.finditer(r"不得|不(?=[得能可应予受属按办收计承构超低])|未(?=[按经在取履])|非(?=依)|无(?=需|权)", sentence)
    )
    if not places:
        return None
    match = chance.choice(places)
    words = match.group()
    replacement = chance.choice(["", "可以"]) if words == "不得" else ""
    return sentence[: match.start()] + replacement + sentence[match.end() :]


def add_negation(sentence: str, chance: random.Random) -> str | None:
    places = [m.end() for m in re.finditer(r"应当|可以|必须", sentence)]
    return None if not places else sentence[: (place := chance.choice(places))] + "不" + sentence[place:]


def drop_exception(sentence: str, chance: random.Random) -> str | None:
    shortened = re.sub(r"，?(?:但(?:是)?)?[^，。]{2,40}(?:的)?除外", "", sentence)
    if shortened == sentence:
        shortened = re.sub(r"(?:未经|非经|除)[^，。]{2,30}(?:批准|同意|许可|授权|外)，", "", sentence)
    return shortened if shortened != sentence and len(shortened) > 8 else None


def drop_condition(sentence: str, chance: random.Random) -> str | None:
    match = re.match(
        r"^(?:第[^\s]{1,6}条\s*)?[^，。；]{6,60}的，(?=[^，。]*(?:应当|可以|不得|由|处|予以|责令))", sentence
    )
    return sentence[match.end() :] if match else None


def swap_parties(sentence: str, chance: random.Random) -> str | None:
    match = re.search(
        r"([一-龥]{2,8}?)(应当|可以|不得|必须)(向|对|为|要求|通知)([一-龥]{2,5}?(?:机构|银行|部门|客户|人|公司|中心|行))",
        sentence,
    )
    if match is None or match[1] == match[4]:
        return None
    return sentence[: match.start()] + match[4] + match[2] + match[3] + match[1] + sentence[match.end() :]


def add_name(sentence: str, chance: random.Random) -> str | None:
    name = chance.choice(["江南示范银行", "王小明", "华东结算公司", "金融监督委员会", "《示范管理细则》"])
    cut = sentence.find("应当")
    cut = cut if cut > 0 else sentence.find("，") + 1
    return sentence[:cut] + name + sentence[cut:] if cut > 0 else name + sentence


def invent_article(sentence: str, chance: random.Random) -> str | None:
    return f"根据第{chance.randint(300, 900)}条规定，" + sentence


def replace_object(sentence: str, chance: random.Random) -> str | None:
    return _swap_words(
        [
            ("个人", "单位"),
            ("单位", "个人"),
            ("客户", "股东"),
            ("书面", "口头"),
            ("电子", "纸质"),
            ("金融机构", "监管部门"),
            ("存款", "贷款"),
            ("贷款", "存款"),
            ("人民币", "外币"),
            ("境内", "境外"),
            ("境外", "境内"),
            ("申请", "拒绝"),
            ("开立", "撤销"),
            ("总行", "分行"),
            ("法人", "自然人"),
        ]
    )(sentence, chance)


change_unit = _swap_words(
    [
        ("个工作日", "日"),
        ("个月", "年"),
        ("万元", "元"),
        ("亿元", "万元"),
        ("小时", "日"),
        ("%", "‰"),
        ("年内", "个月内"),
        ("日内", "个工作日内"),
        ("工作日", "自然日"),
    ]
)
flip_bound = _swap_words(
    [
        ("以上", "以下"),
        ("以下", "以上"),
        ("不低于", "不高于"),
        ("不超过", "不低于"),
        ("不得超过", "不得低于"),
        ("至少", "至多"),
        ("之前", "之后"),
        ("超过", "低于"),
        ("不少于", "不多于"),
        ("日前", "日后"),
    ]
)
change_modal = _swap_words(
    [
        ("应当", "可以"),
        ("可以", "应当"),
        ("不得", "应当"),
        ("必须", "可以"),
        ("应当", "无需"),
        ("禁止", "允许"),
        ("可以", "不得"),
    ]
)
change_junction = _swap_words(
    [
        ("或者", "并且"),
        ("并应当", "或者可以"),
        ("同时", "或者"),
        ("全部", "部分"),
        ("任何", "部分"),
        ("均", "有的"),
        ("每年", "每月"),
        ("每日", "每年"),
        ("每月", "每季度"),
    ]
)


def swap_numbers(sentence: str, chance: random.Random) -> str | None:
    """Two figures of one kind in one sentence change places."""
    figures = [q for q in parse_all(sentence) if q.kind in ("money", "ratio", "period", "count")]
    for index, a in enumerate(figures):
        for b in figures[index + 1 :]:
            if a.kind == b.kind and (a.value, a.unit) != (b.value, b.unit):
                return sentence[: a.start] + b.text + sentence[a.end : b.start] + a.text + sentence[b.end :]
    return None


def splice(first: str, second: str) -> str | None:
    """The opening of one sentence with the ending of another: a subject gets another's rule."""
    head, tail = first.split("，", maxsplit=1)[0], second.rsplit("，", maxsplit=1)[-1]
    if "。" in head or len(head) < 5 or len(tail) < 5 or head in second or tail in first:
        return None
    return f"{head}，{tail}"


def mix_numbers(first: str, second: str) -> str | None:
    """The first sentence with a figure of the second in place of its own of the same kind."""
    ours = [q for q in parse_all(first) if q.kind in ("money", "ratio", "period")]
    theirs = [q for q in parse_all(second) if q.kind in ("money", "ratio", "period")]
    for a in ours:
        for b in theirs:
            if a.kind == b.kind and (a.value, a.unit) != (b.value, b.unit):
                return first[: a.start] + b.text + first[a.end :]
    return None


def faithful(sentence: str) -> Iterator[tuple[str, str]]:
    """Shortenings that keep the meaning, with the name of each."""
    yield "whole", sentence
    bare = re.sub(r"^第[^\s]{1,8}条[\s　]*", "", sentence)
    if bare != sentence:
        yield "without_article", bare
    plain = re.sub(r"[（(]以下[简统]?称[^）)]*[）)]", "", bare)
    if plain != bare:
        yield "without_alias", plain
    yield "spaced", bare.replace("，", "， ")
    arabic = re.sub(
        r"(?<![第百千万分之一二三四五六七八九十])([二三四五六七八九])(?=个月|个工作日|日内|年内|倍|万元)",
        lambda m: str("零一二三四五六七八九".index(m[1])),
        bare,
    )
    if arabic != bare:
        yield "arabic", arabic
    for word in ("及时", "切实", "依法", "按照规定", "有关"):
        if re.search(word + "(?![^《]*》)", bare):
            yield "without_" + word, re.sub(word + "(?![^《]*》)", "", bare, count=1)
            break
    purpose = re.sub(r"^(?:为了?|根据)[^，。]{4,60}，", "", bare)
    if purpose != bare:
        yield "without_purpose", purpose
    if "应当" in bare:
        yield "ought", bare.replace("应当", "应", 1)
    subject = re.sub(r"^[一-龥、]{2,14}(?=应当[^，。]{6,})", "", bare)
    if subject != bare and not re.search("[不未无非]", bare[: len(bare) - len(subject)]):
        yield "without_subject", subject


CORRUPTIONS: dict[str, Corruption] = {
    "change_number": change_number,
    "change_date": change_date,
    "change_unit": change_unit,
    "flip_bound": flip_bound,
    "change_modal": change_modal,
    "drop_negation": drop_negation,
    "add_negation": add_negation,
    "drop_exception": drop_exception,
    "drop_condition": drop_condition,
    "swap_parties": swap_parties,
    "add_name": add_name,
    "invent_article": invent_article,
    "replace_object": replace_object,
    "change_junction": change_junction,
    "swap_numbers": swap_numbers,
}
