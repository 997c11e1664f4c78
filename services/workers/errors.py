"""What is said of an event that could not be read or written, and of what waits behind it."""

from typing import Any

from infra.codec import Codec
from infra.events import Recorded

BEHIND = "waits behind an earlier event of its stream"
LONGEST = 2_000
"""Characters that are kept of an error."""


def read(codec: Codec, recorded: Recorded) -> Any:
    """The event, or the error where it cannot be decoded."""
    try:
        return codec.decode(recorded.type, recorded.schema, recorded.data)
    except Exception as error:  # noqa: BLE001 - whatever it is, its stream is parked
        return error


def describe(error: Exception) -> str:
    """An error as it can be stored, whatever text of the event it quotes."""
    text = f"{type(error).__name__}: {error}".replace("\0", "\\0")[:LONGEST]
    return text.encode(errors="backslashreplace").decode()
