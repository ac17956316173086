"""How far a long command is, where nobody sees a bar."""

from advisor.cli.progress import log_lines


def test_a_line_comes_every_half_minute_with_share_and_time_left_and_one_at_the_end() -> None:
    written: list[str] = []
    moments = iter([0.0, 12.0, 29.9, 30.0, 36.0, 60.0, 63.0])
    step = log_lines("texts", written.append, lambda: next(moments))
    for done in (0, 20, 49, 50, 60, 80, 100):
        step(done, 100)
    assert written == [
        "texts: 50% (50 of 100), about 30 s left",
        "texts: 80% (80 of 100), about 15 s left",
        "texts: 100% (100 of 100)",
    ]


def test_without_work_nothing_is_written() -> None:
    written: list[str] = []
    log_lines("texts", written.append)(0, 0)
    assert written == []
