"""Train the line reader: `python eval/training/line_reader.py GROUPS.jsonl … --out ADAPTER.safetensors`.

Groups are made from the examples by `line_groups.py`. Low-rank matrices on the upper layers of the default embedder
and a head on the mean of its states learn to tell the lines that answer a question from those beside them. Half an hour
on two cores. The figures, and what else was tried, are in docs/decisions/007-line-reader.md.
"""

import argparse
import math
import random
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from line_groups import Group, read_groups
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from advisor.answer.reading import BASE, LONGEST_PIECES
from advisor.index.bert import Bert, linear_names, open_bert
from advisor.models import locate, weights_digest
from advisor.settings import Settings

SEED, EPOCHS, QUESTIONS_PER_STEP, LINES_PER_QUESTION, MOST_ANSWERS = 1, 2, 4, 8, 4
RANK, SCALE, FIRST_LAYER = 16, 2.0, 2
LIKE_LENGTH = 14  # pairs that are read together
LEARNING_RATE, WEIGHT_DECAY, WARM_UP_SHARE, LEAST_RATE_SHARE = 1e-3, 0.01, 1 / 15, 0.03
ANSWER_WEIGHT, LIST_WEIGHT = 2.0, 0.5  # of a line that answers in the pairwise loss; of the listwise loss


@dataclass(frozen=True)
class Batch:
    """Lines of some questions, the answering ones of each question first; `sizes` are (answering, all) per question."""

    pairs: list[tuple[str, str]]
    answers: Tensor
    sizes: list[tuple[int, int]]


class Trained(nn.Module):
    """The encoder with its low-rank matrices merged anew at each step, and the head."""

    def __init__(self, base: Bert, *, rank: int = RANK, first_layer: int = FIRST_LAYER) -> None:
        super().__init__()
        self.base = base
        self.names = [name for name in linear_names(base.shape) if int(name.split(".")[2]) >= first_layer]
        shapes = [base.weights[f"{name}.weight"].shape for name in self.names]
        self.down = nn.ParameterList(torch.randn(rank, into) / math.sqrt(into) for _out, into in shapes)
        self.up = nn.ParameterList(torch.zeros(out, rank) for out, _into in shapes)
        self.head = nn.Linear(base.weights["embeddings.LayerNorm.weight"].shape[0], 1)

    def adapter(self) -> dict[str, Tensor]:
        """The matrices by the names under which `open_bert` merges them."""
        return {
            f"{name}.{part}": matrix
            for name, down, up in zip(self.names, self.down, self.up, strict=True)
            for part, matrix in (("down", down), ("up", up * SCALE))
        }

    def forward(self, pairs: Sequence[tuple[str, str]]) -> Tensor:
        """The log-odds of each (question, line)."""
        low_rank = self.adapter()
        changed = {
            f"{name}.weight": self.base.weights[f"{name}.weight"] + low_rank[f"{name}.up"] @ low_rank[f"{name}.down"]
            for name in self.names
        }
        bert = Bert(self.base.shape, {**self.base.weights, **changed}, self.base.tokenizer)
        by_length = sorted(range(len(pairs)), key=lambda place: sum(map(len, pairs[place])))
        parts = [by_length[at : at + LIKE_LENGTH] for at in range(0, len(pairs), LIKE_LENGTH)]
        scores = torch.cat([self._scores(bert, [pairs[place] for place in part]) for part in parts])
        return scores[torch.tensor(by_length).argsort()]

    def _scores(self, bert: Bert, pairs: Sequence[tuple[str, str]]) -> Tensor:
        """The log-odds of a few pairs of like length, so that little of the batch is padding."""
        tokens = bert.tokens(pairs)
        mask = tokens.mask[..., None].float()
        mean = (bert.states(tokens).float() * mask).sum(1) / mask.sum(1)
        return self.head(mean).squeeze(-1)


def batch_of(groups: Sequence[Group], chance: random.Random) -> Batch:
    """A few answering lines of each question, and the hardest of the others in a new order each time."""
    pairs, answers, sizes = [], [], []
    for group in groups:
        right = [line for line, answer in zip(group.lines, group.answers, strict=True) if answer]
        wrong = [line for line, answer in zip(group.lines, group.answers, strict=True) if not answer]
        right = chance.sample(right, min(len(right), MOST_ANSWERS))
        hard = wrong[:LINES_PER_QUESTION]
        wrong = chance.sample(hard, min(len(hard), LINES_PER_QUESTION - len(right)))
        pairs += [(group.question, line) for line in [*right, *wrong]]
        answers += [1.0] * len(right) + [0.0] * len(wrong)
        sizes.append((len(right), len(right) + len(wrong)))
    return Batch(pairs, torch.tensor(answers), sizes)


def loss_of(scores: Tensor, batch: Batch) -> Tensor:
    """Pairwise cross-entropy, which calibrates, and listwise cross-entropy, which ranks."""
    pairwise = functional.binary_cross_entropy_with_logits(
        scores, batch.answers, pos_weight=torch.tensor(ANSWER_WEIGHT)
    )
    listwise, at = torch.zeros(()), 0
    for answering, size in batch.sizes:
        if answering:  # of lines that all miss the question none is to be ranked first
            listwise = listwise - torch.log_softmax(scores[at : at + size], dim=0)[:answering].mean()
        at += size
    return pairwise + LIST_WEIGHT * listwise / len(batch.sizes)


