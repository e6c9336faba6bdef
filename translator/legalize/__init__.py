"""Phase 7: names that the service accepts and people can read, and the service's quotas."""

from translator.legalize.names import MAX_NAME
from translator.legalize.names import with_names as legalize
from translator.legalize.size import MAX_DEFINITION_BYTES, check_size, sent_bytes

__all__ = ["MAX_DEFINITION_BYTES", "MAX_NAME", "check_size", "legalize", "sent_bytes"]
