"""Faults 4, 5 and 6: bytes that changed, files that are gone, a manifest that does not fit."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from advisor.errors import AdvisorError
from advisor.index.publish import current_build, manifest_text
from tests.torture.stage import found_by, open_sound, set_up
from tests.torture.trial import Run, expect


def _files(index: Path) -> list[Path]:
    """Every file a reader depends on: those of the published build, its manifest, and the pointer."""
    return [index / "CURRENT", *sorted(path for path in current_build(index).rglob("*") if path.is_file())]


def _refused(index: Path, what: str) -> None:
    """The index is not opened, and the error says what to run."""
    try:
        open_sound(index)
    except AdvisorError as error:
        expect("advisor index build" in str(error), f"{what}: the error names no cure: {error}")
    else:
        expect(False, f"{what} was not noticed", lost=1)


def flipped_bits(run: Run) -> None:
    """One bit of one file, each file as often as any other."""
    bench = set_up(run.place("bench"))
    files = _files(bench.index)
    before = found_by(open_sound(bench.index))
    for number in range(run.count):
        path = files[number % len(files)]

        def trial(chance: Random, path: Path = path) -> None:
            content = path.read_bytes()
            bit = chance.randrange(8 * len(content))
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            path.write_bytes(flipped)
            try:
                _refused(bench.index, f"bit {bit} of {path.name}")
            finally:
                path.write_bytes(content)

        run.attempt(f"flip {number} in {path.name}", trial)
    expect(found_by(open_sound(bench.index)) == before, "the index put back does not answer the same")
    run.note(f"over {len(files)} files, the manifest and the pointer among them")


def _shorten(path: Path, chance: Random, _others: list[Path]) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def _empty(path: Path, _chance: Random, _others: list[Path]) -> None:
    path.write_bytes(b"")


def _remove(path: Path, _chance: Random, _others: list[Path]) -> None:
    path.unlink()


def _lengthen(path: Path, chance: Random, _others: list[Path]) -> None:
    path.write_bytes(path.read_bytes() + bytes([chance.randrange(256)]))


def _swap(path: Path, chance: Random, others: list[Path]) -> None:
    other = chance.choice([file for file in others if file.read_bytes() != path.read_bytes()])
    content = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(content)


def broken_files(run: Run) -> None:
    """A file cut short, emptied, removed, grown, or changed for another."""
    bench = set_up(run.place("bench"))
    files = _files(bench.index)
    whole = {path: path.read_bytes() for path in files}
    ways = (_shorten, _empty, _remove, _lengthen, _swap)
    for number in range(run.count):
        way, path = ways[number % len(ways)], files[number // len(ways) % len(files)]

        def trial(chance: Random, way: Callable[..., None] = way, path: Path = path) -> None:
            way(path, chance, files)
            try:
                _refused(bench.index, f"{way.__name__} {path.name}")
            finally:
                for file, content in whole.items():
                    file.write_bytes(content)

        run.attempt(f"{number}: {way.__name__} {path.name}", trial)
    open_sound(bench.index)


def wrong_manifests(run: Run) -> None:
    """A manifest that is well made and says the wrong thing, and some that are not well made."""
    bench = set_up(run.place("bench"))
    path = current_build(bench.index) / "manifest.json"
    good = path.read_bytes()
    for number, (what, content) in enumerate(list(_wrong(json.loads(good)).items())[: run.count]):

        def trial(_chance: Random, what: str = what, content: bytes = content) -> None:
            path.write_bytes(content)
            _refused(bench.index, what)

        run.attempt(f"{number}: {what}", trial)
    path.write_bytes(good)
    open_sound(bench.index)


def _wrong(manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Manifests by what is wrong with them; the seal fits, but where the seal itself is what is wrong."""
    entry = {"size_bytes": 1, "sha256": "0" * 64}
    changed: dict[str, dict[str, Any]] = {
        "format of the future": {"format": manifest["format"] + 1},
        "format of the past": {"format": 0},
        "format in words": {"format": "one"},
        "another model": {"embedder": "other", "embedder_digest": "1" * 64},
        "another revision of the model": {"embedder_digest": "2" * 64},
        "a digest that is none": {"embedder_digest": "latest"},
        "another dimension": {"dimension": manifest["dimension"] + 1},
        "no dimension": {"dimension": 0},
        "more passages": {"passages": manifest["passages"] + 1},
        "no passages": {"passages": 0},
        "passages below nought": {"passages": -1},
        "another chunker": {"chunker_version": "0"},
        "an unknown field": {"compression": "none"},
        "another build's name": {"build": "20200101T000000000000-deadbeef"},
        "a file that is not there": {"files": manifest["files"] | {"more.npy": entry}},
        "another size of a file": {"files": manifest["files"] | {"vectors.npy": entry}},
        "no files": {"files": {}},
    }
    wrong = {what: manifest_text({**manifest, **fields}).encode() for what, fields in changed.items()}
    lacking = {name: value for name, value in manifest.items() if name != "documents"}
    return wrong | {
        "a field that is missing": manifest_text(lacking).encode(),
        "a seal that does not fit": json.dumps({**manifest, "seal": "0" * 64}).encode(),
        "a digest changed under the seal": json.dumps({**manifest, "created_at": "2020-01-01"}).encode(),
        "JSON that breaks off": json.dumps(manifest).encode()[:-20],
        "no JSON": b"\x00\xff\xfe",
        "a list": b"[]",
        "nothing": b"",
        "JSON without an end": b"[" * 100_000,
    }
