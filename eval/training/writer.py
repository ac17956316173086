"""Train the writer's adapter: `python eval/training/writer.py ROWS … [--targets FILE …] --out ADAPTER.safetensors`.

Rows are made by `writer_groups.py` and `writer_facts.py`. Low-rank matrices on every linear layer of the frozen default
writer learn to word evidence: the loss is on the words of the target alone, after exactly the prompt that the product
gives a tuned model. What the product's check would not let through is not trained on. A run that was interrupted goes
on from OUT.partial. Under an hour on two cores with bfloat16 units, minutes on a GPU.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from writer_model import LowRank, adapted, open_model, tensors_of
from writer_rows import Row, judged, read_rows, snippets_of, with_targets
from writer_wordings import plainly

from advisor.answer.adapted import BASE
from advisor.answer.generate import Message, draft_prompt
from advisor.models import locate, weights_digest
from advisor.settings import Settings

SEED, EPOCHS, BATCH, POOL = 1, 2, 8, 16  # batches that are sorted by length together
LEARNING_RATE, WARM_UP_SHARE, LEAST_RATE_SHARE = 1e-3, 0.05, 0.05
LONGEST_TOKENS, MOST_NEW_TOKENS = 640, 160
EVERY_NTH_PAGE_IS_WATCHED = 12
SAVED_EVERY, TOLD_EVERY = 50, 10  # steps
DRAFTS = 40  # of watched rows, written at the end


@dataclass(frozen=True)
class Example:
    """A prompt and its target as token ids; the last of them ends the turn."""

    ids: list[int]
    prompt_length: int


def prompt_ids(tokenizer: Any, row: Row) -> list[int]:
    """The tokens that stand before a draft, as `LocalWriter` makes them for a tuned model."""
    messages = draft_prompt(row.question, snippets_of(row), tuned=True)
    return templated(tokenizer, messages)


def templated(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """The messages in the model's chat template, up to where the draft begins."""
    held = tokenizer.apply_chat_template(
        [{"role": message.role, "content": message.content} for message in messages],
        add_generation_prompt=True,
        return_dict=True,
        enable_thinking=False,
    )
    return list(held["input_ids"])


def example_of(tokenizer: Any, row: Row) -> Example:
    """A row that has a target, as tokens."""
    prompt = prompt_ids(tokenizer, row)
    target = tokenizer(row.target, add_special_tokens=False)["input_ids"]
    return Example([*prompt, *target, tokenizer.eos_token_id], len(prompt))


# --- targets ------------------------------------------------------------------------------------------


def with_sound_targets(rows: Sequence[Row], counted: Counter[str]) -> Iterator[Row]:
    """The rows whose target the check accepts: the one written for it, else a person's answer, else one by rule."""
    chance = random.Random(SEED)
    for row in rows:
        if not row.evidence:
            counted[f"no row: {row.why}"] += 1
            continue
        if row.target and not (verdict := judged(row, row.target)).holds:
            counted["written targets that the check rejects"] += 1
            sys.stderr.write(f"{row.id}: {verdict.trouble}\n")
        offered = [("written", row.target), ("answer", row.answer), *(("rule", text) for text in plainly(row, chance))]
        sound = next(((how, text) for how, text in offered if text and judged(row, text).holds), None)
        counted[f"targets: {sound[0]}" if sound else "no wording holds"] += 1
        if sound:
            yield replace(row, target=sound[1])


def watched_pages(rows: Sequence[Row], named: str) -> set[str]:
    """The pages that are not trained on: those named, else some of all."""
    if named:
        return {page if page.endswith(".md") else f"{page}.md" for page in named.split(",")}
    return set(sorted({row.page for row in rows})[::EVERY_NTH_PAGE_IS_WATCHED])


# --- training ------------------------------------------------------------------------------------------


def batches_of(examples: Sequence[Example], chance: random.Random) -> list[list[Example]]:
    """All examples in a new order, those of like length together, so that little of a batch is padding."""
    order = chance.sample(list(examples), len(examples))
    batches = []
    for at in range(0, len(order), BATCH * POOL):
        pool = sorted(order[at : at + BATCH * POOL], key=lambda example: len(example.ids))
        batches += [pool[start : start + BATCH] for start in range(0, len(pool), BATCH)]
    chance.shuffle(batches)
    return batches


