"""Phase 7: names that the service accepts and people can read, and the service's quotas."""

from translator.legalize.machine_type import Decision, MachineType, decide
from translator.legalize.names import MAX_NAME
from translator.legalize.names import with_names as legalize
from translator.legalize.size import MAX_DEFINITION_BYTES, sent_bytes
from translator.legalize.split import Split, split
from translator.legalize.split.findings import check_sizes, split_note

__all__ = [
    "MAX_DEFINITION_BYTES",
    "MAX_NAME",
    "Decision",
    "MachineType",
    "Split",
    "check_sizes",
    "decide",
    "legalize",
    "sent_bytes",
    "split",
    "split_note",
]
