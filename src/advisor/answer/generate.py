"""The writer: a local Hugging Face causal model that words evidence which code has chosen. The door of transformers.

One primitive: `stream(messages, stop)`. Knows nothing of search or citations; what it writes is a draft until `ground`
has checked it. Special tokens in text from users and documents are neutralised, because chat templates do not escape.
"""

import logging
import os
import re
import shutil
import struct
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Literal, Protocol
from uuid import uuid4

from advisor.answer.adapted import Tuning, merge
from advisor.errors import ModelError, WriterError
from advisor.models.adapters import read_adapter
from advisor.records import Snippet
from advisor.text import content_hash, slug, visible

log = logging.getLogger(__name__)

SYSTEM = "Write the facts as one or two plain sentences for the learner. Keep every number and name. Add nothing."
# A model tuned for this task knows the form already, and each word of a prompt delays the first word of the draft.
TUNED_SYSTEM = "Word the facts for the learner."
# Text that a chat template would take for the end of a turn: <|im_end|>, </s>, [INST], <start_of_turn>
_SPECIAL = re.compile(
    r"<\|[^|>]{0,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?think>", re.IGNORECASE
)
_PROMPT_LOOKUP_TOKENS = 8  # wording evidence copies most of it, and copied tokens are checked several at a time


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


# A model this small copies a form better than it follows an order. The subjects are far from any career page, so what
# leaks from here into a draft is an unknown name and does not pass the check.
EXAMPLES = (
    Message(
        "user",
        "Facts:\n- Carpentry Basics: Duration: 6 weeks at 5 hours per week.\n\n"
        "Question: How long is the carpentry course?",
    ),
    Message("assistant", "Carpentry Basics takes 6 weeks at 5 hours per week."),
    Message(
        "user", "Facts:\n- Kitchen Tools: scale\n- whisk\n- bread knife\n\nQuestion: What tools do I need for baking?"
    ),
    Message("assistant", "You need these kitchen tools: scale, whisk and bread knife."),
)


class Writer(Protocol):
    """What words evidence."""

    @property
    def name(self) -> str:
        """Name of the model."""

    def stream(self, messages: Sequence[Message], *, stop: Event) -> Generator[str, None, None]:
        """Pieces of the draft as they come. Ends soon after `stop` is set; raises WriterError."""


def draft_prompt(question: str, evidence: Sequence[Snippet], *, tuned: bool = False) -> tuple[Message, ...]:
    """The prompt that asks for a short answer worded from this evidence and nothing else.

    A model tuned for the task gets it without the worked examples.
    """
    facts = "\n".join(f"- {neutralised(piece.text)}" for piece in evidence)
    asked = Message("user", f"Facts:\n{facts}\n\nQuestion: {neutralised(question)}")
    return (Message("system", TUNED_SYSTEM), asked) if tuned else (Message("system", SYSTEM), *EXAMPLES, asked)


def for_tuned(messages: Sequence[Message]) -> tuple[Message, ...]:
    """A prompt of `draft_prompt` as a tuned model gets it; any other as it is."""
    opening = (Message("system", SYSTEM), *EXAMPLES)
    if tuple(messages[:-1]) != opening:
        return tuple(messages)
    return (Message("system", TUNED_SYSTEM), messages[-1])


def neutralised(text: str) -> str:
    """The text without hidden characters and without anything a chat template would take for its own marks."""
    previous = None
    while previous != text:  # removing one mark may join the halves of another
        previous, text = text, _SPECIAL.sub(" ", visible(text))
    return text