def loss_of(model: Any, batch: Sequence[Example]) -> torch.Tensor:
    """Cross-entropy of each token of the targets, summed. Padding stands after the text, where nothing sees it."""
    device = next(model.parameters()).device
    width = max(len(example.ids) for example in batch)
    ids = torch.tensor([example.ids + [0] * (width - len(example.ids)) for example in batch], device=device)
    wanted = torch.zeros_like(ids, dtype=torch.bool)
    for place, example in enumerate(batch):
        wanted[place, example.prompt_length : len(example.ids)] = True
    states = model.model(input_ids=ids, use_cache=False).last_hidden_state
    logits = model.lm_head(states[:, :-1][wanted[:, 1:]]).float()  # of the targets only: the vocabulary is large
    return torch.nn.functional.cross_entropy(logits, ids[:, 1:][wanted[:, 1:]], reduction="sum")


def tokens_of(batch: Sequence[Example]) -> int:
    """How many tokens of a batch are trained on."""
    return sum(len(example.ids) - example.prompt_length for example in batch)


@dataclass(frozen=True)
class Run:
    """What a training is made of; two that are equal may go on from one another."""

    examples: int
    epochs: int
    rate: float
    start: str
    adapted: int


class Training:
    """The matrices with their optimiser, and the step at which they are."""

    def __init__(self, model: Any, layers: dict[str, LowRank], run: Run, *, halves: bool, partial: Path) -> None:
        self.model, self.layers, self.run, self.partial = model, layers, run, partial
        self.halves, self.step = halves, 0
        self.parameters = [matrix for layer in layers.values() for matrix in (layer.down, layer.up)]
        self.optimiser = torch.optim.AdamW(self.parameters, lr=run.rate, weight_decay=0.0)
        self.steps = run.epochs * -(-run.examples // BATCH)

    def go_on(self) -> None:
        """Take up a run of the same settings where it was interrupted."""
        if not self.partial.is_file():
            return
        held = torch.load(self.partial, weights_only=True, map_location=self.parameters[0].device)
        if held["run"] != repr(self.run):
            sys.stderr.write(f"{self.partial} is of another run and is not used\n")
            return
        with torch.no_grad():
            for matrix, kept in zip(self.parameters, held["matrices"], strict=True):
                matrix.copy_(kept)
        self.optimiser.load_state_dict(held["optimiser"])
        self.step = held["step"]
        sys.stderr.write(f"going on from step {self.step} of {self.steps}\n")

    def save(self) -> None:
        """Keep where the run is; a save that is interrupted leaves the one before."""
        held = {
            "run": repr(self.run),
            "step": self.step,
            "matrices": [matrix.detach() for matrix in self.parameters],
            "optimiser": self.optimiser.state_dict(),
        }
        staged = self.partial.with_name(f"{self.partial.name}.new")
        torch.save(held, staged)
        staged.replace(self.partial)

    def fit(self, batch: Sequence[Example]) -> float:
        """One step; the mean loss of a token before it."""
        warm = max(1, round(self.steps * WARM_UP_SHARE))
        falling = (self.steps - self.step) / max(1, self.steps - warm)
        for group in self.optimiser.param_groups:
            group["lr"] = self.run.rate * min((self.step + 1) / warm, max(LEAST_RATE_SHARE, falling))
        loss = self.loss(batch)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        self.step += 1
        return float(loss.detach())

    def loss(self, batch: Sequence[Example]) -> torch.Tensor:
        """The mean loss of a token."""
        with torch.autocast(self.parameters[0].device.type, torch.bfloat16, enabled=self.halves):
            return loss_of(self.model, batch) / max(1, tokens_of(batch))

    def watched(self, examples: Sequence[Example]) -> float:
        """The mean loss of a token of pages that are not trained on; 0 without any."""
        ordered = sorted(examples, key=lambda example: len(example.ids))
        batches = [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]
        with torch.no_grad():
            total = sum(float(self.loss(batch)) * tokens_of(batch) for batch in batches)
        return total / max(1, tokens_of(ordered))


def train(training: Training, examples: Sequence[Example], watched: Sequence[Example]) -> None:
    """Fit the matrices; prints the loss and the time left, and after each pass how the watched pages fare."""
    training.go_on()
    began, first, mean = time.monotonic(), training.step, 0.0
    if not training.step:
        sys.stderr.write(f"before: loss on {len(watched)} watched {training.watched(watched):.3f}\n")
    for epoch in range(training.run.epochs):
        batches = batches_of(examples, random.Random(SEED + epoch))
        for number, batch in enumerate(batches, start=epoch * len(batches)):
            if number < training.step:
                continue
            loss = training.fit(batch)
            mean = 0.9 * mean + 0.1 * loss if mean else loss
            took = (time.monotonic() - began) / (training.step - first)
            if training.step % TOLD_EVERY == 0 or training.step == 1:
                left = took * (training.steps - training.step) / 60
                sys.stderr.write(
                    f"step {training.step} of {training.steps}: loss {mean:.3f}, {took / BATCH:.2f} s an example, "
                    f"{left:.0f} minutes left\n"
                )
            if training.step % SAVED_EVERY == 0:
                training.save()
        if training.step == (epoch + 1) * len(batches):
            sys.stderr.write(f"pass {epoch + 1}: loss on watched {training.watched(watched):.3f}\n")
            training.save()


def tell_drafts(model: Any, tokenizer: Any, rows: Sequence[Row]) -> None:
    """Write drafts for some rows and print them, with the share that the product would show."""
    held = 0
    for row in rows:
        ids = torch.tensor([prompt_ids(tokenizer, row)], device=next(model.parameters()).device)
        with torch.no_grad():
            made = model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=MOST_NEW_TOKENS, do_sample=False
            )
        draft = tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True)
        verdict = judged(row, draft)
        held += verdict.holds
        sys.stderr.write(f"\n{row.question}\n{draft}\n  wanted: {row.target}\n  {verdict.trouble or 'holds'}\n")
    if rows:
        sys.stderr.write(f"\n{held} of {len(rows)} drafts hold\n")


