"""What people type: each command says what it does, what it did, and how it ended."""

from enum import IntEnum


class Code(IntEnum):
    """How a command ended; scripts rely on it."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    NOT_AUTHORISED = 4
    CONFLICT = 5
    UNAVAILABLE = 6
    STUCK = 7
    INTERRUPTED = 130


class Failure(Exception):
    """Ends the command with a line for the user that says what to do."""

    def __init__(self, message: str, code: Code = Code.FAILED) -> None:
        super().__init__(message)
        self.code = code
