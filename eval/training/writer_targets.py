"""Share rows out to people who word them, and check what comes back.

`python eval/training/writer_targets.py split ROWS … --folder FOLDER` writes part-1.jsonl and so on: id, question,
evidence, extract, and a wording that holds but can be bettered. `… check ROWS … --targets FILE …` prints each wording
that the product would not show, with the reason. A wording is `{"id": …, "target": …}` on a line.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from writer_rows import Row, judged, read_rows, with_targets


def can_be_worded(row: Row) -> bool:
    """Whether the check accepts the evidence at least as it stands; where not, no wording of it can hold."""
    return bool(row.evidence) and judged(row, as_it_stands(row)).holds


def as_it_stands(row: Row) -> str:
    """The evidence as bullets, untouched."""
    return "\n".join(f"- {piece.text}" for piece in row.evidence)


def part_line(row: Row) -> str:
    """What somebody needs in order to word a row."""
    hint = row.answer if judged(row, row.answer).holds else as_it_stands(row)
    held = {
        "id": row.id,
        "question": row.question,
        "shape": row.shape,
        "evidence": [piece.text for piece in row.evidence],
        "extract": row.extract,
        "holds": hint,
    }
    return json.dumps(held, ensure_ascii=False) + "\n"


def split(rows: Sequence[Row], folder: Path, *, parts: int, most: int) -> None:
    """Write the parts, each with a share of every kind of row."""
    usable = [row for row in rows if can_be_worded(row)]
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(parts):
        share = usable[number::parts][:most]
        with (folder / f"part-{number + 1}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(map(part_line, share))
        sys.stderr.write(f"part-{number + 1}.jsonl: {len(share)} rows\n")


def check(rows: Sequence[Row], targets: Sequence[Path]) -> int:
    """Print the wordings that do not hold; how many there are."""
    worded = [row for row in with_targets(rows, targets) if row.target]
    wrong = [(row, verdict) for row in worded for verdict in [judged(row, row.target)] if not verdict.holds]
    for row, verdict in wrong:
        sys.stdout.write(f"{row.id}: {verdict.trouble}\n")
    sys.stdout.write(f"{len(worded) - len(wrong)} of {len(worded)} wordings hold\n")
    return len(wrong)


def main() -> int:
    """Split rows into parts, or check wordings; 1 where one does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("split", "check"))
    parser.add_argument("rows", nargs="+", type=Path, metavar="ROWS")
    parser.add_argument("--targets", nargs="*", type=Path, default=[], metavar="FILE")
    parser.add_argument("--folder", type=Path, default=Path(), metavar="FOLDER")
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--most", type=int, default=450, help="rows in a part")
    arguments = parser.parse_args()
    rows = [row for path in arguments.rows for row in read_rows(path)]
    if arguments.what == "check":
        return 1 if check(rows, arguments.targets) else 0
    split(rows, arguments.folder, parts=arguments.parts, most=arguments.most)
    return 0


if __name__ == "__main__":
    sys.exit(main())
