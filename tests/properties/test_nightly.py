"""A run of many cases can be broken off and resumed, and tells by seed what is wrong."""

from __future__ import annotations

from pathlib import Path

from tests.properties.nightly import Done, Journal, Piece, judged, pieces_of, summary


def test_the_pieces_take_every_sort_by_turns_and_leave_no_seed_out() -> None:
    pieces = pieces_of(["small", "loop"], 10, 70)
    assert [piece.sort for piece in pieces] == ["small", "loop"] * 3
    assert [seed for piece in pieces if piece.sort == "loop" for seed in piece.seeds] == list(range(10, 70))


def test_what_a_journal_holds_is_not_done_again_and_a_line_cut_short_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "journal.jsonl"
    pieces = pieces_of(["small"], 0, 75)
    done = Done(
        pieces[1], {"succeeded": 24, "wrong": 1}, ((30, "disagreement at level 2: output 1, not 2"),), 2.5
    )
    Journal.opened(path).note(done)
    with path.open("a") as file:
        file.write('{"piece": {"sort": "sm')
    resumed = Journal.opened(path)
    assert resumed.left(pieces) == [pieces[0], pieces[2]]
    resumed.note(Done(pieces[0], {"succeeded": 25}, (), 1.0))
    assert Journal.opened(path).of(pieces) == [Done(pieces[0], {"succeeded": 25}, (), 1.0), done]


def test_the_summary_counts_by_sort_and_names_each_wrong_case_by_its_seed() -> None:
    found = [
        Done(Piece("small", 0, 25), {"succeeded": 20, "failed": 5}, (), 2.0),
        Done(
            Piece("small", 25, 50), {"succeeded": 24, "wrong": 1}, ((31, "disagreement at level 0: x"),), 3.0
        ),
    ]
    assert list(summary(found)) == [
        "small: 50 cases (5 failed, 44 succeeded, 1 wrong)",
        "all sorts: 50 cases, 1 wrong, 5 s of work",
        '  "small" 31: disagreement at level 0: x',
    ]


def test_a_piece_is_judged_case_by_case() -> None:
    done = judged(Piece("small", 0, 3))
    assert sum(done.ends.values()) == 3
    assert done.wrong == ()
