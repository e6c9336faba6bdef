"""A run that was recorded in the account, as the ground of a session."""

from translator.debugger.recording.export import read_export
from translator.debugger.recording.fitting import differences
from translator.debugger.recording.recorded import Recorded

__all__ = ["Recorded", "differences", "read_export"]
