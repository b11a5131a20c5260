"""Builds the sample library's files and index from its sources: `python -m yinshu.sample.build`."""

from __future__ import annotations

import csv
import html
import io
import sys
from pathlib import Path

from yinshu.sample import index_file, source_files
from yinshu.sample.office import write_docx, write_pptx, write_xlsx
from yinshu.sample.paper import chinese_font, write_pdf, write_png, write_scan
from yinshu.sample.source import BANK, Element, Source, chinese_date, read_source

_INDEX_COLUMNS = (
    "file", "title", "published", "published_from", "kind", "chars", "from_ocr", "source_url",
    "number", "owner", "effective", "status",
)  # fmt: skip
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{title}</title><style>body{{font-family:serif;max-width:50em;margin:auto}}
table{{border-collapse:collapse}}td,th{{border:1px solid #888;padding:.3em .6em}}</style></head>
<body>
<nav><a href="/">首页</a> &gt; <a href="/rules">制度库</a> &gt; {owner}</nav>
<main>
<h1>{title}</h1>
<p class="number">{number}</p>
<p class="dateline">{dateline}</p>
{body}
<p class="sign">{bank}<br>{published}</p>
</main>
<footer>版权所有 {bank} 内部网站</footer>
</body>
</html>
"""


def render(source: Source) -> bytes | None:
    """Return a source's file content, or None when its format needs a Chinese font and none is installed."""
    plain = {
        "docx": write_docx,
        "xlsx": write_xlsx,
        "pptx": write_pptx,
        "html": _html,
        "md": _markdown,
        "txt": _text,
        "csv": _csv,
    }
    if source.format in plain:
        return plain[source.format](source)
    font = chinese_font()
    drawn = {"pdf": write_pdf, "scan_pdf": write_scan, "png": write_png}
    return drawn[source.format](source, font) if font else None


def build(folder: Path) -> list[str]:
    """Write every file and the index into `folder`; return the names left out for want of a Chinese font."""
    folder.mkdir(parents=True, exist_ok=True)
    left_out: list[str] = []
    sources = [read_source(path) for path in source_files()]
    for source in sources:
        content = render(source)
        if content is None:
            left_out.append(source.file_name)
        else:
            (folder / source.file_name).write_bytes(content)
    (folder / "index.csv").write_text(render_index(sources), encoding="utf-8", newline="")
    return left_out


def render_index(sources: list[Source]) -> str:
    """Write the library's index; `chars` counts the source's text without white space."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_INDEX_COLUMNS)
    for source in sources:
        from_ocr = source.format in ("scan_pdf", "png")
        effective = source.effective.isoformat() if source.effective else ""
        chars = sum(len("".join(line.split())) for line in plain_lines(source))
        writer.writerow(
            [source.file_name, source.title, source.published.isoformat(), "text", source.kind, chars, from_ocr, "",
             source.number, source.owner, effective, source.status]
        )  # fmt: skip
    return buffer.getvalue()


def plain_lines(source: Source) -> list[str]:
    """Return the source's words, one block or table row a line; what every built file must contain."""
    lines: list[str] = []
    for element in source.elements:
        lines += [" | ".join(row) for row in element.rows] if element.kind == "table" else [element.text]
    return lines


def _html(source: Source) -> bytes:
    body = "\n".join(_html_element(element) for element in source.elements)
    page = _PAGE.format(
        title=html.escape(source.title), number=source.number, dateline=source.dateline, owner=source.owner, body=body,
        bank=BANK, published=chinese_date(source.published),
    )  # fmt: skip
    return page.encode()


def _html_element(element: Element) -> str:
    if element.kind == "heading":
        return f"<h{element.level + 1}>{html.escape(element.text)}</h{element.level + 1}>"
    if element.kind != "table":
        return f"<p>{html.escape(element.text)}</p>"
    marks = ["th"] + ["td"] * (len(element.rows) - 1)
    rows = (
        "<tr>" + "".join(f"<{mark}>{html.escape(cell)}</{mark}>" for cell in row) + "</tr>"
        for mark, row in zip(marks, element.rows, strict=True)
    )
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def _markdown(source: Source) -> bytes:
    parts = [f"# {source.title}", source.number, source.dateline]
    for element in source.elements:
        if element.kind == "heading":
            parts.append("#" * (element.level + 1) + " " + element.text)
        elif element.kind == "table":
            lines = ["| " + " | ".join(row) + " |" for row in element.rows]
            lines.insert(1, "|" + " --- |" * len(element.rows[0]))
            parts.append("\n".join(lines))
        else:
            parts.append(element.text)
    parts += [BANK, chinese_date(source.published)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _text(source: Source) -> bytes:
    head = [source.title, source.number, ""]
    tail = ["", BANK, chinese_date(source.published)]
    return ("\r\n".join(head + ["　　" + line for line in plain_lines(source)] + tail) + "\r\n").encode()


def _csv(source: Source) -> bytes:
    """Write the table as Chinese spreadsheets do: the rates in GB18030, the rest as UTF-8 with a mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for element in source.elements:
        writer.writerows(element.rows)
    return buffer.getvalue().encode("gb18030" if source.kind == "利率表" else "utf-8-sig")


def main() -> int:
    """Build the committed library in place; exit 5 when a Chinese font is missing."""
    left_out = build(index_file().parent)
    if left_out:
        sys.stderr.write(f"缺少中文字体，未生成：{'、'.join(left_out)}。请安装 fonts-wqy-microhei 后重试。\n")
    return 5 if left_out else 0


if __name__ == "__main__":
    raise SystemExit(main())