class LocalWriter:
    """A causal model of a local folder, loaded at its first use. One draft at a time.

    Where there is an adapter for it, that is merged as it is loaded; one that is damaged or of other weights is left
    out, with a warning in the log.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        threads: int = 0,
        max_tokens: int = 160,
        deadline_seconds: float = 8.0,
        tuning: Tuning | None = None,
    ) -> None:
        self.name = name
        self._folder = folder
        self._threads = threads
        self._max_tokens = max_tokens
        self._deadline_seconds = deadline_seconds
        self._tuning = tuning
        self._is_tuned = False
        self._model: Any = None
        self._tokenizer: Any = None
        self._turn = Lock()

    def load(self) -> None:
        """Read the weights now instead of at the first draft (about a second). Raises WriterError."""
        with self._turn:
            self._load()

    def stream(self, messages: Sequence[Message], *, stop: Event) -> Generator[str, None, None]:
        """Pieces of the draft; the worker is stopped and joined when the reader closes the iterator or it ends."""
        with self._turn:
            self._load()
            pieces: SimpleQueue[str | BaseException | None] = SimpleQueue()
            halt = Event()
            prompt = for_tuned(messages) if self._is_tuned else messages
            worker = Thread(target=self._generate, args=(prompt, pieces, halt, stop), name="writer", daemon=True)
            worker.start()
            try:
                while (piece := pieces.get()) is not None:
                    if isinstance(piece, BaseException):
                        raise WriterError(f"the writer {self.name!r} failed: {piece}") from piece
                    yield piece
            finally:
                halt.set()
                worker.join()

    def _load(self) -> None:
        if self._model is not None:
            return
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        torch.set_num_threads(self._threads or os.cpu_count() or 1)
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(
                str(self._folder), local_files_only=True, trust_remote_code=False
            )
            model = AutoModelForCausalLM.from_pretrained(
                str(self._folder),
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                dtype=torch.float32,  # bf16 was slower on CPUs without matrix units, and int8 broke the answers
            ).eval()
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise WriterError(
                f"the writer in {str(self._folder)!r} cannot be loaded ({error}); run: advisor models pull {self.name}"
            ) from error
        self._is_tuned = self._tune(model)
        self._model = model

    def _tune(self, model: Any) -> bool:
        """Merge the adapter, if there is one; whether the model is a tuned one now."""
        if self._tuning is None:
            return False
        try:
            merge(model, read_adapter(self._tuning.adapter, digest=self._tuning.digest))
        except ModelError as error:
            log.warning("the writer words as it came, untuned: %s", error)
            return False
        return True

    def _generate(
        self, messages: Sequence[Message], pieces: "SimpleQueue[str | BaseException | None]", halt: Event, stop: Event
    ) -> None:
        from transformers import StoppingCriteriaList

        try:
            inputs = self._tokenizer.apply_chat_template(
                [{"role": message.role, "content": message.content} for message in messages],
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
                enable_thinking=False,  # a variable of the template; those without it ignore it
            )
            self._model.generate(
                **inputs,
                max_new_tokens=self._max_tokens,
                max_time=self._deadline_seconds,
                do_sample=False,
                prompt_lookup_num_tokens=_PROMPT_LOOKUP_TOKENS,
                streamer=_streamer(self._tokenizer, pieces),
                stopping_criteria=StoppingCriteriaList([_halting(halt, stop)]),
            )
        except BaseException as error:  # noqa: BLE001 - carried to the reader, who raises it
            pieces.put(error)
        finally:
            pieces.put(None)


def _streamer(tokenizer: Any, pieces: "SimpleQueue[str | BaseException | None]") -> Any:
    """A transformers streamer that puts finished words on a queue."""
    from transformers import TextStreamer

    class QueueStreamer(TextStreamer):  # type: ignore[misc]
        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
            if text:
                pieces.put(text)

        def put(self, value: Any) -> None:
            # prompt lookup hands over several tokens at a time
            if value.dim() == 1 and not self.next_tokens_are_prompt:
                for token in value:
                    super().put(token.reshape(1))
            else:
                super().put(value)

    return QueueStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)


def _halting(halt: Event, stop: Event) -> Any:
    """A transformers stopping criterion that watches both signals."""
    import torch
    from transformers import StoppingCriteria

    class Halting(StoppingCriteria):  # type: ignore[misc]
        def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
            ended = halt.is_set() or stop.is_set()
            return torch.full((input_ids.shape[0],), ended, dtype=torch.bool, device=input_ids.device)

    return Halting()


def open_writer(
    folder: Path,
    *,
    name: str,
    unpacked_dir: Path,
    threads: int,
    max_tokens: int,
    deadline_seconds: float,
    tuning: Tuning | None = None,
) -> LocalWriter:
    """A writer for a pulled model; packed weights (GGUF) are unpacked once, which takes about twenty seconds."""
    ready = folder if is_ready(folder) else unpack(folder, unpacked_place(folder, unpacked_dir))
    return LocalWriter(
        ready, name=name, threads=threads, max_tokens=max_tokens, deadline_seconds=deadline_seconds, tuning=tuning
    )


def is_ready(folder: Path) -> bool:
    """Whether the folder's weights can be loaded as they are."""
    return any(folder.glob("*.safetensors"))


def unpacked_place(folder: Path, unpacked_dir: Path) -> Path:
    """Where this folder's weights are unpacked to: named by its path, never by what a user typed, as it is replaced."""
    return unpacked_dir / f"{slug(folder.name)}-{content_hash(str(folder.resolve()))[:12]}"


def unpack(folder: Path, target: Path) -> Path:
    """GGUF weights as a folder of safetensors that loads in about a second; done once, and complete or not there.

    Raises WriterError where the folder holds no GGUF file or it cannot be read.
    """
    packed = sorted(folder.glob("*.gguf"))
    if not packed:
        raise WriterError(f"{str(folder)!r} holds neither safetensors nor GGUF weights; pass another folder or model")
    stamp = f"{packed[0].name} {packed[0].stat().st_size}"
    done = target / "unpacked-from.txt"
    if done.is_file() and done.read_text(encoding="utf-8") == stamp:
        return target
    staged = target.with_name(f".{target.name}-{uuid4().hex[:8]}")
    for leftover in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(leftover)
    staged.mkdir(parents=True)
    try:
        _write_unpacked(folder, packed[0].name, staged)
        (staged / done.name).write_text(stamp, encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        staged.rename(target)
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(staged)
    return target


def _write_unpacked(folder: Path, packed: str, staged: Path) -> None:
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        model = AutoModelForCausalLM.from_pretrained(
            str(folder), gguf_file=packed, dtype=torch.float32, local_files_only=True
        )
        tokenizer = AutoTokenizer.from_pretrained(str(folder), gguf_file=packed, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, struct.error) as error:
        raise WriterError(f"{packed!r} in {str(folder)!r} cannot be unpacked ({error})") from error
    tied = {"lm_head.weight"} if model.config.tie_word_embeddings else set()
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items() if name not in tied}
    save_file(weights, str(staged / "model.safetensors"), metadata={"format": "pt"})
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config  # the unpacked weights are plain again
    model.config.save_pretrained(str(staged))
    model.generation_config.save_pretrained(str(staged))
    tokenizer.save_pretrained(str(staged))
