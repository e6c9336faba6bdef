"""State machines as they lie on disk."""

from __future__ import annotations

from infra.local.states.machine import Machine, Revision, Version

_LOGGING = {"loggingConfiguration": {"level": "ALL"}}


def test_a_machine_is_read_as_it_was_written() -> None:
    revision = Revision("digest", "role", "1", 1.0, _LOGGING)
    machine = Machine("m", "EXPRESS", 1.0, revision, versions=(Version(1, revision, "", 2.0),))
    assert Machine.from_json(machine.to_json()) == machine


def test_the_options_of_an_older_record_hold_for_every_version() -> None:
    revision = Revision("digest", "role", "1", 1.0, {})
    record = Machine("m", "EXPRESS", 1.0, revision, versions=(Version(1, revision, "", 2.0),)).to_json()
    for part in (record["revision"], record["versions"][0]["revision"]):
        del part["options"]
    read = Machine.from_json({**record, "options": _LOGGING})
    assert read.revision.options == _LOGGING
    assert read.versions[0].revision.options == _LOGGING
