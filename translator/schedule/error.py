"""What is wrong with a schedule's expression."""


class ScheduleSyntaxError(ValueError):
    """The user's mistake in an expression; `message` quotes the part, `hint` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}. {hint}")
        self.message = message
        self.hint = hint
