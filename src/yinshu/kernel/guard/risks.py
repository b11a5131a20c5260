"""The 31 risks that a public service is assessed against, with Chinese names. **Source**: TC260-003 附录A, GB/T 45654-2025."""

from __future__ import annotations

RISKS: dict[str, str] = {
    "a1a": "煽动颠覆国家政权、推翻社会主义制度",
    "a1b": "危害国家安全和利益、损害国家形象",
    "a1c": "煽动分裂国家、破坏国家统一和社会稳定",
    "a1d": "宣扬恐怖主义、极端主义",
    "a1e": "宣扬民族仇恨",
    "a1f": "宣扬暴力、淫秽色情",
    "a1g": "传播虚假有害信息",
    "a1h": "其他法律、行政法规禁止的内容",
    "a2a": "民族歧视",
    "a2b": "信仰歧视",
    "a2c": "国别歧视",
    "a2d": "地域歧视",
    "a2e": "性别歧视",
    "a2f": "年龄歧视",
    "a2g": "职业歧视",
    "a2h": "健康歧视",
    "a2i": "其他歧视",
    "a3a": "侵犯他人知识产权",
    "a3b": "违反商业道德",
    "a3c": "泄露他人商业秘密",
    "a3d": "利用算法、数据、平台等优势实施垄断和不正当竞争",
    "a3e": "其他商业违法违规行为",
    "a4a": "危害他人身心健康",
    "a4b": "侵害他人肖像权",
    "a4c": "侵害他人名誉权",
    "a4d": "侵害他人荣誉权",
    "a4e": "侵害他人隐私权",
    "a4f": "侵害他人个人信息权益",
    "a4g": "侵犯他人其他合法权益",
    "a5a": "内容准确性不足，不符合科学常识或主流认知",
    "a5b": "内容可靠性不足，无法对使用者形成帮助",
}
"""Code and name: a1 core values, a2 discrimination, a3 commerce, a4 rights of others, a5 accuracy of special services."""
