"""What a user may set, with defaults. Building `Settings` touches no disk but its TOML file and loads no model.

Order of precedence: arguments of a command, environment (`ADVISOR_…`), `advisor.toml` in the current folder, defaults.
Only `open_advisor`, `cli`, `web` and `evaluation` see this object; below them, plain keyword arguments.
"""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

_APP = "career-advisor"
FEWEST_PASSWORD_CHARS = 8
_PACKAGED_PAGES = Path(__file__).parent / "pages"


def _default_corpus() -> Path:
    """`corpus/` of the current folder; where there is none, the pages that ship with the package."""
    here = Path("corpus")
    return here if here.is_dir() or not _PACKAGED_PAGES.is_dir() else _PACKAGED_PAGES


class Settings(BaseSettings):
    """Everything that can be set; each field can also come from the environment as `ADVISOR_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="ADVISOR_",
        toml_file="advisor.toml",
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # a key in the wrong place would be shown
    )

    corpus_dir: Path = Field(default_factory=_default_corpus, description="folder of the roadmap documents")
    index_dir: Path = Field(Path("index"), description="folder of the built index")
    models_dir: Path = Field(
        default_factory=lambda: user_cache_path(_APP) / "models", description="folder of the pulled models"
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path(_APP), description="folder of the conversations (SQLite)"
    )
    retention_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="conversations that nothing was added to for so many days are deleted whenever `advisor serve` or "
        "`advisor chat` starts, and once a day while the page is served; 0 keeps them",
    )
    embedder: str = Field("all-MiniLM-L6-v2", description="model that embeds: a catalogue name or a folder")
    reranker: str = Field(
        "",
        description="cross-encoder that orders the passages found anew: a catalogue name (ms-marco-MiniLM-L6-v2) or a "
        "folder; none is needed",
    )
    writer: str = Field(
        "SmolLM2-135M-Instruct",
        description="model that words answers: a catalogue name or a folder; with `writer_url`, its name there",
    )
    writer_url: str = Field(
        "",
        description="OpenAI-compatible server that runs the writer, such as `http://127.0.0.1:8000/v1`; questions and "
        "the passages found for them are sent to it: where it is not on this machine, they leave this machine",
    )
    writer_api_key: SecretStr = Field(SecretStr(""), description="key for that server, where it wants one; never shown")
    generator: str = Field("auto", description="auto (the writer if it is there), extractive, or a model")
    threads: int = Field(0, ge=0, description="threads for the models; 0 means all cores")
    quick_start: bool = Field(
        False,
        description="embed and read without torch: ready a second sooner, each answer a third of a second later; "
        "`advisor ask` and `advisor search` do so for a single question",
    )
    top_passages: int = Field(12, ge=1, le=100, description="passages that search returns")
    max_question_chars: int = Field(2000, ge=10, description="longest question that is accepted, in characters")
    writer_deadline_seconds: float = Field(8.0, gt=0, description="after this the extract stands")
    writer_max_tokens: int = Field(160, ge=8, le=4096, description="longest draft of the writer, in tokens")
    host: str = Field("127.0.0.1", description="address the web interface listens on")
    port: int = Field(7860, ge=0, le=65535, description="port of the web interface; 0 takes a free one")
    page_password: SecretStr = Field(
        SecretStr(""),
        description="password of the web interface, at least 8 characters; needed where other machines can reach it; "
        "never shown",
    )
    questions_per_minute: int = Field(
        30, ge=0, description="questions that one visitor may ask within a minute; 0 is no limit; none on this machine"
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="lines that `advisor serve` writes, one per question and without its words: text or json"
    )

    @field_validator("page_password")
    @classmethod
    def _is_long_enough(cls, password: SecretStr) -> SecretStr:
        """Not one that is guessed within a day, nor one with a line break from a file; a ValueError for the former."""
        held = password.get_secret_value().strip()
        if held and len(held) < FEWEST_PASSWORD_CHARS:
            raise ValueError(f"it must have at least {FEWEST_PASSWORD_CHARS} characters")
        return SecretStr(held)

    @field_validator("writer_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        """An http address that a path can be appended to, without its last slash; a ValueError for anything else."""
        parts = urlsplit(url.strip())
        is_base = parts.scheme in {"http", "https"} and parts.hostname and not (parts.query or parts.fragment)
        if url and (not is_base or parts.username is not None or parts.port == 0 or " " in parts.geturl()):
            raise ValueError("it must look like http://127.0.0.1:8000/v1 (keys go into ADVISOR_WRITER_API_KEY)")
        return parts.geturl().rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the TOML file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
