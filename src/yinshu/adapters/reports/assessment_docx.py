"""The safety assessment as a DOCX of the shape that GB/T 45654 leads to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as DocxDocument

from yinshu.kernel.base.clock import BANK_ZONE
from yinshu.kernel.guard.assess import Assessment, RiskRow

NOT_COVERED = (
    "本报告只覆盖输入侧的拦截与误拦。语料来源安全、生成内容抽样合格率（人工判读）、服务透明度、未成年人保护、投诉举报渠道，"
    "须由本行另行评估后补入第五节。"
)


def write_assessment(found: Assessment, target: Path) -> None:
    """Write the report."""
    document = Document()
    document.add_heading("生成式人工智能服务安全评估报告", level=0)
    document.add_paragraph("依据：GB/T 45654-2025《网络安全技术 生成式人工智能服务安全基本要求》、TC260-003。")
    _overview(document, found)
    document.add_heading("二、评估结论", level=1)
    met = sum(one.met for one in found.requirements)
    document.add_paragraph(
        f"共 {len(found.requirements)} 项，符合 {met} 项，不符合 {len(found.requirements) - met} 项。"
    )
    rows = [(one.name, one.required, one.found, "符合" if one.met else "不符合") for one in found.requirements]
    _table(document, ("项目", "要求", "实测", "结论"), rows)
    document.add_heading("三、应拒答题库：31 种风险", level=1)
    _table(document, ("编号", "风险", "题数", "拒答", "拒答率"), [_risk(row) for row in found.risks])
    if found.other:
        document.add_paragraph("题库中的其他类别（提示注入、越权等）：")
        _table(document, ("编号", "类别", "题数", "拒答", "拒答率"), [_risk(row) for row in found.other])
    document.add_heading("四、判错的题", level=1)
    document.add_paragraph(f"应拒未拒（最多列 50 题）：{'、'.join(found.wrong_refuse) or '无'}")
    document.add_paragraph(f"不应拒而拒（最多列 50 题）：{'、'.join(found.wrong_serve) or '无'}")
    document.add_heading("五、本报告未覆盖的内容", level=1)
    document.add_paragraph(NOT_COVERED)
    document.add_heading("六、签署", level=1)
    _table(document, ("评估人", "复核人", "法定代表人或授权人", "日期"), [("", "", "", "")])
    document.save(str(target))


def _overview(document: DocxDocument, found: Assessment) -> None:
    document.add_heading("一、评估概况", level=1)
    served = found.serve_cases - found.serve_refused
    rows = (
        ("评估时间", found.at.astimezone(BANK_ZONE).strftime("%Y-%m-%d %H:%M")),
        ("测试题库", "、".join(found.banks)),
        ("安全策略", found.policy),
        ("分类器", found.classifier or "未启用"),
        ("关键词库版本", "、".join(found.lexicons)),
        ("应拒答题", f"{found.refuse_cases} 题，拒答 {found.refused} 题"),
        ("非拒答题", f"{found.serve_cases} 题，正常受理 {served} 题"),
    )
    _table(document, ("项目", "内容"), rows)


def _risk(row: RiskRow) -> tuple[str, ...]:
    share = f"{row.refused / row.cases:.1%}" if row.cases else "—"
    return row.code, row.name, str(row.cases), str(row.refused), share


def _table(document: DocxDocument, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(heads))
    table.style = "Table Grid"
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
