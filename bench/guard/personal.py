"""Make varied samples of personal data, C3 data and secrets and look-alikes; measure recall and precision.

python -m bench.guard.personal [--count 5000] [--seed 1] [--show 20] --json
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.recognisers import recognise
from yinshu.kernel.guard.recognisers.numbers import _ID_CHECKS, _ID_WEIGHTS, _USCC_ALPHABET, _USCC_WEIGHTS, luhn

Dice = random.Random
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段漕钱汤尹黎易常武乔贺赖龚文"  # noqa: E501
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建国志华玉梅红丹萍鹏辉玲飞燕鑫宇浩然子轩欣怡梓涵雨桐博思远嘉怡诗琪晓东海燕春生德胜"  # noqa: E501
CITIES = (
    ("浙江省", "杭州市", "西湖区"),
    ("广东省", "深圳市", "南山区"),
    ("", "上海市", "浦东新区"),
    ("四川省", "成都市", "武侯区"),
    ("湖北省", "武汉市", "江汉区"),
    ("", "北京市", "海淀区"),
    ("河南省", "郑州市", "金水区"),
    ("陕西省", "西安市", "雁塔区"),
)
ROADS = (
    "文三路",
    "人民南路",
    "中山大道",
    "解放街",
    "学院路",
    "建设北路",
    "世纪大道",
    "滨江路",
    "朝阳门内大街",
    "和平里东街",
)
ESTATES = ("阳光花园", "金色家园", "翠苑小区", "万科城", "锦绣华庭", "幸福里", "")


@dataclass(frozen=True)
class Made:
    """A text and the stretches of it that are sensitive: (rule, written)."""

    text: str
    truths: tuple[tuple[str, str], ...]


def digits(dice: Dice, count: int) -> str:
    """That many digits."""
    return "".join(dice.choice("0123456789") for _ in range(count))


def resident_id(dice: Dice) -> str:
    """A resident number with a right check character."""
    region = dice.choice(["110105", "310115", "440305", "330106", "510107", "420103", "610113", "370202", "650102"])
    body = f"{region}{dice.randint(1940, 2012)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{digits(dice, 3)}"
    return body + _ID_CHECKS[sum(int(a) * b for a, b in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def mobile(dice: Dice) -> str:
    """A mobile number."""
    return dice.choice(["138", "139", "150", "159", "186", "177", "199", "133", "181", "155", "166", "173"]) + digits(
        dice, 8
    )


def card(dice: Dice) -> str:
    """A card number that satisfies Luhn."""
    prefix, length = dice.choice(
        [("622202", 19), ("621700", 19), ("622588", 16), ("436742", 16), ("521899", 16), ("625965", 16)]
    )
    body = prefix + digits(dice, length - len(prefix) - 1)
    return next(body + last for last in "0123456789" if luhn(body + last))


def uscc(dice: Dice) -> str:
    """A unified social credit code with a right check character."""
    body = (
        "91"
        + dice.choice(["110108", "310000", "440300", "330100"])
        + "".join(dice.choice(_USCC_ALPHABET) for _ in range(9))
    )
    total = sum(_USCC_ALPHABET.index(sign) * weight for sign, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC_ALPHABET[(31 - total % 31) % 31]


def name(dice: Dice) -> str:
    """A name of two or three characters."""
    return dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(dice.randint(1, 2)))


def passport(dice: Dice) -> str:
    """A passport number."""
    return (
        dice.choice(["E", "G", "EA", "EJ"])[:2].ljust(1) + digits(dice, 8)
        if dice.random() < 0.5
        else "E" + dice.choice("ABCDEFGH") + digits(dice, 7)
    )


def plate(dice: Dice) -> str:
    """A number plate, old or new energy."""
    head = dice.choice("京沪粤浙川鄂豫陕苏鲁") + dice.choice("ABCDEFG")
    tail = dice.choice("DF") + digits(dice, 5) if dice.random() < 0.3 else dice.choice("ABCDEFGH1234") + digits(dice, 4)
    return head + dice.choice(["", "·", " "]) + tail


def email(dice: Dice) -> str:
    """An e-mail address."""
    user = dice.choice(["zhang.wei", "li_na88", "wangfang", "chen-j", "user2020", "a1b2c3"])
    return f"{user}{dice.randint(1, 99)}@{dice.choice(['qq.com', '163.com', 'bank.com.cn', 'gmail.com', 'corp.example.cn'])}"  # noqa: E501


def address(dice: Dice) -> str:
    """A postal address, shorter or longer."""
    parts = dice.choice(CITIES)
    region = "".join(parts[dice.randint(0, 1) :])
    tail = dice.choice(
        [
            f"{dice.randint(1, 30)}栋{dice.randint(101, 3302)}室",
            f"{dice.randint(1, 9)}单元{dice.randint(101, 999)}",
            "",
            f"{dice.randint(2, 20)}幢",
        ]
    )
    return f"{region}{dice.choice(ROADS)}{dice.randint(1, 999)}号{dice.choice(ESTATES)}{tail}"


def spaced(value: str, dice: Dice) -> str:
    """The number as people write it: plain, in groups, full width, with a zero-width character inside."""
    kind = dice.random()
    if kind < 0.62:
        return value
    if kind < 0.82:
        sign = dice.choice([" ", "-"])
        cuts = (3, 7) if len(value) == 11 else (6, 14) if len(value) == 18 else range(4, len(value), 4)
        edges = [0, *cuts, len(value)]
        return sign.join(value[a:b] for a, b in pairwise(edges) if a < b)
    if kind < 0.92:
        return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() else sign for sign in value)
    place = dice.randint(1, len(value) - 1)
    return value[:place] + "\u200b" + value[place:]


SHAPES: tuple[tuple[str, Callable[[Dice], str], bool, tuple[str, ...]], ...] = (
    (
        "resident_id",
        resident_id,
        True,
        (
            "身份证号{}",
            "客户证件号码：{}，请核对",
            "我的身份证是{}",
            "{}这个号查一下",
            "公民身份号码 {} 已过期",
            "开户用的证件{}是不是有效",
        ),
    ),
    (
        "mobile",
        mobile,
        True,
        (
            "手机号{}",
            "请拨打{}联系",
            "电话：{}。",
            "预留手机 {} 收不到短信",
            "{}是我老婆的号",
            "联系方式{}，谢谢",
            "打给{}没人接",
        ),
    ),
    (
        "bank_card",
        card,
        True,
        ("卡号{}", "我的银行卡{}被冻结了", "尾号不对，完整卡号是{}", "请查{}这张卡", "收款卡：{}", "{}扣款失败"),
    ),
    ("passport", passport, False, ("护照号{}", "护照：{}，下月到期", "持护照{}的客户来开户", "passport {} 能开户吗")),
    ("uscc", uscc, False, ("统一社会信用代码{}", "信用代码：{}", "公司代码{}查不到登记", "营业执照上是{}")),
    ("email", email, False, ("邮箱{}", "发到 {} 就行", "请抄送{}，谢谢", "联系邮箱：{}")),
    ("plate", plate, False, ("车牌{}", "抵押车辆{}的保险", "我的车{}办ETC", "车牌号：{}")),
    (
        "address",
        address,
        False,
        ("地址：{}", "我住在{}", "家住{}，想找附近网点", "账单请寄到{}", "现居住地址是{}，麻烦更新", "抵押房产位于{}"),
    ),
    (
        "name",
        name,
        False,
        (
            "客户姓名：{}",
            "户名：{}",
            "我叫{}，想开户",
            "借款人{}，逾期三天",
            "收款人：{}，请核实",
            "{}先生来电投诉",
            "联系人{}，电话稍后补",
            "法定代表人为{}。",
        ),
    ),
    (
        "password",
        lambda dice: dice.choice(["Abc", "pw!", "Zx9", "qwE"]) + digits(dice, 4),
        False,
        ("登录密码是{}", "密码：{}", "password: {}", "网银密码改成了{}"),
    ),
    (
        "one_time_code",
        lambda dice: digits(dice, 6),
        False,
        ("验证码{}", "验证码是{}", "短信验证码：{}，帮我输一下", "动态码 {}"),
    ),
    ("cvv", lambda dice: digits(dice, 3), False, ("CVV：{}", "背面三位{}", "安全码是{}", "cvv2 {}")),
    (
        "api_key",
        lambda dice: "sk-" + "".join(dice.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJK23456789") for _ in range(32)),
        False,
        ("key={}", "密钥 {} 泄露了", "{}还能用吗"),
    ),
)
CLEAN: tuple[Callable[[Dice], str], ...] = (
    lambda d: f"订单号{digits(d, 11)}什么时候发货",
    lambda d: f"流水号 {digits(d, 18)} 查不到",
    lambda d: f"合同编号HT{digits(d, 10)}已归档",
    lambda d: f"金额{d.randint(1, 99)},{digits(d, 3)},{digits(d, 3)}.00元已入账",
    lambda d: f"银发〔20{d.randint(10, 25)}〕{d.randint(1, 400)}号文第{d.randint(1, 60)}条怎么理解",
    lambda d: f"贷款余额{digits(d, 11).lstrip('0') or '1'}元，占比{d.randint(1, 99)}.{digits(d, 2)}%",
    lambda d: f"请于20{d.randint(20, 27)}-{d.randint(1, 12):02d}-{d.randint(1, 28):02d} 0{d.randint(8, 9)}:30:15前提交",
    lambda d: f"客服热线{d.choice(['95588', '955' + digits(d, 2), '400-' + digits(d, 3) + '-' + digits(d, 4)])}打不通",
    lambda d: f"基金代码{digits(d, 6)}净值{d.randint(0, 3)}.{digits(d, 4)}",
    lambda d: f"验证码6位数字，{d.randint(1, 5)}分钟内有效，收不到怎么办",
    lambda d: f"密码连续输错{d.randint(3, 6)}次会锁定{d.choice([24, 12])}小时吗",
    lambda d: f"客户已将〔身份证{d.randint(1, 9)}〕和卡号6222********{digits(d, 4)}脱敏",
    lambda d: f"借款人{d.choice(['应当按期还款', '于到期日还清', '可申请展期', '需要提供材料', '和担保人一起签字'])}",
    lambda d: (
        f"{d.choice(['收款人', '申请人', '联系人', '经办人'])}{d.choice(['信息不全', '与合同不一致', '名称填错', '应为本人', '需本人到场', '是谁填写', '可以代办吗'])}"  # noqa: E501
    ),
    lambda d: (
        f"{d.choice(['第三', '本', '支'])}行位于市中心，{d.choice(['道路', '街道', '小区'])}改造期间{d.randint(1, 5)}号窗口暂停"  # noqa: E501
    ),
    lambda d: (
        f"版本号{d.randint(1, 9)}.{d.randint(0, 20)}.{d.randint(0, 300)}，日志时间戳{1700000000 + d.randint(0, 99999999)}"  # noqa: E501
    ),
    lambda d: f"汇款用途填货款，发票号码{digits(d, 8)}，税率{d.choice([6, 9, 13])}%",
    lambda d: (
        f"{d.choice(['客户经理', '大堂经理', '柜员'])}{d.choice(['态度很好', '让我补材料', '说明天放款', '向我推荐基金'])}"  # noqa: E501
    ),
    lambda d: (
        f"证件有效期{d.choice(['十年', '二十年', '长期'])}，{d.choice(['身份证', '护照'])}过期{d.randint(1, 60)}天还能取钱吗"  # noqa: E501
    ),
    lambda d: f"工号{digits(d, 6)}、机构号{digits(d, 9)}的权限怎么开",
    lambda d: f"快递单号SF{digits(d, 13)}到哪了",
    lambda d: f"凭证批次{digits(d, 16)}已销毁",
)
FILLERS = ("麻烦帮我查一下，", "你好，", "昨天在网点办业务时，", "请看这条记录：", "", "", "", "补充说明，")
TAILS = ("", "", "，尽快处理", "。谢谢！", "，请问怎么办？", "\n以上。")


def make(dice: Dice) -> Made:
    """One sample: sensitive (one to three kinds) four times in five, else a look-alike."""
    if dice.random() < 0.25:
        return Made(dice.choice(FILLERS) + dice.choice(CLEAN)(dice) + dice.choice(TAILS), ())
    parts: list[str] = []
    truths: list[tuple[str, str]] = []
    for rule, value_of, spread, frames in dice.sample(SHAPES, dice.choice([1, 1, 1, 2, 3])):
        value = value_of(dice)
        written = spaced(value, dice) if spread else value
        parts.append(dice.choice(frames).format(written))
        truths.append((rule, written))
    if dice.random() < 0.2:
        parts.append(dice.choice(CLEAN)(dice))
    return Made(dice.choice(FILLERS) + "，".join(parts) + dice.choice(TAILS), tuple(truths))


def measure(count: int, seed: int, show: int) -> dict[str, object]:
    """Recall: share of sensitive stretches found whole. Precision: share of hits that overlap one of their kind."""
    dice = random.Random(seed)
    found, right, hits_total = Counter[str](), Counter[str](), Counter[str]()
    truths_total, good_hits = Counter[str](), 0
    for _ in range(count):
        made = make(dice)
        hits = recognise(Reading(made.text))
        spans = [
            (rule, made.text.index(written), made.text.index(written) + len(written)) for rule, written in made.truths
        ]
        for rule, start, end in spans:
            truths_total[rule] += 1
            whole = any(hit.start <= start and end <= hit.end for hit in hits)
            found[rule] += whole
            if not whole and show > 0:
                show -= 1
                print(
                    "missed",
                    rule,
                    made.text.encode("unicode_escape").decode("ascii") if "\u200b" in made.text else made.text,
                )
        for hit in hits:
            hits_total[hit.rule] += 1
            good = any(
                hit.start < end
                and start < hit.end
                and (rule == hit.rule or {rule, hit.rule} <= {"bank_card", "bank_account"})
                for rule, start, end in spans
            )
            right[hit.rule] += good
            good_hits += good
            if not good and show > 0:
                show -= 1
                print("wrong", hit.rule, made.text[hit.start : hit.end], "|", made.text)
    return {
        "samples": count,
        "seed": seed,
        "sensitive": sum(truths_total.values()),
        "recall": round(sum(found.values()) / sum(truths_total.values()), 4),
        "precision": round(good_hits / sum(hits_total.values()), 4),
        "recall_by_rule": {rule: round(found[rule] / total, 4) for rule, total in sorted(truths_total.items())},
        "precision_by_rule": {rule: round(right[rule] / total, 4) for rule, total in sorted(hits_total.items())},
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print(
        json.dumps(
            measure(options.count, options.seed, options.show), ensure_ascii=False, indent=None if options.json else 1
        )
    )


if __name__ == "__main__":
    main()
