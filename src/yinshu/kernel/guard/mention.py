"""Words that a request speaks of are not words that it says: the rules read it without what it quotes."""

from __future__ import annotations

import re

_QUOTES = re.compile(r"“[^”]{2,400}”|‘[^’]{2,400}’|「[^」]{2,400}」|『[^』]{2,400}』|\"[^\"\n]{2,400}\"")
_LEFT_OUT = "“”"
FOR_READERS = frozenset(
    {"hidden_instruction", "document_instruction", "fake_system", "fake_system_begin", "exfil_link"}
)
"""Rules on orders that a document hides for whoever reads it: they hold inside quotation marks too."""
_SPEAKS_OF = re.compile(
    r"敏感词|关键词|词表|词库|话术|说法|表述|措辞|原话|违规|不当|禁止|禁用|为什么|什么意思|含义|翻译|译成|英译|总结|摘要|归类|分类|注释|标出|找出|挑出"
    r"|改成|改写|换成|合规|整改|通报|处罚|举报|投诉|培训|教材|案例|用例|测评|拦截|误拦|漏拦|识别|防范|日志|收到|写着"
    r"|\b(?:translate|summari[sz]e|classify|incident|report|why|what does|flagged|meaning)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"照做|照办|照着|照此|执行|去做|遵照|服从|生效|当真|立即|立刻|马上|然后|接着|之后(?:就|请|再|按)"
    r"|(?<!不)按(?:照)?(?:它|这句|这段|里面|其中|上面|以上|引号)|(?<!不用)(?<!不要)(?<!别)回答(?:里面|其中|它|引号)"
    r"|\b(?:then|obey|execute|comply|carry (?:it )?out|do (?:it|so|what))\b",
    re.IGNORECASE,
)


def outside_quotes(text: str) -> str | None:
    """The text without its quotations, when it plainly speaks of them and orders nothing; None otherwise."""
    outside, quotations = _QUOTES.subn(_LEFT_OUT, text)
    if not quotations or _ORDERS.search(outside) or not _SPEAKS_OF.search(outside):
        return None
    return outside
