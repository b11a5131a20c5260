"""What publishing, correcting and archiving cost in a large SQLite library; wall clock and processor time.

    python -m bench.publishing                   # makes 1,000 rules, 53,000 clauses (two minutes), then measures
    python -m bench.publishing --home DIR        # in a library that this script made before (kept with --home)

Every fifth rule repeals an earlier one, so that there are links to settle. No vectors are computed.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.app import open_application
from yinshu.kernel.base.database import reading
from yinshu.kernel.identity import local_operator
from yinshu.kernel.knowledge import resolve, store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.life import correct, publish, review
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.publish import Archival
from yinshu.kernel.knowledge.reading import file_reader
from yinshu.settings import Settings

RULES, ARTICLES = 1_000, 52
TODAY = date(2026, 11, 22)
COLLECTION = "制度"
SUBJECTS = [
    "现金",
    "账户",
    "印章",
    "凭证",
    "尾箱",
    "信贷",
    "票据",
    "外汇",
    "反洗钱",
    "档案",
    "信息安全",
    "采购",
    "柜面",
    "授信",
    "抵押",
    "催收",
    "理财",
    "同业",
    "支付",
    "清算",
]
ACTS = ["登记", "核对", "审批", "保管", "交接", "复核", "上报", "移交"]
MAKER = local_operator()
CHECKER = replace(MAKER, id="checker")


def rule(number: int, chance: random.Random) -> str:
    """A made-up rule."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    lines = [f"示范银行{subject}业务第{number}号管理办法"]
    for article in range(1, ARTICLES):
        days, amount = chance.randint(1, 30), chance.randint(1, 500)
        lines.append(
            f"第{article}条 {subject}{chance.choice(ACTS)}应当在{days}个工作日内由经办岗完成{chance.choice(ACTS)}，"
            f"金额超过{amount}万元的，应当报分管行长{chance.choice(ACTS)}，并在系统中登记第{number}-{article}号资料。"
        )
    earlier = number - len(SUBJECTS)
    ends = f"《示范银行{subject}业务第{earlier}号管理办法》同时废止。" if earlier >= 0 and number % 5 == 0 else ""
    lines.append(f"第{ARTICLES}条 本办法自{2010 + number % 14}年{1 + number % 12}月1日起施行。{ends}")
    return "\n".join(lines)


def timed(work: Callable[[], Any]) -> dict[str, float]:
    """Seconds of wall clock and of processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {"wall_s": round(time.perf_counter() - wall, 2), "cpu_s": round(time.process_time() - processor, 2)}


def measure(desk: Desk, ingester: Ingester, folder: Path, chance: random.Random) -> dict[str, Any]:
    """One new version of one rule: published, corrected, taken back."""
    number = chance.randrange(RULES)
    new = Path(tempfile.mkdtemp(dir=folder))
    (new / f"r{number:04}.txt").write_text(rule(number, chance), "utf-8")
    ingester.ingest([new], COLLECTION, published=False, actor="somebody")
    with reading(desk.engine) as connection:
        collection_id = store.get_collection(connection, COLLECTION).id
        draft = store.list_versions(connection, collection_id, statuses=["draft"])[0].version_id
    review.submit(desk, MAKER, draft)
    figures = {"publish": timed(lambda: review.approve(desk, CHECKER, draft, publish_now=True))}
    correct.correct_card(desk, MAKER, draft, {"effective_from": "2026-01-02"})
    (waiting,) = correct.queue(desk, CHECKER)
    figures["correct"] = timed(lambda: correct.decide(desk, CHECKER, waiting.id, accept=True))
    figures["archive"] = timed(lambda: publish.archive(desk, MAKER, draft, how=Archival(mistaken=True)))
    figures["everything anew"] = timed(lambda: resolve.resolve_collection(desk.engine, collection_id))
    return figures


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="where the library is, or is to be made and kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yinshu-publishing-") as temporary:
        home: Path = given.home or Path(temporary) / "home"
        new = not (home / "token").exists()
        with open_application(Settings(home=home, today=TODAY, log_level="error"), create=True) as application:
            desk = application.platform.desk
            ingester = Ingester(desk.engine, SqliteIndex(), desk.originals, desk.clock, file_reader())
            if new:
                files = Path(temporary) / "files"
                files.mkdir()
                chance = random.Random(7)
                for number in range(RULES):
                    (files / f"r{number:04}.txt").write_text(rule(number, chance), "utf-8")
                ingester.ingest([files], COLLECTION, published=True, actor="somebody")
            quiet = replace(desk, vectors_wanted=lambda: None)
            print(json.dumps(measure(quiet, ingester, Path(temporary), random.Random()), indent=2))


if __name__ == "__main__":
    main()
