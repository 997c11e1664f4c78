"""Passwords that an operator hands over in files."""

from pathlib import Path

from services.commandline import Code, Failure


def password_of(file: Path) -> str:
    """The first line of a file; raises Failure where it is empty or the file cannot be read."""
    try:
        first = next(iter(file.read_text().splitlines()), "")
    except OSError as error:
        raise Failure(f"{file}: {error.strerror}.") from error
    if not first:
        raise Failure(f"{file} holds no password: write one into its first line.", Code.USAGE)
    return first
