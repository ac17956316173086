"""`advisor models`: list, pull, verify."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from advisor.cli.options import AsJson, IndexDir, ModelName, json_text, note, read_settings
from advisor.cli.parts import Parts, parts_of
from advisor.errors import ModelMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.models import CataloguedModel
    from advisor.settings import Settings

models_app = typer.Typer(help="See, fetch and check the models.")


def models_in_use(settings: "Settings") -> "tuple[CataloguedModel, ...]":
    """The catalogue's models among those that are set; a folder or a server's model is none."""
    names = [settings.embedder, *([settings.reranker] if settings.reranker else [])]
    if settings.generator != "extractive" and not settings.writer_url:
        names.append(settings.writer if settings.generator == "auto" else settings.generator)
    return tuple(model for name in names for model in _catalogued(name))


def _catalogued(name: str) -> "Iterator[CataloguedModel]":
    """The model of this name; none for a folder. Raises UsageError where it is neither."""
    from pathlib import Path

    from advisor.models import CATALOGUE, find_model

    known = any(model.name.casefold() == name.casefold() for model in CATALOGUE)
    if known or not Path(name).expanduser().is_dir():
        yield find_model(name)


def _chosen(settings: "Settings", name: str | None) -> "tuple[CataloguedModel, ...]":
    from advisor.models import find_model

    return models_in_use(settings) if name is None else (find_model(name),)


@models_app.command("list")
def list_models(as_json: AsJson = False, index: IndexDir = None) -> None:
    """List the models that can be pulled, and which are here.

    Example: advisor models list
    """
    from advisor.models import CATALOGUE, is_pulled

    settings = read_settings(index_dir=index)
    used = {model.name for model in models_in_use(settings)}
    pulled = {model.name for model in CATALOGUE if is_pulled(model, settings.models_dir)}
    if as_json:
        typer.echo(json_text([_model_json(model, settings, used, pulled) for model in CATALOGUE]))
        return
    for model in CATALOGUE:
        state = "in use" if model.name in used & pulled else "here" if model.name in pulled else "not pulled"
        size = f"{model.size_bytes / 1e6:,.0f} MB"
        typer.echo(f"{model.name:<24}{model.job:<8}{size:>9}  {model.licence:<11} {state:<11} {model.summary}")


def _model_json(model: "CataloguedModel", settings: "Settings", used: set[str], pulled: set[str]) -> dict[str, Any]:
    return {
        "name": model.name,
        "job": str(model.job),
        "licence": model.licence,
        "size_bytes": model.size_bytes,
        "in_use": model.name in used,
        "pulled": model.name in pulled,
        "folder": str(settings.models_dir / model.name) if model.name in pulled else None,
        "summary": model.summary,
    }


@models_app.command()
def pull(
    context: typer.Context,
    name: ModelName = None,
    force: Annotated[bool, typer.Option("--force", help="Fetch it anew even if it is here.")] = False,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Fetch models, check every byte, and unpack the writer so that it starts quickly.

    Example: advisor models pull
    """
    settings = read_settings(index_dir=index)
    parts, models = parts_of(context), _chosen(settings, name)
    folders = [
        {"name": model.name, "folder": str(parts.pull(model, settings.models_dir, note, force))} for model in models
    ]
    for model in models:
        unpack_writer(settings, parts, model)
    if as_json:
        typer.echo(json_text(folders))


def unpack_writer(settings: "Settings", parts: Parts, model: "CataloguedModel") -> None:
    """Make a pulled writer quick to load; done once, and nothing for other models."""
    from advisor.answer.generate import is_ready, unpacked_place
    from advisor.models import Job

    if model.job is not Job.WRITE:
        return
    folder = settings.models_dir / model.name
    if not is_ready(folder) and not unpacked_place(folder, settings.models_dir / "unpacked").is_dir():
        note(f"{model.name}: unpacking it, once (about twenty seconds)")
    parts.find_writer(settings.model_copy(update={"generator": model.name, "writer_url": ""}))


@models_app.command()
def verify(name: ModelName = None, as_json: AsJson = False, index: IndexDir = None) -> None:
    """Compare every byte of the pulled models with its checksum; exit code 1 if something is changed or missing.

    Example: advisor models verify
    """
    settings = read_settings(index_dir=index)
    shown = [_verified(model, settings) for model in _chosen(settings, name)]
    if as_json:
        typer.echo(json_text(shown))
    else:
        for model in shown:
            for file in model["files"]:
                typer.echo(f"{file['state']:<8} {model['name']}/{file['path']}")
            if not model["ok"]:
                note(f"advisor: the model {model['name']} {model['problem']}; run: advisor models pull {model['name']}")
    raise typer.Exit(0 if all(model["ok"] for model in shown) else 1)


def _verified(model: "CataloguedModel", settings: "Settings") -> dict[str, Any]:
    from advisor.models import verify as verify_model

    try:
        files = verify_model(model, models_dir=settings.models_dir)
    except ModelMissing:
        return {"name": model.name, "ok": False, "problem": "has not been pulled", "files": []}
    sound = all(file.state == "ok" for file in files)
    return {
        "name": model.name,
        "ok": sound,
        "problem": "" if sound else "is not as it was pulled",
        "files": [{"path": file.path, "state": file.state} for file in files],
    }
