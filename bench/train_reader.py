"""Train the reader: which clause answers, and which of its sentences, from the tokens of both sides.

    python bench/train_reader.py --pairs PAIRS.pickle --out FOLDER

`train_composer.py --pairs` writes the pairs: our own questions with the first hits of a ranking that did not see them.
Three readers are each trained without a third of the files (`reader_fold0.npz` ...), so that what stands on the reader
is trained on questions it did not see, and one on all of them (`reader.npz`), which is shipped. The loss is the
probability of the right clause among the hits and of "none of them", with the ranking's own opinion added, so that the
reader learns what the ranking does not know; sentences are learnt inside the right clause. Needs torch, in an
environment of its own; the product runs the result with numpy alone.
"""

from __future__ import annotations

import argparse
import math
import pickle
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from yinshu.kernel.base.database import Connection
    from yinshu.kernel.gateway import TokenEmbedder, TokenStates
    from yinshu.kernel.knowledge.records import Hit, StoredClause

READER_FOLDS = 3
EPOCHS = 4
AVERAGED_STEPS = 150
"""What is kept is the moving average of the weights over about so many steps: as good as several readers, at the price
of one."""
WIDTH = 96
INNER = 2
DROPOUT = 0.3
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.05
QUESTIONS_PER_STEP = 8
WARM_UP_STEPS = 50
STRANGERS = 5
"""Wrong clauses beside the right one in a step."""
HIDE_SHARE = 0.25
"""How often a question is shown without its right clause, so that "none of them" is learnt."""
CHANCE_MIN = 1e-3
UNIT_CHARS = 10
SEED = 1


@dataclass(frozen=True)
class Shown:
    """A clause beside a question: token states (n, 96), spans of its units in tokens, which unit answers, and how
    probable the ranking finds the clause."""

    states: np.ndarray
    spans: list[tuple[int, int]]
    right: bool
    answers: list[bool]
    chance: float


@dataclass(frozen=True)
class Pairs:
    """A question's token states (n, 96) and the clauses shown with it. `fold` is the reader that must not see it."""

    question: np.ndarray
    clauses: list[Shown]
    answerable: bool
    fold: int


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def write_pairs(
    embedder: TokenEmbedder, asked: Iterable[tuple[Connection, dict[str, Any], list[Hit]]], path: Path
) -> None:
    """Write the questions with their hits; each connection leads to the library that the question was asked."""
    from train_rank import hash_of

    from yinshu.kernel.knowledge import store

    written = []
    for connection, case, hits in asked:
        kept = store.get_tokens(connection, embedder.name, [hit.clause.clause_id for hit in hits])
        clauses = [_shown(case, hit, kept[hit.clause.clause_id]) for hit in hits if hit.clause.clause_id in kept]
        question = embedder.read_query(case["question"]).floats()
        written.append(Pairs(question, clauses, bool(case.get("gold")), hash_of(case) % READER_FOLDS))
    path.write_bytes(pickle.dumps(written))


def _shown(case: dict[str, Any], hit: Hit, tokens: TokenStates) -> Shown:
    from train_rank import is_gold

    from yinshu.kernel.knowledge.reader import token_range
    from yinshu.kernel.knowledge.reread import unit_spans

    clause = hit.clause
    spans = [token_range(tokens.ends, span) for span in unit_spans(clause)]
    right = is_gold(case, clause.version.file_name, plain(clause.text))
    return Shown(tokens.floats(), spans, right, _answering(case, clause) if right else [], hit.score)


def _answering(case: dict[str, Any], clause: StoredClause) -> list[bool]:
    from yinshu.kernel.knowledge.reread import READ_UNITS
    from yinshu.kernel.knowledge.sentences import split_units

    return [answers(case, unit.text) for unit in split_units(clause.text)[:READ_UNITS]]


def answers(case: dict[str, Any], unit: str) -> bool:
    """Whether a unit of a gold clause holds the gold words or a fact."""
    words = plain(unit)
    located = any(plain(gold.get("locate") or gold["quote"])[:UNIT_CHARS] in words for gold in case["gold"])
    return located or (case["type"] != "calc" and any(plain(form) in words for fact in case["facts"] for form in fact))


