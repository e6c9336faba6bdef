"""One state run by itself: what the service's TestState does (API reference: TestState)."""

from translator.interpreter.trial.subject import Subject, read_subject
from translator.interpreter.trial.tested import ImpossibleTest, StateTest, TestedState
from translator.interpreter.trial.trial import LONGEST_SECONDS, Trial

__all__ = [
    "LONGEST_SECONDS",
    "ImpossibleTest",
    "StateTest",
    "Subject",
    "TestedState",
    "Trial",
    "read_subject",
]
