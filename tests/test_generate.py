"""The writer: its prompt cannot be broken out of, and its thread ends when the reader leaves.

The model is real but tiny: random weights over a vocabulary of a few words, made on the spot.
"""

import threading
import time
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.answer.adapted import Tuning
from advisor.answer.generate import (
    EXAMPLES,
    LocalWriter,
    Message,
    draft_prompt,
    for_tuned,
    neutralised,
    open_writer,
    unpack,
)
from advisor.errors import WriterError
from advisor.records import Passage, Snippet

MARKS = ["<|im_end|>", "<|im_start|>", "</s>", "<s>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<end_of_turn>"]
MARKS += ["<start_of_turn>", "<think>", "</think>", "<|eot_id|>", "<|IM_END|>"]
TEMPLATE = "{% for message in messages %}{{ message['content'] }} {% endfor %}"
ASKED = (Message("system", "how long is the phase"), Message("user", "six weeks is the phase"))


def piece(text: str) -> Snippet:
    return Snippet(text, text, Passage("a#x#0", "a.md", "A", ("A",), 0, len(text), text))


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = {word: number for number, word in enumerate("[UNK] [PAD] how long is the phase six weeks of study".split())}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(str(folder))
    torch.manual_seed(7)
    shape = LlamaConfig(
        vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=4096, bos_token_id=None, eos_token_id=None, pad_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(shape).save_pretrained(str(folder))
    return folder


def writer(folder: Path, *, max_tokens: int = 40, deadline_seconds: float = 30.0) -> LocalWriter:
    return LocalWriter(folder, name="tiny", threads=1, max_tokens=max_tokens, deadline_seconds=deadline_seconds)


def running() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "writer"]


# --- the prompt -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", MARKS)
def test_marks_of_a_template_are_neutralised(mark: str) -> None:
    assert mark.lower() not in neutralised(f"before {mark} after").lower()
    assert "before" in neutralised(f"before {mark} after")


@pytest.mark.parametrize("outer", MARKS)
@pytest.mark.parametrize("inner", MARKS)
def test_marks_inside_marks_are_neutralised(outer: str, inner: str) -> None:
    for cut in range(1, len(outer)):
        clean = neutralised(outer[:cut] + inner + outer[cut:]).lower()
        assert not any(mark.lower() in clean for mark in MARKS)


@pytest.mark.parametrize("hidden", ["\u200b", "\U000e0041", "\x00"])
def test_marks_split_by_hidden_characters_are_neutralised(hidden: str) -> None:
    assert "<|im_end|>" not in neutralised(f"<|im_{hidden}end|>")


@given(st.lists(st.sampled_from([*MARKS, "<", "|", ">", "s", "/", "[", "]", "im_end", " "]), max_size=12).map("".join))
def test_whatever_is_joined_no_mark_is_left_and_doing_it_again_changes_nothing(text: str) -> None:
    clean = neutralised(text)
    assert not any(mark.lower() in clean.lower() for mark in MARKS)
    assert neutralised(clean) == clean


def test_plain_words_are_left_alone() -> None:
    text = "Use a < b, arrays x[1], C++ and <b>tags</b>; 4–5 weeks."
    assert neutralised(text) == text


def test_the_prompt_holds_the_question_and_every_fact_and_nothing_breaks_out() -> None:
    system, *_, user = draft_prompt("How long?<|im_end|>", [piece("Six weeks.</s>"), piece("It is free.")])
    assert (system.role, user.role) == ("system", "user")
    assert all(part in user.content for part in ("Six weeks.", "It is free.", "How long?"))
    assert not any(mark in user.content for mark in MARKS)


def test_a_tuned_model_gets_the_same_facts_and_question_without_the_worked_examples() -> None:
    asked, evidence = "How long?<|im_end|>", [piece("Six weeks.</s>"), piece("It is free.")]
    full, tuned = draft_prompt(asked, evidence), draft_prompt(asked, evidence, tuned=True)
    assert tuned[-1] == full[-1] == Message("user", "Facts:\n- Six weeks. \n- It is free.\n\nQuestion: How long? ")
    assert [message.role for message in tuned] == ["system", "user"]
    assert not set(EXAMPLES) & set(tuned)
    assert for_tuned(full) == tuned


def test_a_prompt_of_another_form_is_left_as_it_is_for_a_tuned_model() -> None:
    assert for_tuned(ASKED) == ASKED


# --- the model ------------------------------------------------------------------------------------------


def test_pieces_come_as_they_are_made_and_the_thread_is_gone_at_the_end(tiny_model: Path) -> None:
    pieces = list(writer(tiny_model).stream(ASKED, stop=Event()))
    assert len(pieces) > 1
    assert 0 < len("".join(pieces).split()) <= 40
    assert running() == []


def test_a_draft_is_the_same_every_time(tiny_model: Path) -> None:
    one = writer(tiny_model)
    assert list(one.stream(ASKED, stop=Event())) == list(one.stream(ASKED, stop=Event()))


def test_the_draft_does_not_repeat_the_prompt(tiny_model: Path) -> None:
    whole = "".join(writer(tiny_model, max_tokens=1).stream(ASKED, stop=Event()))
    assert len(whole.split()) <= 1


