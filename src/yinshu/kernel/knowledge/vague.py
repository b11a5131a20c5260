"""Tells a question about something from one that could be asked of any matter (限额是多少, 需要几天, 谁审批)."""

from __future__ import annotations

import re

from yinshu.kernel.knowledge.wording import without_fillers

ATTRIBUTES = (
    "手续费|工本费|服务费|年费|违约金|滞纳金|罚款|费用|收费标准|收费|价格|限额|额度|上限|下限|余额|金额|利率|费率|利息|比例|首付|保证金"
    "|有效期|期限|时限|时间|期间|年限|材料|资料|证件|手续|条件|要求|流程|步骤|程序|审批|授权|权限|标准|门槛|起点|频率|次数|张数"
    "|处罚|责任|后果|依据|出处|原文|规定|例外|优惠|减免|范围|对象|方式|电话|地址|部门|表格|凭证|申请书"
)
"""What can be asked of a matter, as banks name it."""

_GENERIC = re.compile(
    f"{ATTRIBUTES}|"
    r"办理|办结|办妥|办完|办好|办|申请|提交|提供|出示|携带|带|准备|审核|审批|批准|授权|报告|上报|报送|通知|处理|处置|答复|回复|解决|完成|做完|做"
    r"|收取|收|缴纳|缴|交|罚|扣|付|签字|盖章|登记|备案|预约|公证|本人|亲自|代办|代理|家人|别人|他人|去|到|来|网点|柜台|柜面|线上|网上|手机|现场"
    r"|客户|银行|我行|员工|人员|机构|不同意|同意|不服|异议|拒绝|超过|超期|超时|逾期|过期|没有|没|例外|忘了|忘记|失败|不来|不够|不符|不合格|来不了|做不到|达不到"
    r"|起算|算起|开始|截止|到期|开(?!户|卡|立|票|具|证)|生效|施行|实施|执行|发布|废止|重新|再次|第几条|哪条|哪一条|条款|条|文件|制度|办法|具体|详细|全部|另外|此外|还有|其他|其它|别的|额外|补充"
    r"|最多|最少|最高|最低|最晚|最迟|最长|最短|至少|至多|必须|应当|应该|一定|可以|需要|能够|可|能|要|得|应|该|由|找"
    r"|保存|保管|存放|留存|签|打印|调高|调低|调整|提高|降低|延长|缩短|展期|补|退|查|用|向|给|被|会|是|有|无|不|吗|呢|吧|么|工作日|自然日|天|日|年|月|小时|分钟|周"
    r"|次|张|元|块|钱|万|内|前|后|里|中|时|候|个|名|位|份|种|类|级|哪|谁|几|多久|多少|多长|怎么|怎样|如何|什么|啥|为什么|为啥|为何|何时|那么?|而且?|并且|同时|和|与|或|且|的|了|过|着|就|才|都|也|还|再|又|按|照|根据|依据"
)
_LETTERS = re.compile(r"[\u3400-\u9fffA-Za-z0-9ⅠⅡⅢⅣ]+")


def own_words(question: str) -> list[str]:
    """The runs of letters that are left without words that any matter could be asked with; empty when it names none."""
    return _LETTERS.findall(_GENERIC.sub(" ", without_fillers(question)))


def says_of_itself(question: str) -> int:
    """How many letters `own_words` has."""
    return sum(map(len, own_words(question)))