def build(width: int) -> Any:
    """The network; its names are those that `kernel/knowledge/reader.py` reads."""
    import torch
    from torch import nn
    from torch.nn import functional

    def bent(values: Any) -> Any:
        return functional.gelu(values, approximate="tanh")

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.drop = nn.Dropout(DROPOUT)
            for name in ("pq", "pc"):
                setattr(self, name, nn.Linear(width, width))
            for name in ("nq", "nc"):
                setattr(self, name, nn.LayerNorm(width))
            self.match = nn.Linear(2, width)
            layer: dict[str, nn.Module] = {name: nn.Linear(width, width) for name in ("cq", "ck", "cv")}
            for name in ("f", "g"):
                layer[f"{name}1"] = nn.Linear(4 * width, INNER * width)
                layer[f"{name}2"] = nn.Linear(INNER * width, width)
            layer["ln"], layer["lq"] = nn.LayerNorm(width), nn.LayerNorm(width)
            self.layers = nn.ModuleList([nn.ModuleDict(layer)])
            self.u1, self.u2 = nn.Linear(3 * width, width), nn.Linear(width, 1)
            self.k1, self.k2 = nn.Linear(4 * width, width), nn.Linear(width, 1)
            self.null = nn.Linear(width, 1)

        def forward(self, question: Any, clauses: Any, real: Any, spans: Any, owners: Any) -> tuple[Any, Any, Any]:
            asked, said = self.meet(question.expand(len(clauses), -1, -1), clauses, real)
            whole = asked.mean(1)
            top = said.masked_fill(~real[..., None], -1e4).amax(1)
            inner = bent(self.k1(torch.cat([top, asked.amax(1), asked.amin(1), whole], -1)))
            chosen = self.k2(self.drop(inner)).squeeze(-1)
            pooled = [
                torch.cat([said[owner, begin:end].mean(0), said[owner, begin:end].amax(0), whole[owner]])
                for owner, (begin, end) in zip(owners, spans, strict=True)
            ]
            units = self.u2(self.drop(bent(self.u1(torch.stack(pooled))))).squeeze(-1)
            return chosen, units, self.null(whole.mean(0)).squeeze()

        def meet(self, question: Any, clauses: Any, real: Any) -> tuple[Any, Any]:
            layer = self.layers[0]
            asked, said = self.nq(self.drop(self.pq(question))), self.nc(self.drop(self.pc(clauses)))
            near = functional.normalize(question, dim=-1) @ functional.normalize(clauses, dim=-1).transpose(1, 2)
            nearest, met = near.masked_fill(~real[:, None], -1).amax(2), near.amax(1)
            asked = asked + self.match(torch.stack([nearest, nearest**4], -1))
            said = said + self.match(torch.stack([met, met**4], -1))
            scores = layer["cq"](asked) @ layer["ck"](said).transpose(1, 2) / math.sqrt(width)
            told = scores.softmax(1).transpose(1, 2) @ layer["cv"](asked)
            heard = scores.masked_fill(~real[:, None], -1e4).softmax(2) @ layer["cv"](said)
            both = torch.cat([said, told, said * told, said - told], -1)
            other = torch.cat([asked, heard, asked * heard, asked - heard], -1)
            said = layer["ln"](said + self.drop(layer["f2"](bent(layer["f1"](both)))))
            asked = layer["lq"](asked + self.drop(layer["g2"](bent(layer["g1"](other)))))
            return asked, said

    return Network()


def stacked(pairs: Pairs, shown: Sequence[Shown]) -> tuple[Any, ...]:
    import torch

    longest = max(len(one.states) for one in shown)
    states, real = np.zeros((len(shown), longest, WIDTH), np.float32), np.zeros((len(shown), longest), bool)
    for row, one in enumerate(shown):
        states[row, : len(one.states)], real[row, : len(one.states)] = one.states, True
    owners = [row for row, one in enumerate(shown) for _ in one.spans]
    spans = [span for one in shown for span in one.spans]
    return torch.from_numpy(pairs.question)[None], torch.from_numpy(states), torch.from_numpy(real), spans, owners


