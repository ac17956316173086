"""What commands have in common: the options they share, the settings made of them, and how they print JSON.

Knows nothing of any one command.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from advisor.errors import UsageError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from advisor.settings import Settings

IndexDir = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="Folder of the index; index/ if not given.")
]
CorpusDir = Annotated[
    Path | None, typer.Option("--corpus", metavar="DIR", help="Folder of the documents; corpus/ if not given.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
GeneratorName = Annotated[
    str | None,
    typer.Option(
        "--generator", metavar="auto|extractive|MODEL", help="Who words answers: a model's name or folder, or nobody."
    ),
]
RoleName = Annotated[
    str | None, typer.Option("--role", metavar="ROLE", help="Take the question to be about this role.")
]
ModelName = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="A name of the catalogue; the models in use if not given.")
]


def read_settings(**overrides: Any) -> "Settings":
    """The settings in force; those given here go before all others, None is not given. UsageError names a wrong one."""
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from advisor.settings import Settings

    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise UsageError("; ".join(_wrong_setting(wrong) for wrong in error.errors())) from error
    except (TOMLDecodeError, UnicodeDecodeError, OSError, SettingsError) as error:
        raise UsageError(f"the settings in 'advisor.toml' cannot be read: {error}; mend that file") from error


def _wrong_setting(wrong: "ErrorDetails") -> str:
    name = ".".join(str(part) for part in wrong["loc"])
    if wrong["type"] == "extra_forbidden":
        return f"there is no setting {name!r} (advisor.toml); `advisor settings` lists those there are"
    return (
        f"the setting {name!r} cannot be {_shown(name, wrong['input'])}: {wrong['msg']}; "
        f"mend ADVISOR_{name.upper()}, advisor.toml or the option that set it"
    )


def _shown(name: str, value: object) -> str:
    """The value of a setting, but not of one that is a key or that somebody may have put a key into."""
    return "what it is" if name in {"writer_api_key", "writer_url", "page_password"} else repr(value)


def json_text(value: object) -> str:
    """The value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)


def note(message: str) -> None:
    """One line to standard error: progress and warnings, never results."""
    typer.echo(message, err=True)
