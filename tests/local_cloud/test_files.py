"""Files that a crash cannot leave half-written."""

from __future__ import annotations

from pathlib import Path

from infra.local.files import append_line, file_stem, whole_lines, write_whole


def test_a_line_without_its_end_is_removed_before_another_is_added(tmp_path: Path) -> None:
    path = tmp_path / "log"
    append_line(path, b"one")
    with path.open("ab") as stream:
        stream.write(b"cu")
    assert whole_lines(path) == [b"one"]
    append_line(path, b"two")
    assert whole_lines(path) == [b"one", b"two"]


def test_a_file_is_replaced_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_names_that_differ_only_in_case_or_in_odd_characters_get_different_files() -> None:
    stems = {file_stem(name).lower() for name in ("run", "Run", "r.n", "r_n", "übung", "ubung")}
    assert len(stems) == 6
