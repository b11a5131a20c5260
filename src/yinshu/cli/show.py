"""Results as Chinese text for people at a terminal; pure functions from a JSON result to a string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Result = Mapping[str, Any]

EXCERPT_CHARS = 120
_MARK = {True: "✓", False: "✗"}
_STATUS = {
    "draft": "草稿",
    "in_review": "审核中",
    "published": "已发布",
    "superseded": "已被取代",
    "archived": "已归档",
}
_RELATION = {"supersedes": "取代", "amends": "修改", "repeals": "废止"}
_LINK_MARK = {"machine_proposed": "机器提出", "confirmed": "已确认"}


def show_version(result: Result) -> str:
    """`银枢 0.1.0`."""
    return f"银枢 {result['version']}"


def show_answer(result: Result) -> str:
    """Status, each sentence with its numbers and tick, then the sources; a refusal with what is missing."""
    if result["status"] == "answered":
        lines = [_sentence(sentence) for sentence in result["sentences"]]
        return "\n".join([*lines, "", "依据：", *(_citation(citation) for citation in result["citations"])])
    if result["status"] == "clarify":
        return "\n".join(["需要您确认：", *(f"  · {choice}" for choice in result["clarify"])])
    lines = ["没有找到依据。", str(result.get("missing") or result["answer"])]
    nearest = result.get("nearest") or []
    if nearest:
        lines += ["", "最接近的条款：", *(_citation(citation) for citation in nearest)]
    return "\n".join(lines)


def _sentence(sentence: Result) -> str:
    numbers = "".join(f"[{number}]" for number in sentence["citations"])
    return f"{_MARK[bool(sentence['verified'])]} {sentence['text']}{numbers}"


def _citation(citation: Result) -> str:
    place = " ".join(part for part in (f"《{citation['document']}》", citation.get("article") or "") if part)
    page = f"，第 {citation['page']} 页" if citation.get("page") else ""
    dates = _period(citation.get("effective_from"), citation.get("effective_to"))
    return f"[{citation['n']}] {place}{page}{dates}\n    “{citation['quote']}”"


def _period(effective_from: str | None, effective_to: str | None) -> str:
    parts = []
    if effective_from:
        parts.append(f"{effective_from} 起施行")
    if effective_to:
        parts.append(f"{effective_to} 起失效")
    return f"（{'，'.join(parts)}）" if parts else ""


def show_hits(result: Result) -> str:
    """One clause a paragraph, best first."""
    if not result["hits"]:
        return "没有找到相关条款。"
    return "\n".join(
        f"{number}. 《{hit.get('document') or hit['file']}》{hit['article']}\n   {_excerpt(hit['text'])}"
        for number, hit in enumerate(result["hits"], start=1)
    )


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= EXCERPT_CHARS else flat[:EXCERPT_CHARS] + "……"


def show_init(result: Result) -> str:
    """Where the data folder is, and how to go on."""
    lines = [f"数据文件夹已就绪：{result['home']}"]
    if result.get("sample"):
        lines.append(f"样例资料库：{result['sample']}")
    return "\n".join([*lines, "下一步：yinshu serve 启动服务，或 yinshu ask “问题” 直接提问。"])


def show_ingest(result: Result) -> str:
    """How many files went in, and each one that did not, with its reason."""
    outcome = {"done": "导入完成", "failed": "导入失败", "cancelled": "导入已取消"}.get(result["status"], "导入中")
    words = (("files", "文件"), ("new", "新增"), ("updated", "更新"), ("unchanged", "未变"), ("clauses", "条款"))
    lines = [f"{outcome}：" + "，".join(f"{word} {result[key]}" for key, word in words if key in result)]
    vectors = result.get("vectors")
    if vectors and vectors["done"] < vectors["total"]:
        lines.append(
            f"  文字已可检索；向量 {vectors['done']}/{vectors['total']}，其余在服务运行时补齐（或加 --wait）。"
        )
    lines += [f"  ✗ {problem['file']}：{problem['error']}" for problem in result.get("failed", [])]
    if result.get("error"):
        lines.append(f"  {result['error']}")
    return "\n".join(lines)


def show_collections(result: Result) -> str:
    """A line a collection."""
    return _lines(
        (
            f"{entry['name']}：{entry['documents']} 个文件，{entry['clauses']} 个条款，向量 {entry['vectors']}"
            for entry in result["collections"]
        ),
        "还没有资料库。用 yinshu knowledge ingest 导入文件。",
    )


def show_documents(result: Result) -> str:
    """A line a document."""
    return _lines(
        (
            f"{entry['file']}  《{entry['title']}》{entry['number']} {_STATUS.get(entry['status'], entry['status'])}"
            f"{_period(entry['effective_from'], entry['effective_to'])}"
            for entry in result["documents"]
        ),
        "没有符合条件的文件。",
    )


def show_links(result: Result) -> str:
    """A line a link, with the words it was read from."""
    return _lines(
        (
            f"《{entry['from_title']}》{_RELATION.get(entry['relation'], entry['relation'])}《{entry['target_title']}》"
            f"（{_LINK_MARK.get(entry['mark'], entry['mark'])}）“{_excerpt(entry['quote'])}”"
            for entry in result["links"]
        ),
        "没有取代、修改或废止关系。",
    )


def show_jobs(result: Result) -> str:
    """A line a job."""
    return _lines((show_job(job) for job in result["jobs"]), "没有任务。")


def show_job(result: Result) -> str:
    """Name, state and progress of one job."""
    words = {"queued": "等待", "running": "进行中", "done": "完成", "failed": "失败", "cancelled": "已取消"}
    progress = f" {result['done']}/{result['total']}" if result.get("total") else ""
    error = f"：{result['error']}" if result.get("error") else ""
    return f"{result['job_id']}  {result['kind']}  {words.get(result['status'], result['status'])}{progress}{error}"


def show_glossary(result: Result) -> str:
    """A line a term."""
    return _lines((f"{entry['term']} = {entry['standard']}" for entry in result["terms"]), "词表是空的。")


def show_changed(result: Result) -> str:
    """How many entries changed."""
    return f"完成：{result['changed']} 条。"


def show_bench(result: Result) -> str:
    """Counts and latencies of a bench run."""
    latency = result["latency_ms"]
    return (
        f"{result['cases']} 题：回答 {result['answered']}，拒答 {result['refused']}，反问 {result['clarify']}。"
        f"证据 p95 {latency['evidence_p95']} 毫秒，回答 p95 {latency['answer_p95']} 毫秒。结果：{result['out']}"
    )


def show_calibration(result: Result) -> str:
    """The thresholds that were chosen and where they were written."""
    chosen = "，".join(f"{name} = {value}" for name, value in result.get("thresholds", {}).items())
    return f"校准完成：{chosen}。已写入 {result.get('out')}"


def show_server(result: Result) -> str:
    """How to ask a server that has just started: address, token file, a curl line and a command line."""
    first = []
    if result.get("first_password"):
        first = [
            f"首次启动，已建立管理员：登录名 {result['first_login']}，一次性密码 {result['first_password']}",
            "（只显示这一次，首次登录后必须修改；遗失可用 yinshu people reset-password admin 重置）",
        ]
    return "\n".join(
        [
            f"银枢已启动：{result['url']}（按 Ctrl-C 停止）",
            *first,
            f"访问口令在 {result['token_file']}（只有当前系统用户可读）",
            "提问：",
            f"  {result['command']} ask '单位卡能取现金吗'",
            f"  curl -s {result['url']}/api/ask -H \"Authorization: Bearer $(cat '{result['token_file']}')\" \\",
            "    -H 'Content-Type: application/json' -d '{\"question\": \"单位卡能取现金吗\"}'",
        ]
    )


def _lines(lines: Iterable[str], otherwise: str) -> str:
    return "\n".join(lines) or otherwise
