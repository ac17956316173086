"""What the writer is trained on holds before the product's own check, and the training adds up.

The model is tiny: random weights over a vocabulary of a few words, made on the spot.
"""

import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent.parent / "eval" / "training"))

import writer_rows
from writer_rows import Piece, Row, judged, line_of, of_dev_pages, row_of, snippets_of, with_targets
from writer_targets import can_be_worded
from writer_wordings import plainly

from advisor.answer.generate import draft_prompt

PHASE = Piece("Phase 2 takes 5 months.", "- Duration: 5 months", ["Phase 2"], ["Phase 2"], "Baker", "baker.md")
COURSE = Piece("Bread by Ann: Duration: 6 weeks, Effort: 2 hours per week, Cost: free, Topics: dough, ovens, salt.",
               "Bread by Ann", [], ["Phase 2"], "Baker", "baker.md")  # fmt: skip
ROW = Row("baker-1", "baker.md", "How long is phase 2?", "sentences", [PHASE], "Phase 2 takes 5 months [1].")


def two_layer_model() -> Any:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(7)
    shape = LlamaConfig(
        vocab_size=20, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=64, bos_token_id=None, eos_token_id=None, pad_token_id=1,
    )  # fmt: skip
    return LlamaForCausalLM(shape).eval().requires_grad_(False)


# --- rows -----------------------------------------------------------------------------------------------


def test_a_row_comes_back_from_its_line() -> None:
    assert row_of(line_of(ROW)) == ROW


def test_no_row_may_hold_evidence_of_a_test_page() -> None:
    assert {"data-engineer.md", "guide-interviews.md"} <= writer_rows.test_pages()
    assert of_dev_pages([PHASE])
    assert not of_dev_pages([PHASE, replace(PHASE, document="data-engineer.md")])


def test_a_target_with_another_number_is_rejected_and_so_is_one_that_leaves_a_fact_out() -> None:
    assert judged(ROW, "You need 5 months for phase 2.").holds
    assert "no source bears out" in judged(ROW, "Phase 2 takes 6 months.").trouble
    both = replace(ROW, evidence=[PHASE, replace(PHASE, text="Phase 3 takes 2 years.", quote="2 years")])
    assert judged(both, "Phase 2 takes 5 months.").trouble.startswith("it left out")


def test_wordings_are_found_by_id_and_a_line_of_another_form_is_named(tmp_path: Path) -> None:
    written = tmp_path / "written.jsonl"
    written.write_text('{"id": "baker-1", "target": " Five months. "}\n', encoding="utf-8")
    assert [row.target for row in with_targets([ROW, replace(ROW, id="baker-2")], [written])] == ["Five months.", ""]
    written.write_text('{"id": "baker-1"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"written\.jsonl:1"):
        list(with_targets([ROW], [written]))


def test_fields_become_sentences_that_hold() -> None:
    row = replace(ROW, evidence=[COURSE], question="What is Bread?")
    terse, *_ = plainly(row, random.Random(1))
    assert terse == "Bread by Ann takes 6 weeks at 2 hours per week and is free. Its topics are dough, ovens and salt."
    assert can_be_worded(row)


# --- training -------------------------------------------------------------------------------------------


def test_layers_with_matrices_beside_them_give_what_merged_ones_give() -> None:
    import torch
    from writer_model import adapted, tensors_of

    from advisor.answer.adapted import ADAPTED, merge

    beside, merged = two_layer_model(), two_layer_model()
    layers = adapted(beside)
    with torch.no_grad():
        for layer in layers.values():
            layer.up.copy_(torch.randn_like(layer.up) * 0.1)
    matrices = {name: tensor.float().numpy() for name, tensor in tensors_of(layers).items()}
    ids = torch.tensor([[3, 5, 8, 2, 9]])
    plain = merged(ids).logits
    merge(merged, matrices)
    assert len(layers) == 2 * len(ADAPTED)
    assert not torch.allclose(merged(ids).logits, plain, atol=0.05)
    assert torch.allclose(merged(ids).logits, beside(ids).logits, atol=0.01)


def test_the_loss_is_of_the_target_alone_and_padding_changes_nothing() -> None:
    import torch
    from writer import Example, loss_of

    model, short, long = two_layer_model(), Example([3, 5, 8, 2], 3), Example([4, 4, 6, 7, 9, 2], 2)
    logits = model(torch.tensor([short.ids])).logits
    by_hand = -torch.log_softmax(logits[0, 2], dim=0)[2]
    assert torch.allclose(loss_of(model, [short]), by_hand, atol=1e-5)
    together = loss_of(model, [short]) + loss_of(model, [long])
    assert torch.allclose(loss_of(model, [short, long]), together, atol=1e-4)


def test_a_run_that_was_interrupted_ends_as_one_that_was_not(tmp_path: Path) -> None:
    import torch
    from writer import SEED, Example, Run, Training, batches_of, train
    from writer_model import adapted

    examples = [Example([3 + n % 7, 5, 8, 4 + n % 5, 2], 3) for n in range(24)]

    def training(name: str) -> Training:
        torch.manual_seed(1)
        model = two_layer_model()
        run = Run(len(examples), 2, 1e-2, "", 14)
        return Training(model, adapted(model), run, halves=False, partial=tmp_path / name)

    whole, first, second = training("whole"), training("broken"), training("broken")
    train(whole, examples, [])
    for batch in batches_of(examples, random.Random(SEED)):  # the first of two passes
        first.fit(batch)
    first.save()
    train(second, examples, [])
    assert second.step == whole.step == 6
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(whole.parameters, second.parameters, strict=True))


def test_a_row_without_a_wording_takes_a_persons_answer_before_one_by_rule() -> None:
    from writer import with_sound_targets

    counted: Counter[str] = Counter()
    rows = [replace(ROW, answer="It takes 5 months, phase 2."), ROW, replace(ROW, target="Phase 2 takes 7 years.")]
    sound = list(with_sound_targets(rows, counted))
    assert sound[0].target == "It takes 5 months, phase 2."
    assert {row.target for row in sound[1:]} == {"Phase 2 takes 5 months."}
    assert counted["written targets that the check rejects"] == 1


def test_the_prompt_that_is_trained_on_is_the_one_that_the_product_gives() -> None:
    from writer import example_of

    class Words:
        """A tokenizer that numbers words as they come."""

        eos_token_id = 0

        def __init__(self) -> None:
            self.seen: list[str] = []

        def __call__(self, text: str, **_: Any) -> dict[str, list[int]]:
            self.seen += [word for word in text.split() if word not in self.seen]
            return {"input_ids": [1 + self.seen.index(word) for word in text.split()]}

        def apply_chat_template(self, messages: Any, **_: Any) -> dict[str, list[int]]:
            return self(" ".join(message["content"] for message in messages))

    words = Words()
    example = example_of(words, replace(ROW, target="It takes 5 months."))
    prompt = " ".join(m.content for m in draft_prompt(ROW.question, snippets_of(ROW), tuned=True))
    assert [words.seen[number - 1] for number in example.ids[: example.prompt_length]] == prompt.split()
    assert [
        words.seen[number - 1] for number in example.ids[example.prompt_length : -1]
    ] == "It takes 5 months.".split()
    assert example.ids[-1] == 0
