"""An error of CloudWatch Logs as its API answers it."""

from __future__ import annotations


class LogsError(Exception):
    """The request was wrong; `code` is the service's own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
