"""The small words that turn a rule around: permission, duty, prohibition, exemption, negation, and conditions."""

from __future__ import annotations

import re
from typing import Literal

Modal = Literal["forbid", "ought", "must", "may", "exempt", "cease"]

MODAL_PATTERN = (
    r"(?P<forbid>不得(?!不)|不能(?!够?不)|不可以?(?![抗逆分撤避缺转或预])|不允许|不准|不许|禁止|严禁|不应当?(?!有的)|不应该|切勿)"
    r"|(?P<exempt>无需|无须|毋需|毋须|不必|不需要?|不用(?!于)|免于|可以?不(?!受|是)|可以?免)"
    r"|(?P<cease>不再)"
    r"|(?P<must>必须|务必|(?<![必无毋])须(?!知))"
    r"|(?P<ought>应当|应该|(?<![对相反供适响感效])应(?![用收付急答变属得计邀届力运]|对(?:措|预|能|方|机|策|突|风|危|处|复|流|重大|挑)))"
    r"|(?P<may>可以|有权|(?<![许认不非])可(?![疑能靠行用控追见比变操持]))"
)
_MODAL = re.compile(MODAL_PATTERN)

NEGATION = re.compile(
    r"不(?!动产|良|同|断|仅|锈|少于|低于|超过|高于|小于|大于|足)|未(?!来)|非(?!金融|银行|现场|自然人|居民|公开|法人)|无(?!锡|线|纸)|勿|否|免(?!费)|毋|没有?"
)
"""Words whose loss or gain flips a statement. Fixed compounds (不动产, 非银行) are not negations."""

BOUND_WORDS = re.compile(
    r"以上|以下(?!简?统?称)|工作日|营业日|交易日|以内|之内|以前|之前|以后|之后|不得?超过|不得?低于|不得?少于|不得?高于|至少|至多|最多|最高|最低|最长|最短|最迟"
    r"|超过|低于|高于|少于|不足|未满|届满|不含|仅|只|次年|次日|翌年|翌日|次月|上年|下年|(?<=[日月年时号天])[前后内]"
)
EXCEPTION = re.compile(
    r"除外|除[^，。；]{0,40}外|例外|但(?!保|书)|但是|另有规定|未经|非经|不经|如未|若未"
    r"|(?:事先|事前)?(?:经|征得|取得)[^，。；]{0,16}(?:批准|同意|许可|核准|授权|审批)(?!的|书|文件|权|部门|机关)"
)
CONDITION = re.compile(
    r"(?:^|(?<=[，、]))(?:如果|如(?!下|实)|若|倘若|当(?!地|事|年|日|月|天|期|前)|凡|一旦|除非|只有)|的(?:，|$)|(?:情况|情形|条件|前提|时|期间)(?:下|之下)?(?:，|$)"
)


def modals(text: str) -> list[tuple[int, int, Modal]]:
    """Modal words with their spans: not 可疑, 应付 or 必须 inside longer words."""
    found: list[tuple[int, int, Modal]] = []
    for match in _MODAL.finditer(text):
        kind = match.lastgroup
        assert kind in ("forbid", "exempt", "cease", "must", "ought", "may")
        found.append((match.start(), match.end(), kind))  # type: ignore[arg-type]
    return found
