"""Work that is kept until it is done, and positions that are, without the rest of the cloud."""

from __future__ import annotations

from pathlib import Path

from infra.local.backlog import Backlog
from infra.local.schedules.position import Positions


def test_work_is_there_after_a_restart_until_it_is_done(tmp_path: Path) -> None:
    backlog = Backlog(tmp_path)
    assert backlog.accept("a", b"1")
    assert not backlog.accept("a", b"2")
    backlog.accept("b/..", b"3")
    backlog.keep("a", b"4")
    assert sorted(Backlog(tmp_path).recover(bytes.decode)) == ["3", "4"]
    backlog.done("a")
    backlog.fail("b/..")
    assert list(Backlog(tmp_path).recover(bytes.decode)) == []
    assert [path.read_bytes() for path in (tmp_path / "failed").iterdir()] == [b"3"]


def test_work_that_cannot_be_read_is_put_aside_and_the_rest_taken_up(tmp_path: Path) -> None:
    backlog = Backlog(tmp_path)
    backlog.accept("a", b"no number")
    backlog.accept("b", b"2")
    assert list(backlog.recover(int)) == [2]
    assert [path.read_bytes() for path in (tmp_path / "failed").iterdir()] == [b"no number"]


def test_positions_are_read_again_and_their_file_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "positions.log"
    positions = Positions(path)
    positions.put("gone", "v1", 1.0)
    for second in range(3000):
        positions.put("often", "v1", float(second))
    assert len(path.read_bytes().splitlines()) < 1100
    with path.open("ab") as stream:
        stream.write(b'["often", "v1", 99')
    again = Positions(path)
    assert again.of("often", "v1") == 2999.0
    assert again.of("often", "v2") is None
    again.keep_only(frozenset({"often"}))
    assert Positions(path).of("gone", "v1") is None