def loss_of(network: Any, pairs: Pairs, chooser: random.Random) -> Any:
    """The loss of one question, None when it shows nothing to learn from."""
    import torch
    from torch.nn import functional

    right, others = [one for one in pairs.clauses if one.right], [one for one in pairs.clauses if not one.right]
    hidden = not right or (pairs.answerable and chooser.random() < HIDE_SHARE)
    shown = [] if hidden else chooser.sample(right, min(2, len(right)))
    shown += chooser.sample(others, min(STRANGERS + hidden, len(others)))
    if not shown:
        return None
    chosen, units, nothing = network(*stacked(pairs, shown))
    known = torch.tensor([_logit(one.chance) for one in shown])
    options = torch.cat([chosen + known, nothing[None]])
    wanted = torch.tensor([one.right for one in shown] + [hidden])
    weight = 0.5 if hidden and pairs.answerable else 1.0
    loss = weight * (torch.logsumexp(options, 0) - torch.logsumexp(options[wanted], 0))
    loss = loss + 0.3 * functional.binary_cross_entropy_with_logits(chosen, wanted[:-1].float())
    at = 0
    for one in shown:
        own, at = units[at : at + len(one.spans)], at + len(one.spans)
        if one.right and 0 < sum(one.answers) < len(one.answers):
            marks = torch.tensor(one.answers)
            loss = loss + functional.binary_cross_entropy_with_logits(own, marks.float())
            loss = loss + 0.5 * (torch.logsumexp(own, 0) - torch.logsumexp(own[marks], 0))
    return loss


def _logit(chance: float) -> float:
    bounded = min(max(chance, CHANCE_MIN), 1 - CHANCE_MIN)
    return math.log(bounded / (1 - bounded))


def train(pairs: Sequence[Pairs]) -> Any:
    import torch
    from torch.optim import swa_utils

    torch.manual_seed(SEED)
    chooser, network = random.Random(SEED), build(WIDTH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    steps = len(pairs) * EPOCHS / QUESTIONS_PER_STEP
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / WARM_UP_STEPS, max(0.02, 1 - step / steps))
    )
    averaged = swa_utils.AveragedModel(network, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(1 - 1 / AVERAGED_STEPS))
    network.train()
    for epoch in range(EPOCHS):
        order, total = chooser.sample(list(pairs), len(pairs)), 0.0
        for number, one in enumerate(order, 1):
            loss = loss_of(network, one, chooser)
            if loss is not None:
                (loss / QUESTIONS_PER_STEP).backward()
                total += loss.item()
            if number % QUESTIONS_PER_STEP == 0:
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimiser.step()
                averaged.update_parameters(network)
                optimiser.zero_grad()
                schedule.step()
        print(f"epoch {epoch}: loss {total / len(order):.3f}", flush=True)
    return averaged.module.eval()


def as_arrays(network: Any) -> dict[str, np.ndarray]:
    """Weights by name, matrices as (inputs, outputs), in 16 bits."""
    arrays = {name: value.numpy() for name, value in network.state_dict().items() if not name.startswith("null.")}
    return {name: (value.T if value.ndim == 2 else value).astype(np.float16) for name, value in arrays.items()}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pairs", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--only", type=int, nargs="*", help=f"Folds to train; {READER_FOLDS} is the one of all.")
    options = arguments.parse_args()
    pairs: list[Pairs] = pickle.loads(options.pairs.read_bytes())
    options.out.mkdir(parents=True, exist_ok=True)
    for fold in options.only if options.only is not None else range(READER_FOLDS + 1):
        name = "reader.npz" if fold == READER_FOLDS else f"reader_fold{fold}.npz"
        np.savez(options.out / name, **as_arrays(train([one for one in pairs if one.fold != fold])))


if __name__ == "__main__":
    main()