# --- the command ----------------------------------------------------------------------------------------


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="+", type=Path, metavar="ROWS")
    parser.add_argument("--targets", nargs="*", type=Path, default=[], metavar="FILE", help="wordings by id")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--start", type=Path, metavar="ADAPTER", help="go on from an adapter instead of from nothing")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes over the rows (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="learning rate (default: %(default)s)")
    parser.add_argument("--watch", default="", metavar="PAGE,…", help="pages that are not trained on but watched")
    parser.add_argument("--most", type=int, metavar="N", help="train on N rows, drawn by chance")
    parser.add_argument("--drafts", type=int, default=DRAFTS, help="watched rows to draft at the end")
    parser.add_argument("--precision", choices=("auto", "bf16", "fp32"), default="auto")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=0, metavar="N")
    return parser.parse_args()


def _sound_rows(arguments: argparse.Namespace) -> list[Row]:
    counted: Counter[str] = Counter()
    rows = with_targets([row for path in arguments.rows for row in read_rows(path)], arguments.targets)
    sound = list(with_sound_targets(list(rows), counted))
    for what, count in counted.most_common():
        sys.stderr.write(f"{count:6} {what}\n")
    return sound


def main() -> int:
    """Read the rows, train, and write the adapter with the digest of the weights that it belongs to."""
    arguments = _arguments()
    torch.manual_seed(SEED)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    settings = Settings()
    folder = locate(BASE, models_dir=settings.models_dir)
    rows = _sound_rows(arguments)
    pages = watched_pages(rows, arguments.watch)
    watched = [row for row in rows if row.page in pages]
    trained = [row for row in rows if not pages & {row.page, *(piece.document for piece in row.evidence)}]
    if arguments.most:
        trained = random.Random(SEED).sample(trained, min(arguments.most, len(trained)))
    opened = open_model(folder, settings.models_dir / "unpacked", precision=arguments.precision)
    layers = adapted(opened.model.to(arguments.device), load_file(str(arguments.start)) if arguments.start else None)
    examples = [example_of(opened.tokenizer, row) for row in trained]
    examples = [example for example in examples if len(example.ids) <= LONGEST_TOKENS]
    beside = [example_of(opened.tokenizer, row) for row in watched]
    sys.stderr.write(f"{len(examples)} trained on, {len(beside)} watched on {len(pages)} pages\n")
    run = Run(len(examples), arguments.epochs, arguments.rate, str(arguments.start or ""), len(layers))
    partial = arguments.out.with_name(f"{arguments.out.name}.partial")
    training = Training(opened.model, layers, run, halves=opened.halves, partial=partial)
    train(training, examples, beside)
    metadata = {"base": BASE, "base_digest": weights_digest(folder), "seed": str(SEED), "run": repr(run)}
    save_file(tensors_of(layers), str(arguments.out), metadata=metadata)
    tell_drafts(
        opened.model, opened.tokenizer, random.Random(SEED).sample(watched, min(arguments.drafts, len(watched)))
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
