"""Our own reading of a BERT encoder, held against the libraries that usually do it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from advisor.errors import ModelError
from advisor.index.bert import is_bert, linear_names, open_bert
from advisor.index.embedding import FEW_TEXTS, open_embedder, whole_words
from advisor.index.light_bert import Array, open_light_bert
from advisor.models import locate
from advisor.settings import Settings

pytestmark = pytest.mark.models

TEXTS = (
    "How long is phase 1?",
    "Data engineer > Phase 2: pipelines > Duration: 6–8 weeks at 10 h/week (≈ 70 hours)",
    "Ægir's naïve café — résumé, Straße, 日本語, emoji 🚀, C++ / C# / .NET",
    "word " * 400,
    "x",
)


@pytest.fixture(scope="module")
def folder() -> Path:
    settings = Settings()
    return locate(settings.embedder, models_dir=settings.models_dir)


def test_vectors_are_those_of_sentence_transformers(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    ours = open_embedder(folder, name="m", digest="d").embed(TEXTS)
    library = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    theirs = library.encode(list(TEXTS), normalize_embeddings=True)
    assert np.abs(ours - theirs).max() < 1e-5


def test_a_light_embedder_finds_the_same_vectors(folder: Path) -> None:
    light = open_embedder(folder, name="m", digest="d", light=True)
    alone = np.concatenate([light.embed([text]) for text in TEXTS])
    assert len(TEXTS) > FEW_TEXTS
    for light_or_not in (True, False):
        together = open_embedder(folder, name="m", digest="d", light=light_or_not).embed(TEXTS)
        assert np.abs(together - alone).max() < 1e-5


def test_a_light_embedder_takes_a_question_without_torch(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from advisor.index.embedding import open_embedder;"
        "embedder = open_embedder(Path(sys.argv[1]), name='m', digest='d', light=True);"
        "print(embedder.embed(['one']).shape, 'torch' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "(1, 384) False"


def test_half_precision_turns_a_vector_by_less_than_two_degrees(folder: Path) -> None:
    single, half = (open_embedder(folder, name="m", digest="d", halves=halves).embed(TEXTS) for halves in (False, True))
    assert not np.array_equal(single, half)
    assert (single * half).sum(axis=1).min() > np.cos(np.radians(2))
    assert np.allclose(np.linalg.norm(half, axis=1), 1, atol=1e-6)


def test_hidden_states_of_pairs_are_those_of_transformers(folder: Path) -> None:
    import torch
    from transformers import AutoModel

    bert = open_bert(folder, longest=96)
    tokens = bert.tokens([("How long?", TEXTS[1]), ("Which?", TEXTS[3]), (TEXTS[3], TEXTS[3])])
    assert tokens.ids.shape == (3, 96)
    library = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False).eval()
    with torch.inference_mode():
        theirs = library(
            input_ids=tokens.ids, attention_mask=tokens.mask, token_type_ids=tokens.types
        ).last_hidden_state
        ours = bert.states(tokens)
    held = tokens.mask.bool()
    assert (ours[held] - theirs[held]).abs().max() < 1e-4


def test_numpy_and_torch_find_the_same_means_of_pairs_with_and_without_an_adapter(folder: Path) -> None:
    pairs = [("How long?", TEXTS[1]), ("Which?", TEXTS[3]), (TEXTS[3], TEXTS[3]), ("", "x")]
    chance = np.random.default_rng(5)
    shapes = {"encoder.layer.3.attention.self.key": (384, 384), "encoder.layer.5.output.dense": (384, 1536)}
    adapter: dict[str, Array] = {}
    for name, (out, into) in shapes.items():
        for part, shape in (("down", (2, into)), ("up", (out, 2))):
            adapter[f"{name}.{part}"] = chance.normal(scale=0.1, size=shape).astype(np.float32)
    found = []
    for low_rank in (None, adapter):
        torch_means = open_bert(folder, longest=96, adapter=low_rank).means(pairs)
        numpy_means = open_light_bert(folder, longest=96, adapter=low_rank).means(pairs)
        assert np.abs(torch_means - numpy_means).max() < 1e-4
        found.append(numpy_means)
    assert np.abs(found[0] - found[1]).max() > 0.01


def test_an_adapter_is_added_to_the_weights(folder: Path) -> None:
    import torch

    plain = open_bert(folder, longest=96)
    names = linear_names(plain.shape)
    low_rank: dict[str, Array] = {}
    for name in names:
        out, into = plain.weights[f"{name}.weight"].shape
        low_rank |= {f"{name}.down": np.full((2, into), 0.5, np.float32), f"{name}.up": np.ones((out, 2), np.float32)}
    merged = open_bert(folder, longest=96, adapter=low_rank)
    first = f"{names[0]}.weight"
    assert torch.allclose(merged.weights[first], plain.weights[first] + 1.0)


def test_the_words_of_a_tokenizer_are_those_of_the_language(folder: Path, tmp_path: Path) -> None:
    known = whole_words(folder)
    assert {"profession", "properly", "begin"} <= known
    assert not {"desing", "mathmatics", "##ing", "[cls]"} & known
    assert whole_words(tmp_path) == frozenset()
    (tmp_path / "tokenizer.json").write_text('{"model": {"vocab": [["\u2581a", -1.0]]}}', "utf-8")  # pieces with odds
    assert whole_words(tmp_path) == frozenset()


def test_a_folder_of_another_architecture_is_not_read(tmp_path: Path) -> None:
    assert not is_bert(tmp_path)
    for name, text in (("config.json", '{"model_type": "mpnet"}'), ("model.safetensors", ""), ("tokenizer.json", "")):
        (tmp_path / name).write_text(text, "utf-8")
    assert not is_bert(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "bert", "hidden_act": "gelu"}', "utf-8")
    assert is_bert(tmp_path)
    with pytest.raises(ModelError, match="models verify"):
        open_bert(tmp_path, longest=96)
    with pytest.raises(ModelError, match="models verify"):
        open_light_bert(tmp_path, longest=96)
