"""Our own reading of a BERT encoder, held against the libraries that usually do it."""

from pathlib import Path

import numpy as np
import pytest

from advisor.errors import ModelError
from advisor.index.bert import is_bert, linear_names, open_bert
from advisor.index.embedding import open_embedder
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


def test_an_adapter_is_added_to_the_weights(folder: Path) -> None:
    import torch

    plain = open_bert(folder, longest=96)
    names = linear_names(plain.shape)
    low_rank: dict[str, torch.Tensor] = {}
    for name in names:
        out, into = plain.weights[f"{name}.weight"].shape
        low_rank |= {f"{name}.down": torch.ones(2, into) * 0.5, f"{name}.up": torch.ones(out, 2)}
    merged = open_bert(folder, longest=96, adapter=low_rank)
    first = f"{names[0]}.weight"
    assert torch.allclose(merged.weights[first], plain.weights[first] + 1.0)


def test_a_folder_of_another_architecture_is_not_read(tmp_path: Path) -> None:
    assert not is_bert(tmp_path)
    for name, text in (("config.json", '{"model_type": "mpnet"}'), ("model.safetensors", ""), ("tokenizer.json", "")):
        (tmp_path / name).write_text(text, "utf-8")
    assert not is_bert(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "bert", "hidden_act": "gelu"}', "utf-8")
    assert is_bert(tmp_path)
    with pytest.raises(ModelError, match="models verify"):
        open_bert(tmp_path, longest=96)