def continue_from(model: Trained, adapter: Path) -> None:
    """Begin with the matrices and the head of an adapter that was trained before, of a lower rank or fewer layers too.

    What it has no matrices for begins as at first: with no effect.
    """
    tensors = load_file(str(adapter))
    with torch.no_grad():
        for name, down, up in zip(model.names, model.down, model.up, strict=True):
            if f"{name}.down" in tensors:
                rank = len(tensors[f"{name}.down"])
                down[:rank].copy_(tensors[f"{name}.down"].float())
                up[:, :rank].copy_(tensors[f"{name}.up"].float() / SCALE)
        model.head.weight.copy_(tensors["head.weight"])
        model.head.bias.copy_(tensors["head.bias"])


def tells_answerable(model: Trained, groups: Sequence[Group]) -> float:
    """How often the likeliest line of an answerable question is likelier than that of an unanswerable one (AUC)."""
    with torch.inference_mode():
        best = [(any(g.answers), float(model([(g.question, line) for line in g.lines]).max())) for g in groups]
    yes, no = [score for answers, score in best if answers], [score for answers, score in best if not answers]
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / max(1, len(yes) * len(no))


def first_right(model: Trained, groups: Sequence[Group]) -> float:
    """Share of the answerable questions whose best line, by the model alone, answers."""
    right = 0
    answerable = [group for group in groups if any(group.answers)]
    with torch.inference_mode():
        for group in answerable:
            best = int(model([(group.question, line) for line in group.lines]).argmax())
            right += group.answers[best]
    return right / max(1, len(answerable))


def tell(model: Trained, watched: Sequence[Group], when: str) -> None:
    """Print how the watched pages fare."""
    if watched:
        right, apart = first_right(model, watched), tells_answerable(model, watched)
        sys.stderr.write(f"{when}: of {len(watched)} best line right {right:.3f}, answerables told apart {apart:.3f}\n")


def train(model: Trained, groups: list[Group], watched: Sequence[Group], *, epochs: int, learning_rate: float) -> None:
    """Fit the model; prints the loss every fifty steps and, before and after each pass, how the watched pages fare."""
    chance = random.Random(SEED)
    optimiser = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=WEIGHT_DECAY)
    steps = epochs * (len(groups) // QUESTIONS_PER_STEP)
    warm = max(1, round(steps * WARM_UP_SHARE))
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda i: min((i + 1) / warm, max(LEAST_RATE_SHARE, (steps - i) / max(1, steps - warm)))
    )
    began, step, mean_loss = time.monotonic(), 0, 0.0
    tell(model, watched, "before")
    for epoch in range(epochs):
        chance.shuffle(groups)
        for at in range(0, len(groups) - QUESTIONS_PER_STEP + 1, QUESTIONS_PER_STEP):
            batch = batch_of(groups[at : at + QUESTIONS_PER_STEP], chance)
            with torch.autocast("cpu", torch.bfloat16):
                scores = model(batch.pairs)
            loss = loss_of(scores.float(), batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            rate.step()
            step, mean_loss = step + 1, 0.95 * mean_loss + 0.05 * loss.item() if step else loss.item()
            if step % 50 == 0:
                sys.stderr.write(f"step {step} of {steps}: loss {mean_loss:.3f}, {time.monotonic() - began:.0f} s\n")
        tell(model, watched, f"pass {epoch + 1}")


def main() -> int:
    """Make the groups, train, and write the adapter with the digest of the weights that it belongs to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="+", type=Path, metavar="GROUPS")
    parser.add_argument("--most", type=int, metavar="N", help="train on N of the first file's groups, drawn by chance")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--start", type=Path, metavar="ADAPTER", help="go on from an adapter instead of from nothing")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes over the examples (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="learning rate (default: %(default)s)")
    parser.add_argument("--rank", type=int, default=RANK, help="of the matrices (default: %(default)s)")
    parser.add_argument(
        "--first-layer", type=int, default=FIRST_LAYER, metavar="N", help="to change (default: %(default)s)"
    )
    parser.add_argument("--watch", default="", metavar="PAGE,…", help="pages that are not trained on but watched")
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    settings = Settings()
    first, *others = (read_groups(path) for path in arguments.groups)
    if arguments.most:
        first = random.Random(SEED).sample(first, arguments.most)
    groups = [*first, *(group for file in others for group in file)]
    watched_pages = {page for page in arguments.watch.split(",") if page}
    watched = [group for group in groups if re.sub(r"-[tu]\d+$", "", group.id) in watched_pages]
    folder = locate(BASE, models_dir=settings.models_dir)
    base = open_bert(folder, longest=LONGEST_PIECES)
    model = Trained(base, rank=arguments.rank, first_layer=arguments.first_layer)
    if arguments.start:
        continue_from(model, arguments.start)
    trained = [group for group in groups if group not in watched]
    train(model, trained, watched, epochs=arguments.epochs, learning_rate=arguments.rate)
    tensors = {name: matrix.detach().half().contiguous() for name, matrix in model.adapter().items()}
    tensors |= {"head.weight": model.head.weight.detach(), "head.bias": model.head.bias.detach()}
    save_file(tensors, str(arguments.out), metadata={"base": BASE, "base_digest": weights_digest(folder)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