def test_a_stop_ends_an_endless_draft_within_a_second(tiny_model: Path) -> None:
    stop = Event()
    pieces = writer(tiny_model, max_tokens=100_000).stream(ASKED, stop=stop)
    next(pieces)
    stop.set()
    began = time.perf_counter()
    list(pieces)
    assert time.perf_counter() - began < 1
    assert running() == []


def test_a_reader_that_leaves_ends_the_thread_within_a_second(tiny_model: Path) -> None:
    pieces = writer(tiny_model, max_tokens=100_000).stream(ASKED, stop=Event())
    next(pieces)
    assert running() == ["writer"]
    began = time.perf_counter()
    pieces.close()
    assert time.perf_counter() - began < 1
    assert running() == []


def test_the_deadline_ends_a_draft(tiny_model: Path) -> None:
    one = writer(tiny_model, max_tokens=100_000, deadline_seconds=0.3)
    one.load()
    began = time.perf_counter()
    list(one.stream(ASKED, stop=Event()))
    assert time.perf_counter() - began < 2


def test_the_next_draft_can_begin_after_a_reader_left(tiny_model: Path) -> None:
    one = writer(tiny_model)
    first = one.stream(ASKED, stop=Event())
    next(first)
    first.close()
    assert list(one.stream(ASKED, stop=Event()))


def test_what_fails_in_the_thread_reaches_the_reader(tiny_model: Path, tmp_path: Path) -> None:
    for path in tiny_model.iterdir():
        if path.suffix != ".jinja":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(WriterError, match="'tiny' failed"):
        list(writer(tmp_path).stream(ASKED, stop=Event()))
    assert running() == []


def test_a_folder_without_a_model_is_an_error_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(WriterError, match="advisor models pull"):
        writer(tmp_path).load()


def test_weights_that_are_torn_are_an_error(tiny_model: Path, tmp_path: Path) -> None:
    for path in tiny_model.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    torn = tmp_path / "model.safetensors"
    torn.write_bytes(torn.read_bytes()[:100])
    with pytest.raises(WriterError, match="cannot be loaded"):
        writer(tmp_path).load()


def test_a_folder_of_safetensors_is_opened_where_it_lies(tiny_model: Path, tmp_path: Path) -> None:
    opened = open_writer(
        tiny_model, name="tiny", unpacked_dir=tmp_path / "unpacked", threads=1, max_tokens=5, deadline_seconds=5
    )
    assert list(opened.stream(ASKED, stop=Event()))
    assert not (tmp_path / "unpacked").exists()


def test_a_folder_without_weights_cannot_be_unpacked(tmp_path: Path) -> None:
    with pytest.raises(WriterError, match="GGUF"):
        unpack(tmp_path, tmp_path / "unpacked" / "tiny")


def test_a_packed_file_that_is_torn_leaves_nothing_behind(tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    packed.mkdir()
    (packed / "model.gguf").write_bytes(b"GGUF torn")
    with pytest.raises(WriterError, match=r"model\.gguf"):
        unpack(packed, tmp_path / "unpacked" / "tiny")
    assert list((tmp_path / "unpacked").iterdir()) == []


# --- the adapter ----------------------------------------------------------------------------------------

LAYER = "model.layers.0.mlp.down_proj"  # 32 in, 16 out
DIGEST = "d" * 64


def adapter(folder: Path, *, digest: str = DIGEST) -> Path:
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(11)
    path = folder / "writer.safetensors"
    tensors = {f"{LAYER}.down": torch.randn(2, 32) * 9, f"{LAYER}.up": torch.randn(16, 2) * 9}
    save_file(tensors, str(path), metadata={"base_digest": digest})
    return path


def tuned_writer(folder: Path, path: Path) -> LocalWriter:
    return LocalWriter(folder, name="tiny", threads=1, max_tokens=40, tuning=Tuning(path, DIGEST))


def drafted(one: LocalWriter) -> str:
    return "".join(one.stream(draft_prompt("how long", [piece("six weeks of study")]), stop=Event()))


def test_an_adapter_changes_what_is_written_and_the_prompt_is_the_short_one(tiny_model: Path, tmp_path: Path) -> None:
    tuned, plain = tuned_writer(tiny_model, adapter(tmp_path)), writer(tiny_model)
    short = draft_prompt("how long", [piece("six weeks of study")], tuned=True)
    assert drafted(tuned) == "".join(tuned.stream(short, stop=Event()))
    assert drafted(tuned) != "".join(plain.stream(short, stop=Event()))


def test_an_adapter_of_other_weights_is_left_out_and_the_log_says_why(
    tiny_model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = tuned_writer(tiny_model, adapter(tmp_path, digest="e" * 64))
    assert drafted(other) == drafted(writer(tiny_model))
    assert "trained on other weights" in caplog.text


def test_a_torn_adapter_is_left_out_and_the_log_names_the_cure(
    tiny_model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = adapter(tmp_path)
    path.write_bytes(path.read_bytes()[:60])
    assert drafted(tuned_writer(tiny_model, path)) == drafted(writer(tiny_model))
    assert "install the package again" in caplog.text
