"""The learnt models of the composer: which sentence answers, and whether the evidence carries an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.knowledge.compose import Scored
from yinshu.kernel.knowledge.rank import RankingModel, parse_model
from yinshu.kernel.knowledge.select import Candidate

SELECTOR_FILE, SUPPORT_FILE, THRESHOLDS_FILE = "selector.json", "support.json", "thresholds.json"


@dataclass(frozen=True)
class Thresholds:
    """Answer when the confidence is at least `answer`; below `related` nothing in the library is even near.

    `calibrated_on` says by which cases and when; `yinshu calibrate` writes these for a bank's own library.
    """

    answer: float
    related: float
    calibrated_on: str = ""


def _shipped(name: str) -> str:
    return (files("yinshu.kernel.knowledge") / "weights" / name).read_text("utf-8")


@lru_cache(maxsize=1)
def shipped_selector() -> RankingModel:
    """The model that says how likely a unit answers a part of the question."""
    return parse_model(_shipped(SELECTOR_FILE))


@lru_cache(maxsize=1)
def shipped_support() -> RankingModel:
    """The model that says how likely the chosen passages answer the question."""
    return parse_model(_shipped(SUPPORT_FILE))


@lru_cache(maxsize=1)
def shipped_thresholds() -> Thresholds:
    """The thresholds that come with the package."""
    return _thresholds(_shipped(THRESHOLDS_FILE))


def read_thresholds(path: Path) -> Thresholds:
    """The thresholds of a bank's own calibration. Raises BadInput when the file cannot be used."""
    try:
        return _thresholds(path.read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"阈值文件 {path.name} 无法使用，请重新运行 yinshu calibrate 或删除该文件以使用默认阈值。",
            detail=repr(error),
        ) from error


def write_thresholds(path: Path, thresholds: Thresholds) -> None:
    """Write thresholds so that a reader sees the old file or the new one, never a part."""
    waiting = path.with_suffix(".tmp")
    waiting.write_text(json.dumps(asdict(thresholds), ensure_ascii=False, indent=2) + "\n", "utf-8")
    waiting.replace(path)


def _thresholds(text: str) -> Thresholds:
    raw = json.loads(text)
    return Thresholds(float(raw["answer"]), float(raw["related"]), str(raw.get("calibrated_on", "")))


def probabilities(model: RankingModel, rows: Sequence[Mapping[str, float]]) -> list[float]:
    """One probability (0 to 1) a row; a missing feature counts as 0."""
    return [model.relevance(float(value)) for value in model.scores(rows)] if rows else []


def score(found: Sequence[Candidate], selector: RankingModel) -> list[Scored]:
    """Every candidate with its probability: its clause's relevance times the unit's own inside the clause."""
    inside = probabilities(selector, [candidate.features for candidate in found])
    return [Scored(candidate, candidate.hit.score * own) for candidate, own in zip(found, inside, strict=True)]
